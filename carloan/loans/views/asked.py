"""What several pages read from a form: the revision that it was made from, and what stays where it is left empty."""

from collections.abc import Iterable
from typing import Any

from django import forms

from carloan.core.actors import Actor
from carloan.core.doors import ActorRequest
from carloan.core.errors import Conflict, SealedApart
from carloan.core.keys import KeyDestroyed
from carloan.core.sealed import clear
from carloan.core.sight import show


def revision_of(request: ActorRequest, name: str = "revision") -> int:
    """The revision that a form was made from. Raises Conflict when it names none."""
    try:
        return int(request.POST.get(name, ""))
    except ValueError as error:
        raise Conflict from error


def clear_or_empty(instance: Any, name: str) -> str:
    """A sealed value that stays; one that does not open is empty, and the service says why nothing can be changed."""
    try:
        return clear(instance, name)
    except (KeyDestroyed, SealedApart):
        return ""


def as_seen(actor: Actor, instance: Any, names: Iterable[str]) -> dict[str, str]:
    """What a form begins with: words as this person may see them."""
    return {name: show(actor, instance, name).text for name in names}


def keep_as_seen(form: forms.Form, actor: Actor, instance: Any, names: Iterable[str]) -> None:
    """Words that come back as they were shown stay what they are: a mask never takes the place of what it hides."""
    for name, text in as_seen(actor, instance, names).items():
        if form.cleaned_data.get(name) == text:
            form.cleaned_data[name] = getattr(instance, name)
