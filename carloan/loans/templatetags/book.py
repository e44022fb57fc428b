"""Tags of the book: amounts, rates and masked values as people read them."""

from typing import Any

from django import template

from carloan.core.sight import show
from carloan.lib import money as amounts
from carloan.loans.models import LoanParty

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
def seen(context: dict[str, Any], instance: Any, name: str) -> str:
    """A value as this person may see it, as plain text: for lists, where nothing is revealed or copied."""
    return show(context["request"].actor, instance, name).text
