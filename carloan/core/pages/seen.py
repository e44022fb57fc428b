"""Words in a form as their reader may see them: what comes back as it was shown stays what it is."""

from collections.abc import Iterable
from typing import Any

from django import forms

from carloan.core.actors import Actor
from carloan.core.sight import show


def as_seen(actor: Actor, instance: Any, names: Iterable[str]) -> dict[str, str]:
    """What a form begins with: words as this person may see them."""
    return {name: show(actor, instance, name).text for name in names}


def keep_as_seen(form: forms.Form, actor: Actor, instance: Any, names: Iterable[str]) -> None:
    """Words that come back as they were shown stay what they are: a mask never takes the place of what it hides."""
    for name, text in as_seen(actor, instance, names).items():
        if form.cleaned_data.get(name) == text:
            form.cleaned_data[name] = getattr(instance, name)
