"""Payments: booked once, never edited; a mistake is reversed by a row of its own.

What a payment pays is told in versions of its allocation (冲抵): it may be told anew, and what was told before stays.
"""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from django.db import IntegrityError
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from carloan.core import audit
from carloan.core.actors import Actor
from carloan.core.errors import Conflict, Forbidden, Invalid
from carloan.core.ids import uuid7
from carloan.core.moves import step
from carloan.core.tenancy import tenant_atomic
from carloan.lib.text import fold, said
from carloan.loans.models import Allocation, Loan, Payment
from carloan.loans.policies import stages
from carloan.loans.policies.allocation import Parts, Share, opposite, summed
from carloan.loans.policies.facts import day_problems
from carloan.loans.selectors.allocations import allocated, shares_now, versions_of
from carloan.loans.selectors.loans import may

from .allocations import allocations_keep
from .plans import due_next

# Why an allocation is told anew: money finds its use later, or was given the wrong one.
AGAIN = (Allocation.Reason.REALLOCATED, Allocation.Reason.CORRECTION)


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
    """Book a receipt (minor units). What `parts` leave is unallocated; principal lowers the outstanding balance, if
    that is known.

    `value_on` is the day the money counts from, `booked_on` the day of booking (today). Raises Invalid for an amount
    that is not positive, parts above it, a booking or a value in the future or a value before the loan; Conflict for a
    reference that is booked on this loan already.
    """
    if not may(actor, "loans.pay", loan):
        raise Forbidden(capability="loans.pay")
    parts = parts or Parts()
    today = timezone.localdate()
    booked_on = booked_on or today
    _refuse(
        {
            "amount": [] if amount > 0 else [_("The amount must be more than zero.")],
            "parts": _parts_faults(parts, amount),
            "principal": _principal_faults(parts, loan),
            "reference": []
            if fold(reference)
            else [_("A reference is needed, so that the same money is booked once.")],
            "booked_on": _booking_faults(booked_on, today),
            "value_on": _value_faults(loan, value_on, today),
            "state": [] if loan.state in stages.TAKES_PAYMENTS else [_("The loan is not in repayment.")],
        }
    )
    payment = Payment(
        id=uuid7(),
        loan=loan,
        channel=channel,
        reference=fold(reference)[:80],
        amount=amount,
        value_on=value_on,
        booked_on=booked_on,
    )
    _book(actor, payment, parts.shares(amount), "loans.payment.booked")
    return payment


def payment_reverse(
    *, actor: Actor, payment: Payment, reason: str, kind: str = Payment.Kind.REVERSAL, booked_on: date | None = None
) -> Payment:
    """Undo a receipt by a row with opposite amounts and the same value date: every day's balance is right again.

    It takes back what the receipt pays now, share by share. `kind` is `reversal` for our mistake and `chargeback` for
    money that the bank took back. A settled loan is owed again and reopened by the same act. Raises Conflict when the
    payment was undone before.
    """
    loan = payment.loan
    if not may(actor, "loans.pay", loan):
        raise Forbidden(capability="loans.pay")
    if not said(reason):
        raise Invalid(fields={"reason": [_("Give the reason.")]})
    if booked_on and (found := _booking_faults(booked_on, timezone.localdate())):
        raise Invalid(fields={"booked_on": found})
    opposing = Payment(
        id=uuid7(),
        loan=loan,
        kind=kind,
        channel=payment.channel,
        reference=f"undo:{payment.id}",
        amount=-payment.amount,
        value_on=payment.value_on,
        booked_on=booked_on or timezone.localdate(),
        corrects=payment,
    )
    with tenant_atomic():
        _hold(loan)
        _refuse_undone(payment)
        _book(actor, opposing, opposite(shares_now(payment)), "loans.payment.reversed", reason=said(reason))
        _reopen_if_settled(actor, loan, said(reason))
    return opposing


