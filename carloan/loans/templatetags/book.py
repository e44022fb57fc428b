"""Tags of the book: amounts, rates and masked values as people read them."""

from typing import Any

from django import template

from carloan.lib import money as amounts
from carloan.loans.models import LoanParty, Vehicle
from carloan.loans.selectors.cars import car_title

register = template.Library()


@register.simple_tag
def money(minor: int | None, currency: str = "CNY") -> str:
    return "" if minor is None else amounts.show(minor, currency)


@register.simple_tag
def rate(ppm: int) -> str:
    return amounts.show_rate(ppm)


@register.simple_tag
def role_label(role: str) -> str:
    return str(LoanParty.Role(role).label)


@register.simple_tag(takes_context=True)
def car(context: dict[str, Any], vehicle: Vehicle) -> str:
    """Make and model as this person may see them."""
    return car_title(context["request"].actor, vehicle)
