"""What payments pay is told in versions: the newest counts, the older stay, and balances follow."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from carloan.core.errors import Conflict, Forbidden, Invalid
from carloan.core.ids import uuid7
from carloan.core.models import AuditEvent
from carloan.core.postgres import bulk
from carloan.loans.models import Allocation, ImportBatch, Loan, Payment
from carloan.loans.policies.allocation import Allocated, Parts, Share, opposite, summed
from carloan.loans.selectors.allocations import allocated, shares_now, versions_of
from carloan.loans.selectors.schedule import plan_of
from carloan.loans.services import allocations
from carloan.loans.services.allocations import allocations_keep
from carloan.loans.services.loans import loan_move
from carloan.loans.services.payments import payment_book, payment_reallocate, payment_reverse
from tests.cast import Lender
from tests.loans.book import HEADER, core_row, csv_bytes, open_loan
from tests.loans.test_imports import brought, counts, faults
from tests.loans.test_payments import in_repayment, paid

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])
OWED = 8_000_000


def again(lender: Lender, payment: Payment, parts: Parts, **more: Any) -> None:
    payment_reallocate(actor=lender.actor("admin"), payment=payment, parts=parts, reason="先息后本", **more)


class TestPolicy:
    def test_what_parts_leave_is_told_also_when_it_is_nothing(self) -> None:
        assert Parts(principal=3).shares(3) == [Share("principal", 3), Share("unallocated", 0)]
        assert Parts().shares(7) == [Share("unallocated", 7)]

    def test_sums_go_over_instalments_and_what_undoes_them_leaves_nothing(self) -> None:
        shares = [Share("interest", 2, 4), Share("interest", 3, 5), Share("fee", 1), Share("unallocated", 9)]
        assert summed(shares) == Allocated(Parts(interest=5, fee=1), 9)
        assert summed(shares).repaid == 5
        assert summed([*shares, *opposite(shares)]) == Allocated(Parts(), 0)
        assert {share.instalment for share in opposite(shares)} == {0, 4, 5}


class TestAnew:
    def test_balance_and_due_follow_and_the_older_version_stays(self, bank: Lender) -> None:
        with bank.open():
            loan = in_repayment(bank)
            first = plan_of(loan).dues[0]
            payment = paid(bank, loan, first.total, first.total)
            before = timezone.now()
            again(bank, payment, Parts(principal=first.principal, interest=first.interest))
            fresh = Loan.objects.get(id=loan.id)
            assert fresh.outstanding == OWED - first.principal
            assert fresh.next_due_on == plan_of(loan).dues[1].due_on
            assert (payment.loan.outstanding, payment.loan.revision) == (fresh.outstanding, fresh.revision)
            assert allocated(loan) == Allocated(Parts(principal=first.principal, interest=first.interest))
            assert allocated(loan, known_at=before) == Allocated(Parts(principal=first.total))
            assert allocated(loan, known_at=before - timedelta(days=1)) == Allocated(Parts())
            assert allocated(loan, among=Payment.objects.exclude(id=payment.id)) == Allocated(Parts())
            now, then = versions_of([payment])[payment.id]
            assert (now.number, now.label, then.number, then.label) == (2, "后续冲抵", 1, "记账")
            event = AuditEvent.objects.get(id=now.audit_event_id)
            assert (event.action, event.object_id) == ("loans.payment.reallocated", payment.id)
            assert fresh.audit_event_id == event.id

    def test_it_takes_one_query_however_many_payments(self, bank: Lender, django_assert_num_queries: Any) -> None:
        with bank.open():
            loan = in_repayment(bank)
            payments = [paid(bank, loan, 100, 100, reference=f"P{n}") for n in range(3)]
            again(bank, payments[0], Parts(fee=60), because="correction")
            with django_assert_num_queries(1):
                assert allocated(loan) == Allocated(Parts(principal=200, fee=60), 40)
            with django_assert_num_queries(1):
                found = versions_of(payments)
            assert [len(found[one.id]) for one in payments] == [2, 1, 1]

    def test_undoing_takes_back_what_the_payment_pays_now(self, bank: Lender) -> None:
        with bank.open():
            loan = in_repayment(bank)
            payment = paid(bank, loan, 500, 500)
            again(bank, payment, Parts(principal=100, interest=300))
            undone = payment_reverse(actor=bank.actor("admin"), payment=payment, reason="退票")
            assert summed(shares_now(undone)) == Allocated(Parts(principal=-100, interest=-300), -100)
            assert Loan.objects.get(id=loan.id).outstanding == OWED
            assert allocated(loan) == Allocated(Parts())
            for row in (payment, undone):
                with pytest.raises(Conflict):
                    again(bank, row, Parts())

    @pytest.mark.parametrize(
        ("parts", "more", "field"),
        [
            (Parts(principal=501), {}, "parts"),
            (Parts(principal=600, interest=-100), {}, "parts"),
            (Parts(principal=300), {}, "parts"),
            (Parts(interest=500), {"because": "booked"}, "because"),
        ],
        ids=["more than was paid", "less than nothing", "as it is", "no reason to tell it anew"],
    )
    def test_what_cannot_be_is_refused(self, bank: Lender, parts: Parts, more: dict[str, Any], field: str) -> None:
        with bank.open():
            payment = paid(bank, in_repayment(bank), 500, 300)
            with pytest.raises(Invalid) as refused:
                again(bank, payment, parts, **more)
            assert list(refused.value.fields) == [field]
            assert Allocation.objects.filter(version__gt=1).count() == 0

    def test_it_takes_a_reason_and_the_right_to_book(self, bank: Lender) -> None:
        with bank.open():
            payment = paid(bank, in_repayment(bank), 500, 300)
            facts: dict[str, Any] = {"payment": payment, "parts": Parts()}
            with pytest.raises(Invalid):
                payment_reallocate(actor=bank.actor("admin"), reason=" ", **facts)
            with pytest.raises(Forbidden):
                payment_reallocate(actor=bank.actor("collector"), reason="x", **facts)

    def test_no_more_principal_than_is_owed_without_it(self, bank: Lender) -> None:
        with bank.open():
            loan = in_repayment(bank)
            payment = paid(bank, loan, OWED + 100, OWED - 10)
            with pytest.raises(Invalid) as refused:
                again(bank, payment, Parts(principal=OWED + 1))
            assert list(refused.value.fields) == ["principal"]
            again(bank, payment, Parts(principal=OWED))
            assert Loan.objects.get(id=loan.id).outstanding == 0

    def test_what_another_booking_used_is_not_there_any_more(self, bank: Lender) -> None:
        """A book that was taken over may say so: its credits are used by later payments."""
        with bank.open():
            loan = in_repayment(bank)
            credit = payment_book(
                actor=bank.actor("admin"), loan=loan, amount=500, reference="A", value_on=timezone.localdate()
            )
            used = Payment(loan=loan, reference="B", amount=50, audit_event_id=uuid7())
            used.value_on = used.booked_on = timezone.localdate()
            allocations_keep(
                made=[(used.id, 1, [Share("interest", 450), Share("unallocated", -400)])],
                reason="import",
                recorded_at=timezone.now(),
                event_id=used.audit_event_id,
            )
            used.save(force_insert=True)
            with pytest.raises(Invalid) as refused:
                again(bank, credit, Parts(interest=101))
            assert list(refused.value.fields) == ["parts"]
            again(bank, credit, Parts(interest=100))
            assert allocated(loan) == Allocated(Parts(interest=550))

    def test_a_settled_loan_is_reopened_if_something_is_open_again(self, bank: Lender) -> None:
        with bank.open():
            loan = in_repayment(bank)
            payment = paid(bank, loan, OWED + 300, OWED)
            again(bank, payment, Parts(principal=OWED, fee=300))
            loan.refresh_from_db()
            loan_move(actor=bank.actor("admin"), loan=loan, event="settle")
            payment.loan.refresh_from_db()
            again(bank, payment, Parts(principal=OWED, penalty=300), because="correction")
            assert Loan.objects.get(id=loan.id).state == "settled"
            again(bank, payment, Parts(principal=OWED, penalty=200), because="correction")
            assert Loan.objects.get(id=loan.id).state == "servicing"
            assert [version.number for version in versions_of([payment])[payment.id]] == [4, 3, 2, 1]


def test_no_version_is_split_between_statements(bank: Lender, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (bulk, allocations):
        monkeypatch.setattr(module, "BATCH", 5)
    with bank.open():
        loan = open_loan(bank.actor("admin"), 1)
        payments = [
            Payment(loan=loan, reference=str(n), amount=7, audit_event_id=uuid7(), value_on=day, booked_on=day)
            for n, day in enumerate([timezone.localdate()] * 4)
        ]
        shares = [Share("interest", 3, 1), Share("interest", 4, 2), Share("unallocated", 0)]
        allocations_keep(
            made=((one.id, 1, shares) for one in payments),
            reason="import",
            recorded_at=timezone.now(),
            event_id=uuid7(),
        )
        Payment.objects.bulk_create(payments)
        assert allocated(loan) == Allocated(Parts(interest=28))


PAID = [*HEADER, "数据日期", "实还金额", "实还利息", "实还本金", "实还日期"]


def told_by_file(lender: Lender, balance: str, *figures: str) -> ImportBatch:
    row = [*core_row(1, 当前余额=balance), "2026-10-31", *figures, "2026-10-15"]
    return brought(lender.actor("admin"), csv_bytes([PAID, row]))


def test_a_file_may_tell_a_payment_as_it_was_or_as_it_is(bank: Lender) -> None:
    with bank.open():
        assert told_by_file(bank, "50000", "500", "100", "400").report["differences"] == []
        payment = Payment.objects.get()
        assert versions_of([payment])[payment.id][0].label == "导入"
        assert allocated(payment.loan) == Allocated(Parts(interest=100_00, principal=400_00))
        again(bank, payment, Parts(interest=300_00, principal=200_00))
        same = told_by_file(bank, "50001", "500", "100", "400")
        assert counts(same) == (0, 1, 0, 0)
        assert [one["figure"] for one in same.report["differences"]] == ["paid.interest", "paid.principal"]
        now = told_by_file(bank, "50002", "500", "300", "200")
        assert (counts(now), now.report["differences"]) == ((0, 1, 0, 0), [])
        other = told_by_file(bank, "50003", "500", "500", "0")
        assert counts(other) == (0, 0, 0, 1)
        assert [code for found in faults(other).values() for _column, code in found] == ["payment_differs"]
        assert Payment.objects.count() == 1


def test_the_page_shows_what_was_known_before(bank: Lender, client_of: Any) -> None:
    with bank.open():
        loan = in_repayment(bank)
        payment = paid(bank, loan, 2_000_00, 2_000_00)
    officer = client_of(bank, "officer")
    tab = f"/loans/{loan.id}/?tab=payments"
    page = officer.get(tab).content.decode()
    assert "重新冲抵" in page
    for absent in ("历史冲抵", "罚息"):
        assert absent not in page
    path = f"/loans/{loan.id}/payments/{payment.id}/allocate/"
    assert 'value="2000' in officer.get(path).content.decode()
    form = {"principal": "1500", "penalty": "500", "because": "correction", "reason": "漏记罚息"}
    assert officer.post(path, {**form, "principal": "1501"}).status_code == 422
    assert officer.post(path, {**form, "reason": ""}).status_code == 422
    assert officer.post(path, form).status_code == 302
    page = officer.get(tab).content.decode()
    for told in ("历史冲抵", "更正", "1,500.00", "罚息", "原因：漏记罚息"):
        assert told in page
    assert "重新冲抵还款" in officer.get(f"/loans/{loan.id}/?tab=timeline").content.decode()
    officer.post(f"/loans/{loan.id}/payments/{payment.id}/undo/", {"reason": "退票"})
    page = officer.get(tab).content.decode()
    assert page.index("原因：退票") < page.index("原因：漏记罚息"), "each beside its row"
    # What people write may name somebody: masked like it.
    masked = client_of(bank, "collector").get(tab).content.decode()
    assert "原因：***" in masked
    assert "漏记罚息" not in masked
    assert officer.post(path, form).status_code == 409
