"""A clock that somebody sets forward: what waits for a day waits for the authority's time too."""

from datetime import timedelta

import pytest
from django.utils import timezone

from carloan.compliance.policies.destruction import Cooling, cooled
from carloan.compliance.selectors.destruction import clock_doubt, to_execute
from carloan.compliance.services.executing import batch_execute
from carloan.core.errors import Invalid
from carloan.core.keys import is_destroyed
from carloan.core.tenancy import tenant_scope
from tests.cast import Lender
from tests.compliance.certified import stamped
from tests.compliance.destroyed import approved, due_loans, proposed
from tests.compliance.test_sealing import seal_all


def test_a_clock_set_forward_shortens_no_cooling_off(committed: Lender, monkeypatch: pytest.MonkeyPatch) -> None:
    (loan,) = due_loans(committed, 1)
    batch = approved(committed, proposed(committed, loan))
    seal_all(committed)
    stamped(committed)
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


def test_the_last_stamp_may_be_a_day_old_and_a_site_without_an_authority_goes_by_its_own_clock() -> None:
    now = timezone.now()
    until = now - timedelta(minutes=1)
    for outside, codes in (
        (None, []),
        (now, []),
        (until - timedelta(hours=30), []),
        (until - timedelta(hours=37), ["outside"]),
    ):
        assert [problem.code for problem in cooled(Cooling(until, now, outside))] == codes
    assert [problem.code for problem in cooled(Cooling(now + timedelta(1), now, now))] == ["cooling"]
