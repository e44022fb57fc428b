"""The history of state machines (law 8): each step of a row is a row of its own, append-only, numbered within its row.

`core/moves.py` writes it in the transaction of the step, behind the update: that one holds the row until the end, so
that two steps of one row never count at once.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import Model

from .models import Transition
from .tenancy import current_tenant_id

_KEEP = """
INSERT INTO core_transition
    (tenant_id, kind, row_id, number, source, event, target, recorded_at, audit_event_id)
SELECT %(tenant)s, %(kind)s, taken.row_id, 1 + coalesce((
        SELECT max(number) FROM core_transition before
        WHERE before.tenant_id = %(tenant)s AND before.kind = %(kind)s AND before.row_id = taken.row_id), 0),
    taken.source, taken.event, taken.target, statement_timestamp(), %(audit_event)s
FROM unnest(%(rows)s::uuid[], %(sources)s::text[], %(events)s::text[], %(targets)s::text[])
    AS taken (row_id, source, event, target)
"""


class Taken(NamedTuple):
    """A step that a row took."""

    row_id: UUID
    source: str
    event: str
    target: str


def kind_of(model: type[Model]) -> str:
    """What the rows of a model are called in the history, as in the trail: "loans.loan"."""
    return model._meta.label_lower


def keep(model: type[Model], steps: Sequence[Taken], audit_event_id: UUID) -> None:
    """Write steps that rows of one model just took by one act, each row at most one, with one statement."""
    rows, sources, events, targets = zip(*steps, strict=True)
    with connection.cursor() as cursor:
        cursor.execute(
            _KEEP,
            {
                "tenant": current_tenant_id(),
                "kind": kind_of(model),
                "rows": list(map(str, rows)),
                "sources": list(sources),
                "events": list(events),
                "targets": list(targets),
                "audit_event": audit_event_id,
            },
        )


def history_of(row: Any) -> list[Transition]:
    """The steps of a row that the caller may see, oldest first."""
    steps = Transition.objects.filter(kind=kind_of(type(row)), row_id=row.id)
    return list(steps.order_by("number"))
