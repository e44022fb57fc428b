"""What the database itself guarantees about the book."""

from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from carloan.core.catalog import findings
from carloan.core.ids import uuid7
from carloan.loans.models import Allocation, Loan, OpeningPosition, Payment
from carloan.loans.policies.allocation import Share, opposite
from carloan.loans.services.allocations import allocations_keep
from tests.cast import Lender

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])


def a_loan(**values: object) -> Loan:
    facts = {
        "contract_no": f"T-{uuid7()}",
        "principal": 100_00,
        "rate_ppm": 0,
        "term": 12,
        "opened_on": date(2026, 1, 1),
        "audit_event_id": uuid7(),
    }
    return Loan.objects.create(**{**facts, **values})


def test_the_catalogue_has_nothing_to_say() -> None:
    assert findings() == []


def pay(loan: Loan, *shares: Share, version: int = 1, reason: str = "booked", **values: Any) -> Payment:
    """A receipt of 5 as the tables take it, with its shares (5 of other); all of it can be said otherwise."""
    facts = {"reference": "r", "amount": 5, "value_on": date(2026, 2, 1), "booked_on": date(2026, 2, 1)}
    payment = Payment(loan=loan, audit_event_id=uuid7(), **{**facts, **values})
    allocate(payment, *(shares or (Share("other", 5), Share("unallocated", 0))), version=version, reason=reason)
    payment.save(force_insert=True)
    return payment


def allocate(payment: Payment, *shares: Share, version: int = 2, reason: str = "correction") -> None:
    allocations_keep(
        made=[(payment.id, version, shares)],
        reason=reason,
        recorded_at=timezone.now(),
        event_id=uuid7(),
    )


def test_money_facts_are_never_changed_or_removed(bank: Lender) -> None:
    with bank.open():
        loan = a_loan()
        payment = pay(loan)
        position = OpeningPosition.objects.create(
            as_of=date(2026, 2, 1), outstanding=7, loan=loan, audit_event_id=uuid7()
        )
        share = Allocation.objects.filter(payment=payment, component="other")
        for rows in (
            Payment.objects.filter(id=payment.id),
            OpeningPosition.objects.filter(id=position.id),
            share,
        ):
            for act in (lambda rows=rows: rows.update(audit_event_id=uuid7()), rows.delete):
                with pytest.raises(DatabaseError), transaction.atomic():
                    act()


@pytest.mark.parametrize(
    "values", [{"principal": 0}, {"rate_ppm": -1}, {"term": 0}, {"state": "gone"}, {"method": "magic"}, {"due_day": 32}]
)
def test_impossible_loans_are_refused(bank: Lender, values: dict[str, object]) -> None:
    with bank.open(), pytest.raises(DatabaseError), transaction.atomic():
        a_loan(**values)


REST = Share("unallocated", 0)


@pytest.mark.parametrize(
    "values", [{"amount": 6}, {"kind": "reversal"}, {"kind": "gift"}, {"amount": 0}, {"kind": "refund"}]
)
def test_impossible_payments_are_refused(bank: Lender, values: dict[str, Any]) -> None:
    with bank.open():
        loan = a_loan()
        with pytest.raises(DatabaseError), transaction.atomic():
            pay(loan, **values)


def test_no_payment_stands_without_its_allocation(bank: Lender) -> None:
    with bank.open():
        loan = a_loan()
        with pytest.raises(IntegrityError, match="is not allocated"), transaction.atomic():
            Payment.objects.create(
                loan=loan, reference="r", amount=5, value_on=date(2026, 2, 1), booked_on=date(2026, 2, 1),
                audit_event_id=uuid7(),
            )  # fmt: skip


def test_no_allocation_stands_without_its_payment(bank: Lender) -> None:
    with bank.open(), pytest.raises(IntegrityError), transaction.atomic():
        allocate(Payment(loan=a_loan(), reference="r"), Share("other", 5), REST, version=1, reason="booked")
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.mark.parametrize(
    "shares",
    [
        [Share("other", 6), REST],
        [Share("other", 5)],
        [Share("principal", 0), Share("other", 5), REST],
        [Share("gift", 5), REST],
        [Share("unallocated", 5, 1)],
        [Share("other", 5, -1), REST],
    ],
    ids=["more than was paid", "rest not told", "nothing given", "unknown use", "rest of an instalment", "below one"],
)
def test_impossible_allocations_are_refused(bank: Lender, shares: list[Share]) -> None:
    """As the first one of a payment, and as a later one."""
    with bank.open():
        loan = a_loan()
        with pytest.raises(IntegrityError), transaction.atomic():
            pay(loan, *shares)
        payment = pay(loan, reference="good")
        with pytest.raises(IntegrityError), transaction.atomic():
            allocate(payment, *shares)
        allocate(payment, Share("fee", 2, 3), Share("fee", 1), Share("unallocated", 2))


@pytest.mark.parametrize(
    ("version", "reason"), [(1, "booked"), (3, "correction"), (2, "booked"), (0, "booked")], ids=str
)
def test_versions_follow_each_other(bank: Lender, version: int, reason: str) -> None:
    with bank.open():
        payment = pay(a_loan())
        with pytest.raises(IntegrityError), transaction.atomic():
            allocate(payment, Share("unallocated", 5), version=version, reason=reason)


