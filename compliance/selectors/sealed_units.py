"""Reads of what is sealed apart: which units are to be, which are to be joined again, and how one stands."""

from collections.abc import Iterable
from typing import Any, Final
from uuid import UUID

from django.db import connection
from django.utils import timezone

from carloan.compliance.holds import holdable, is_holdable
from carloan.compliance.models import SealedUnit
from carloan.compliance.policies.retention import Phase
from carloan.compliance.retention import classes_of
from carloan.compliance.selectors.retention import standing_of
from carloan.core.actors import Actor
from carloan.core.errors import NotFound
from carloan.core.keys import Subject
from carloan.core.tenancy import current_tenant_id

# Every record of a unit is past its archive, and one at least is not past its time.
_TO_SEAL: Final = """
SELECT r.object_id FROM compliance_retentionrecord r
WHERE r.tenant_id = %(tenant)s AND r.record_class = ANY (%(classes)s) AND r.object_id > %(after)s
GROUP BY r.object_id
HAVING bool_and(r.phase IN ('sealed', 'due')) AND bool_or(r.phase = 'sealed')
    AND bool_or(r.record_class = ANY (%(anchors)s)) AND NOT EXISTS (
        SELECT 1 FROM compliance_sealedunit s WHERE s.tenant_id = %(tenant)s AND s.unit = %(unit)s
            AND s.object_id = r.object_id AND s.ended_at IS NULL)
ORDER BY r.object_id LIMIT %(most)s
"""
_TO_JOIN: Final = """
SELECT s.object_id, bool_and(r.phase = 'destroyed') FROM compliance_sealedunit s
JOIN compliance_retentionrecord r ON r.tenant_id = s.tenant_id AND r.record_class = ANY (%(classes)s)
    AND r.object_id = s.object_id
WHERE s.tenant_id = %(tenant)s AND s.unit = %(unit)s AND s.ended_at IS NULL AND s.object_id > %(after)s
GROUP BY s.object_id HAVING bool_or(r.phase NOT IN ('sealed', 'due')) ORDER BY s.object_id LIMIT %(most)s
"""


def to_seal(unit: str, after: UUID | None, most: int) -> tuple[list[UUID], UUID | None]:
    """The next units whose records are all past their archive, counted anew at this moment, and where to go on."""
    ids = [each for (each,) in _asked(_TO_SEAL, unit, after, most)]
    found = standing_of(unit, ids)
    return [each for each in ids if is_past_archive({one.phase for one in found[each]})], _rest(ids, most)


def to_join(unit: str, after: UUID | None, most: int) -> tuple[list[UUID], UUID | None]:
    """The next units that are sealed apart and in use again, or destroyed, and where to go on."""
    rows = _asked(_TO_JOIN, unit, after, most)
    ids = [each for each, _gone in rows]
    found = standing_of(unit, ids)
    ending = [each for each, gone in rows if gone or not is_past_archive({one.phase for one in found[each]})]
    return ending, _rest(ids, most)


def is_past_archive(phases: set[str]) -> bool:
    """Whether records in these phases are all sealed apart or to be appraised; a unit without any is alive."""
    return bool(phases) and phases <= {Phase.SEALED, Phase.DUE}


def sealed_among(subjects: Iterable[Subject]) -> list[SealedUnit]:
    """Which of these are sealed apart."""
    wanted = {subject.id: subject.kind for subject in subjects}
    rows = SealedUnit.objects.filter(object_id__in=list(wanted), ended_at=None)
    return [row for row in rows if wanted[row.object_id] == row.unit]


def sealed_unit(unit: str, object_id: UUID) -> SealedUnit | None:
    """How a unit is sealed apart; None when it is not."""
    return SealedUnit.objects.filter(unit=unit, object_id=object_id, ended_at=None).first()


def get_sealed_for(actor: Actor, sealed_id: UUID) -> SealedUnit:
    """How a thing is sealed apart that the actor sees. Raises NotFound, also for what is sealed no more."""
    row = SealedUnit.objects.filter(id=sealed_id, ended_at=None).first()
    if row is None or not is_holdable(row.unit) or not holdable(row.unit).sees(actor, row.object_id):
        raise NotFound
    return row


def is_open(row: SealedUnit) -> bool:
    """Whether two people hold it open at this moment."""
    return row.opened_until is not None and row.opened_until > timezone.now()


def _asked(statement: str, unit: str, after: UUID | None, most: int) -> list[Any]:
    classes = classes_of(unit)
    with connection.cursor() as cursor:
        cursor.execute(
            statement,
            {
                "tenant": current_tenant_id(),
                "unit": unit,
                "classes": [each.code for each in classes],
                "anchors": [each.code for each in classes if each.anchor],
                "after": str(after or UUID(int=0)),
                "most": most,
            },
        )
        return list(cursor.fetchall())


def _rest(ids: list[UUID], most: int) -> UUID | None:
    return ids[-1] if len(ids) == most else None
