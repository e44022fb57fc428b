"""`script/manage restore_unit SLUG KIND NUMBER`: bring one loan or person back from a backup of the archive."""

import time
from argparse import ArgumentParser
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError

from carloan.compliance import unit_parts
from carloan.compliance.holds import holdable
from carloan.compliance.models import ArchiveBackup
from carloan.compliance.names import id_by_number
from carloan.compliance.selectors.archive_backups import backups_that_stand
from carloan.compliance.services.unit_restoring import Found, restore_begin, restore_work, unit_look
from carloan.core.actors import Actor
from carloan.core.errors import AppError, NotFound
from carloan.core.models import Job, Tenant
from carloan.core.tenancy import tenant_atomic, tenant_scope


class Command(BaseCommand):
    help = "Brings back what was lost of one unit, from the newest backup that has it; what is there stays as it is."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug")
        parser.add_argument("kind", choices=unit_parts.units())
        parser.add_argument("number", help="the contract number, or the id as the trail shows it")
        parser.add_argument("--quarter", default="", help="of the backup, as 2026Q4; without it the newest that has it")
        parser.add_argument("--reason", default="", help="stands in the trail; needed without --dry-run")
        parser.add_argument("--dry-run", action="store_true", help="only say what would come back")

    def handle(self, *args: Any, slug: str, kind: str, number: str, **options: Any) -> None:
        tenant = Tenant.objects.filter(slug=slug).first()
        if tenant is None:
            raise CommandError(f"There is no lender {slug}.")
        if not options["dry_run"] and not options["reason"].strip():
            raise CommandError("Say why with --reason, or look first with --dry-run.")
        with tenant_scope(tenant.id):
            try:
                self._restore(Actor.system(tenant.id, "platform"), kind, number, **options)
            except AppError as error:
                raise CommandError(str(error.message)) from error

    def _restore(
        self, actor: Actor, unit: str, number: str, *, quarter: str, reason: str, dry_run: bool, **options: Any
    ) -> None:
        unit_id = _id_of(actor, unit, number)
        backup, found = _newest_with(unit, unit_id, quarter)
        for part in (*found.rows, found.files):
            self.stdout.write(
                f"{part.label}: {part.back} to come back, {part.same} unchanged, {part.changed} changed since,"
                f" {part.ended} ended since"
            )
        if dry_run or not found.missing:
            self.stdout.write(f"{backup.quarter}: {found.missing} missing, nothing was changed.")
            return
        with tenant_atomic():
            job = restore_begin(actor=actor, backup=backup, unit=unit, unit_id=unit_id, reason=reason)
        while job.state in (Job.State.WAITING, Job.State.RUNNING):
            restore_work(job_id=job.id)
            with tenant_atomic():
                job = Job.objects.get(id=job.id)
            if job.state == Job.State.RUNNING:
                time.sleep(1)  # a worker has it
        if job.state == Job.State.FAILED:
            raise CommandError(job.error_shown)
        self.stdout.write(f"{backup.quarter}: {job.result['rows']} rows and {job.result['files']} files came back.")


def _id_of(actor: Actor, unit: str, number: str) -> UUID:
    try:
        return UUID(number)
    except ValueError:
        with tenant_atomic():
            unit_id = id_by_number(actor, holdable(unit).object_type, number)
    if unit_id is None:
        raise CommandError(f"There is no {unit} {number}; where its row is lost, give its id.")
    return unit_id


def _newest_with(unit: str, unit_id: UUID, quarter: str) -> tuple[ArchiveBackup, Found]:
    """The newest standing backup that has the unit, and what of it is missing."""
    with tenant_atomic():
        standing = [each for each in backups_that_stand() if quarter in ("", each.quarter)]
    for backup in standing:
        try:
            return backup, unit_look(backup=backup, unit=unit, unit_id=unit_id)
        except NotFound:
            continue
    raise CommandError("No standing backup has it: it was not archived when they were made, or there is none.")
