"""Stock-takes of the places an actor sees, how far one is, and what differs."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db.models import Count, QuerySet

from carloan.archives.models import Original, StockDifference, StockExpected, StockScan, StockTake, StoragePlace
from carloan.archives.policies.originals.codes import ORIGINAL, code_of
from carloan.archives.policies.originals.stocktaking import Difference, differences
from carloan.archives.selectors.originals.originals import VIEW
from carloan.archives.selectors.originals.places import inner_places, visible_places
from carloan.core.actors import Actor
from carloan.core.errors import Forbidden, NotFound

MOST: Final = 200
LAST_SCANS: Final = 12


def visible_stocktakes(actor: Actor, capability: str = VIEW) -> "QuerySet[StockTake]":
    """The stock-takes of the places that the actor reaches with the capability."""
    rows = StockTake.objects.select_related("place__parent__parent__parent", "begun_by", "counted_by", "settled_by")
    return rows.filter(place__in=visible_places(actor, capability).order_by().values("id"))


def get_stocktake_for(actor: Actor, stocktake_id: UUID, capability: str = VIEW) -> StockTake:
    """One stock-take. Strangers get NotFound; readers who lack `capability` for it get Forbidden."""
    found = visible_stocktakes(actor).filter(id=stocktake_id).first()
    if found is None:
        raise NotFound
    if capability != VIEW and not visible_stocktakes(actor, capability).filter(id=stocktake_id).exists():
        raise Forbidden(capability=capability)
    return found


def stocktakes_for(actor: Actor) -> list[StockTake]:
    """The newest first, at most MOST."""
    return list(visible_stocktakes(actor).order_by("-number")[:MOST])


@dataclass(frozen=True, slots=True)
class Progress:
    """How many should lie there, how many of them were scanned, and how many codes more."""

    expected: int
    found: int
    others: int


def progress_of(stocktake: StockTake) -> Progress:
    expected = StockExpected.objects.filter(stocktake=stocktake)
    scans = StockScan.objects.filter(stocktake=stocktake)
    found = scans.filter(original__in=expected.values("original")).count()
    return Progress(expected.count(), found, scans.count() - found)


def by_place(stocktake: StockTake) -> list[tuple[StoragePlace, int, int]]:
    """Each place of the count with how many should lie directly in it and how many were scanned there."""
    expected = dict(_counted(StockExpected, stocktake))
    scanned = dict(_counted(StockScan, stocktake))
    places = [stocktake.place, *inner_places(stocktake.place)]
    return [
        (place, expected.get(place.id, 0), scanned.get(place.id, 0))
        for place in places
        if place.closed_at is None or place.id in expected or place.id in scanned
    ]


def _counted(model: type[StockExpected] | type[StockScan], stocktake: StockTake) -> Sequence[tuple[UUID, int]]:
    rows = model.objects.filter(stocktake=stocktake).order_by().values_list("place_id")
    return list(rows.annotate(count=Count("id")))


def last_scans(stocktake: StockTake) -> list[StockScan]:
    rows = StockScan.objects.select_related("original", "place").filter(stocktake=stocktake)
    return list(rows.order_by("-id")[:LAST_SCANS])


def differences_now(stocktake: StockTake) -> list[Difference]:
    """How the count differs from what should lie there, as it stands."""
    expected = {
        str(row.original_id): (code_of(ORIGINAL, row.original.number), str(row.place_id))
        for row in StockExpected.objects.select_related("original").filter(stocktake=stocktake)
    }
    scanned = {
        row.code: (str(row.original_id or ""), str(row.place_id))
        for row in StockScan.objects.filter(stocktake=stocktake)
    }
    return differences(expected, scanned)


def differences_of(stocktake: StockTake) -> list[StockDifference]:
    """The differences as they stood when the count ended."""
    rows = StockDifference.objects.select_related(
        "original__loan",
        "original__holder",
        "original__place__parent__parent__parent",
        "should_lie__parent__parent__parent",
        "lies__parent__parent__parent",
    )
    return list(rows.filter(stocktake=stocktake).order_by("position"))


def lying_within(place: StoragePlace) -> "QuerySet[Original]":
    """What should lie in a place and all that is in it."""
    within = [place.id, *(each.id for each in inner_places(place))]
    return Original.objects.filter(place__in=within)
