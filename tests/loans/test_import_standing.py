"""A file against a book that knows more: balances never go back, terms stand, stages follow the table of moves."""

import io
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from carloan.core.actors import Actor
from carloan.core.models import AuditEvent, Transition
from carloan.core.transitions import history_of
from carloan.loans.faces import acts_lane
from carloan.loans.models import ImportBatch, ImportRow, Loan, OpeningPosition
from carloan.loans.policies.allocation import Parts
from carloan.loans.services import import_steps, imports
from carloan.loans.services.loans import loan_move
from carloan.loans.services.payments import payment_book
from tests.cast import Lender
from tests.loans.book import HEADER, core_row, csv_bytes, open_loan

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])

DATED = [*HEADER, "余额日期", "状态"]
NUMBER = "CAR202400000001"


def dated(day: str, state: str = "", **changes: str) -> list[str]:
    return [*core_row(1, **changes), day, state]


def brought(actor: Actor, *rows: list[str], header: list[str] = DATED) -> ImportBatch:
    data = csv_bytes([header, *rows])
    batch = imports.import_upload(actor=actor, file=io.BytesIO(data), name="台账.csv")
    spec = dict(batch.spec)
    for field, column in (("as_of", "余额日期"), ("state", "状态")):
        if column in header:
            spec["columns"] = {**spec["columns"], field: {"column": column}}
    batch = imports.import_map(actor=actor, batch=batch, spec=spec)
    import_steps.import_work(job_id=imports.import_run_start(actor=actor, batch=batch).id)
    batch.refresh_from_db()
    return batch


def counts(batch: ImportBatch) -> dict[str, int]:
    found = {name: getattr(batch, name) for name in ("created", "updated", "unchanged", "kept", "rejected")}
    return {name: count for name, count in found.items() if count}


def faults(batch: ImportBatch) -> list[tuple[str, str]]:
    rows = ImportRow.objects.filter(batch=batch, outcome="rejected")
    return [(fault["column"], fault["code"]) for row in rows for fault in row.errors]


def test_an_older_file_sets_no_balance_back(bank: Lender) -> None:
    with bank.open():
        actor = bank.actor("admin")
        brought(actor, dated("2026-10-31"))
        assert counts(brought(actor, dated("2026-11-10", 当前余额="40000", 逾期天数="3"))) == {"updated": 1}
        before = Loan.objects.filter(contract_no=NUMBER).values().get()
        older = brought(actor, dated("2026-09-30", 当前余额="60000", 手机号="13912345678"))
        assert counts(older) == {"kept": 1}
        assert older.report["differences"] == []
        assert Loan.objects.filter(contract_no=NUMBER).values().get() == before
        assert OpeningPosition.objects.filter(loan__contract_no=NUMBER).count() == 2


def test_a_file_without_a_day_renews_no_dated_balance(bank: Lender) -> None:
    with bank.open():
        actor = bank.actor("admin")
        brought(actor, dated("2026-10-31"))
        assert counts(brought(actor, core_row(1, 当前余额="70000"), header=HEADER)) == {"kept": 1}
        assert Loan.objects.get(contract_no=NUMBER).outstanding == 50_001_25


def test_a_payment_booked_here_is_not_undone_by_a_statement_from_before(bank: Lender) -> None:
    with bank.open():
        actor = bank.actor("admin")
        today = timezone.localdate()
        brought(actor, dated(f"{today - timedelta(days=20)}"))
        loan = Loan.objects.get(contract_no=NUMBER)
        paid = 1_000_00
        payment_book(
            actor=bank.system, loan=loan, amount=paid, reference="R-1", value_on=today, parts=Parts(principal=paid)
        )
        statement = dated(f"{today - timedelta(days=2)}", 当前余额="49999")
        assert counts(brought(actor, statement)) == {"kept": 1}
        loan.refresh_from_db()
        assert loan.outstanding == 50_001_25 - paid
        assert counts(brought(actor, dated(f"{today}", 当前余额="48999"))) == {"updated": 1}
        loan.refresh_from_db()
        assert loan.outstanding == 48_999_00


