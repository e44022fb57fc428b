"""Anomalies: found by the sweep, answered by a person with a reason, never removed."""

import json
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from carloan.compliance.models import Anomaly, AnomalyKind, AnomalyRule
from carloan.compliance.policies.anomalies import MOVES, Finding, Seen, findings, is_tighter
from carloan.compliance.selectors.anomalies import RuleInForce, rules_in_force
from carloan.core import audit
from carloan.core.actors import Actor
from carloan.core.acts import all_exports, all_looks
from carloan.core.calendars import working_days
from carloan.core.errors import Forbidden, Invalid
from carloan.core.ids import first_at, uuid7
from carloan.core.locks import hold
from carloan.core.models import AuditEvent, Tenant
from carloan.core.moves import step
from carloan.core.sealed import seal
from carloan.core.tenancy import current_tenant_id, tenant_atomic
from carloan.lib.text import said

DECIDE: Final = "anomalies.decide"
OBJECT: Final = "compliance.anomaly"
FOUND, RULE_SET = "compliance.anomaly.found", "compliance.anomaly_rule.set"
SHORTEST_REASON: Final = 4
# What an anomaly keeps of its events; all of them stand in the trail.
MOST_KEPT: Final = 100


def anomalies_find(*, actor: Actor, now: datetime | None = None) -> int:
    """Look at yesterday and today, in the lender's time, of everybody who acted; returns how many anomalies are new.

    A rule asks about an actor's day once. Safe to run at any time and twice.
    """
    now = now or timezone.now()
    with tenant_atomic():
        hold("anomalies")
        zone = ZoneInfo(Tenant.objects.values_list("time_zone", flat=True).get(id=current_tenant_id()))
        today = now.astimezone(zone).date()
        rules, workdays = rules_in_force(), working_days()
        numbers = {kind: rule.numbers for kind, rule in rules.items()}
        found = 0
        for day in (today - timedelta(days=1), today):
            known = set(Anomaly.objects.filter(day=day).values_list("kind", "actor_id"))
            for (actor_kind, actor_id), events in _by_actor(day, zone):
                for finding in findings(events, numbers, day=day, workdays=workdays):
                    if (finding.kind, actor_id) in known:
                        continue
                    _keep(actor, finding, rules[finding.kind], day=day, actor_kind=actor_kind, actor_id=actor_id)
                    found += 1
    return found


def _by_actor(day: date, zone: ZoneInfo) -> Iterator[tuple[tuple[str, UUID], list[Seen]]]:
    """Everybody's events of a local day, one actor after the other: no more than one actor's day is held."""
    start = datetime.combine(day, time.min, zone)
    end = datetime.combine(day + timedelta(days=1), time.min, zone)
    rows = AuditEvent.objects.filter(
        id__gte=first_at(start), id__lt=first_at(end), actor_kind__in=["person", "key"], actor_id__isnull=False
    ).order_by("actor_kind", "actor_id", "id")
    looks, exports = all_looks(), all_exports()
    columns = ("id", "created_at", "action", "outcome", "object_id", "reason_code")
    told = rows.values_list("actor_kind", "actor_id", *columns)
    for (kind, actor_id), group in groupby(told.iterator(chunk_size=2_000), key=lambda row: (row[0], row[1])):
        events = [
            Seen(event_id, at.astimezone(zone), action, action in looks, action in exports, outcome, object_id, reason)
            for _kind, _actor, event_id, at, action, outcome, object_id, reason in group
        ]
        yield (kind, actor_id), _counted(events)


def _counted(events: list[Seen]) -> list[Seen]:
    """Exports with their number of rows, which stands in the canonical bytes alone."""
    wanted = [event.id for event in events if event.is_export]
    if not wanted:
        return events
    rows = AuditEvent.objects.filter(id__in=wanted).values_list("id", "canon")
    counts = {event_id: json.loads(bytes(canon)).get("count") or 0 for event_id, canon in rows}
    return [
        Seen(event.id, event.at, event.action, event.is_look, event.is_export, event.outcome, event.object_id,
             event.reason_code, counts.get(event.id, 0))
        for event in events
    ]  # fmt: skip


