"""What of a value this actor sees at this door: the one place that decides between clear and masked."""

from dataclasses import dataclass
from typing import Any, Literal

from django.utils.translation import gettext as _

from carloan.lib.masks import MASKS

from .actors import Actor
from .errors import SealedApart
from .keys import KeyDestroyed
from .reach import reaches
from .registry import Field, rule_of
from .sealed import SealedText, clear
from .tightening import rule_for

# "opened": what two people opened together (compliance.openings); the right to clear values still counts.
Door = Literal["page", "api", "export", "opened"]
# The right to clear values, wherever a page or file allows them.
SIGHT = "sight.clear"


@dataclass(frozen=True)
class Shown:
    """A value as it may leave: its text, whether it is masked, and whether the actor may reveal it with a reason."""

    text: str
    masked: bool = False
    revealable: bool = False

    def __str__(self) -> str:
        return self.text


def sees_clear(actor: Actor, instance: Any) -> bool:
    """Whether the right to clear values covers this object."""
    return reaches(actor, SIGHT, instance)


def is_masked(actor: Actor, rule: Field, door: Door, instance: Any) -> bool:
    """`sight.clear` opens where it reaches the object; for people guarded fields stay masked even then (reveal).

    Files follow a rule of their own.
    """
    if rule.mask is None:
        return rule.data_class == "C3"
    if door == "export":
        return rule.export != "clear"
    if not sees_clear(actor, instance):
        return True
    if door == "opened":
        return rule.export == "never"
    # A browser session at the API is a person at a screen: guarded fields need a reveal there too.
    return rule.guarded and (door == "page" or actor.kind == "person")


def show_text(actor: Actor, rule: Field, text: str, *, of: Any, door: Door = "page", key: str = "") -> Shown:
    """Decide about a clear value that a selector has already read; `of` is the object it belongs to, `key` what the
    lender's policy calls its rule."""
    rule = rule_for(actor, key, rule) if key and actor.masking else rule
    if rule.data_class == "C3":
        return Shown("", masked=True)
    if not text or rule.mask is None:
        return Shown(text)
    if door == "export" and rule.export == "never":
        return Shown("", masked=True)
    hidden = MASKS[rule.mask](text)
    # Words without a number of anybody need no right to be read, and no question whether it reaches them.
    if (rule.mask == "written" and hidden == text) or not is_masked(actor, rule, door, of):
        return Shown(text)
    return Shown(hidden, masked=True, revealable=door == "page" and reaches(actor, "fields.reveal", of))


def show(actor: Actor, instance: Any, name: str, *, door: Door = "page") -> Shown:
    """A model's field as this actor sees it; sealed fields are opened, a shredded one says so."""
    rule = rule_of(instance, name)
    if isinstance(instance._meta.get_field(name), SealedText):
        try:
            text = clear(instance, name)
        except KeyDestroyed:
            return Shown(_("destroyed"), masked=True)
        except SealedApart:
            return Shown(_("sealed apart"), masked=True)
    else:
        value = getattr(instance, name)
        text = "" if value is None else str(value)
    return show_text(actor, rule, text, of=instance, door=door, key=_key(actor, instance, name))


def _key(actor: Actor, instance: Any, name: str) -> str:
    return f"{instance._meta.label_lower}.{name}" if actor.masking else ""
