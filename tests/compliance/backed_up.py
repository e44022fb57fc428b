"""Backups of the archive for the tests: a place of their own, loans in the archive, and the worker's turns."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from carloan.compliance.models import ArchiveBackup
from carloan.compliance.services.archive_backups import backup_begin, backup_work
from carloan.core.jobs import LEASE
from carloan.core.models import Job
from carloan.core.tenancy import tenant_scope
from carloan.loans.models import Loan
from tests.archives.conftest import received
from tests.cast import Lender
from tests.compliance.retained import ended_loan, published, sweep
from tests.loans.book import person
from tests.tenancy.routes import BLANK_PAGE


def shelf_at(place: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the backups of a test lie, also for processes that it starts."""
    monkeypatch.setenv("CARLOAN_ARCHIVE_BACKUPS", str(place))
    backend = {"BACKEND": "carloan.core.vault.SealedFolder", "OPTIONS": {"location": place}}
    settings.STORAGES = {**settings.STORAGES, "archive_backups": backend}
    return place


def archived(lender: Lender, count: int, *, first: int = 1) -> list[Loan]:
    """Loans in the archive, each with a paper. Call it inside lender.open()."""
    published(lender)
    loans = []
    for serial in range(first, first + count):
        loan = ended_loan(lender, serial, date(2024, 5, 1), people=[person(serial)])
        received(lender, BLANK_PAGE + str(serial).encode(), loan=loan)
        loans.append(loan)
    sweep(lender)
    return loans


def work(lender: Lender, backup: ArchiveBackup) -> ArchiveBackup:
    """Turns of the worker until it is over; a lease that a dead one left has ended."""
    with tenant_scope(lender.tenant.id):
        with lender.open():
            Job.objects.filter(id=backup.job_id, state="running").update(lease_until=timezone.now() - LEASE)
        backup_work(job_id=backup.job_id)
        with lender.open():
            return ArchiveBackup.objects.select_related("job").get(id=backup.id)


def begun(lender: Lender, **more: Any) -> ArchiveBackup:
    return backup_begin(actor=lender.actor("compliance"), **more)
