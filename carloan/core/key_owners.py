"""Which rows the keys of each kind belong to: the app that owns a table tells, the care for keys asks."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from .keys import SubjectKind


@dataclass(frozen=True)
class KeyOwner:
    """`model`: a key's id is the id of one of its rows. `needing`: which of them are unreadable without it."""

    kind: SubjectKind
    model: Any
    needing: Q


_registry: dict[str, KeyOwner] = {}


def register_key_owner(kind: SubjectKind, model: Any, *, needing: Q | None = None) -> None:
    _registry[kind] = KeyOwner(kind, model, needing if needing is not None else Q())


def key_owners() -> dict[str, KeyOwner]:
    """By kind. Keys of a kind that nobody registered are never touched."""
    return dict(_registry)
