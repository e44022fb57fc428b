"""Ask for, decide about and use an opening: four eyes, once, in time, each step in the trail."""

import hashlib
from collections.abc import Mapping
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from carloan.compliance.models import Opening
from carloan.compliance.openings import openable
from carloan.compliance.policies.openings import MOVES, OPEN_FOR, WAITS, Facts
from carloan.compliance.selectors.openings import ASK, DECIDE
from carloan.compliance.services.reveals import require_reason
from carloan.core import audit
from carloan.core.actors import Actor
from carloan.core.errors import Forbidden, Invalid
from carloan.core.ids import uuid7
from carloan.core.models import AuditEvent
from carloan.core.moves import step
from carloan.core.sealed import seal, seal_value
from carloan.core.tenancy import tenant_atomic
from carloan.core.voices import voice_of
from carloan.lib.text import said

ACTS = {
    "approve": "compliance.opening.approved",
    "refuse": "compliance.opening.refused",
    "withdraw": "compliance.opening.withdrawn",
    "open": "compliance.opening.opened",
}
ASKED = "compliance.opening.asked"
MOST_WORDS = 300
MOST_AT_ONCE = 1_000
# Where older versions kept in clear what is sealed now.
SEALED = {"reason": "why", "note": "answer"}


def opening_ask(*, actor: Actor, kind: str, asked: Mapping[str, Any], reason_code: str, reason: str = "") -> Opening:
    """Ask for clear values of many things at once. Nothing is shown by it.

    Raises Forbidden without the right to ask or the kind's own, Invalid without a reason or when there is nothing
    behind the question, NotFound for a kind that nobody knows.
    """
    actor.require(ASK)
    what = openable(kind)
    actor.require(what.capability)
    if actor.membership_id is None:
        raise Forbidden(capability=ASK)
    require_reason(reason_code, reason)
    with tenant_atomic():
        count = what.count(actor, asked)
        if not count:
            raise Invalid(code="nothing_to_open", message=_("There is nothing behind these filters."))
        opening_id = uuid7()
        event_id = audit.record(
            actor=actor,
            action=ASKED,
            object_type="compliance.opening",
            object_id=opening_id,
            reason_code=reason_code,
            reason=said(reason)[:MOST_WORDS],
            count=count,
            after={"kind": kind},
            digest=hashlib.sha256(audit.canonical(dict(asked))).hexdigest(),
        )
        opening = Opening(
            id=opening_id,
            kind=kind,
            asked=dict(asked),
            count=count,
            reason_code=reason_code,
            asked_by_id=actor.membership_id,
            expires_at=timezone.now() + WAITS,
            audit_event_id=event_id,
        )
        seal(opening, why=said(reason)[:MOST_WORDS])
        opening.save(force_insert=True)
    return opening


def opening_decide(*, actor: Actor, opening: Opening, approve: bool, note: str = "") -> None:
    """A second person's word. An approved one opens once within two hours, for who asked.

    Raises Forbidden without the right, Invalid for one's own question and after its time (the database refuses the
    former too), Conflict for one that is decided.
    """
    member_id = voice_of(actor, DECIDE)
    now = timezone.now()
    answer = seal_value(opening.key_subject(), Opening._meta.db_table, "answer", opening.id, said(note)[:MOST_WORDS])
    values: dict[str, Any] = {"decided_by_id": member_id, "decided_at": now, "answer": answer}
    if approve:
        values["expires_at"] = now + OPEN_FOR
    _step(actor, opening, "approve" if approve else "refuse", reason=said(note), **values)


def opening_withdraw(*, actor: Actor, opening: Opening) -> None:
    """Who asked needs it no more. Raises Invalid for somebody else's, Conflict for one that is over."""
    actor.require(ASK)
    _step(actor, opening, "withdraw")


def opening_use(*, actor: Actor, opening: Opening) -> None:
    """Take the one look that was approved; whoever calls it gives the values in the same request.

    The rights of now count: Forbidden for who lost the kind's right or the one to clear values since. Raises Invalid
    for somebody else's and after its time, Conflict for one that is not approved or was opened, also by another window
    at the same moment.
    """
    actor.require(ASK)
    actor.require(openable(opening.kind).capability)
    _step(actor, opening, "open", count=opening.count, outcome=AuditEvent.Outcome.REVEALED)


def openings_seal(*, actor: Actor) -> int:
    """Seal what older versions kept in clear; how many openings. Rows that a person is at are left to the next run."""
    with tenant_atomic():
        rows = Opening.objects.filter(~Q(reason="") | ~Q(note="")).select_for_update(skip_locked=True)
        found = list(rows.order_by("id")[:MOST_AT_ONCE])
        if not found:
            return 0
        event_id = audit.record(
            actor=actor, action="compliance.opening.sealed", object_type="compliance.opening", count=len(found)
        )
        for row in found:
            seal(row, **{sealed: text for old, sealed in SEALED.items() if (text := getattr(row, old))})
            row.reason = row.note = ""
            row.audit_event_id = event_id
            row.save(update_fields=["reason", "note", "why", "answer", "audit_event_id"])
    return len(found)


def _step(
    actor: Actor,
    opening: Opening,
    event: str,
    *,
    reason: str = "",
    count: int | None = None,
    outcome: str = AuditEvent.Outcome.DONE,
    **values: Any,
) -> None:
    MOVES.need(opening.state, event)
    facts = Facts(actor.membership_id, opening.asked_by_id, timezone.now(), opening.expires_at)
    with tenant_atomic():
        event_id = audit.record(
            actor=actor,
            action=ACTS[event],
            object_type="compliance.opening",
            object_id=opening.id,
            reason=reason,
            count=count,
            outcome=outcome,
            after={"kind": opening.kind},
        )
        step(opening, MOVES, event, facts=facts, audit_event_id=event_id, **values)
