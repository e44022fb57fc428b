"""What becomes of a payment that two people allocate, or undo, in the same moment; rows are really committed."""

from django.db import IntegrityError
from django.utils import timezone

from carloan.core.errors import Conflict
from carloan.core.ids import uuid7
from carloan.loans.models import Loan, Payment
from carloan.loans.policies.allocation import Allocated, Parts, Share
from carloan.loans.selectors.allocations import allocated, current_allocations, versions_of
from carloan.loans.services.allocations import allocations_keep
from carloan.loans.services.payments import payment_reverse
from tests.at_once import at_once
from tests.cast import Lender
from tests.loans.test_allocations import OWED, again
from tests.loans.test_payments import in_repayment, paid


def fresh(payment: Payment) -> Payment:
    return Payment.objects.select_related("loan").get(id=payment.id)


def test_of_two_at_once_one_is_told_after_the_other(committed: Lender) -> None:
    with committed.open():
        loan = in_repayment(committed)
        payment = paid(committed, loan, 500, 500)
    acts = [Parts(interest=500), Parts(principal=200, interest=300)]
    assert at_once(committed, *(lambda parts=parts: again(committed, fresh(payment), parts) for parts in acts)) == []
    with committed.open():
        assert [version.number for version in versions_of([payment])[payment.id]] == [3, 2, 1]
        assert Loan.objects.get(id=loan.id).outstanding == OWED - allocated(loan).parts.principal


def test_reversal_and_new_allocation_at_once_leave_nothing(committed: Lender) -> None:
    with committed.open():
        loan = in_repayment(committed)
        payment = paid(committed, loan, 500, 500)
    at_once(
        committed,
        lambda: again(committed, fresh(payment), Parts(interest=500)),
        lambda: payment_reverse(actor=committed.actor("admin"), payment=fresh(payment), reason="退票"),
    )
    with committed.open():
        assert allocated(loan) == Allocated(Parts())
        assert Loan.objects.get(id=loan.id).outstanding == OWED


def test_two_transactions_cannot_make_the_same_version(committed: Lender) -> None:
    """Of different components, so that no row of theirs has the key of another one but what is not allocated."""
    with committed.open():
        payment = paid(committed, in_repayment(committed), 500, 0)

    def make(component: str) -> None:
        try:
            allocations_keep(
                made=[(payment.id, 2, [Share(component, 500), Share("unallocated", 0)])],
                reason="correction",
                recorded_at=timezone.now(),
                event_id=uuid7(),
            )
        except IntegrityError as error:
            raise Conflict from error

    refused = at_once(committed, lambda: make("fee"), lambda: make("interest"))
    assert [type(error) for error in refused] == [Conflict]
    with committed.open():
        assert sum(row.amount for row in current_allocations().filter(payment=payment)) == 500
