"""A stock-take: begun, scanned, counted by one, settled by another. No original changes by any of it."""

import hashlib
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from carloan.archives.models import Original, StockDifference, StockExpected, StockScan, StockTake, StoragePlace
from carloan.archives.policies.originals.codes import ORIGINAL, PLACE, code_of, read_code
from carloan.archives.policies.originals.stocktaking import MOVES
from carloan.archives.selectors.originals.originals import DECIDE, KEEP
from carloan.archives.selectors.originals.places import inner_places
from carloan.archives.selectors.originals.stocktakes import differences_now, lying_within, visible_stocktakes
from carloan.core import audit
from carloan.core.actors import Actor
from carloan.core.errors import Conflict, Forbidden, Invalid
from carloan.core.ids import uuid7
from carloan.core.moves import step
from carloan.core.numbers import next_number
from carloan.core.tenancy import tenant_atomic
from carloan.core.voices import voice_of

OBJECT: Final = "archives.stocktake"
MOST: Final = 20_000
State = StockTake.State


@dataclass(frozen=True, slots=True)
class Scanned:
    """What a scan was: the place that is counted from here on, an original of it, one that should not lie here, or a
    code of nothing known. `again`: it counted already."""

    code: str
    place: StoragePlace
    original: Original | None = None
    is_place: bool = False
    is_expected: bool = False
    again: bool = False


def stocktake_begin(*, actor: Actor, place: StoragePlace) -> StockTake:
    """Begin to count a place with all in it; what should lie there is kept as it is now.

    Raises Conflict while it is being counted already, Invalid for a closed place and for more than can be counted at
    once, Forbidden without the right.
    """
    member_id = actor.require_person(KEEP)
    if place.closed_at is not None:
        raise Invalid(fields={"place": [_("This place is closed.")]})
    with tenant_atomic():
        if StockTake.objects.filter(place=place, state=State.OPEN).exists():
            raise Conflict(_("This place is being counted already."))
        lying = list(lying_within(place).order_by("number")[: MOST + 1])
        if len(lying) > MOST:
            raise Invalid(fields={"place": [_("More lies in it than can be counted at once: count its shelves.")]})
        stocktake = StockTake(id=uuid7(), number=next_number("stock-takes"), place=place, begun_by_id=member_id)
        stocktake.audit_event_id = audit.record(
            actor=actor, action="archives.stocktake.begun", object_type=OBJECT, object_id=stocktake.id, count=len(lying)
        )
        stocktake.save(force_insert=True)
        StockExpected.objects.bulk_create(
            StockExpected(
                stocktake=stocktake, original=each, place_id=each.place_id, audit_event_id=stocktake.audit_event_id
            )
            for each in lying
            if each.place_id
        )
    return stocktake


def stocktake_scan(*, actor: Actor, stocktake: StockTake, code: str, place_id: UUID | None = None) -> Scanned:
    """Take in one code that was scanned while `place_id` is counted (none: the whole place). A code of a place says
    which one is counted from here on. May come twice.

    Raises Conflict once the count has ended, Invalid for what is no code and for a place outside of the count.
    """
    member_id = _counter(actor, stocktake)
    with tenant_atomic():
        held = StockTake.objects.select_for_update(no_key=True).get(id=stocktake.id)
        MOVES.need(held.state, "count")
        read = read_code(code)
        if read is None:
            raise Invalid(fields={"code": [_("This is no code of ours. Scan it again or type it from the label.")]})
        places = {each.id: each for each in (held.place, *inner_places(held.place))}
        if read.letter == PLACE:
            here = next((each for each in places.values() if each.number == read.number), None)
            if here is None:
                raise Invalid(fields={"code": [_("This place is not part of the count.")]})
            return Scanned(code_of(PLACE, read.number), here, is_place=True)
        here = places.get(place_id or held.place_id)
        if here is None:
            raise Invalid(fields={"place": [_("This place is not part of the count.")]})
        whole = code_of(ORIGINAL, read.number)
        original = Original.objects.filter(number=read.number).first()
        scan, created = StockScan.objects.get_or_create(
            stocktake=held,
            code=whole,
            defaults={
                "original": original,
                "place": here,
                "by_id": member_id,
                "audit_event_id": held.audit_event_id,
            },
        )
        expected = original is not None and StockExpected.objects.filter(stocktake=held, original=original).exists()
    return Scanned(whole, scan.place if not created else here, original, is_expected=expected, again=not created)


