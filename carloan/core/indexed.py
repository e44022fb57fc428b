"""What stands under the lender's index key: the app that owns a table tells how it is made anew under another version.

A rotation (services/index_rotation.py) asks for it part by part, in batches that are transactions of their own.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

from django.db.models import Model, QuerySet

Row = TypeVar("Row", bound=Model)


class Batch(NamedTuple):
    """What a batch did: how many things, how many that do not open, and the last id seen, None at the end."""

    done: int
    damaged: int
    place: UUID | None


def _nothing(version: int, after: UUID | None, patient: bool = False) -> Batch:
    return Batch(0, 0, None)


def _none(version: int) -> int:
    return 0


def _no(version: int) -> bool:
    return False


@dataclass(frozen=True, kw_only=True)
class Indexed:
    """One part of what stands under the index key.

    `renew(version, after, patient)` puts the next things behind `after` under `version` too, as the values that are
    sealed say now. What somebody else holds at this moment it leaves for the next round; a `patient` one takes a single
    thing and waits for it, holding nothing else that anybody may want. `left(version)`: how
    many things would be found under an older version alone. `forget(version, after)` lets go of what stands under older
    ones once nobody searches them, and `remains(version)` says whether anything does.
    """

    renew: Callable[[int, UUID | None, bool], Batch] = _nothing
    left: Callable[[int], int] = _none
    forget: Callable[[int, UUID | None], Batch] = _nothing
    remains: Callable[[int], bool] = _no


def next_ids(rows: "QuerySet[Any]", column: str, after: UUID | None, most: int) -> tuple[list[UUID], UUID | None]:
    """A walk by id: at most so many of the rows' ids behind `after`, each once, and the place to go on from, None at
    the end."""
    behind = rows.filter(**{f"{column}__gt": after or UUID(int=0)}).order_by(column)
    ids = list(behind.values_list(column, flat=True).distinct()[:most])
    return ids, ids[-1] if len(ids) == most else None


def next_stretch(
    rows: "QuerySet[Row]", column: str, after: UUID | None, most: int
) -> "tuple[QuerySet[Row], UUID | None]":
    """The same for what is changed by one statement: the rows of about so many ids behind `after`, and the place."""
    behind = rows.filter(**{f"{column}__gt": after or UUID(int=0)})
    last = behind.order_by(column).values_list(column, flat=True)[most : most + 1].first()
    return (behind.filter(**{f"{column}__lte": last}) if last else behind), last


# An object's kind, its id, its loan and values by the name of their field, as core.lookup takes them.
Terms = tuple[str, UUID, UUID | None, Mapping[str, str]]


@dataclass(frozen=True)
class Gathered:
    """Objects that are held until the transaction ends, with what they are found by; those that are `gone`, or whose
    key is; and how many do not open. What somebody else holds is in none of them."""

    found: Sequence[Terms]
    gone: Collection[UUID] = ()
    damaged: int = 0


Gather = Callable[[Sequence[UUID], bool], Gathered]
_parts: dict[str, Indexed] = {}
_gatherers: dict[str, Gather] = {}


def register_indexed(name: str, part: Indexed) -> None:
    if _parts.setdefault(name, part) is not part:
        raise ValueError(f"{name} is registered twice")


def indexed_parts() -> dict[str, Indexed]:
    """By name, in the order in which the apps registered them: those below first."""
    return dict(_parts)


def register_gatherer(object_kind: str, gather: Gather) -> None:
    """`gather(ids, patient)` holds objects of a kind that have terms and tells what they are found by now. It waits for
    them if it is to be patient: for one alone then."""
    if _gatherers.setdefault(object_kind, gather) is not gather:
        raise ValueError(f"{object_kind} is registered twice")


def gatherer(object_kind: str) -> Gather | None:
    """None for a kind that this version does not know."""
    return _gatherers.get(object_kind)
