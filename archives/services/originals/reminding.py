"""Reminders of lent originals, each night: due soon, overdue, and so late that those in charge must know."""

import hashlib
from datetime import timedelta
from typing import Final

from django.utils import timezone

from carloan.archives.models import CustodyReminder, Original
from carloan.archives.policies.originals.reminding import SOON_DAYS, steps_due
from carloan.core import audit
from carloan.core.actors import Actor
from carloan.core.tenancy import tenant_atomic

MOST_AT_ONCE: Final = 5_000


def originals_remind(*, actor: Actor) -> int:
    """Keep the reminders whose day has come, each once for one borrower and due date; how many. May run twice.

    Raises Forbidden for anybody but the installation.
    """
    actor.require_installation()
    with tenant_atomic():
        today = timezone.localdate()
        lent = Original.objects.filter(state=Original.State.LENT, due_on__lte=today + timedelta(days=SOON_DAYS))
        rows = list(lent.order_by("due_on", "id")[:MOST_AT_ONCE])
        told = set(
            CustodyReminder.objects.filter(original__in=rows).values_list("original_id", "holder_id", "due_on", "step")
        )
        fresh = [
            CustodyReminder(original=row, step=step, due_on=row.due_on, holder_id=row.holder_id)
            for row in rows
            if row.due_on is not None and row.holder_id is not None
            for step in steps_due(row.due_on, today)
            if (row.id, row.holder_id, row.due_on, step) not in told
        ]
        if not fresh:
            return 0
        lines = "\n".join(f"{each.original_id} {each.step} {each.due_on}" for each in fresh)
        event_id = audit.record(
            actor=actor,
            action="archives.originals.reminded",
            object_type="archives.original",
            count=len(fresh),
            digest=hashlib.sha256(lines.encode()).hexdigest(),
        )
        for each in fresh:
            each.audit_event_id = event_id
        CustodyReminder.objects.bulk_create(fresh)
    return len(fresh)
