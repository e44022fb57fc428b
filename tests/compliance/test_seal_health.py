"""What the health of a seal says follows from what stands in the ledger."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from carloan.compliance.models import LedgerCosignature, LedgerDay, LedgerTimeToken
from carloan.compliance.selectors import seal_health as looking
from carloan.compliance.selectors.seal_health import SealHealth, seal_health
from carloan.core.tenancy import tenant_atomic, tenant_scope
from carloan.lib import signed_note
from tests.cast import Lender, as_role, new_lender
from tests.compliance.test_sealing import seal_all, write


def look(lender: Lender) -> SealHealth:
    with tenant_scope(lender.tenant.id):
        return seal_health()


def test_what_waits_is_told_with_its_age_until_it_is_sealed(committed: Lender) -> None:
    before = look(committed)
    assert (before.size, before.checkpoint_at, before.witnesses, before.stamped_day) == (0, None, (), None)
    assert before.unsealed > 0, "a new lender has events already"
    seal_all(committed)
    sealed = look(committed)
    assert (sealed.unsealed, sealed.oldest_unsealed, sealed.late) == (0, None, False)
    assert sealed.size == sealed.unwitnessed == before.unsealed
    assert sealed.checkpoint_age is not None
    assert timedelta() <= sealed.checkpoint_age < timedelta(minutes=5)
    write(committed, 3)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        waiting = look(committed)
    assert waiting.unsealed == 3
    assert waiting.unsealed_age is not None
    assert len([query for query in asked.captured_queries if query["sql"].startswith("SELECT")]) <= 6


def test_an_event_that_waits_too_long_is_late(committed: Lender, monkeypatch: pytest.MonkeyPatch) -> None:
    write(committed, 1)
    assert not look(committed).late
    monkeypatch.setattr(looking, "PATIENCE", timedelta(0))
    assert look(committed).late


def test_in_a_database_whose_transactions_are_counted_anew_it_looks_at_every_leaf(
    committed: Lender, monkeypatch: pytest.MonkeyPatch
) -> None:
    seal_all(committed)
    monkeypatch.setattr(looking, "_EPOCH", "SELECT 7::bigint")
    assert look(committed).unsealed == 0
    write(committed, 2)
    assert look(committed).unsealed == 2


def test_witnesses_and_time_stamps_are_told_the_latest_first(committed: Lender) -> None:
    seal_all(committed)
    size = look(committed).size
    seen = timezone.now() - timedelta(minutes=3)
    # Days are the installation's: later than any that other tests make.
    day, taken = date(2099, 1, 2), datetime(2026, 1, 2, tzinfo=UTC)
    with as_role("sealer"), tenant_atomic(committed.tenant.id):
        for witness, at, ago in (("old.example+a", 1, 9), ("new.example+b", size - 1, 0), ("new.example+b", 1, 5)):
            LedgerCosignature.objects.create(witness=witness, size=at, line="—", seen_at=seen - timedelta(minutes=ago))
        body = signed_note.Checkpoint("ledger.example/days/2099-01-02", 1, bytes(32)).body()
        LedgerDay.objects.create(day=day, made_at=timezone.now(), body=body, leaves=bytes(32))
        LedgerTimeToken.objects.create(day_id=day, token=b"0", taken_at=taken, authority="CN=Time")
    assert look(new_lender()).stamped_day is None, "nothing of this one was there to be stamped"
    found = look(committed)
    assert [witness.name for witness in found.witnesses] == ["new.example", "old.example"]
    assert (found.witnessed_at, found.unwitnessed) == (seen, 1)
    assert (found.stamped_day, found.stamped_at, found.authority) == (day, taken, "CN=Time")
    assert found.stamped_age == found.at - taken
