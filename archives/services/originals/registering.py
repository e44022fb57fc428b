"""Originals come into the book: expected or received, from a paper's page, from the loan, or by a printed label."""

from typing import Final

from django.utils.translation import gettext as _

from carloan.archives.models import Custody, Original, Paper
from carloan.archives.selectors.originals.originals import (
    KEEP,
    ORIGINAL_KINDS,
    REGISTER,
    SERIES,
    free_number,
)
from carloan.archives.services.originals.custody import NOTHING, OBJECT, Proof, original_hand
from carloan.archives.services.originals.rights import require_with
from carloan.core import audit
from carloan.core.actors import Actor
from carloan.core.errors import Forbidden, Invalid
from carloan.core.keys import Subject
from carloan.core.numbers import next_number
from carloan.core.tenancy import tenant_atomic
from carloan.loans.models import Loan
from carloan.loans.selectors.loans import may

MOST_SHEETS: Final = 2_000
MOST_LABELS: Final = 240


def original_register(
    *,
    actor: Actor,
    loan: Loan,
    kind: str,
    sheets: int,
    paper: Paper | None = None,
    code: str = "",
    received: bool = False,
    proof: Proof = NOTHING,
) -> Original:
    """Enter an original of a loan, with the label that is on it already or with a new number; `received`: it is here,
    in the hands of whoever enters it.

    Raises Forbidden without the right for this loan, Invalid for an unknown kind, a paper of another loan or with an
    original already, and a label that is on something or was never printed.
    """
    member_id = actor.require_person(REGISTER)
    if not may(actor, REGISTER, loan):
        raise Forbidden(capability=REGISTER)
    with tenant_atomic():
        if faults := _faults(loan, kind, sheets, paper):
            raise Invalid(fields=faults)
        # A number is free until the transaction ends: the unique key refuses the second of two.
        number = free_number(code) if code else next_number(SERIES)
        event_id = audit.record(
            actor=actor,
            action="archives.original.registered",
            object_type=OBJECT,
            loan_id=loan.id,
            subject=Subject("tenant", actor.tenant_id),
            after={"number": number, "kind": kind, "sheets": sheets},
        )
        original = Original.objects.create(
            number=number, loan=loan, paper=paper, kind=kind, sheets=sheets, audit_event_id=event_id
        )
        Custody.objects.create(
            original=original, number=1, act=Custody.Act.EXPECT, by_id=member_id, audit_event_id=event_id
        )
        if received:
            original_hand(actor=actor, original=original, event="receive", holder_id=member_id, proof=proof)
            original.refresh_from_db()
    return original


def _faults(loan: Loan, kind: str, sheets: int, paper: Paper | None) -> dict[str, list[str]]:
    faults = {}
    if kind not in ORIGINAL_KINDS:
        faults["kind"] = [_("This is not in the list.")]
    if not 1 <= sheets <= MOST_SHEETS:
        faults["sheets"] = [_("From 1 to %(most)s sheets.") % {"most": MOST_SHEETS}]
    if paper is not None and paper.loan_id != loan.id:
        faults["paper"] = [_("This paper is not of this loan.")]
    elif paper is not None and Original.objects.filter(paper=paper).exclude(state=Original.State.VOIDED).exists():
        faults["paper"] = [_("The original of this paper is entered already.")]
    return faults


def original_receive(*, actor: Actor, original: Original, proof: Proof = NOTHING) -> Custody:
    """An expected original came and is in the hands of whoever says so. Raises Conflict, Forbidden, Invalid."""
    member_id = require_with(actor=actor, original=original, capability=REGISTER)
    return original_hand(actor=actor, original=original, event="receive", holder_id=member_id, proof=proof)


def original_void(*, actor: Actor, original: Original, words: str) -> Custody:
    """An entry of something that never came was a mistake; its number stays used. Raises Conflict once it came, Invalid
    without a reason."""
    require_with(actor=actor, original=original, capability=REGISTER)
    if not words.strip():
        raise Invalid(fields={"words": [_("Give the reason.")]})
    return original_hand(actor=actor, original=original, event="void", proof=Proof(words=words))


def labels_issue(*, actor: Actor, count: int) -> list[int]:
    """Take numbers for labels that are printed before anybody knows what they will be on; the trail explains the gap.

    Raises Invalid for none or more than a few sheets, Forbidden without the right.
    """
    actor.require_person(KEEP)
    if not 1 <= count <= MOST_LABELS:
        raise Invalid(fields={"count": [_("From 1 to %(most)s labels.") % {"most": MOST_LABELS}]})
    with tenant_atomic():
        numbers = [next_number(SERIES) for _each in range(count)]
        audit.record(
            actor=actor,
            action="archives.labels.issued",
            object_type=OBJECT,
            count=count,
            after={"first": numbers[0], "last": numbers[-1]},
        )
    return numbers
