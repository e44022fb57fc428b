"""Open the values of an event: a look at personal data, so it needs a reason and leaves an event of its own."""

from typing import Any

from carloan.compliance.services.reveals import require_look, require_reason
from carloan.compliance.services.watching import OPENED, look_watched
from carloan.core import audit
from carloan.core.actors import Actor
from carloan.core.keys import KeyDestroyed, Subject
from carloan.core.models import AuditEvent
from carloan.core.tenancy import tenant_atomic
from carloan.lib.text import said


def detail_open(*, actor: Actor, event: AuditEvent, reason_code: str, reason: str = "") -> dict[str, Any] | None:
    """Before, after, reason and address of an event; None when the key died with the loan it belonged to.

    The look itself is recorded first, under the same key as what is looked at. Raises Forbidden without the right,
    Invalid without a reason, TooMany above the quota that it shares with reveals.
    """
    actor.require("trail.detail")
    require_reason(reason_code, reason)
    subject = Subject(event.subject_kind, event.subject_id)  # type: ignore[arg-type]
    with tenant_atomic():
        require_look(actor)
        look_watched(actor=actor)
        try:
            detail = audit.open_detail(event)
        except KeyDestroyed:
            return None
        audit.record(
            actor=actor,
            action=OPENED,
            object_type="core.auditevent",
            object_id=event.id,
            loan_id=event.loan_id,
            subject=subject,
            reason_code=reason_code,
            reason=said(reason)[:500],
            outcome=AuditEvent.Outcome.REVEALED,
        )
    return detail
