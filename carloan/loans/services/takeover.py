"""Histories of a book that is taken over in mid-life: repayment plans and past payments, set-based.

The imported balances stay the truth about where a loan stands; what is entered here is how it came there.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from carloan.core import audit
from carloan.core.actors import Actor
from carloan.core.errors import Conflict, Invalid
from carloan.core.ids import uuid7
from carloan.core.postgres.bulk import insert_rows
from carloan.core.tenancy import tenant_atomic
from carloan.loans.models import Allocation, Instalment, Loan, Payment, ScheduleVersion
from carloan.loans.policies.allocation import UNALLOCATED, Share, opposite
from carloan.loans.policies.facts import day_problems
from carloan.loans.policies.plans import usual_day
from carloan.loans.policies.schedule import Due

from .allocations import Made, allocations_keep


@dataclass(frozen=True, slots=True)
class PastPayment:
    """One movement of the old account, minor units; its parts are of one `instalment`, 0 where that is not known.

    `corrects` is the place in the history of the receipt it undoes.
    """

    reference: str
    amount: int
    value_on: date
    booked_on: date
    channel: str = Payment.Channel.IMPORTED
    principal: int = 0
    interest: int = 0
    penalty: int = 0
    other: int = 0
    unallocated: int = 0
    corrects: int | None = None
    instalment: int = 0

    @property
    def shares(self) -> list[Share]:
        parts = {name: getattr(self, name) for name in ("principal", "interest", "penalty", "other")}
        paid = [Share(name, part, self.instalment) for name, part in parts.items() if part]
        return [*paid, Share(UNALLOCATED, self.unallocated)]


@dataclass(frozen=True, slots=True)
class History:
    """What the old system knows of one loan's past."""

    loan_id: UUID
    opened_on: date
    settled_on: date | None
    dues: Sequence[Due]
    payments: Sequence[PastPayment]


def histories_take_over(*, actor: Actor, histories: Sequence[History]) -> int:
    """Enter the plans and past payments of loans that have neither yet; returns how many loans were given theirs.

    Loans that have a stored plan are left alone, so that the same file again changes nothing. One event counts and
    digests what was written (law 2). Raises Invalid for payments whose parts do not add up, go the other way, use more
    than was unallocated before or do not take back just what they correct, and for those that lie in the future;
    Conflict when a loan is unknown here.
    """
    actor.require("loans.import")
    today = timezone.localdate()
    for history in histories:
        if not _add_up(history.payments) or any(one.booked_on > today for one in history.payments):
            raise Invalid(
                fields={"payments": [_("The parts of a past payment do not add up, or it lies in the future.")]}
            )
        if found := next((found for day in _days(history) if (found := day_problems(day))), []):
            raise Invalid(fields={"days": [problem.message for problem in found]})
    with tenant_atomic():
        loans = {
            loan.id: loan for loan in Loan.objects.select_for_update().filter(id__in=[one.loan_id for one in histories])
        }
        if len(loans) != len(histories):
            raise Conflict(_("A history belongs to a loan that is not in the book."))
        known = set(ScheduleVersion.objects.filter(loan_id__in=list(loans)).values_list("loan_id", flat=True))
        fresh = [one for one in histories if one.loan_id not in known]
        if not fresh:
            return 0
        event_id = audit.record(
            actor=actor,
            action="loans.histories.taken_over",
            object_type="loans.loan",
            count=len(fresh),
            digest=_digest(fresh),
        )
        _insert_plans(fresh, loans, today, event_id)
        _insert_payments(fresh, actor.tenant_id, event_id)
        for history in fresh:
            loan = loans[history.loan_id]
            loan.opened_on, loan.settled_on, loan.audit_event_id = history.opened_on, history.settled_on, event_id
        Loan.objects.bulk_update(
            [loans[one.loan_id] for one in fresh], ["opened_on", "settled_on", "audit_event_id"], batch_size=500
        )
    return len(fresh)


def _add_up(payments: Sequence[PastPayment]) -> bool:
    """Whether the database will take them, one after the other (migration 0013)."""
    credit, undone = 0, set()
    for own, one in enumerate(payments):
        credit += one.unallocated
        if sum(share.amount for share in one.shares) != one.amount:
            return False
        if one.corrects is None:
            # What was unallocated before may be used; nothing else goes the other way.
            if one.amount <= 0 or credit < 0 or min(one.principal, one.interest, one.penalty, one.other) < 0:
                return False
            continue
        done = payments[one.corrects] if 0 <= one.corrects < own and one.corrects not in undone else None
        if done is None or done.corrects is not None or set(one.shares) != set(opposite(done.shares)):
            return False
        undone.add(one.corrects)
    return True


def _days(history: History) -> Iterator[date | None]:
    yield from (history.opened_on, history.settled_on)
    yield from (due.due_on for due in history.dues)
    for payment in history.payments:
        yield from (payment.value_on, payment.booked_on)


def _insert_plans(fresh: Sequence[History], loans: dict[UUID, Loan], today: date, event_id: UUID) -> None:
    ScheduleVersion.objects.bulk_create(
        ScheduleVersion(
            loan_id=one.loan_id,
            version=1,
            reason=ScheduleVersion.Reason.IMPORT,
            method=loans[one.loan_id].method,
            principal=loans[one.loan_id].principal,
            rate_ppm=loans[one.loan_id].rate_ppm,
            starts_on=loans[one.loan_id].disbursed_on or one.opened_on,
            effective_on=usual_day(loans[one.loan_id].disbursed_on, today=today),
            audit_event_id=event_id,
        )
        for one in fresh
    )
    insert_rows(
        Instalment,
        ["tenant_id", "loan_id", "version", "number", "due_on", "principal", "interest", "fee"],
        (
            (loans[one.loan_id].tenant_id, one.loan_id, 1, due.number, due.due_on, due.principal, due.interest, due.fee)
            for one in fresh
            for due in one.dues
        ),
    )


def _insert_payments(fresh: Sequence[History], tenant_id: UUID, event_id: UUID) -> None:
    now = timezone.now()
    rows: list[Sequence[object]] = []
    made: list[Made] = []
    for history in fresh:
        ids = [uuid7() for _ in history.payments]
        for own, one in zip(ids, history.payments, strict=True):
            undone = ids[one.corrects] if one.corrects is not None else None
            kind = Payment.Kind.RECEIPT if undone is None else Payment.Kind.CHARGEBACK
            made.append((own, 1, one.shares))
            rows.append(
                (
                    own, tenant_id, history.loan_id, kind, one.channel, one.reference, one.amount, one.value_on,
                    one.booked_on, now, undone, event_id,
                )
            )  # fmt: skip
    allocations_keep(made=made, reason=Allocation.Reason.IMPORT, recorded_at=now, event_id=event_id)
    insert_rows(
        Payment,
        [
            "id", "tenant_id", "loan_id", "kind", "channel", "reference", "amount", "value_on", "booked_on",
            "recorded_at", "corrects_id", "audit_event_id",
        ],
        rows,
    )  # fmt: skip


def _digest(histories: Sequence[History]) -> str:
    """What the event commits to: every loan's plan and movements."""
    state = hashlib.sha256()
    for one in histories:
        facts = (str(one.loan_id), one.opened_on, one.settled_on, tuple(one.dues), tuple(one.payments))
        state.update(repr(facts).encode())
    return state.hexdigest()
