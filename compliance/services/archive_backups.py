"""The quarterly backup of the archive: begun once a quarter, worked on in turns by a job, tested, kept, removed.

Killed anywhere, the next worker goes on behind the last segment whose row is committed; a full place or one that is
away ends the turn, the job's lease brings it back, and after its tries the backup has failed and is begun anew by the
next night's care.
"""

import logging
import time
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.db import IntegrityError
from django.db.models import Max, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from carloan.compliance.models import ArchiveBackup, ArchiveSegment
from carloan.compliance.policies.archive_backups import MOVES, last_day_kept, quarter_of
from carloan.compliance.selectors.archive_backups import archived_count, backups_that_stand, late, standing_in
from carloan.compliance.selectors.retention import policy_in_force
from carloan.compliance.services.archive_reading import manifest_stands
from carloan.compliance.services.archive_testing import segment_test
from carloan.compliance.services.archive_writing import files_remove, manifest_write, require_place, segment_write
from carloan.compliance.services.retention import MANAGE
from carloan.core import audit, jobs
from carloan.core.actors import Actor
from carloan.core.alarms import ARCHIVE_BACKUP, end_alarm, raise_alarm
from carloan.core.errors import Conflict, Invalid, Unavailable
from carloan.core.ids import uuid7
from carloan.core.keys import past_the_seal
from carloan.core.models import Job
from carloan.core.moves import step
from carloan.core.tenancy import current_tenant_id, tenant_atomic

logger = logging.getLogger(__name__)
KIND: Final = "compliance.archive_backup"
State = ArchiveBackup.State
# A task must be far shorter than the broker's patience: then the next one goes on.
STEP_SECONDS: Final = 20.0
_BEAT_SECONDS: Final = 10.0
_SUMS: Final = ("units", "items", "size", "gone", "missing")


def backup_begin(*, actor: Actor, today: date | None = None) -> ArchiveBackup:
    """Begin the backup of the quarter of a day, this one's by default. Needs `retention.manage`.

    Raises Conflict when the quarter has one that has not failed, Invalid when nothing is archived.
    """
    actor.require(MANAGE)
    today = today or timezone.localdate()
    quarter, backup_id = quarter_of(today), uuid7()
    with tenant_atomic():
        if standing_in(quarter) is not None:
            raise Conflict(_("This quarter has its backup already."))
        policy, units = policy_in_force(today), archived_count()
        if policy is None or not units:
            raise Invalid(_("Nothing is archived yet, so there is nothing to back up."))
        event_id = audit.record(
            actor=actor,
            action="compliance.archive_backup.begun",
            object_type="compliance.archivebackup",
            object_id=backup_id,
            after={"quarter": quarter, "units": units},
        )
        # Each unit is written, then tested.
        job = jobs.start(actor=actor, kind=KIND, total=2 * units)
        try:
            backup = ArchiveBackup.objects.create(
                id=backup_id,
                quarter=quarter,
                job=job,
                begun_by_id=actor.membership_id,
                policy_version=policy.version,
                expires_on=last_day_kept(quarter),
                audit_event_id=event_id,
            )
        except IntegrityError as error:
            raise Conflict(_("This quarter has its backup already.")) from error
        _send(job)
    return backup


@past_the_seal()
def backup_work(*, job_id: UUID) -> None:
    """Go on with a backup for some seconds and hand over, or end it."""
    job = jobs.claim(job_id)
    if job is None:
        return
    with tenant_atomic():
        backup = ArchiveBackup.objects.get(job_id=job_id)
    began = time.monotonic()
    try:
        while _goes_on(job, backup):
            if time.monotonic() - began > STEP_SECONDS:
                with tenant_atomic():
                    jobs.hand_over(job)
                    _send(job)
                return
    except Unavailable as error:
        # The lease ends soon and brings it back; the page says what stands in the way after the last try.
        logger.warning("the backup of the archive %s waits: %s", backup.quarter, error.error_code)


def backup_care(*, actor: Actor, today: date | None = None) -> None:
    """Each night: remove what is over, begin what is due, and let the alarm say how it stands. For the installation."""
    actor.require_installation()
    today = today or timezone.localdate()
    for backup in _over(today):
        _remove(actor, backup)
    with tenant_atomic():
        due = standing_in(quarter_of(today)) is None and policy_in_force(today) is not None and archived_count() > 0
    if due:
        backup_begin(actor=actor, today=today)
    _tell_alarm(today)


def backup_failed(job: Job) -> None:
    """The job failed: so has its backup, in the same transaction."""
    backup = ArchiveBackup.objects.filter(job=job, ended_at=None).first()
    if backup is not None:
        _end(backup, "fail", "compliance.archive_backup.failed")
        raise_alarm(ARCHIVE_BACKUP, current_tenant_id())


def _goes_on(job: Job, backup: ArchiveBackup) -> bool:
    """One segment, the manifest, or the end of the test; whether something is left."""
    if backup.state == State.WRITING:
        if not _written(job, backup):
            _close(backup)
        return True
    with tenant_atomic():
        segment = ArchiveSegment.objects.filter(backup=backup, checked_at=None).order_by("place").first()
    if segment is None:
        _judge(job, backup)
        return False
    _test(job, backup, segment)
    return True


