"""What a review of access asks about: each app that gives people access of a kind lists it and can take it away."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from .actors import Actor


@dataclass(frozen=True)
class Held:
    """One right as it stands: whose (None: no person's), in words that stay readable when it is gone."""

    object_id: UUID
    member_id: UUID | None
    whose: str
    what: str
    since: date | None = None
    until: date | None = None
    last_used_at: datetime | None = None


@dataclass(frozen=True)
class Kind:
    """`held()` lists what there is in the open tenant; `take(actor, object_id)` ends one, with its own event, and says
    whether it was still there. Whoever calls it has asked whether the actor may."""

    code: str
    label: Any
    held: Callable[[], Iterable[Held]]
    take: Callable[[Actor, UUID], bool]


_kinds: dict[str, Kind] = {}


def register_reviewed(*kinds: Kind) -> None:
    for kind in kinds:
        if _kinds.setdefault(kind.code, kind) is not kind:
            raise ValueError(f"{kind.code} is reviewed already")


def all_kinds() -> list[Kind]:
    return list(_kinds.values())


def kind_of(code: str) -> Kind:
    return _kinds[code]


def kind_label(code: str) -> str:
    """What a kind is called; its code when no app knows it any more."""
    return str(_kinds[code].label) if code in _kinds else code