def stocktake_count(*, actor: Actor, stocktake: StockTake) -> StockTake:
    """End the count: the differences are kept as they stand. Raises Conflict where it has ended."""
    member_id = _counter(actor, stocktake)
    with tenant_atomic():
        held = StockTake.objects.select_for_update(no_key=True).get(id=stocktake.id)
        MOVES.need(held.state, "count")
        found = differences_now(held)
        digest = hashlib.sha256(audit.canonical([list(each) for each in found])).hexdigest()
        event_id = audit.record(
            actor=actor,
            action="archives.stocktake.counted",
            object_type=OBJECT,
            object_id=held.id,
            count=len(found),
            digest=digest,
        )
        StockDifference.objects.bulk_create(
            StockDifference(
                stocktake=held,
                position=position,
                kind=each.kind,
                code=each.code,
                original_id=each.original or None,
                should_lie_id=each.should or None,
                lies_id=each.lies or None,
                audit_event_id=event_id,
            )
            for position, each in enumerate(found, start=1)
        )
        step(
            held,
            MOVES,
            "count",
            audit_event_id=event_id,
            digest=digest,
            counted_by_id=member_id,
            counted_at=timezone.now(),
        )
    return held


def stocktake_settle(*, actor: Actor, stocktake: StockTake, digest: str) -> StockTake:
    """Say, as somebody who did not count, that the differences are dealt with. Where originals are is changed on their
    own pages, each by its own people.

    Raises Conflict for whoever counted and for other differences, Forbidden without the right.
    """
    with tenant_atomic():
        held = StockTake.objects.select_for_update(no_key=True).get(id=stocktake.id)
        if not visible_stocktakes(actor, DECIDE).filter(id=held.id).exists():
            raise Forbidden(capability=DECIDE)
        MOVES.need(held.state, "settle")
        own = _("Whoever counted does not settle. Somebody else must.")
        member_id = voice_of(actor, DECIDE, proposer=held.counted_by_id, own_words=own)
        if digest != held.digest:
            raise Conflict
        event_id = audit.record(
            actor=actor, action="archives.stocktake.settled", object_type=OBJECT, object_id=held.id, digest=digest
        )
        step(held, MOVES, "settle", audit_event_id=event_id, settled_by_id=member_id, settled_at=timezone.now())
    return held


def stocktake_withdraw(*, actor: Actor, stocktake: StockTake) -> StockTake:
    """Give up a count that was begun by mistake. Raises Conflict once it has ended."""
    _counter(actor, stocktake)
    with tenant_atomic():
        held = StockTake.objects.select_for_update(no_key=True).get(id=stocktake.id)
        MOVES.need(held.state, "withdraw")
        event_id = audit.record(
            actor=actor, action="archives.stocktake.withdrawn", object_type=OBJECT, object_id=held.id
        )
        step(held, MOVES, "withdraw", audit_event_id=event_id)
    return held


def _counter(actor: Actor, stocktake: StockTake) -> UUID:
    member_id = actor.require_person(KEEP)
    if not visible_stocktakes(actor, KEEP).filter(id=stocktake.id).exists():
        raise Forbidden(capability=KEEP)
    return member_id


def stocktake_exported(*, actor: Actor, stocktake: StockTake, count: int) -> None:
    """The differences leave as a file: told before."""
    actor.require("originals.view")
    with tenant_atomic():
        audit.record(
            actor=actor,
            action="archives.stocktake.exported",
            object_type=OBJECT,
            object_id=stocktake.id,
            count=count,
        )
