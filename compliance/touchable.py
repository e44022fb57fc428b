"""What a rule change can touch here: policies and packs that a lender keeps, each with its page. Apps add theirs."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from carloan.core.actors import Actor


@dataclass(frozen=True, kw_only=True)
class Touchable:
    """`url_name` is the page on which it is kept, for those with the capability."""

    code: str
    label: Any
    url_name: str
    capability: str


_touchable: dict[str, Touchable] = {}


def register_touchable(*things: Touchable) -> None:
    for thing in things:
        if _touchable.setdefault(thing.code, thing) is not thing:
            raise ValueError(f"{thing.code} can be touched already")


def all_touchable() -> list[Touchable]:
    """In the order of registration."""
    return list(_touchable.values())


def touched(actor: Actor, codes: Iterable[str]) -> list[tuple[str, str]]:
    """(words, address) of each; no address where the actor may not go, the code of what no app knows any more."""
    found = []
    for code in codes:
        thing = _touchable.get(code)
        if thing is None:
            found.append((code, ""))
        else:
            found.append((str(thing.label), reverse(thing.url_name) if actor.can(thing.capability) else ""))
    return found
