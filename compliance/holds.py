"""What can be held: the app that owns a kind of thing tells how it is found, which keys it needs, what it hangs on."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from carloan.core.actors import Actor
from carloan.core.keys import Subject

Thing = tuple[str, UUID]


@dataclass(frozen=True, kw_only=True)
class Holdable:
    """`sees(actor, id)`: whether the actor may see this thing. `subjects(ids)`: by thing that is there, whose keys a
    hold on it keeps, the one that seals the thing itself first. `around(id)`: the things (kind, id) a hold on any of
    which holds this one too, itself first."""

    kind: str
    label: Any
    object_type: str
    sees: Callable[[Actor, UUID], bool]
    subjects: Callable[[Iterable[UUID]], Mapping[UUID, list[Subject]]]
    around: Callable[[UUID], list[Thing]]


_holdables: dict[str, Holdable] = {}


def register_holdable(holdable: Holdable) -> None:
    if _holdables.setdefault(holdable.kind, holdable) is not holdable:
        raise ValueError(f"{holdable.kind} is registered twice")


def holdable(kind: str) -> Holdable:
    """Raises KeyError for what no app has."""
    return _holdables[kind]


def is_holdable(kind: str) -> bool:
    return kind in _holdables
