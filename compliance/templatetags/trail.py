"""Words of the trail in templates."""

from django import template

from carloan.compliance.names import type_label
from carloan.compliance.reveals import REASONS

register = template.Library()
register.filter("type_label", type_label)


@register.filter
def reason_label(code: str) -> str:
    return str(REASONS.get(code, code))
