"""Words of the trail in templates."""

from django import template

from carloan.compliance.names import field_label, reason_label, type_label

register = template.Library()
register.filter("type_label", type_label)
register.filter("reason_label", reason_label)
register.filter("field_label", field_label)
