"""Attacks on the clock of retention: it is moved back, the zone flips, days lie in the future, rules change behind an
approval, a settlement is undone in the archive."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from carloan.compliance.models import RetentionRecord
from carloan.compliance.selectors.retention import may_go, standing_of
from carloan.loans.models import Loan
from carloan.loans.services.loans import loan_move
from tests.cast import Lender, lender_changes
from tests.compliance.retained import borrower, ended_loan, noon, published, record, sweep
from tests.loans.book import person

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])


def test_a_clock_that_goes_back_takes_records_back_and_revives_nothing(bank: Lender) -> None:
    with bank.open():
        published(bank)
        loan, gone = ended_loan(bank, 1, date(2026, 11, 2)), ended_loan(bank, 2, date(2010, 1, 1), people=[person(2)])
        sweep(bank, noon(date(2028, 1, 1)))
        assert record("contract", loan.id).phase == "archive"
        RetentionRecord.objects.filter(object_id=gone.id).update(phase="destroyed", next_on=None)
        sweep(bank, noon(date(2027, 1, 1)))
        assert record("contract", loan.id).phase == "active"
        assert not may_go("loan", standing_of("loan", [gone.id], now=noon(date(2009, 1, 1)))[gone.id])
        sweep(bank, noon(date(2030, 1, 1)))
        assert record("contract", loan.id).phase == "archive"
        assert {row.phase for row in RetentionRecord.objects.filter(object_id=gone.id)} == {"destroyed"}


def test_a_zone_that_flips_gives_nothing_away_a_day_early(bank: Lender) -> None:
    """At 17:00 UTC it is the day after in Shanghai, and still the last day of the period in New York."""
    with bank.open():
        published(bank)
        loan = ended_loan(bank, 1, date(2017, 3, 1), people=[person(1)])
        moment = datetime(2027, 3, 1, 17, tzinfo=UTC)
        assert may_go("loan", standing_of("loan", [loan.id], now=moment)[loan.id])
        lender_changes(bank, time_zone="America/New_York")
        assert not may_go("loan", standing_of("loan", [loan.id], now=moment)[loan.id])
        assert may_go("loan", standing_of("loan", [loan.id], now=moment + timedelta(days=1))[loan.id])


@pytest.mark.parametrize("settled_on", [date(2100, 2, 28), date(2027, 1, 1)])
def test_a_settlement_in_the_future_has_not_happened(bank: Lender, settled_on: date) -> None:
    with bank.open():
        published(bank)
        loan = ended_loan(bank, 1, settled_on)
        sweep(bank)
        assert (record("contract", loan.id).phase, record("contract", loan.id).next_on) == ("living", settled_on)
        assert not may_go("loan", standing_of("loan", [loan.id])[loan.id])
        assert record("identity", borrower(loan).id).phase == "living"


def test_a_settlement_undone_in_the_archive_stops_the_clock_and_a_new_one_begins_anew(bank: Lender) -> None:
    with bank.open():
        published(bank)
        loan = ended_loan(bank, 1, date(2023, 5, 1), people=[person(1)])
        sweep(bank)
        assert record("contract", loan.id).phase == "archive"
        loan_move(actor=bank.actor("admin"), loan=loan, event="reopen", reason="误结清")
        sweep(bank)
        for code, object_id in (("contract", loan.id), ("identity", borrower(loan).id)):
            row = record(code, object_id)
            assert (row.phase, row.since, row.keep_until) == ("living", None, None)
        Loan.objects.filter(id=loan.id).update(state="settled", settled_on=timezone.localdate())
        sweep(bank)
        assert (record("contract", loan.id).phase, record("contract", loan.id).since) == (
            "active",
            timezone.localdate(),
        )
