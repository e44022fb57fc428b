"""Reads of the quarterly backups: what is to be backed up, which backups stand, whether one is late."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from django.db.models import QuerySet
from django.db.models.expressions import RawSQL
from django.utils import timezone

from carloan.compliance import unit_parts
from carloan.compliance.models import ArchiveBackup, RetentionRecord
from carloan.compliance.policies.archive_backups import is_late, quarter_of
from carloan.compliance.policies.retention import Phase
from carloan.compliance.retention import classes_of
from carloan.compliance.selectors.retention import VIEW
from carloan.core.actors import Actor
from carloan.core.errors import NotFound
from carloan.core.models import Job

State = ArchiveBackup.State
# Jobs that bring one unit back from a backup, and the openings by which two people let them.
RESTORE: Final = "compliance.unit_restore"
# What waits for its appraisal is still kept: lost before it, it would be destroyed without a list.
KEPT: Final = (Phase.ARCHIVE, Phase.SEALED, Phase.DUE)
MOST_SHOWN: Final = 24
# One that was begun so lately is not late yet: it takes its time.
_UNDER_WAY: Final = timedelta(days=2)


def archived(unit: str) -> QuerySet[RetentionRecord]:
    """The records that say which units are past their active year."""
    anchors = [each.code for each in classes_of(unit) if each.anchor]
    return RetentionRecord.objects.filter(record_class__in=anchors, phase__in=KEPT)


def archived_ids(unit: str, after: UUID | None, most: int) -> list[UUID]:
    """The next archived units behind `after`, by id."""
    rows = archived(unit).filter(object_id__gt=after) if after else archived(unit)
    return list(rows.order_by("object_id").values_list("object_id", flat=True).distinct()[:most])


def archived_count() -> int:
    return sum(archived(unit).count() for unit in unit_parts.units())


def rows_told(unit: str, ids: list[UUID]) -> dict[UUID, list[str]]:
    """What the database holds of each unit, a line of JSON a row: the label of its model and the row as it stands,
    sealed columns sealed."""
    lines: dict[UUID, list[str]] = {each: [] for each in ids}
    for part in unit_parts.rows_of_unit(unit):
        meta = part.model._meta
        rows = part.model.objects.filter(**{f"{part.by}__in": ids}, **part.only).order_by("pk")
        told = RawSQL(f'to_jsonb("{meta.db_table}")', [])  # noqa: S611  the name of a table of ours
        for unit_id, text in rows.annotate(told=told).values_list(part.by, "told"):
            lines[unit_id].append(f'["{meta.label_lower}",{text}]')
    return lines


def backups_for(actor: Actor) -> list[ArchiveBackup]:
    """The newest first, with their jobs."""
    actor.require(VIEW)
    return list(ArchiveBackup.objects.select_related("job").order_by("-id")[:MOST_SHOWN])


def backups_that_stand() -> list[ArchiveBackup]:
    """Those whose files lie there and that passed their test, the newest first: what a destroyed unit may still be in,
    as ciphertext whose key is gone."""
    return list(ArchiveBackup.objects.filter(state=State.PASSED, removed_at=None).order_by("-id"))


def backup_asked(asked: Mapping[str, Any]) -> ArchiveBackup:
    """The standing backup that a question or a job names by `backup`. Raises NotFound once its files are removed."""
    wanted = UUID(asked["backup"])
    for backup in backups_that_stand():
        if backup.id == wanted:
            return backup
    raise NotFound


def last_return(backup: ArchiveBackup, unit: str, unit_id: UUID) -> Job | None:
    """The newest job that brought, or brings, a unit back from a backup."""
    asked = {"params__backup": str(backup.id), "params__unit": unit, "params__id": str(unit_id)}
    return Job.objects.filter(kind=RESTORE, **asked).order_by("-id").first()


def kept_until() -> date | None:
    """The last day on which one of them lies there; None where none stands."""
    return max((each.expires_on for each in backups_that_stand()), default=None)


def standing_in(quarter: str) -> ArchiveBackup | None:
    """The backup of a quarter that has not failed."""
    return ArchiveBackup.objects.filter(quarter=quarter).exclude(state=State.FAILED).first()


@dataclass(frozen=True, slots=True)
class Late:
    """Why people must look: no backup of the quarter passed in time, or the last one failed or missed files."""

    overdue: bool
    failed: bool
    missing: int

    def __bool__(self) -> bool:
        return self.overdue or self.failed or bool(self.missing)


def late(today: date) -> Late:
    """How the backups of the open lender stand; nothing is late where nothing is archived."""
    if not any(archived(unit).exists() for unit in unit_parts.units()):
        return Late(overdue=False, failed=False, missing=0)
    last = ArchiveBackup.objects.order_by("-id").first()
    current = standing_in(quarter_of(today))
    passed = current is not None and current.state == State.PASSED
    under_way = current is not None and timezone.now() - current.begun_at < _UNDER_WAY
    return Late(
        overdue=is_late(today) and not passed and not under_way,
        failed=last is not None and last.state == State.FAILED,
        missing=last.missing if last is not None and last.state == State.PASSED else 0,
    )