def test_booking_locks_the_loans_it_looked_at_and_a_check_locks_none(bank: Lender) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with bank.open():
        actor = bank.actor("admin")
        brought(actor, dated("2026-10-31"))
        data = csv_bytes([HEADER, core_row(1, 当前余额="1")])
        batch = imports.import_upload(actor=actor, file=io.BytesIO(data), name="台账.csv")
        for start, locks in ((imports.import_check_start, 0), (imports.import_run_start, 1)):
            job = start(actor=actor, batch=batch)
            with CaptureQueriesContext(connection) as seen:
                import_steps.import_work(job_id=job.id)
            found = [q["sql"] for q in seen if 'FROM "loans_loan"' in q["sql"] and "FOR NO KEY UPDATE" in q["sql"]]
            assert len(found) == locks
            batch.refresh_from_db()


@pytest.mark.parametrize(
    ("column", "value"), [("贷款金额", "90000"), ("年利率", "9.99%"), ("期数", "24"), ("还款方式", "等额本金")]
)
def test_terms_of_a_paid_out_loan_are_not_rewritten(bank: Lender, column: str, value: str) -> None:
    with bank.open():
        actor = bank.actor("admin")
        brought(actor, dated("2026-10-31"))
        before = Loan.objects.filter(contract_no=NUMBER).values().get()
        batch = brought(actor, dated("2026-11-10", **{column: value}))
        assert counts(batch) == {"rejected": 1}
        assert faults(batch) == [(column, "terms_differ")]
        assert Loan.objects.filter(contract_no=NUMBER).values().get() == before


def test_a_settled_loan_is_not_reopened_by_a_file(bank: Lender) -> None:
    with bank.open():
        actor = bank.actor("admin")
        brought(actor, dated("2026-10-31"))
        settled = brought(actor, dated("2026-11-05", 当前余额="0"))
        assert counts(settled) == {"updated": 1}
        loan = Loan.objects.get(contract_no=NUMBER)
        assert (loan.state, loan.settled_on) == ("settled", date(2026, 11, 5))
        again = brought(actor, dated("2026-11-10", 当前余额="5"))
        assert (counts(again), faults(again)) == ({"rejected": 1}, [("状态", "state_settled")])
        loan.refresh_from_db()
        assert (loan.state, loan.outstanding) == ("settled", 0)


@pytest.mark.parametrize("claimed", ["application", "written_off", "declined"])
def test_a_stage_that_no_move_of_a_file_leads_to_is_told(bank: Lender, claimed: str) -> None:
    with bank.open():
        actor = bank.actor("admin")
        brought(actor, dated("2026-10-31"))
        batch = brought(actor, dated("2026-11-10", claimed))
        assert (counts(batch), faults(batch)) == ({"rejected": 1}, [("状态", "state_move")])
        assert Loan.objects.get(contract_no=NUMBER).state == "servicing"


def test_a_written_off_loan_keeps_its_stage_and_gets_its_balance(bank: Lender) -> None:
    with bank.open():
        actor = bank.actor("admin")
        brought(actor, dated("2026-10-31"))
        loan_move(actor=actor, loan=Loan.objects.get(contract_no=NUMBER), event="write_off", reason="无法收回")
        assert counts(brought(actor, dated("2026-11-10", 当前余额="777"))) == {"updated": 1}
        loan = Loan.objects.get(contract_no=NUMBER)
        assert (loan.state, loan.outstanding) == ("written_off", 777_00)


def test_a_column_that_the_file_lacks_leaves_the_book_alone(bank: Lender) -> None:
    with bank.open():
        actor = bank.actor("admin")
        brought(actor, dated("2026-10-31"))
        place = HEADER.index("当前余额")
        without = [cell for number, cell in enumerate(core_row(1, 手机号="13912345678")) if number != place]
        header = [name for name in HEADER if name not in ("当前余额",)]
        drop = [header.index(name) for name in ("已还期数", "逾期天数")]
        header = [name for number, name in enumerate(header) if number not in drop]
        without = [cell for number, cell in enumerate(without) if number not in drop]
        batch = brought(actor, without, header=header)
        assert counts(batch) == {"updated": 1}
        assert batch.report["differences"] == []
        loan = Loan.objects.get(contract_no=NUMBER)
        assert (loan.outstanding, loan.periods_paid, loan.as_of) == (50_001_25, 12, date(2026, 10, 31))
        assert OpeningPosition.objects.filter(loan=loan).count() == 1


