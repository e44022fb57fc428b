"""Plans count from a day and follow one another: deferrals, corrections that reach back, what was known when."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from carloan.core.ids import uuid7
from carloan.loans.models import Instalment, Loan, ScheduleVersion
from carloan.loans.policies.plans import counting, usual_day
from carloan.loans.policies.schedule import Due, months_later
from carloan.loans.selectors.schedule import plan_of
from carloan.loans.services.loans import loan_move
from carloan.loans.services.plans import schedule_keep
from tests.cast import Lender
from tests.loans.book import open_loan
from tests.loans.test_payout import ROWS, approved, paid_out

database = pytest.mark.django_db(databases=["default", "keystore"])
PAID_OUT_ON = date(2026, 1, 15)
MAY, JUNE = date(2026, 5, 1), date(2026, 6, 1)


class Version(NamedTuple):
    version: int
    effective_on: date
    recorded_at: datetime


def at(day: int) -> datetime:
    return datetime(2026, 5, day, tzinfo=UTC)


FIRST = Version(1, PAID_OUT_ON, at(1))
DEFERRED = Version(2, JUNE, at(2))
CORRECTED = Version(3, date(2026, 2, 1), at(3))
LINE = [FIRST, DEFERRED, CORRECTED]


class TestWhichCounts:
    @pytest.mark.parametrize(
        ("on", "known_at", "expected"),
        [
            (MAY, at(2), FIRST),
            (JUNE - timedelta(days=1), at(2), FIRST),
            (JUNE, at(2), DEFERRED),
            (JUNE, at(1), FIRST),
            (MAY, at(3), CORRECTED),
            (date(2026, 1, 31), at(3), FIRST),
            (JUNE, None, CORRECTED),
            (date(2020, 1, 1), None, FIRST),
            (JUNE, at(1) - timedelta(microseconds=1), None),
        ],
    )
    def test_the_newest_known_one_that_is_effective(
        self, on: date, known_at: datetime | None, expected: Version | None
    ) -> None:
        assert counting(LINE, on=on, known_at=known_at) == expected
        assert counting(LINE[::-1], on=on, known_at=known_at) == expected

    def test_before_two_of_the_same_day_the_newer_one_is_told(self) -> None:
        again = FIRST._replace(version=2)
        assert counting([FIRST, again], on=date(2020, 1, 1)) == again

    def test_the_usual_day_is_the_payment_and_never_to_come(self) -> None:
        assert usual_day(PAID_OUT_ON, today=MAY) == PAID_OUT_ON
        assert usual_day(None, today=MAY) == usual_day(JUNE, today=MAY) == MAY


def later(dues: list[Due], months: int) -> list[Due]:
    return [replace(due, due_on=months_later(due.due_on, months, due.due_on.day)) for due in dues]


def keep(loan: Loan, dues: list[Due], reason: str, effective_on: date) -> ScheduleVersion:
    return schedule_keep(loan=loan, dues=dues, reason=reason, event_id=uuid7(), effective_on=effective_on)


def line_of(loan: Loan) -> list[tuple[int, int | None, date]]:
    rows = ScheduleVersion.objects.filter(loan=loan).order_by("version")
    return list(rows.values_list("version", "replaces", "effective_on"))


@database
class TestPlansOfALoan:
    def test_a_deferral_from_next_month_counts_next_month(self, bank: Lender, client_of: Any) -> None:
        next_month = months_later(timezone.localdate(), 1, 1)
        with bank.open():
            loan = paid_out(bank)
            now = plan_of(loan)
            deferred = keep(loan, later(now.dues, 3), "restructure", next_month)
            assert plan_of(loan).dues == now.dues
            assert plan_of(loan, on=next_month - timedelta(days=1)).dues == now.dues
            found = plan_of(loan, on=next_month)
            assert found.version == deferred
            assert found.dues == later(now.dues, 3)
            assert line_of(loan) == [(1, None, PAID_OUT_ON), (2, 1, next_month)]
        page = client_of(bank, "officer").get(f"/loans/{loan.id}/?tab=schedule").content.decode()
        assert now.dues[0].due_on.isoformat() in page

    def test_a_correction_reaches_back_and_what_was_known_stays_known(self, bank: Lender) -> None:
        day = date(2026, 3, 1)
        with bank.open():
            loan = paid_out(bank)
            before = plan_of(loan).dues
            moment = timezone.now()
            corrected = keep(loan, later(before, 1), "correction", PAID_OUT_ON)
            assert plan_of(loan).version == plan_of(loan, on=day).version == corrected
            seen = plan_of(loan, on=day, known_at=moment)
            assert seen.version is not None
            assert (seen.version.version, seen.dues) == (1, before)
            assert plan_of(loan, on=day, known_at=timezone.now()).dues == later(before, 1)

    def test_before_any_plan_was_known_the_terms_tell_it(self, bank: Lender) -> None:
        with bank.open():
            loan = paid_out(bank)
            found = plan_of(loan, known_at=timezone.now() - timedelta(days=1))
            assert (found.version, len(found.dues)) == (None, 36)

    def test_agreed_plans_count_from_the_agreement_or_the_payment(self, bank: Lender) -> None:
        today = timezone.localdate()
        with bank.open():
            loan = approved(bank, method="custom", rows=ROWS, disbursed_on=None)
            loan_move(actor=bank.actor("admin"), loan=loan, event="disburse", disbursed_on=date(2026, 1, 20))
            assert line_of(loan) == [(1, None, today), (2, 1, date(2026, 1, 20))]
            coming = open_loan(
                bank.actor("admin"),
                2,
                method="custom",
                disbursed_on=today + timedelta(days=1),
                rows=[(today + timedelta(days=40), 8_000_000, 0)],
            )
            assert line_of(coming) == [(1, None, today)]
            assert len(plan_of(coming).dues) == 1

    def test_it_takes_two_queries_however_many_versions(self, bank: Lender, django_assert_num_queries: Any) -> None:
        with bank.open():
            loan = paid_out(bank)
            dues = plan_of(loan).dues
            for month in range(1, 6):
                keep(loan, later(dues, month), "restructure", date(2026, 1 + month, 1))
            for on, known_at in ((None, None), (MAY, None), (MAY, timezone.now())):
                with django_assert_num_queries(2):
                    plan_of(loan, on=on, known_at=known_at)
            with django_assert_num_queries(1):
                plan_of(loan, known_at=datetime(2026, 1, 1, tzinfo=UTC))


@database
class TestTheDatabase:
    def test_orphans_are_refused(self, bank: Lender) -> None:
        with bank.open():
            loan, empty = paid_out(bank), open_loan(bank.actor("admin"), 2)
            due = {"due_on": MAY, "principal": 1, "interest": 0}
            for version in ({"loan": loan, "version": 2}, {"loan": empty, "version": 1}):
                with pytest.raises(IntegrityError, match="loans_instalment_version"), transaction.atomic():
                    Instalment.objects.create(number=1, **version, **due)

    @pytest.mark.parametrize(
        ("version", "replaces", "refused"),
        [
            (3, 2, "loans_scheduleversion_replaces"),
            (2, 2, "_line"),
            (2, None, "_line"),
            (2, 3, "_line"),
            (2, 0, "_line"),
        ],
    )
    def test_a_version_follows_an_older_one(
        self, bank: Lender, version: int, replaces: int | None, refused: str
    ) -> None:
        with bank.open():
            loan = paid_out(bank)
            facts = {"method": loan.method, "principal": 1, "rate_ppm": 0, "starts_on": MAY, "effective_on": MAY}
            with pytest.raises(IntegrityError, match=refused), transaction.atomic():
                ScheduleVersion.objects.create(
                    loan=loan, version=version, replaces=replaces, reason="correction", audit_event_id=uuid7(), **facts
                )

    def test_the_day_and_the_parent_are_facts_too(self, bank: Lender) -> None:
        with bank.open():
            loan = paid_out(bank)
            for values in ({"effective_on": MAY}, {"replaces": 1}):
                with pytest.raises(DatabaseError), transaction.atomic():
                    ScheduleVersion.objects.filter(loan=loan).update(**values)

    def test_both_tables_are_fenced_again_after_their_old_rows_were_filled(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT c.relname, c.relforcerowsecurity, bool_and(t.tgenabled = 'O') FROM pg_class c "
                "JOIN pg_trigger t ON t.tgrelid = c.oid "
                "WHERE t.tgname IN ('refuse_change', 'refuse_truncate') AND c.relname = ANY (%s) "
                "GROUP BY 1, 2 ORDER BY 1",
                [["loans_instalment", "loans_scheduleversion"]],
            )
            assert cursor.fetchall() == [("loans_instalment", True, True), ("loans_scheduleversion", True, True)]