def test_nothing_is_added_to_a_version_that_stands(bank: Lender) -> None:
    """Not even what adds up to nothing, in the words of SQL."""
    add = (
        "INSERT INTO loans_allocation (tenant_id, payment_id, version, component, instalment, amount, reason,"
        " recorded_at, audit_event_id) SELECT tenant_id, payment_id, version, component, number, amount, reason,"
        " recorded_at, audit_event_id FROM loans_allocation CROSS JOIN (VALUES (1, 7), (2, -7)) more (number, amount)"
        " WHERE component = 'other'"
    ).replace("component, number, amount", "component, more.number, more.amount")
    with bank.open():
        pay(a_loan())
        with (
            pytest.raises(IntegrityError, match="version 1 of payment"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(add)


def test_a_refund_gives_back_what_is_not_allocated(bank: Lender) -> None:
    with bank.open():
        loan = a_loan()
        pay(loan, Share("other", 5), Share("unallocated", 7), amount=12, reference="over")
        for shares in ((Share("principal", -5), REST), (Share("unallocated", -8),)):
            with pytest.raises(IntegrityError), transaction.atomic():
                pay(loan, *shares, kind="refund", amount=sum(share.amount for share in shares))
        pay(a_loan(), Share("unallocated", 9), amount=9)
        refund = pay(loan, Share("unallocated", -5), kind="refund", amount=-5)
        with pytest.raises(IntegrityError), transaction.atomic():
            allocate(refund, Share("unallocated", -5))
        with pytest.raises(IntegrityError, match="more than"), transaction.atomic():
            pay(loan, Share("unallocated", -3), kind="refund", amount=-3, reference="again")


HUGE = 10**15


@pytest.mark.parametrize(
    ("shares", "reason"),
    [
        ([Share("other", HUGE), Share("interest", 5 - HUGE), REST], "booked"),
        ([Share("other", HUGE), Share("unallocated", 5 - HUGE)], "booked"),
        ([Share("other", HUGE), Share("unallocated", 5 - HUGE)], "import"),
        ([Share("other", -1), Share("unallocated", 6)], "import"),
    ],
    ids=["parts", "rest", "credit that is not there", "part below nothing"],
)
def test_shares_go_the_way_of_their_payment(bank: Lender, shares: list[Share], reason: str) -> None:
    with bank.open():
        loan = a_loan()
        with pytest.raises(IntegrityError), transaction.atomic():
            pay(loan, *shares, reason=reason)
        payment = pay(loan, reference="good")
        with pytest.raises(IntegrityError), transaction.atomic():
            allocate(payment, *shares)


def test_a_book_that_was_taken_over_uses_what_was_not_allocated(bank: Lender) -> None:
    with bank.open():
        loan = a_loan()
        pay(loan, Share("unallocated", 9), amount=9, reference="credit", reason="import")
        used = Share("interest", 13), Share("unallocated", -8)
        with pytest.raises(IntegrityError, match="more than"), transaction.atomic():
            pay(loan, Share("interest", 15), Share("unallocated", -10), reason="import")
        payment = pay(loan, *used, reason="import")
        undo = pay(loan, *opposite(used), kind="chargeback", amount=-5, corrects=payment, reference="back")
        assert undo.amount == -payment.amount


@pytest.mark.parametrize(
    ("shares", "values"),
    [
        ([Share("other", -6), REST], {"amount": -6}),
        ([Share("interest", -5), REST], {}),
        ([Share("other", -5, 1), REST], {}),
        ([Share("unallocated", -5)], {}),
        ([Share("other", -5), REST], {"kind": "refund"}),
        ([Share("other", -5), REST], {"corrects": None}),
    ],
    ids=["amount", "component", "instalment", "rest", "a refund corrects nothing", "nothing to undo"],
)
def test_a_reversal_takes_back_what_its_receipt_pays_now(
    bank: Lender, shares: list[Share], values: dict[str, Any]
) -> None:
    back = (Share("other", -5), REST)
    with bank.open():
        loan = a_loan()
        payment = pay(loan, reference="good")
        facts: dict[str, Any] = {"kind": "reversal", "amount": -5, "corrects": payment}
        for wrong, where, more in ((shares, loan, values), (back, a_loan(), {})):
            with pytest.raises(IntegrityError), transaction.atomic():
                pay(where, *wrong, **{**facts, **more})
        allocate(payment, Share("fee", 3), Share("unallocated", 2))
        with pytest.raises(IntegrityError, match="share by share"), transaction.atomic():
            pay(loan, *back, **facts)
        undo = pay(loan, Share("fee", -3), Share("unallocated", -2), **facts)
        for one, reference in ((payment, "twice"), (undo, "what undid it")):
            with pytest.raises(IntegrityError), transaction.atomic():
                more = facts | {"corrects": one, "amount": -one.amount, "reference": reference}
                pay(loan, Share("fee", -3), Share("unallocated", -2), **more)
        for one, sign in ((payment, 1), (undo, -1)):
            with pytest.raises(IntegrityError, match="tells anew"), transaction.atomic():
                version = 3 if one is payment else 2
                allocate(one, Share("other", 5 * sign), REST, version=version)


def test_what_was_given_back_is_not_allocated_anew(bank: Lender) -> None:
    with bank.open():
        loan = a_loan()
        payment = pay(loan, Share("unallocated", 5))
        pay(loan, Share("unallocated", -3), kind="refund", amount=-3, reference="refund")
        with pytest.raises(IntegrityError, match="tells anew"), transaction.atomic():
            allocate(payment, Share("fee", 3), Share("unallocated", 2))
        allocate(payment, Share("fee", 2), Share("unallocated", 3))


def test_two_lenders_may_have_the_same_contract_number(bank: Lender, other: Lender) -> None:
    with bank.open():
        a_loan(contract_no="HT1")
        with pytest.raises(DatabaseError), transaction.atomic():
            a_loan(contract_no="HT1")
    with other.open():
        a_loan(contract_no="HT1")
