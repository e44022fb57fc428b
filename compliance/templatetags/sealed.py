"""`{% sealed_banner "loan" loan.id %}`: that a thing is sealed apart, since when, by which policy, and how it opens."""

from typing import Any
from uuid import UUID

from django import template

from carloan.compliance.selectors.sealed_units import is_open, sealed_unit
from carloan.compliance.services.sealing_apart import OPEN

register = template.Library()


@register.inclusion_tag("compliance/_sealed_banner.html", takes_context=True)
def sealed_banner(context: dict[str, Any], unit: str, object_id: UUID) -> dict[str, Any]:
    row = sealed_unit(unit, object_id)
    return {
        "row": row,
        "is_open": row is not None and is_open(row),
        "may_ask": context["request"].actor.can(OPEN),
        "tenant": context["request"].tenant,
    }
