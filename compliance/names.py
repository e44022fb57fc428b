"""Names of objects in the trail: the app that owns a type tells how its objects are called and where they are shown."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from carloan.core.actors import Actor


@dataclass(frozen=True)
class Named:
    """How an object is called for this actor (masked where needed), and its page, '' when there is none."""

    label: str
    url: str = ""


Namer = Callable[[Actor, Iterable[UUID]], Mapping[UUID, Named]]
_namers: dict[str, tuple[Any, Namer]] = {}


def register_namer(object_type: str, label: Any, namer: Namer) -> None:
    """`namer(actor, ids)` returns names of those objects the actor may see; others stay numbers."""
    _namers[object_type] = (label, namer)


def names_of(actor: Actor, objects: Iterable[tuple[str, UUID | None]]) -> dict[UUID, Named]:
    """Names of many objects, one call a type."""
    by_type: dict[str, set[UUID]] = {}
    for object_type, object_id in objects:
        if object_id is not None and object_type in _namers:
            by_type.setdefault(object_type, set()).add(object_id)
    found: dict[UUID, Named] = {}
    for object_type, ids in by_type.items():
        found.update(_namers[object_type][1](actor, ids))
    return found


def type_label(object_type: str) -> str:
    return str(_namers[object_type][0]) if object_type in _namers else object_type