def test_digests_of_rows_are_keyed_by_the_lender(bank: Lender, other: Lender) -> None:
    digests: list[Any] = []
    for lender in (bank, other):
        with lender.open():
            brought(lender.actor("admin"), [*core_row(1, 机构=""), "2026-10-31", ""])
            digests.append(bytes(Loan.objects.get(contract_no=NUMBER).import_digest or b""))
    assert len(digests[0]) == 16
    assert digests[0] != digests[1]


def test_a_payment_does_not_unsay_what_a_file_said_is_due_next(bank: Lender) -> None:
    header = [*HEADER, "余额日期", "下期还款日", "下期应还"]
    with bank.open():
        admin = bank.actor("admin")
        loan = open_loan(admin)
        for event in ("submit", "approve", "disburse"):
            loan_move(actor=admin, loan=loan, event=event)
        terms = {"合同编号": loan.contract_no, "贷款金额": "80000", "放款日期": "2026-01-15", "已还期数": "5"}
        row = core_row(1, **terms, 当前余额="70000", 机构="")
        june = brought(admin, [*row, "2026-06-20", "2026-07-15", "2429.10"], header=header)
        assert counts(june) == {"updated": 1}, faults(june)
        loan.refresh_from_db()
        assert (loan.next_due_on, loan.next_due) == (date(2026, 7, 15), 2_429_10)
        parts = Parts(principal=2_000_00, interest=429_10)
        payment_book(actor=admin, loan=loan, amount=parts.total, reference="7", value_on=date(2026, 7, 15), parts=parts)
        loan.refresh_from_db()
        assert (loan.next_due_on, loan.next_due) == (date(2026, 7, 15), 2_429_10)


def test_a_loan_that_came_by_file_and_is_paid_out_here_follows_its_plan(bank: Lender) -> None:
    with bank.open():
        admin = bank.actor("admin")
        row = dated("2026-01-15", "申请", 贷款金额="80000", 放款日期="2026-01-15", 当前余额="0", 已还期数="0")
        batch = brought(admin, row)
        assert counts(batch) == {"created": 1}, faults(batch)
        loan = Loan.objects.get(contract_no=NUMBER)
        assert OpeningPosition.objects.filter(loan=loan).exists()
        for event in ("submit", "approve", "disburse"):
            loan_move(actor=admin, loan=loan, event=event)
        loan.refresh_from_db()
        first = loan.next_due_on
        assert loan.next_due is not None
        parts = Parts(principal=loan.next_due)
        payment_book(actor=admin, loan=loan, amount=parts.total, reference="1", value_on=date(2026, 2, 15), parts=parts)
        loan.refresh_from_db()
        assert first is not None
        assert loan.next_due_on is not None
        assert loan.next_due_on > first


def test_steps_of_a_file_are_told_at_once_and_on_the_timeline_also_after_later_edits(bank: Lender) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    header, day = [*DATED], "2026-11-05"
    with bank.open():
        actor = bank.actor("admin")
        brought(actor, *([*core_row(serial), "2026-10-31", ""] for serial in (1, 2, 3)), header=header)
        assert not Transition.objects.filter(kind="loans.loan").exists()
        with CaptureQueriesContext(connection) as seen:
            brought(actor, *([*core_row(serial, 当前余额="0"), day, ""] for serial in (1, 2, 3)), header=header)
        steps = [query["sql"] for query in seen if "core_transition" in query["sql"] and "loans.loan'" in query["sql"]]
        assert len(steps) == 1
        loan = Loan.objects.get(contract_no=NUMBER)
        (step,) = history_of(loan)
        assert (step.number, step.source, step.event, step.target) == (1, "servicing", "settle", "settled")
        assert AuditEvent.objects.get(id=step.audit_event_id).action == "loans.loan.imported"
        assert Transition.objects.filter(kind="loans.loan", audit_event_id=step.audit_event_id).count() == 3
        loan_move(actor=actor, loan=loan, event="reopen", reason="误结清")
        assert loan.audit_event_id != step.audit_event_id
        entries = acts_lane(actor, loan)
        told = [(str(entry.title), entry.text) for entry in sorted(entries, key=lambda entry: entry.at)]
        assert told == [("导入贷款", ""), ("导入贷款", "还款中 → 已结清"), ("重新启用", "已结清 → 还款中")]
