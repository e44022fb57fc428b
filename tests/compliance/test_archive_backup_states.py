"""The state machine of a backup of the archive, walked on a row."""

from typing import Any

import pytest
from django.utils import timezone

from carloan.compliance.models import ArchiveBackup
from carloan.compliance.policies import archive_backups as policies
from carloan.core import jobs
from carloan.core.moves import step
from tests.cast import Lender
from tests.machines import walk

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])


def test_its_states_are_walked(bank: Lender) -> None:
    with bank.open():
        job = jobs.start(actor=bank.system, kind="sweep")
        backup = ArchiveBackup.objects.create(
            quarter="2026Q3", job=job, policy_version=1, expires_on=timezone.localdate(),
            audit_event_id=job.audit_event_id,
        )  # fmt: skip

        def act(row: ArchiveBackup, event: str) -> Any:
            return step(row, policies.MOVES, event, audit_event_id=row.audit_event_id)

        assert walk(backup, policies.MOVES, ArchiveBackup.State.values, act) == (4, 8)
