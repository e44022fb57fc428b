"""Anomalies as the sweep keeps them, without a day's work before them."""

from collections.abc import Sequence
from uuid import UUID

from django.utils import timezone

from carloan.compliance.models import Anomaly
from carloan.core import audit
from carloan.core.ids import uuid7
from tests.cast import Lender


def make_anomaly(lender: Lender, actor_id: UUID, *, events: Sequence[UUID] = ()) -> Anomaly:
    """Somebody's day with many looks. Call it inside lender.open()."""
    row = Anomaly(
        id=uuid7(), kind="mass_viewing", rule_version=0, limits={"objects": 200}, actor_kind="person",
        actor_id=actor_id, day=timezone.localdate(), numbers={"objects": 201, "looks": 250},
        events=[str(event) for event in events], found_at=timezone.now(),
    )  # fmt: skip
    row.audit_event_id = audit.record(
        actor=lender.system, action="compliance.anomaly.found", object_type="compliance.anomaly", object_id=row.id
    )
    row.save(force_insert=True)
    return row