def _keep(
    actor: Actor, finding: Finding, rule: RuleInForce, *, day: date, actor_kind: str, actor_id: UUID
) -> None:  # fmt: skip
    row = Anomaly(
        id=uuid7(), kind=finding.kind, rule_version=rule.version, limits=dict(rule.numbers), actor_kind=actor_kind,
        actor_id=actor_id, day=day, numbers=finding.numbers, found_at=timezone.now(),
        events=[str(event) for event in finding.events[:MOST_KEPT]],
    )  # fmt: skip
    row.audit_event_id = audit.record(
        actor=actor, action=FOUND, object_type=OBJECT, object_id=row.id, count=len(finding.events),
        rules=f"{finding.kind}/{rule.version}", after={"kind": finding.kind, **finding.numbers},
    )  # fmt: skip
    row.save(force_insert=True)


def anomaly_close(*, actor: Actor, row: Anomaly, reason_code: str, reason: str) -> None:
    """Answer an anomaly, with a reason of the list and in words. Nobody answers for themselves, and no machine does.

    Raises Forbidden without the right or about oneself, Invalid without a reason, Conflict when it is answered.
    """
    _require_other(actor, row)
    if reason_code not in Anomaly.Reason.values:
        raise Invalid(fields={"reason_code": [_("Choose a reason.")]})
    if len(words := said(reason)[:500]) < SHORTEST_REASON:
        raise Invalid(fields={"reason": [_("Say in a few words what you found out.")]})
    MOVES.need(row.state, "close")
    seal(row, reason=words)
    with tenant_atomic():
        event_id = audit.record(
            actor=actor, action="compliance.anomaly.closed", object_type=OBJECT, object_id=row.id,
            reason_code=reason_code, reason=words,
        )  # fmt: skip
        step(
            row, MOVES, "close", audit_event_id=event_id, reason_code=reason_code, reason=row.reason,
            closed_at=timezone.now(), closed_by_id=actor.membership_id,
        )  # fmt: skip


def anomaly_reopen(*, actor: Actor, row: Anomaly) -> None:
    """Ask again; the answer before stands in the trail. Raises Forbidden, or Conflict when it is open."""
    _require_other(actor, row)
    MOVES.need(row.state, "reopen")
    with tenant_atomic():
        event_id = audit.record(actor=actor, action="compliance.anomaly.reopened", object_type=OBJECT, object_id=row.id)
        step(
            row, MOVES, "reopen", audit_event_id=event_id, reason_code="", reason=None, closed_at=None,
            closed_by_id=None,
        )  # fmt: skip


def _require_other(actor: Actor, row: Anomaly) -> None:
    if actor.membership_id is None or actor.require_own(DECIDE) == row.actor_id:
        raise Forbidden(_("Nobody answers an anomaly of their own, and no machine answers any."))


def anomaly_rule_set(*, actor: Actor, kind: str, numbers: Mapping[str, Any]) -> AnomalyRule | None:
    """A new version of the lender's own numbers of a rule; None where they count already. What was found stays as it
    was found.

    Raises Forbidden without the right, Invalid for numbers that are looser than the house's (law 7) or none.
    """
    actor.require(DECIDE)
    if kind not in AnomalyKind.values or not is_tighter(kind, numbers):
        raise Invalid(fields={kind: [_("A rule may only ask sooner than the house's, never later.")]})
    with tenant_atomic():
        hold("anomaly-rule", kind)
        before = rules_in_force()[kind]
        if before.numbers == numbers:
            return None
        rule = AnomalyRule(
            id=uuid7(), kind=kind, version=before.version + 1, numbers=dict(numbers), set_at=timezone.now(),
            set_by_id=actor.membership_id,
        )  # fmt: skip
        rule.audit_event_id = audit.record(
            actor=actor, action=RULE_SET, object_type="compliance.anomalyrule", object_id=rule.id,
            before=before.numbers, after=numbers,
        )  # fmt: skip
        rule.save(force_insert=True)
    return rule
