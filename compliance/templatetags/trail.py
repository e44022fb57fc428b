"""Words of the trail in templates."""

from django import template

from carloan.compliance.names import type_label
from carloan.compliance.reveals import REASONS
from carloan.core.acts import act_label

register = template.Library()
register.filter("act_label", act_label)
register.filter("type_label", type_label)


@register.filter
def reason_label(code: str) -> str:
    return str(REASONS.get(code, code))
