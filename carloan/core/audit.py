"""The write side of the trail (law 2): one event an act, in the act's own transaction.

The canonical bytes are JSON in the form of RFC 8785 for what they hold (ASCII keys, strings, integers): ids, the act,
names of changed fields with salted commitments of their values, counts, the version of the rules that decided, and a
commitment of the encrypted detail. The salt comes from the key of the loan or party concerned: shredding that key makes
the commitments unopenable and leaves every proof valid.
"""

import hmac
import json
from collections.abc import Iterable, Mapping
from typing import Any, Required, TypedDict, Unpack
from uuid import UUID

from .actors import Actor
from .errors import Shredded
from .ids import moment, uuid7
from .index_keys import newest_index_key
from .keys import KeyDestroyed, Subject, open_bytes, seal_bytes, secrets_of
from .models import AuditEvent
from .tenancy import tenant_atomic

VERSION = 1
Values = Mapping[str, Any]


def canonical(value: Any) -> bytes:
    """RFC 8785 for objects with ASCII keys, strings, integers, booleans and null; floats are refused."""
    _refuse_floats(value)
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def _refuse_floats(value: Any) -> None:
    if isinstance(value, float):
        raise ValueError("a float has no canonical JSON form here")
    for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        _refuse_floats(part)


class Act(TypedDict, total=False):
    """What is told of one act.

    `action` is namespaced and in the past tense (`loans.loan.opened`). `before` and `after` hold clear values by field
    name; they go into the encrypted detail and, as commitments, into the canonical bytes. `subject` is whose key seals
    them: the loan's when `loan_id` is given, otherwise the tenant's. Set-based steps give `count` and `digest` of the
    rows they touched instead of values. `rules` names the version of the rules by which a machine decided (law 7).
    """

    action: Required[str]
    object_type: Required[str]
    object_id: UUID | None
    loan_id: UUID | None
    subject: Subject | None
    before: Values | None
    after: Values | None
    field: str
    reason_code: str
    reason: str
    outcome: str
    count: int | None
    digest: str | None
    rules: str


NAMES = Act.__required_keys__ | Act.__optional_keys__


def record(*, actor: Actor, **act: Unpack[Act]) -> UUID:
    """Write one event into the open transaction and return its id, which changed rows carry as `audit_event_id`.

    Raises Shredded when the subject's key was destroyed.
    """
    event = _event(actor, act)
    AuditEvent.objects.bulk_create([event])
    return event.id


def record_changes(*, actor: Actor, changes: Iterable[Act]) -> list[UUID]:
    """An event for each change that a set-based step made of what stood before, in one statement; their ids in order.

    The step itself is told by `record` with `count` and `digest`. Raises Shredded as `record` does.
    """
    events = [_event(actor, change) for change in changes]
    AuditEvent.objects.bulk_create(events, batch_size=1_000)
    return [event.id for event in events]


def _event(actor: Actor, act: Act) -> AuditEvent:
    if unknown := act.keys() - NAMES:
        raise TypeError(f"an event has no {', '.join(sorted(unknown))}")
    loan_id, object_id = act.get("loan_id"), act.get("object_id")
    before, after = act.get("before"), act.get("after")
    outcome = act.get("outcome", AuditEvent.Outcome.DONE)
    field, reason_code = act.get("field", ""), act.get("reason_code", "")
    event_id = uuid7()
    subject = act.get("subject") or (Subject("loan", loan_id) if loan_id else Subject("tenant", actor.tenant_id))
    try:
        secrets = secrets_of(subject)
    except KeyDestroyed as error:
        # What was shredded is at its end: an act on it could not be told under its key, so there are no more acts.
        raise Shredded from error
    detail = canonical(
        _without_nothing(
            {
                "after": _plain(after),
                "before": _plain(before),
                "reason": act.get("reason"),
                "address": actor.address,
                "actor": actor.name,
            }
        )
    )
    canon = canonical(
        _without_nothing(
            {
                "v": VERSION,
                "id": str(event_id),
                "at": moment(event_id).isoformat(timespec="milliseconds"),
                "tenant": str(actor.tenant_id),
                "actor": {"kind": actor.kind, "id": str(actor.id) if actor.id else actor.name},
                "action": act["action"],
                "outcome": str(outcome),
                "object": {"type": act["object_type"], "id": str(object_id) if object_id else ""},
                "loan": str(loan_id) if loan_id else "",
                "field": field,
                "fields": _commitments(secrets.salt, event_id, before, after),
                "reason_code": reason_code,
                "request": str(actor.request_id) if actor.request_id else "",
                "count": act.get("count"),
                "digest": act.get("digest"),
                "rules": act.get("rules"),
                "subject": {"kind": subject.kind, "id": str(subject.id)},
                "detail": hmac.digest(secrets.salt, event_id.bytes + detail, "sha256").hex(),
            }
        )
    )
    return AuditEvent(
        id=event_id,
        created_at=moment(event_id),
        canon=canon,
        action=act["action"],
        outcome=outcome,
        actor_kind=actor.kind,
        actor_id=actor.id,
        object_type=act["object_type"],
        object_id=object_id,
        loan_id=loan_id,
        field=field,
        reason_code=reason_code,
        request_id=actor.request_id,
        address_digest=newest_index_key().blind("address", actor.address) if actor.address else None,
        subject_kind=subject.kind,
        subject_id=subject.id,
        detail=seal_bytes(secrets.detail, detail, f"core_auditevent|detail|{event_id}"),
    )


def refuse(
    *,
    actor: Actor,
    action: str,
    object_type: str,
    object_id: UUID | None = None,
    reason_code: str,
    reason: str = "",
    count: int | None = None,
) -> UUID:
    """Record that something was refused, in a transaction of its own: the refused act's transaction is rolled back.

    `count`: how many times, where it came in a burst (bursts.py).
    """
    with tenant_atomic(actor.tenant_id):
        return record(
            actor=actor,
            action=action,
            object_type=object_type,
            object_id=object_id,
            reason_code=reason_code,
            reason=reason,
            outcome=AuditEvent.Outcome.REFUSED,
            count=count,
        )


def open_detail(event: AuditEvent) -> dict[str, Any]:
    """The encrypted detail of an event: before, after, reason, address. Raises KeyDestroyed after shredding."""
    if event.detail is None:
        return {}
    subject = Subject(event.subject_kind, event.subject_id)  # type: ignore[arg-type]
    opened: dict[str, Any] = json.loads(
        open_bytes(secrets_of(subject).detail, event.detail, f"core_auditevent|detail|{event.id}")
    )
    return opened


def _commitments(salt: bytes, event_id: UUID, before: Values | None, after: Values | None) -> dict[str, list[str]]:
    def commit(values: Values | None, name: str) -> str:
        if values is None or values.get(name) is None:
            return ""
        text = canonical(_plain({name: values[name]}))
        return hmac.digest(salt, event_id.bytes + text, "sha256")[:16].hex()

    names = sorted({*(before or {}), *(after or {})})
    return {name: [commit(before, name), commit(after, name)] for name in names}


def _plain(values: Values | None) -> dict[str, Any] | None:
    if not values:
        return None
    return {
        name: value if isinstance(value, bool | int | str | list | dict) or value is None else str(value)
        for name, value in values.items()
    }


def _without_nothing(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value not in (None, "", {}, [])}
