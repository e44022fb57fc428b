"""A worker that dies by kill -9 in the middle of an import: nothing half done, nothing twice, the next one finishes."""

import io
import os
import subprocess
import sys
import time
from datetime import timedelta

from django.db import connections

from carloan.core.models import Job
from carloan.core.tenancy import tenant_scope
from carloan.loans.models import ImportBatch, ImportRow, Loan, LoanParty, OpeningPosition, Vehicle
from carloan.loans.services import import_steps, imports
from tests.cast import Lender
from tests.loans.book import core_file

ROWS = 1_200
WORKER = """
import django; django.setup()
import sys
from uuid import UUID
from carloan.core.tenancy import tenant_scope
from carloan.loans.services import import_steps, imports
import_steps.CHUNK = 20
with tenant_scope(UUID(sys.argv[1])):
    import_steps.import_work(job_id=UUID(sys.argv[2]))
"""


def booked(batch: ImportBatch) -> int:
    return ImportBatch.objects.values_list("cursor", flat=True).get(id=batch.id)


def test_kill_9_in_the_middle_of_an_import_loses_and_doubles_nothing(committed: Lender) -> None:
    with committed.open():
        actor = committed.actor("admin")
        batch = imports.import_upload(actor=actor, file=io.BytesIO(core_file(ROWS)), name="book.csv")
        job = imports.import_run_start(actor=actor, batch=batch)
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "carloan.settings"}
    worker = subprocess.Popen([sys.executable, "-c", WORKER, str(committed.tenant.id), str(job.id)], env=environment)
    try:
        deadline = time.monotonic() + 60
        done = 0
        while done < 60 and time.monotonic() < deadline and worker.poll() is None:
            with committed.open():
                done = booked(batch)
    finally:
        worker.kill()
        worker.wait()
    with committed.open():
        done = booked(batch)
        assert 60 <= done < ROWS, "the worker was to be killed in the middle"
        # What the dead worker committed is whole: a loan with all that belongs to it, and a row that tells of it.
        assert Loan.objects.count() == Vehicle.objects.count() == LoanParty.objects.count() == done
        assert ImportRow.objects.filter(batch=batch).count() == done
        # Its lease ends, as a minute would make it.
        Job.objects.filter(id=job.id).update(lease_until=job.created_at - timedelta(seconds=1))
    with tenant_scope(committed.tenant.id):
        import_steps.import_work(job_id=job.id)
    with committed.open():
        batch.refresh_from_db()
        assert (batch.state, batch.created, batch.rejected) == ("done", ROWS, 0)
        assert batch.report["differences"] == []
        assert Loan.objects.count() == Vehicle.objects.count() == OpeningPosition.objects.count() == ROWS
    connections.close_all()
