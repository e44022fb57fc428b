"""`{% shown party "id_number" %}`: a value masked by the registry, with its button to reveal it."""

from typing import Any

from django import template
from django.urls import reverse

from carloan.core.sight import show

register = template.Library()


@register.inclusion_tag("components/shown.html", takes_context=True)
def shown(context: dict[str, Any], instance: Any, name: str) -> dict[str, Any]:
    value = show(context["request"].actor, instance, name)
    address = ""
    if value.revealable:
        address = reverse("compliance:reveal", args=[instance._meta.label_lower, instance.pk, name])
        if (loan := context.get("loan")) is not None:
            # On whose page it stands: the look is told among the events of that loan.
            address += f"?loan={loan.id}"
    return {"value": value, "reveal_url": address, "copyable": not value.masked}


@register.simple_tag(takes_context=True)
def seen(context: dict[str, Any], instance: Any, name: str) -> str:
    """A value as this person may see it, as plain text: for lists, where nothing is revealed or copied."""
    return show(context["request"].actor, instance, name).text
