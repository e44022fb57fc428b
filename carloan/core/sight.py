"""What of a value this actor sees at this door: the one place that decides between clear and masked."""

from dataclasses import dataclass
from typing import Any, Literal

from django.utils.translation import gettext as _

from carloan.lib.masks import MASKS

from .actors import Actor
from .keys import KeyDestroyed
from .registry import Field, rule_of
from .sealed import SealedText, clear

Door = Literal["page", "api", "export"]


@dataclass(frozen=True)
class Shown:
    """A value as it may leave: its text, whether it is masked, and whether the actor may reveal it with a reason."""

    text: str
    masked: bool = False
    revealable: bool = False

    def __str__(self) -> str:
        return self.text


def is_masked(actor: Actor, rule: Field, door: Door) -> bool:
    """`sight.clear` opens; for people guarded fields stay masked even then (reveal); files follow their own rule."""
    if rule.mask is None:
        return rule.data_class == "C3"
    if door == "export":
        return rule.export != "clear"
    if not actor.can("sight.clear"):
        return True
    # A browser session at the API is a person at a screen: guarded fields need a reveal there too.
    return rule.guarded and (door == "page" or actor.kind == "person")


def show_text(actor: Actor, rule: Field, text: str, *, door: Door = "page") -> Shown:
    """Decide about a clear value that a selector has already read."""
    if rule.data_class == "C3":
        return Shown("", masked=True)
    if not text or not is_masked(actor, rule, door):
        return Shown(text)
    mask = MASKS[rule.mask or "text"]
    return Shown(mask(text), masked=True, revealable=door == "page" and actor.can("fields.reveal"))


def show(actor: Actor, instance: Any, name: str, *, door: Door = "page") -> Shown:
    """A model's field as this actor sees it; sealed fields are opened, a shredded one says so."""
    rule = rule_of(instance, name)
    if isinstance(instance._meta.get_field(name), SealedText):
        try:
            text = clear(instance, name)
        except KeyDestroyed:
            return Shown(_("destroyed"), masked=True)
    else:
        value = getattr(instance, name)
        text = "" if value is None else str(value)
    return show_text(actor, rule, text, door=door)
