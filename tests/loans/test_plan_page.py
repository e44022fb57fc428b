"""The plan of a loan on its page: what of it is paid, as far as the book knows."""

import re
from typing import Any

import pytest
from django.utils import timezone

from carloan.loans.models import Loan
from carloan.loans.policies.allocation import Parts
from carloan.loans.selectors.schedule import plan_of
from carloan.loans.services.loans import loan_move
from carloan.loans.services.payments import payment_book, payment_reverse
from tests.cast import Lender
from tests.loans.book import open_loan

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])


def test_the_plan_marks_what_is_paid_oldest_first(bank: Lender, client_of: Any) -> None:
    with bank.open():
        loan = open_loan(bank.actor("admin"), 1)
    client = client_of(bank, "officer")

    def marks() -> list[str]:
        page = client.get(f"/loans/{loan.id}/", {"tab": "plan"}).content.decode()
        found = re.findall(r'data-label="还款">\s*<span class="([^"]*)">([^<]*)', page)
        return [f"{tone} {mark}".strip() for tone, mark in found]

    assert marks() == []
    with bank.open():
        for event in ("submit", "approve", "disburse"):
            loan = loan_move(actor=bank.actor("admin"), loan=loan, event=event)
        first = plan_of(loan).dues[0]
        parts = Parts(principal=first.principal + 100_00, interest=first.interest)
        book: dict[str, Any] = {"actor": bank.actor("admin"), "loan": loan, "value_on": timezone.localdate()}
        payment = payment_book(amount=parts.total, reference="R-1", parts=parts, **book)
    assert marks()[:3] == ["st st-green 已还", "st st-yellow 已还 ¥100.00", "muted"]
    with bank.open():
        payment_reverse(actor=bank.actor("admin"), payment=payment, reason="记错")
    assert set(marks()) == {"muted"}
    with bank.open():
        loan.refresh_from_db()
        owed = loan.outstanding or 0
        payment_book(amount=owed, reference="R-2", parts=Parts(principal=owed), **book)
    assert marks()[0] == "st st-green 已还"
    assert marks()[-1] == "muted 不再到期"
    with bank.open():
        # A file said so: how it came there is not on record.
        Loan.objects.filter(id=loan.id).update(outstanding=5)
    assert marks() == []
    assert "未标记已还期次" in client.get(f"/loans/{loan.id}/", {"tab": "plan"}).content.decode()
