"""Which rows the keys of each kind belong to: the app that owns a table tells, the care for keys asks."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q

from .actors import Actor
from .keys import SubjectKind


@dataclass(frozen=True)
class KeyOwner:
    """`model`: a key's id is the id of one of its rows. `needing`: which of them are unreadable without it.

    `shred_again` empties what a restored main database holds of an object whose key was destroyed; 0 when it holds
    nothing, as in everyday life.
    """

    kind: SubjectKind
    model: Any
    needing: Q
    shred_again: Callable[[Actor, UUID], int] | None = None


_registry: dict[str, KeyOwner] = {}


def register_key_owner(
    kind: SubjectKind,
    model: Any,
    *,
    needing: Q | None = None,
    shred_again: Callable[[Actor, UUID], int] | None = None,
) -> None:
    _registry[kind] = KeyOwner(kind, model, needing if needing is not None else Q(), shred_again)


def key_owners() -> dict[str, KeyOwner]:
    """By kind. Keys of a kind that nobody registered are never touched."""
    return dict(_registry)
