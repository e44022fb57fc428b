"""Originals of the tests: a loan's paper in somebody's hands, in a box, lent to somebody. Call all of it in open()."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from carloan.archives.models import CustodyRequest, HandoverList, Original, RoomDevice, StockTake, StoragePlace
from carloan.archives.policies.originals.custody import CERTIFICATE
from carloan.archives.services.originals.custody import Proof, original_hand
from carloan.archives.services.originals.handing import handover_draw
from carloan.archives.services.originals.keeping import original_lend, original_shelve
from carloan.archives.services.originals.places import place_make
from carloan.archives.services.originals.registering import original_register
from carloan.archives.services.originals.requests import request_ask, request_grant
from carloan.archives.services.originals.rooms import device_make
from carloan.archives.services.originals.stocktaking import stocktake_begin
from carloan.loans.models import Loan
from tests.cast import Lender
from tests.loans.book import open_loan

JPEG = b"\xff\xd8\xff\xe0" + b"sealed bag" * 20
SEALED = Proof(seal_no="F-0001", photo=JPEG)


def loan_of(lender: Lender) -> Loan:
    return Loan.objects.first() or open_loan(lender.actor("admin"), branch_id=lender.branches["east"].id)


def warehouse(lender: Lender, name: str = "一号库", branch: str = "east", **more: Any) -> StoragePlace:
    return place_make(
        actor=lender.actor("archivist"), level="warehouse", name=name, branch=lender.branches[branch], **more
    )


def inside(lender: Lender, parent: StoragePlace, level: str = "box", name: str = "一号盒", **more: Any) -> StoragePlace:
    return place_make(actor=lender.actor("archivist"), level=level, name=name, parent=parent, **more)


def here(lender: Lender, kind: str = "loan_contract", *, role: str = "archivist", **more: Any) -> Original:
    """In the hands of whoever has this role."""
    return original_register(actor=lender.actor(role), loan=loan_of(lender), kind=kind, sheets=1, received=True, **more)


def shelved(lender: Lender, place: StoragePlace | None = None, **more: Any) -> Original:
    original = here(lender, **more)
    where = place or StoragePlace.objects.filter(level="warehouse").first() or warehouse(lender)
    original_shelve(actor=lender.actor("archivist"), original=original, place=where)
    original.refresh_from_db()
    return original


def lent(lender: Lender, *, to: str = "officer", days: int = 5) -> Original:
    original = shelved(lender)
    original_lend(
        actor=lender.actor("archivist"),
        original=original,
        borrower=lender.members[to],
        due_on=timezone.localdate() + timedelta(days=days),
        purpose="check",
    )
    original.refresh_from_db()
    return original


def late(lender: Lender, *, days: int, to: str = "officer") -> Original:
    """Lent, and due so many days ago: as it stands when those days are over."""
    original = shelved(lender)
    original_hand(
        actor=lender.actor("archivist"),
        original=original,
        event="lend",
        holder_id=lender.members[to].id,
        due_on=timezone.localdate() - timedelta(days=days),
        purpose="check",
    )
    original.refresh_from_db()
    return original


def borrowed(lender: Lender, original: Original, *, by: str = "officer") -> CustodyRequest:
    """Asked for by somebody, not decided."""
    return request_ask(
        actor=lender.actor(by),
        original=original,
        kind="borrow",
        purpose="mortgage",
        due_on=timezone.localdate() + timedelta(days=3),
    )


def certificate_lent(lender: Lender) -> Original:
    original = shelved(lender, kind=CERTIFICATE)
    request_grant(actor=lender.actor("archivist"), request=borrowed(lender, original), proof=SEALED)
    original.refresh_from_db()
    return original


def drawn(lender: Lender, *, giver: str = "officer", taker: str = "archivist", **more: Any) -> HandoverList:
    """A list of two originals, confirmed by nobody yet."""
    originals = [here(lender, role=giver, **more), here(lender, role=giver, **more)]
    return handover_draw(
        actor=lender.actor(giver), taker=lender.members[taker], purpose="keeping", ids=[each.id for each in originals]
    )


def counting(lender: Lender) -> StockTake:
    """A count of a warehouse in which something lies, just begun."""
    original = shelved(lender)
    assert original.place is not None
    return stocktake_begin(actor=lender.actor("archivist"), place=original.place)


def front_door(lender: Lender) -> RoomDevice:
    """The door of a warehouse."""
    where = StoragePlace.objects.filter(level="warehouse").first() or warehouse(lender)
    return device_make(actor=lender.actor("admin"), name="正门", place=where)[0]
