"""One unit back from a backup of the archive: what was lost of it comes back, what lives is left as it is.

A dry run does what the restore does and takes it back, so that both say the same. An event tells who wants it and why
before the first byte; then files come, each whole on the disk before the next, and behind them the rows that name them
in one transaction with the event that tells the end. Killed anywhere, the next run brings what is still missing.
What was destroyed on purpose comes back for nobody: its key is gone, and where an older key store still has it, the
list of destroyed keys refuses.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder
from django.db import DataError, IntegrityError, connection
from django.utils.translation import gettext_lazy as _

from carloan.compliance import unit_parts
from carloan.compliance.archive_format import Entry
from carloan.compliance.holds import holdable
from carloan.compliance.models import ArchiveBackup, Opening
from carloan.compliance.selectors.archive_backups import RESTORE, backup_asked
from carloan.compliance.services.archive_reading import UnitCopy, unit_copy
from carloan.compliance.services.openings import opening_ask
from carloan.core import audit, destroyed, jobs, vault
from carloan.core.actors import Actor
from carloan.core.errors import AppError, Conflict, Unavailable
from carloan.core.keys import KeyDestroyed, KeyMissing, Subject, Tampered, is_destroyed, past_the_seal
from carloan.core.models import Job
from carloan.core.tenancy import current_tenant_id, tenant_atomic


class DestroyedForGood(Conflict):
    """The unit's key was destroyed, or stands in the list of those that were."""

    code = "destroyed_for_good"
    audited = True
    default = _(
        "This was destroyed on purpose and stands in the list of destroyed keys. No backup brings it back: what lies "
        "there of it opens for nobody any more."
    )


class KeyLost(Conflict):
    """The key store does not know the unit's key, or has one that does not open its backup."""

    code = "key_lost"
    default = _(
        "The key store has no key that opens this part of the backup. Have the key store brought back first; then "
        "try again."
    )


class DoesNotFit(Conflict):
    """The database refuses the rows: what they point at is not there, or money would not add up."""

    code = "does_not_fit"
    default = _(
        "The database does not take these rows back, because what they belong to is lost as well. Bring that back "
        "first (its people, its loan), or the whole database from its own backup."
    )


@dataclass(frozen=True, slots=True)
class Part:
    """The rows of one kind, or the files: how many come back, stand as they were, live changed since, and were taken
    away by an act since."""

    label: Any
    back: int
    same: int
    changed: int
    ended: int


@dataclass(frozen=True, slots=True)
class Found:
    """What a backup has of a unit, held against what is there; `lost` are the files that come back and where each
    begins."""

    rows: Sequence[Part]
    files: Part
    lost: Sequence[tuple[Entry, int]]

    @property
    def rows_back(self) -> int:
        return sum(each.back for each in self.rows)

    @property
    def missing(self) -> int:
        """How many rows and files come back."""
        return self.rows_back + self.files.back


class _Undone(Exception):
    """Takes a dry run back."""


def unit_look(*, backup: ArchiveBackup, unit: str, unit_id: UUID) -> Found:
    """A dry run: what would come back. Nothing stays written, and nothing of the unit is told but numbers.

    Raises NotFound for a unit that is not in the backup, DestroyedForGood, KeyLost, BackupBroken, DoesNotFit, and
    Unavailable when the place of the backups does not answer.
    """
    with _copy_of(backup, unit, unit_id) as copy:
        return _look(copy, unit, unit_id)


def restore_ask(
    *, actor: Actor, backup: ArchiveBackup, unit: str, unit_id: UUID, reason_code: str, reason: str = ""
) -> Opening:
    """Ask a second person to let a unit come back. Raises Forbidden without the right, Invalid when nothing of it is
    missing or without a reason, and what unit_look() raises."""
    asked = {"backup": str(backup.id), "unit": unit, "id": str(unit_id)}
    return opening_ask(actor=actor, kind=RESTORE, asked=asked, reason_code=reason_code, reason=reason)


def restore_begin(*, actor: Actor, backup: ArchiveBackup, unit: str, unit_id: UUID, reason: str = "") -> Job:
    """Begin the job that brings a unit back: for who asked, behind the step of an opening that a second person
    approved and that tells why, or for whoever runs the installation, with a `reason`."""
    params = {"backup": str(backup.id), "unit": unit, "id": str(unit_id)}
    with tenant_atomic():
        _record(actor, "restore_begun", backup, unit, unit_id, reason=reason)
        job = jobs.start(actor=actor, kind=RESTORE, params=params)
        _send(job)
    return job


def restore_work(*, job_id: UUID) -> None:
    """Bring the unit of a job back, as far as it is missing, and end the job."""
    job = jobs.claim(job_id)
    if job is None:
        return
    unit, unit_id = job.params["unit"], UUID(job.params["id"])
    try:
        with tenant_atomic():
            backup = backup_asked(job.params)
        with _copy_of(backup, unit, unit_id) as copy:
            found = _look(copy, unit, unit_id)
            for done, (entry, at) in enumerate(found.lost, start=1):
                vault.bring_back(entry.part, copy.pieces(entry, at))
                jobs.advance(job, done=done, total=len(found.lost) + 1)
            _finish(job, backup, copy, found)
    except Unavailable:
        return  # its lease ends soon and brings it back
    except AppError as error:
        jobs.fail(job, error.message)