def _written(job: Job, backup: ArchiveBackup) -> bool:
    """Write one segment; whether there was something to write."""
    with tenant_atomic():
        last = ArchiveSegment.objects.filter(backup=backup).order_by("-place").first()
        stand = backups_that_stand()
    if last is None:
        require_place(stand[0] if stand else None)
    row = segment_write(backup=backup, last=last, beat=_Beat(job))
    if row is None:
        return False
    with tenant_atomic():
        # First: who lost the lease meanwhile commits nothing.
        done = job.done + row.units + row.gone
        jobs.advance(job, done=done, total=max(job.total, done))
        row.save(force_insert=True)
    return True


def _close(backup: ArchiveBackup) -> None:
    with tenant_atomic():
        segments = list(ArchiveSegment.objects.filter(backup=backup).order_by("place"))
    root, digest = manifest_write(backup, segments)
    sums = {name: sum(getattr(each, name) for each in segments) for name in _SUMS}
    with tenant_atomic():
        event_id = audit.record(
            actor=_system(),
            action="compliance.archive_backup.written",
            object_type="compliance.archivebackup",
            object_id=backup.id,
            after={"quarter": backup.quarter, **sums},
            count=sums["items"],
            digest=root,
        )
        step(backup, MOVES, "close", audit_event_id=event_id, root=root, manifest_digest=digest, **sums)


def _test(job: Job, backup: ArchiveBackup, segment: ArchiveSegment) -> None:
    found = segment_test(backup, segment)
    with tenant_atomic():
        done = job.done + segment.units + segment.gone
        jobs.advance(job, done=done, total=max(job.total, done))
        ArchiveSegment.objects.filter(id=segment.id).update(
            checked_at=timezone.now(), opened=found.opened, faults=found.faults
        )


def _judge(job: Job, backup: ArchiveBackup) -> None:
    """End the test: passed when every checksum held and everything that was opened could be read."""
    whole = manifest_stands(backup)
    with tenant_atomic():
        sums = ArchiveSegment.objects.filter(backup=backup).aggregate(
            checked=Sum("items"), opened=Sum("opened"), faults=Sum("faults"), segments=Max("place")
        )
        faults = (sums["faults"] or 0) + (not whole)
        found = {"checked": sums["checked"] or 0, "opened": sums["opened"] or 0, "faults": faults}
        event, action = ("fail", "failed") if faults else ("pass", "passed")
        _end(backup, event, f"compliance.archive_backup.{action}", **found)
        jobs.finish(job, {"backup": str(backup.id), **found})
    _tell_alarm(timezone.localdate())


def _end(backup: ArchiveBackup, event: str, action: str, **found: Any) -> None:
    event_id = audit.record(
        actor=_system(),
        action=action,
        object_type="compliance.archivebackup",
        object_id=backup.id,
        after={"quarter": backup.quarter, **found},
        count=found.get("checked"),
        digest=backup.root or None,
    )
    step(backup, MOVES, event, audit_event_id=event_id, ended_at=timezone.now(), **found)


def _over(today: date) -> list[ArchiveBackup]:
    """Whose files go: of failed ones without a manifest at once, of others once a later one has passed its test, and
    of one that passed not before its day."""
    with tenant_atomic():
        stand = backups_that_stand()
        there = list(ArchiveBackup.objects.filter(removed_at=None, ended_at__isnull=False).order_by("id"))
    followed = [each for each in there if stand and each.id < stand[0].id]
    return [
        each
        for each in there
        if (each.state == State.FAILED and (each in followed or not each.manifest_digest))
        or (each.state == State.PASSED and each in followed and each.expires_on < today)
    ]


def _remove(actor: Actor, backup: ArchiveBackup) -> None:
    with tenant_atomic():
        written = ArchiveSegment.objects.filter(backup=backup).aggregate(Max("place"))["place__max"] or 0
    try:
        # One more: a run that died may have left a segment that no row names.
        files_remove(backup, range(1, written + 2))
    except Unavailable as error:
        logger.warning("files of the backup %s stay: %s", backup.quarter, error.error_code)
        return
    with tenant_atomic():
        event_id = audit.record(
            actor=actor,
            action="compliance.archive_backup.removed",
            object_type="compliance.archivebackup",
            object_id=backup.id,
            after={"quarter": backup.quarter},
        )
        ArchiveBackup.objects.filter(id=backup.id).update(removed_at=timezone.now(), audit_event_id=event_id)


def _tell_alarm(today: date) -> None:
    with tenant_atomic():
        tenant_id, found = current_tenant_id(), late(today)
    if found:
        raise_alarm(ARCHIVE_BACKUP, tenant_id)
    else:
        end_alarm(ARCHIVE_BACKUP, tenant_id)


class _Beat:
    """Prolongs the lease while a long segment is written."""

    def __init__(self, job: Job) -> None:
        self._job, self._next = job, time.monotonic() + _BEAT_SECONDS

    def __call__(self) -> None:
        if time.monotonic() >= self._next:
            jobs.advance(self._job, done=self._job.done)
            self._next = time.monotonic() + _BEAT_SECONDS


def _system() -> Actor:
    with tenant_atomic():
        return Actor.system(current_tenant_id(), "worker")


def _send(job: Job) -> None:
    from carloan.compliance.tasks import work_on_archive_backup  # noqa: PLC0415  the pair of task and service

    work_on_archive_backup.send(job_id=str(job.id))
