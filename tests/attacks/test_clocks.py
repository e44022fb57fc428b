"""A clock that somebody sets forward: what waits for a day waits for the authority's time too."""

from datetime import timedelta

import pytest
from django.utils import timezone

from carloan.compliance.models import DestructionBatch
from carloan.compliance.policies.destruction import Cooling, cooled
from carloan.compliance.selectors.destruction import clock_doubt, to_execute
from carloan.compliance.services.executing import batch_execute
from carloan.core.errors import Invalid
from carloan.core.keys import is_destroyed
from carloan.core.tenancy import tenant_scope
from tests.cast import Lender, lender_changes
from tests.compliance.certified import stamped
from tests.compliance.destroyed import approved, due_loans, proposed
from tests.compliance.destroyed import cooled as cooled_down
from tests.compliance.test_sealing import seal_all

AUTHORITY = "CN=Time Authority of the House"


def test_the_stamps_of_a_sandbox_say_nothing_of_the_time(committed: Lender) -> None:
    """It stands on the same machine: whoever sets our clock forward sets its clock too."""
    (loan,) = due_loans(committed, 1)
    batch = approved(committed, proposed(committed, loan))
    lender_changes(committed, is_demonstration=False)
    seal_all(committed)
    stamped(committed)
    cooled_down(batch)
    with committed.open():
        assert to_execute() == []
        assert "CARLOAN_TSA" in clock_doubt(DestructionBatch.objects.get(id=batch.id))
    with pytest.raises(Invalid) as refused, tenant_scope(committed.tenant.id):
        batch_execute(actor=committed.system, batch_id=batch.id)
    assert "no_outside" in str(refused.value.data) + str(refused.value.fields)
    with committed.open():
        assert not is_destroyed(loan.key_subject())
    stamped(committed, by=AUTHORITY)
    with tenant_scope(committed.tenant.id):
        batch_execute(actor=committed.system, batch_id=batch.id)
    with committed.open():
        assert is_destroyed(loan.key_subject())


def test_a_clock_set_forward_shortens_no_cooling_off(committed: Lender, monkeypatch: pytest.MonkeyPatch) -> None:
    (loan,) = due_loans(committed, 1)
    batch = approved(committed, proposed(committed, loan))
    seal_all(committed)
    stamped(committed, by=AUTHORITY)
    later = timezone.now() + timedelta(days=8)
    monkeypatch.setattr(timezone, "now", lambda: later)
    with committed.open():
        assert to_execute() == []
        assert clock_doubt(batch)
    with pytest.raises(Invalid) as refused, tenant_scope(committed.tenant.id):
        batch_execute(actor=committed.system, batch_id=batch.id)
    assert "outside" in str(refused.value.data) + str(refused.value.fields)
    with committed.open():
        assert not is_destroyed(loan.key_subject())


def test_the_last_stamp_may_be_a_day_old_and_a_demonstration_without_an_authority_goes_by_its_own_clock() -> None:
    now = timezone.now()
    until = now - timedelta(minutes=1)
    for outside, codes in (
        (None, ["no_outside"]),
        (now, []),
        (until - timedelta(hours=30), []),
        (until - timedelta(hours=37), ["outside"]),
    ):
        assert [problem.code for problem in cooled(Cooling(until, now, outside))] == codes
    assert cooled(Cooling(until, now, None, demonstration=True)) == []
    assert [problem.code for problem in cooled(Cooling(now + timedelta(1), now, now))] == ["cooling"]
