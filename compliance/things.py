"""What belongs to a thing, for the question who looked at it: the app that owns a type tells."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from carloan.core.actors import Actor


@dataclass(frozen=True, slots=True)
class Belongings:
    """Objects whose events are about the thing too, and loans all of whose events are."""

    objects: frozenset[UUID] = frozenset()
    loans: frozenset[UUID] = frozenset()

    @classmethod
    def of(cls, *, objects: Iterable[UUID] = (), loans: Iterable[UUID] = ()) -> "Belongings":
        return cls(frozenset(objects), frozenset(loans))


BelongingsOf = Callable[[Actor, UUID], Belongings]
_registry: dict[str, BelongingsOf] = {}


def register_thing(object_type: str, belongings: BelongingsOf) -> None:
    """Of such a thing people ask who looked at it. `belongings(actor, id)` tells only what the actor may see."""
    _registry[object_type] = belongings


def is_thing(object_type: str) -> bool:
    return object_type in _registry


def belongings_of(actor: Actor, object_type: str, object_id: UUID) -> Belongings:
    """Raises KeyError for a type that nobody registered."""
    return _registry[object_type](actor, object_id)


@dataclass(frozen=True, slots=True)
class About:
    """The thing that a question to the trail is about; as text `type:id`."""

    object_type: str
    object_id: UUID

    def __str__(self) -> str:
        return f"{self.object_type}:{self.object_id}"

    @classmethod
    def parse(cls, text: Any) -> "About":
        """Raises ValueError for what names no thing."""
        object_type, _sign, number = str(text).partition(":")
        if not is_thing(object_type):
            raise ValueError(object_type)
        return cls(object_type, UUID(number))
