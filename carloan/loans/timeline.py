"""A loan's timeline: lanes of entries, which apps register, newest first on one line of time."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from carloan.core.actors import Actor

from .models import Loan


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened: when (UTC), what, by whom, in words, where to read on, in which tone (`t-green`).

    `day` says that only the day is known (midnight UTC): no time is shown, because none would be true.
    """

    at: datetime
    title: Any
    who: str = ""
    text: Any = ""
    url: str = ""
    tone: str = ""
    day: bool = False


@dataclass(frozen=True, slots=True)
class Lane:
    key: str
    label: Any
    entries: Callable[[Actor, Loan], list[Entry]]
    capability: str
    acts: frozenset[str]


_lanes: dict[str, Lane] = {}


def register_lane(
    key: str,
    label: Any,
    entries: Callable[[Actor, Loan], list[Entry]],
    *,
    capability: str = "loans.details",
    acts: Iterable[str] = (),
) -> None:
    """`entries(actor, loan)` returns what the actor may see, newest first, at most some hundred.

    `acts` are those of the trail that the lane tells better; who sees the lane does not read them a second time.
    """
    if key in _lanes:
        raise ValueError(f"lane {key} is registered twice")
    _lanes[key] = Lane(key, label, entries, capability, frozenset(acts))


def lanes_for(actor: Actor) -> list[Lane]:
    return [lane for lane in _lanes.values() if actor.can(lane.capability)]


def told_elsewhere(actor: Actor) -> frozenset[str]:
    """The acts that lanes of this actor tell themselves."""
    return frozenset().union(*(lane.acts for lane in lanes_for(actor)))


def timeline_of(actor: Actor, loan: Loan, lane: str = "", *, limit: int = 200) -> list[Entry]:
    """Entries of all lanes the actor may see, or of one, newest first."""
    found = [entry for one in lanes_for(actor) if lane in ("", one.key) for entry in one.entries(actor, loan)]
    return sorted(found, key=lambda entry: entry.at, reverse=True)[:limit]
