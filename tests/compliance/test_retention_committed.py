"""Retention over committed rows: backups whose worker is killed, and an approval that a later policy overtakes."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from carloan.compliance.models import ArchiveBackup, DestructionBatch
from carloan.compliance.policies.retention import Rule, Span
from carloan.compliance.selectors.destruction import items_of
from carloan.compliance.services.archive_backups import backup_work
from carloan.compliance.services.executing import batch_execute
from carloan.compliance.services.retention import policy_change, policy_draft, policy_publish
from carloan.core.keys import is_destroyed
from carloan.core.models import AuditEvent
from carloan.core.tenancy import tenant_scope
from tests.cast import Lender
from tests.compliance.backed_up import archived, begun, work
from tests.compliance.destroyed import approved, cooled, due_loans, proposed
from tests.compliance.retained import rules_with
from tests.compliance.test_archive_backups import State, files, shelf
from tests.killed import killed

__all__ = ["shelf"]

# A run that dies by kill -9: when a segment lies there and no row names it, when the manifest lies there and the backup
# does not know, when a segment was tested and nobody was told.
DYING = """
from carloan.compliance.services import archive_backups
tenant_id, job_id, step = UUID(sys.argv[1]), UUID(sys.argv[2]), sys.argv[3]
dies(archive_backups, step, behind=True)
with tenant_scope(tenant_id):
    archive_backups.backup_work(job_id=job_id)
"""


@pytest.mark.parametrize("step", ["segment_write", "manifest_write", "segment_test"])
def test_a_killed_run_goes_on_where_it_was_and_counts_nothing_twice(committed: Lender, shelf: Path, step: str) -> None:
    with committed.open():
        archived(committed, 2)
    with committed.open():
        backup = begun(committed)
    killed(DYING, committed.tenant.id, backup.job_id, step)
    assert files(shelf), "it died behind the file"
    with tenant_scope(committed.tenant.id):
        backup_work(job_id=backup.job_id)
    with committed.open():
        assert ArchiveBackup.objects.get(id=backup.id).state != State.PASSED, "its lease has not ended"
    backup = work(committed, backup)
    assert (backup.state, backup.units, backup.items, backup.checked) == (State.PASSED, 4, 6, 6)
    assert [path.name for path in files(shelf)] == ["00001.segment", "manifest.json"]
    with committed.open():
        assert AuditEvent.objects.filter(action="compliance.archive_backup.written").count() == 1
        assert (backup.job.done, backup.job.total) == (8, 8)


def test_a_policy_that_keeps_longer_counts_for_what_was_approved_before_it(committed: Lender) -> None:
    """The other way round is harmless: the list names its version, and everything on it was past its time by that."""
    (loan,) = due_loans(committed, 1)
    batch: DestructionBatch = approved(committed, proposed(committed, loan))
    cooled(batch)
    with committed.open():
        actor = committed.actor("compliance")
        draft = policy_draft(actor=actor)
        longer = Rule(span=Span(1, 5, 40), basis="诉讼未决", review_on=timezone.localdate() + timedelta(days=300))
        draft = policy_change(
            actor=actor, policy=draft, revision=draft.revision, effective_on=timezone.localdate(), cooling_days=7,
            note="延长", rules=rules_with(draft, contract=longer),
        )  # fmt: skip
        policy_publish(actor=actor, policy=draft, revision=draft.revision)
    with tenant_scope(committed.tenant.id):
        batch_execute(actor=committed.system, batch_id=batch.id)
    with committed.open():
        assert [(item.state, item.spared) for item in items_of(batch)] == [("spared", "early")]
        assert not is_destroyed(loan.key_subject())
