"""Imports as long work: counted by the worker, kept alive while they skip, free again when they fail."""

import io
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from carloan.core import jobs
from carloan.core.actors import Actor
from carloan.core.models import AuditEvent, Job
from carloan.loans.models import ImportBatch, Loan
from carloan.loans.services import import_steps, imports
from tests.cast import Lender
from tests.loans.book import core_file

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])


def uploaded(actor: Actor, count: int) -> ImportBatch:
    return imports.import_upload(actor=actor, file=io.BytesIO(core_file(count)), name="台账.csv")


def test_a_poisoned_import_fails_with_its_job_and_starts_again(bank: Lender, monkeypatch: pytest.MonkeyPatch) -> None:
    def dies(*args: Any, **options: Any) -> Any:
        raise KeyboardInterrupt

    with bank.open():
        actor = bank.actor("admin")
        batch = uploaded(actor, 2)
        job = imports.import_run_start(actor=actor, batch=batch)
        assert batch.audit_event_id == job.audit_event_id, "the batch bears the event that started it"
        with monkeypatch.context() as poison:
            poison.setattr(import_steps, "judge", dies)
            for _attempt in range(jobs.MOST_ATTEMPTS):
                with pytest.raises(KeyboardInterrupt):
                    import_steps.import_work(job_id=job.id)
                Job.objects.filter(id=job.id).update(lease_until=timezone.now() - timedelta(seconds=1))
            import_steps.import_work(job_id=job.id)
        job.refresh_from_db()
        batch.refresh_from_db()
        assert (job.state, batch.state) == ("failed", "failed")
        event = AuditEvent.objects.get(action="loans.import.failed")
        assert (event.object_id, event.id) == (batch.id, batch.audit_event_id)
        import_steps.import_work(job_id=imports.import_check_start(actor=actor, batch=batch).id)
        batch.refresh_from_db()
        import_steps.import_work(job_id=imports.import_run_start(actor=actor, batch=batch).id)
        batch.refresh_from_db()
        assert (batch.state, batch.created, Loan.objects.count()) == ("done", 2, 2)


def test_a_failing_job_that_is_not_the_batchs_own_leaves_it_alone(bank: Lender) -> None:
    with bank.open():
        actor = bank.actor("admin")
        batch = uploaded(actor, 1)
        old = imports.import_check_start(actor=actor, batch=batch)
        import_steps.import_work(job_id=old.id)
        imports.import_run_start(actor=actor, batch=batch)
        Job.objects.filter(id=old.id).update(state="running")
        old.refresh_from_db()
        jobs.fail(old, "late")
        batch.refresh_from_db()
        assert batch.state == "running"


def test_the_rows_are_counted_by_the_job_and_not_by_the_request(bank: Lender, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*args: Any) -> Any:
        raise AssertionError("the request reads the file")

    with bank.open():
        actor = bank.actor("admin")
        batch = uploaded(actor, 12)
        with monkeypatch.context() as request:
            request.setattr(import_steps, "open_file", never)
            job = imports.import_run_start(actor=actor, batch=batch)
        assert job.total == 0
        import_steps.import_work(job_id=job.id)
        job.refresh_from_db()
        assert (job.total, job.done) == (12, 12)


def test_the_lease_is_renewed_while_rows_are_skipped(bank: Lender, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_steps, "RENEW_SECONDS", -1.0)
    renewed: list[int] = []
    real = jobs.advance

    def counted(job: Job, **options: Any) -> None:
        renewed.append(options["done"])
        real(job, **options)

    with bank.open():
        actor = bank.actor("admin")
        batch = uploaded(actor, 9)
        job = imports.import_check_start(actor=actor, batch=batch)
        ImportBatch.objects.filter(id=batch.id).update(cursor=8, total=9)
        monkeypatch.setattr(jobs, "advance", counted)
        import_steps.import_work(job_id=job.id)
        assert len(renewed) >= 9
