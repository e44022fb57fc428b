"""One box that finds everything: each app registers a finder, the palette and the API ask them all."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from carloan.lib.text import fold_key

from .actors import Actor


@dataclass(frozen=True)
class Hit:
    """One thing found, already cut and masked for this actor."""

    kind: str
    id: UUID
    title: str
    subtitle: str
    url: str


@dataclass(frozen=True)
class Finder:
    kind: str
    label: Any
    capability: str
    find: Callable[[Actor, str, int], list[Hit]]


# Hits by the finder that found them.
Found = list[tuple[Finder, list[Hit]]]

_finders: list[Finder] = []


def register_finder(kind: str, label: Any, capability: str, find: Callable[[Actor, str, int], list[Hit]]) -> None:
    """`find(actor, query, limit)` returns hits the actor may see; it is asked only if the actor has the capability."""
    _finders.append(Finder(kind, label, capability, find))


def search(actor: Actor, query: str, *, limit: int = 10) -> Found:
    """Hits by kind, kinds in the order of registration, at most `limit` each; empty kinds are left out."""
    query = query.strip()
    if not fold_key(query):
        return []
    found = [(finder, finder.find(actor, query, limit)) for finder in _finders if actor.can(finder.capability)]
    return [(finder, hits) for finder, hits in found if hits]
