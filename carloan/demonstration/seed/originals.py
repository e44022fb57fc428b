"""Originals on paper: boxes on shelves, some lent, one late, something asked, and a hand-over that waits."""

from datetime import timedelta
from typing import Final

from django.utils import timezone

from carloan.archives.models import Original, Paper, StoragePlace
from carloan.archives.policies.originals.custody import CERTIFICATE
from carloan.archives.services.originals.custody import Proof, original_hand
from carloan.archives.services.originals.handing import handover_draw
from carloan.archives.services.originals.keeping import original_lend, original_shelve
from carloan.archives.services.originals.places import place_make
from carloan.archives.services.originals.registering import original_register
from carloan.archives.services.originals.reminding import originals_remind
from carloan.archives.services.originals.requests import request_ask
from carloan.core.actors import Actor
from carloan.core.models import Branch, Tenant
from carloan.core.tenancy import tenant_atomic
from carloan.demonstration.lenders import Lender
from carloan.demonstration.seed.book import actor_of
from carloan.demonstration.seed.registers import people_of
from carloan.loans.models import Loan

KINDS: Final = (CERTIFICATE, "loan_contract", "mortgage_contract", "vehicle_sales_invoice")
MOST: Final = 24
BAG: Final = "演示封签 %03d"


def keep_originals(lender: Lender, tenant: Tenant) -> None:
    """Once, in one transaction; without papers to keep the originals of there is nothing to show."""
    with tenant_atomic(tenant.id):
        if StoragePlace.objects.exists():
            return
        archivist, officer = (actor_of(tenant, f"{lender.slug}.{role}") for role in ("archivist", "officer"))
        boxes = _boxes(archivist)
        servicing = Loan.objects.filter(state=Loan.State.SERVICING)
        papers = Paper.objects.filter(state=Paper.State.FILED, kind__in=KINDS, loan__in=servicing)
        originals = [_shelved(archivist, paper, boxes) for paper in papers.select_related("loan").order_by("id")[:MOST]]
        plain = [each for each in originals if each.kind != CERTIFICATE]
        if len(plain) < 5:
            return
        _lend(archivist, lender, plain)
        for original in [each for each in originals if each.kind == CERTIFICATE][:1]:
            request_ask(
                actor=officer,
                original=original,
                kind="borrow",
                purpose="mortgage",
                due_on=timezone.localdate() + timedelta(days=5),
                words="到车管所办理抵押登记",
            )
        handover_draw(
            actor=archivist,
            taker=people_of(lender)["officer"],
            purpose="branch",
            ids=[each.id for each in plain[3:5]],
        )
        originals_remind(actor=Actor.system(tenant.id, "seed"))


def _boxes(archivist: Actor) -> list[StoragePlace]:
    head = Branch.objects.get(parent=None)
    house = place_make(actor=archivist, level="warehouse", name="总部档案库", branch=head)
    shelf = place_make(actor=archivist, level="shelf", name="A 架", parent=house, capacity=20)
    return [
        place_make(actor=archivist, level="box", name=f"A-{number:02d} 盒", parent=shelf, capacity=60)
        for number in (1, 2)
    ]


def _shelved(archivist: Actor, paper: Paper, boxes: list[StoragePlace]) -> Original:
    assert paper.loan is not None
    original = original_register(
        actor=archivist,
        loan=paper.loan,
        kind=paper.kind,
        sheets=max(1, paper.pages),
        paper=paper,
        received=True,
        proof=Proof(seal_no=BAG % (Original.objects.count() + 1) if paper.kind == CERTIFICATE else ""),
    )
    original_shelve(actor=archivist, original=original, place=boxes[original.number % len(boxes)])
    return original


def _lend(archivist: Actor, lender: Lender, plain: list[Original]) -> None:
    """One due tomorrow, one due today, and one a week late: no act lends until a day that is past, so its hand is
    written as the act of last month would have."""
    today, borrower = timezone.localdate(), people_of(lender)["officer"]
    for original, days in zip(plain[:2], (1, 0), strict=True):
        original_lend(
            actor=archivist,
            original=original,
            borrower=borrower,
            due_on=today + timedelta(days=days),
            purpose="check",
        )
    original_hand(
        actor=archivist,
        original=plain[2],
        event="lend",
        holder_id=borrower.id,
        due_on=today - timedelta(days=7),
        purpose="lawsuit",
    )