def payment_reallocate(
    *, actor: Actor, payment: Payment, parts: Parts, reason: str, because: str = Allocation.Reason.REALLOCATED
) -> None:
    """Tell anew what a receipt pays (minor units); the money and its days stay, and so does what was told before.

    What `parts` leave is unallocated. `because` is one of AGAIN, `reason` in the actor's words. The outstanding balance
    follows the principal; a settled loan of which something is owed or unallocated again is reopened by the same act.
    Raises Invalid for parts above the amount or more principal than is owed without this payment, and for what is
    allocated like that already; Conflict for a payment that was undone, or that is not a receipt.
    """
    loan = payment.loan
    if not may(actor, "loans.pay", loan):
        raise Forbidden(capability="loans.pay")
    with tenant_atomic():
        _hold(loan)
        _refuse_undone(payment)
        newest = versions_of([payment])[payment.id][0]
        before = newest.sums.parts
        _refuse(
            {
                "parts": _parts_faults(parts, payment.amount) or _new_parts_faults(loan, before, parts),
                "principal": _principal_faults(parts, loan, taken_back=before.principal),
                "reason": [] if said(reason) else [_("Give the reason.")],
                "because": [] if because in AGAIN else [_("Choose why the payment is allocated anew.")],
                "state": [] if loan.state in stages.PAID_OUT else [_("The loan is not in repayment.")],
            }
        )
        event_id = audit.record(
            actor=actor,
            action="loans.payment.reallocated",
            object_type="loans.payment",
            object_id=payment.id,
            loan_id=loan.id,
            before=_differing(before, parts),
            after=_differing(parts, before),
            reason=said(reason),
        )
        allocations_keep(
            made=[(payment.id, newest.number + 1, parts.shares(payment.amount))],
            reason=because,
            recorded_at=timezone.now(),
            event_id=event_id,
        )
        freed = before.principal - parts.principal
        Loan.objects.filter(id=loan.id).update(
            outstanding=F("outstanding") + freed, revision=F("revision") + 1, audit_event_id=event_id, **due_next(loan)
        )
        loan.refresh_from_db()
        # Where nobody said what is outstanding, something is again when less principal is paid than was.
        if loan.outstanding or (loan.outstanding is None and freed > 0) or allocated(loan).unallocated:
            _reopen_if_settled(actor, loan, said(reason))


def _hold(loan: Loan) -> None:
    """Lock the loan until the transaction ends and see it as it is: what is decided next stays true."""
    held = Loan.objects.select_for_update(no_key=True)
    loan.refresh_from_db(from_queryset=held, fields=["state", "outstanding", "revision"])


def _refuse_undone(payment: Payment) -> None:
    if payment.kind != Payment.Kind.RECEIPT or Payment.objects.filter(corrects=payment).exists():
        raise Conflict(_("This payment was undone already."))


def _refuse(faults: dict[str, list[Any]]) -> None:
    if found := {name: messages for name, messages in faults.items() if messages}:
        raise Invalid(fields=dict(found))


def _differing(parts: Parts, others: Parts) -> dict[str, int]:
    theirs = asdict(others)
    return {name: part for name, part in asdict(parts).items() if part != theirs[name]}


def _parts_faults(parts: Parts, amount: int) -> list[Any]:
    if min(asdict(parts).values()) >= 0 and parts.total <= amount:
        return []
    return [_("The parts exceed the amount.")]


def _new_parts_faults(loan: Loan, before: Parts, parts: Parts) -> list[Any]:
    if parts == before:
        return [_("The payment is allocated like this already.")]
    more = parts.total - before.total
    if more > 0 and more > allocated(loan).unallocated:
        return [_("Money that another booking has used or given back cannot be allocated.")]
    return []


def _principal_faults(parts: Parts, loan: Loan, *, taken_back: int = 0) -> list[Any]:
    """No more principal than is outstanding, with what is taken back; where nobody said that, than was lent."""
    most = loan.principal if loan.outstanding is None else loan.outstanding + taken_back
    return [] if parts.principal <= most else [_("More principal than is outstanding.")]


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


def _book(actor: Actor, payment: Payment, shares: Sequence[Share], action: str, reason: str = "") -> None:
    parts = summed(shares).parts
    with tenant_atomic():
        payment.audit_event_id = audit.record(
            actor=actor,
            action=action,
            object_type="loans.payment",
            object_id=payment.id,
            loan_id=payment.loan_id,
            after={
                "amount": payment.amount,
                **{name: part for name, part in asdict(parts).items() if part},
                "value_on": payment.value_on,
                "reference": payment.reference,
            },
            reason=reason,
        )
        try:
            with tenant_atomic():
                allocations_keep(
                    made=[(payment.id, 1, shares)],
                    reason=Allocation.Reason.BOOKED,
                    recorded_at=timezone.now(),
                    event_id=payment.audit_event_id,
                )
                payment.save(force_insert=True)
        except IntegrityError as error:
            raise Conflict(_("A payment with this reference is booked on the loan already.")) from error
        enough = Q(outstanding__gte=parts.principal) | Q(outstanding=None)
        fitting = Loan.objects.filter(enough, id=payment.loan_id)
        if payment.kind == Payment.Kind.RECEIPT:
            fitting = fitting.filter(state__in=stages.TAKES_PAYMENTS)  # somebody may have settled it since it was read
        changed = fitting.update(
            outstanding=F("outstanding") - parts.principal,
            revision=F("revision") + 1,
            audit_event_id=payment.audit_event_id,
        )
        if not changed:
            raise Conflict
        # Behind the loan's lock: what another booking paid in this moment is counted.
        if due := due_next(payment.loan):
            Loan.objects.filter(id=payment.loan_id).update(**due)
            payment.loan.next_due_on, payment.loan.next_due = due["next_due_on"], due["next_due"]
    if payment.loan.outstanding is not None:
        payment.loan.outstanding -= parts.principal
    payment.loan.revision += 1
