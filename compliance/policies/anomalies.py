"""What stands out in a trail: rules with numbers, and what they find in one person's day.

A finding is a question for a person and judges nobody (PIPL 24): it changes no right and closes no door. Numbers of the
house are the loosest; a lender may only tighten them.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from carloan.core.moves import Move, Moves
from carloan.lib.workdays import WorkdayTable

Numbers = Mapping[str, int]
# By kind: what may be done before somebody asks. Their version is 0; a lender's own begin at 1.
HOUSE: Final[dict[str, dict[str, int]]] = {
    "mass_viewing": {"objects": 200},
    "night_access": {"looks": 10, "from_hour": 22, "to_hour": 6},
    "many_reveals": {"reveals": 60},
    "scraping": {"not_found": 30, "in_order": 40, "minutes": 10},
    "large_exports": {"exports": 5, "rows": 10_000},
}
# Of these a higher number asks sooner, of all others a lower one.
HIGHER_ASKS_SOONER: Final = frozenset({"to_hour", "minutes"})
# Beyond these a number says nothing any more.
BOUNDS: Final = {"from_hour": (12, 23), "to_hour": (0, 12), "minutes": (1, 24 * 60)}

MOVES: Final = Moves(Move("open", "close", "closed"), Move("closed", "reopen", "open"))


@dataclass(frozen=True, slots=True)
class Seen:
    """An event of the trail as rules see it; `at` is local time. `count` is known of exports only."""

    id: UUID
    at: datetime
    action: str
    is_look: bool
    is_export: bool
    outcome: str
    object_id: UUID | None
    reason_code: str
    count: int = 0


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule found: its numbers as they were, and the events, in order."""

    kind: str
    numbers: dict[str, int]
    events: tuple[UUID, ...]


def is_tighter(kind: str, numbers: Numbers) -> bool:
    """Whether numbers name all of a kind's and none is looser than the house's."""
    house = HOUSE[kind]
    return numbers.keys() == house.keys() and all(
        (numbers[name] >= most if name in HIGHER_ASKS_SOONER else numbers[name] <= most)
        and BOUNDS.get(name, (0, most))[0] <= numbers[name] <= BOUNDS.get(name, (0, most))[1]
        for name, most in house.items()
    )


def findings(
    events: Sequence[Seen], rules: Mapping[str, Numbers], *, day: date, workdays: WorkdayTable
) -> Iterable[Finding]:
    """What the rules find in one actor's events of one local day, oldest first."""
    off = not workdays.is_workday(day)
    for kind, find in _FINDERS.items():
        if found := find(events, rules[kind], off):
            yield Finding(kind, *found)


Found = tuple[dict[str, int], tuple[UUID, ...]]


def _mass_viewing(events: Sequence[Seen], most: Numbers, off: bool) -> Found | None:
    looks = [event for event in events if event.is_look]
    objects = {event.object_id for event in looks if event.object_id}
    if len(objects) <= most["objects"]:
        return None
    return {"objects": len(objects), "looks": len(looks)}, _ids(looks)


def _night_access(events: Sequence[Seen], most: Numbers, off: bool) -> Found | None:
    """Looks at night, or all day long on a day on which nobody works."""
    looks = [
        event
        for event in events
        if event.is_look and (off or event.at.hour >= most["from_hour"] or event.at.hour < most["to_hour"])
    ]
    if len(looks) <= most["looks"]:
        return None
    return {"looks": len(looks), "day_off": int(off)}, _ids(looks)


def _many_reveals(events: Sequence[Seen], most: Numbers, off: bool) -> Found | None:
    reveals = [event for event in events if event.outcome == "revealed"]
    return ({"reveals": len(reveals)}, _ids(reveals)) if len(reveals) > most["reveals"] else None


def _scraping(events: Sequence[Seen], most: Numbers, off: bool) -> Found | None:
    """Addresses tried that lead nowhere; or looks along the order of ids with no act between them."""
    span = timedelta(minutes=most["minutes"])
    missed = [event for event in events if event.outcome == "refused" and event.reason_code == "not_found"]
    tried = _densest(missed, span)
    ordered = _longest_run(events, span)
    if len(tried) <= most["not_found"] and len(ordered) <= most["in_order"]:
        return None
    found = {*_ids(tried), *_ids(ordered)}
    return {"not_found": len(tried), "in_order": len(ordered)}, _ids(one for one in events if one.id in found)


def _large_exports(events: Sequence[Seen], most: Numbers, off: bool) -> Found | None:
    exports = [event for event in events if event.is_export]
    rows = sum(event.count for event in exports)
    if len(exports) <= most["exports"] and rows <= most["rows"]:
        return None
    return {"exports": len(exports), "rows": rows}, _ids(exports)


_FINDERS: Final[dict[str, Callable[[Sequence[Seen], Numbers, bool], Found | None]]] = {
    "mass_viewing": _mass_viewing,
    "night_access": _night_access,
    "many_reveals": _many_reveals,
    "scraping": _scraping,
    "large_exports": _large_exports,
}


def _densest(events: Sequence[Seen], span: timedelta) -> Sequence[Seen]:
    """The most events that lie within one span."""
    best: Sequence[Seen] = ()
    start = 0
    for end, event in enumerate(events):
        while event.at - events[start].at > span:
            start += 1
        if end - start + 1 > len(best):
            best = events[start : end + 1]
    return best


def _longest_run(events: Sequence[Seen], pause: timedelta) -> list[Seen]:
    """The longest row of looks at one object after the other in the order of their ids, or against it. Whoever works
    on what they look at acts between two looks, and whoever rests does so for longer than `pause`."""
    best: list[Seen] = []
    runs: dict[bool, list[Seen]] = {True: [], False: []}
    for event in events:
        if not event.is_look or event.object_id is None:
            runs = {True: [], False: []}
            continue
        for rising, run in runs.items():
            last = run[-1] if run else None
            if last is not None and last.object_id == event.object_id:
                continue
            if last is not None and (event.at - last.at > pause or not _follows(last, event, rising)):
                run.clear()
            run.append(event)
            best = max(best, list(run), key=len) if len(run) > len(best) else best
    return best


def _follows(last: Seen, event: Seen, rising: bool) -> bool:
    assert last.object_id is not None
    assert event.object_id is not None
    return (event.object_id > last.object_id) is rising


def _ids(events: Iterable[Seen]) -> tuple[UUID, ...]:
    return tuple(event.id for event in events)