def _finish(job: Job, backup: ArchiveBackup, copy: UnitCopy, looked: Found) -> None:
    unit, unit_id = job.params["unit"], UUID(job.params["id"])
    with tenant_atomic():
        jobs.advance(job, done=len(looked.lost) + 1, total=len(looked.lost) + 1)
        # Somebody may have destroyed it since the look.
        if is_destroyed(Subject(unit, unit_id)):
            raise DestroyedForGood
        rows = sum(each.back for each in _rows_back(copy, unit))
        _record(
            Actor.system(current_tenant_id(), "worker"), "restored", backup, unit, unit_id,
            rows=rows, files=looked.files.back,
        )  # fmt: skip
        unit_parts.find_again(unit, unit_id)
        jobs.finish(job, {"rows": rows, "files": looked.files.back})


@contextmanager
def _copy_of(backup: ArchiveBackup, unit: str, unit_id: UUID) -> Iterator[UnitCopy]:
    """The unit's part of a backup, once it is sure that nobody destroyed it on purpose. What is sealed apart is read
    too: nothing of it is shown."""
    with tenant_atomic():
        tenant_id = current_tenant_id()
    if any(each.id == unit_id and each.kind == unit for each in destroyed.listed(tenant_id)):
        raise DestroyedForGood
    try:
        with past_the_seal(), unit_copy(backup, unit, unit_id) as copy:
            yield copy
    except KeyDestroyed as error:
        raise DestroyedForGood from error
    except (KeyMissing, Tampered) as error:
        raise KeyLost from error


def _look(copy: UnitCopy, unit: str, unit_id: UUID) -> Found:
    files = unit_parts.files_of_unit(unit)
    try:
        with tenant_atomic():
            rows = _rows_back(copy, unit)
            named = set(files.names([unit_id]).get(unit_id, ())) if files else set()
            raise _Undone
    except _Undone:
        return _with_files(copy, rows, named)


def _with_files(copy: UnitCopy, rows: Sequence[Part], named: set[str]) -> Found:
    """Of the files those that a row names, rows that come back among them. A file is never written over."""
    lost: list[tuple[Entry, int]] = []
    same = changed = ended = 0
    for entry, at in copy.files:
        if entry.part not in named:
            ended += 1
        elif (there := vault.digest_of(entry.part)) is None:
            lost.append((entry, at))
        elif there == entry.sha256:
            same += 1
        else:
            changed += 1
    return Found(rows, Part(_("Files of papers"), len(lost), same, changed, ended), lost)


def _rows_back(copy: UnitCopy, unit: str) -> list[Part]:
    """Insert the rows that are not there, kind by kind. Raises DoesNotFit."""
    told: dict[str, dict[str, Mapping[str, Any]]] = {}
    for line in copy.rows:
        label, row = json.loads(line)
        # The text goes back to the database: what Python makes of numbers need not be what stood there.
        told.setdefault(label, {})[line[len(label) + 4 : -1]] = row
    try:
        with tenant_atomic():
            found = [
                _kind_back(part, told[part.model._meta.label_lower])
                for part in unit_parts.rows_of_unit(unit)
                if part.model._meta.label_lower in told
            ]
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            return found
    except (IntegrityError, DataError) as error:
        raise DoesNotFit from error


# Rows as a backup tells them, beside today's.
_STANDING: Final = """
SELECT count(*) FILTER (WHERE to_jsonb(t) @> x)
FROM jsonb_array_elements(%(rows)s::jsonb) j (x), jsonb_populate_record(NULL::{table}, x) r, {table} t WHERE {same}
"""
# `later` is what columns begin with that came after the backup.
_BACK: Final = """
INSERT INTO {table} ({columns})
SELECT {values} FROM jsonb_array_elements(%(rows)s::jsonb) j (x),
    jsonb_populate_record(NULL::{table}, %(later)s::jsonb || x) r
ON CONFLICT DO NOTHING
"""


def _kind_back(part: unit_parts.UnitRows, rows: Mapping[str, Mapping[str, Any]]) -> Part:
    """`rows` by their text."""
    meta, quote = part.model._meta, connection.ops.quote_name
    ended = set(part.ended(list(rows.values())))
    wanted = [text for text, row in rows.items() if row.get("id") not in ended]
    told = next(iter(rows.values())).keys()
    later = {
        each.column: each.get_default()
        for each in meta.concrete_fields
        if each.column not in told and each.has_default()
    }
    columns = [quote(each.column) for each in meta.concrete_fields if each.column in told or each.column in later]
    key = {"tenant_id", *(each.column for each in meta.pk_fields)}
    names = {
        "table": quote(meta.db_table),
        "columns": ", ".join(columns),
        "values": ", ".join(f"r.{name}" for name in columns),
        "same": " AND ".join(f"t.{quote(name)} = r.{quote(name)}" for name in sorted(key)),
    }
    given = {"rows": f"[{','.join(wanted)}]", "later": json.dumps(later, cls=DjangoJSONEncoder)}
    with connection.cursor() as cursor:
        cursor.execute(_STANDING.format(**names), given)
        (same,) = cursor.fetchone()
        cursor.execute(_BACK.format(**names), given)
        back = cursor.rowcount
    # What neither stood there as it was nor came back lives: changed since, or as another row in its place.
    return Part(part.label, back, same, len(wanted) - same - back, len(rows) - len(wanted))


def _record(
    actor: Actor, act: str, backup: ArchiveBackup, unit: str, unit_id: UUID, *, reason: str = "", **numbers: int
) -> None:
    audit.record(
        actor=actor,
        action=f"compliance.archive_backup.{act}",
        object_type=holdable(unit).object_type,
        object_id=unit_id,
        after={"backup": str(backup.id), **numbers},
        count=sum(numbers.values()),
        digest=backup.root,
        reason=reason,
    )


def _send(job: Job) -> None:
    from carloan.compliance.tasks import work_on_unit_restore  # noqa: PLC0415  the pair of task and service

    work_on_unit_restore.send(job_id=str(job.id))
