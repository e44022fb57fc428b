"""A restore of one dossier that is killed in the middle, on rows that are really committed, is brought to its end."""

from pathlib import Path
from typing import Any

import pytest

from carloan.archives.models import Paper
from carloan.compliance.selectors.archive_backups import rows_told
from carloan.compliance.services.unit_restoring import restore_begin
from carloan.core import vault
from carloan.core.models import AuditEvent, Job
from carloan.core.tenancy import tenant_scope
from carloan.loans.models import Vehicle
from tests.archives.conftest import received
from tests.cast import Lender
from tests.compliance.backed_up import archived, begun, shelf_at, work
from tests.compliance.test_unit_restoring import bytes_of, worked
from tests.killed import killed
from tests.tenancy.routes import BLANK_PAGE


@pytest.fixture(autouse=True)
def shelf(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Path:
    return shelf_at(tmp_path / "shelf", settings, monkeypatch)


KILLED = """
from carloan.compliance.services import unit_restoring
tenant_id, job_id, step = UUID(sys.argv[1]), UUID(sys.argv[2]), sys.argv[3]
if step == "file":
    dies(unit_restoring.vault, "bring_back", behind=True)
elif step == "torn":
    def torn(copy, entry, at):
        yield b"half of it"
        die()
    unit_restoring.UnitCopy.pieces = torn
else:
    dies(unit_restoring.unit_parts, "find_again")
with tenant_scope(tenant_id):
    unit_restoring.restore_work(job_id=job_id)
"""


@pytest.mark.parametrize("step", ["torn", "file", "rows"])
def test_a_killed_restore_is_brought_to_its_end(committed: Lender, step: str) -> None:
    """In the middle of a file, between two files, and with the rows written but not committed."""
    with committed.open():
        (loan,) = archived(committed, 1)
        received(committed, BLANK_PAGE + b"another", loan=loan)
    with tenant_scope(committed.tenant.id), committed.open():
        backup = begun(committed)
    backup = work(committed, backup)
    with committed.open():
        rows = rows_told("loan", [loan.id])[loan.id]
        stored = list(Paper.objects.filter(loan=loan).values_list("stored", flat=True))
        containers = {name: bytes_of(name) for name in stored}
        Vehicle.objects.filter(loan=loan).delete()
        Paper.objects.filter(loan=loan).delete()
        for name in stored:
            vault.remove(name)
        job = restore_begin(actor=committed.system, backup=backup, unit="loan", unit_id=loan.id, reason="存储故障")
    killed(KILLED, committed.tenant.id, job.id, step)
    with committed.open():
        assert Job.objects.get(id=job.id).state == "running"
        assert sum(vault.exists(name) for name in stored) == {"torn": 0, "file": 1, "rows": 2}[step]
        assert not Paper.objects.filter(loan=loan).exists()
    job = worked(committed, job)
    assert job.state == "done", job.error
    with committed.open():
        assert rows_told("loan", [loan.id])[loan.id] == rows
        assert {name: bytes_of(name) for name in stored} == containers
        told = AuditEvent.objects.filter(object_id=loan.id, action="compliance.archive_backup.restored")
        assert told.count() == 1
