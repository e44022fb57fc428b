"""Rows of a backup of the archive that an act took away since, so that they are not lost."""

from collections.abc import Sequence
from uuid import UUID

from carloan.compliance.unit_parts import Row
from carloan.core.models import AuditEvent


def ended_roles(rows: Sequence[Row]) -> set[str]:
    """Who was taken out of the loan since: the trail knows, and their former role stands in a row of its own."""
    ids = [UUID(row["id"]) for row in rows]
    ended = AuditEvent.objects.filter(action="loans.loan_party.ended", object_id__in=ids)
    return {str(each) for each in ended.values_list("object_id", flat=True)}


def every_one(rows: Sequence[Row]) -> set[str]:
    return {row["id"] for row in rows}
