"""Payments: booked once, never edited; a mistake is reversed by a row of its own."""

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.db import IntegrityError
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from carloan.core import audit
from carloan.core.actors import Actor
from carloan.core.errors import Conflict, Forbidden, Invalid
from carloan.core.ids import uuid7
from carloan.core.moves import step
from carloan.core.tenancy import tenant_atomic
from carloan.lib.text import fold
from carloan.loans.models import Loan, Payment
from carloan.loans.policies import stages
from carloan.loans.policies.facts import day_problems
from carloan.loans.selectors.loans import may

from .plans import due_next


@dataclass(frozen=True, slots=True)
class Parts:
    """How an amount is allocated, minor units. What is given to nothing stays `unallocated`."""

    principal: int = 0
    interest: int = 0
    penalty: int = 0
    other: int = 0

    @property
    def total(self) -> int:
        return self.principal + self.interest + self.penalty + self.other


def payment_book(
    *,
    actor: Actor,
    loan: Loan,
    amount: int,
    reference: str,
    value_on: date,
    booked_on: date | None = None,
    channel: str = Payment.Channel.OTHER,
    parts: Parts | None = None,
) -> Payment:
    """Book a receipt (minor units). What `parts` leave is unallocated; principal lowers the outstanding balance.

    `value_on` is the day the money counts from, `booked_on` the day of booking (today). Raises Invalid for an amount
    that is not positive, parts above it, a booking or a value in the future or a value before the loan; Conflict for a
    reference that is booked on this loan already.
    """
    if not may(actor, "loans.pay", loan):
        raise Forbidden(capability="loans.pay")
    parts = parts or Parts()
    today = timezone.localdate()
    booked_on = booked_on or today
    faults = {
        "amount": [] if amount > 0 else [_("The amount must be more than zero.")],
        "parts": []
        if min(asdict(parts).values()) >= 0 and parts.total <= amount
        else [_("The parts exceed the amount.")],
        "principal": [] if parts.principal <= loan.outstanding else [_("More principal than is outstanding.")],
        "reference": [] if fold(reference) else [_("A reference is needed, so that the same money is booked once.")],
        "booked_on": _booking_faults(booked_on, today),
        "value_on": _value_faults(loan, value_on, today),
        "state": [] if loan.state in stages.TAKES_PAYMENTS else [_("The loan is not in repayment.")],
    }
    if found := {name: messages for name, messages in faults.items() if messages}:
        raise Invalid(fields=dict(found))
    payment = Payment(
        id=uuid7(),
        loan=loan,
        channel=channel,
        reference=fold(reference)[:80],
        amount=amount,
        unallocated=amount - parts.total,
        value_on=value_on,
        booked_on=booked_on,
        **asdict(parts),
    )
    _book(actor, payment, "loans.payment.booked")
    return payment


def payment_reverse(
    *, actor: Actor, payment: Payment, reason: str, kind: str = Payment.Kind.REVERSAL, booked_on: date | None = None
) -> Payment:
    """Undo a receipt by a row with opposite amounts and the same value date: every day's balance is right again.

    `kind` is `reversal` for our mistake and `chargeback` for money that the bank took back. A settled loan is owed
    again and reopened by the same act. Raises Conflict when the payment was undone before.
    """
    loan = payment.loan
    if not may(actor, "loans.pay", loan):
        raise Forbidden(capability="loans.pay")
    if not reason.strip():
        raise Invalid(fields={"reason": [_("Give the reason.")]})
    if payment.kind != Payment.Kind.RECEIPT or Payment.objects.filter(corrects=payment).exists():
        raise Conflict(_("This payment was undone already."))
    if booked_on and (found := _booking_faults(booked_on, timezone.localdate())):
        raise Invalid(fields={"booked_on": found})
    opposite = Payment(
        id=uuid7(),
        loan=loan,
        kind=kind,
        channel=payment.channel,
        reference=f"undo:{payment.id}",
        amount=-payment.amount,
        principal=-payment.principal,
        interest=-payment.interest,
        penalty=-payment.penalty,
        other=-payment.other,
        unallocated=-payment.unallocated,
        value_on=payment.value_on,
        booked_on=booked_on or timezone.localdate(),
        corrects=payment,
    )
    with tenant_atomic():
        _book(actor, opposite, "loans.payment.reversed", reason=reason.strip())
        _reopen_if_settled(actor, loan, reason.strip())
    return opposite


def _reopen_if_settled(actor: Actor, loan: Loan, reason: str) -> None:
    """Follows from the booking, so it asks for no right of its own. The booking before it holds the loan's row."""
    loan.refresh_from_db(fields=["state", "revision"])
    move = stages.MOVES.find(loan.state, "reopen")
    if move is None:
        return
    event_id = audit.record(
        actor=actor,
        action="loans.loan.reopened",
        object_type="loans.loan",
        object_id=loan.id,
        loan_id=loan.id,
        before={"state": loan.state},
        after={"state": move.target},
        reason=reason,
    )
    step(loan, stages.MOVES, "reopen", settled_on=None, audit_event_id=event_id, **due_next(loan))


def _booking_faults(booked_on: date, today: date) -> list[Any]:
    if booked_on > today:
        return [_("A booking cannot lie in the future.")]
    return [problem.message for problem in day_problems(booked_on)]


def _value_faults(loan: Loan, value_on: date, today: date) -> list[Any]:
    if found := day_problems(value_on):
        return [problem.message for problem in found]
    if value_on < (loan.disbursed_on or loan.opened_on):
        return [_("The value date lies before the loan was paid out.")]
    return [_("A value date cannot lie in the future.")] if value_on > today else []


def _book(actor: Actor, payment: Payment, action: str, reason: str = "") -> None:
    after = {
        name: getattr(payment, name)
        for name in ("amount", "principal", "interest", "penalty", "other", "value_on", "reference")
    }
    with tenant_atomic():
        payment.audit_event_id = audit.record(
            actor=actor,
            action=action,
            object_type="loans.payment",
            object_id=payment.id,
            loan_id=payment.loan_id,
            after=after,
            reason=reason,
        )
        try:
            with tenant_atomic():
                payment.save(force_insert=True)
        except IntegrityError as error:
            raise Conflict(_("A payment with this reference is booked on the loan already.")) from error
        fitting = Loan.objects.filter(id=payment.loan_id, outstanding__gte=payment.principal)
        if payment.kind == Payment.Kind.RECEIPT:
            fitting = fitting.filter(state__in=stages.TAKES_PAYMENTS)  # somebody may have settled it since it was read
        changed = fitting.update(
            outstanding=F("outstanding") - payment.principal,
            revision=F("revision") + 1,
            audit_event_id=payment.audit_event_id,
        )
        if not changed:
            raise Conflict
        # Behind the loan's lock: what another booking paid in this moment is counted.
        if due := due_next(payment.loan):
            Loan.objects.filter(id=payment.loan_id).update(**due)
            payment.loan.next_due_on, payment.loan.next_due = due["next_due_on"], due["next_due"]
    payment.loan.outstanding -= payment.principal
    payment.loan.revision += 1
