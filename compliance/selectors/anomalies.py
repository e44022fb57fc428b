"""Reads of anomalies and of the rules that find them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from carloan.compliance.models import Anomaly, AnomalyKind, AnomalyRule
from carloan.compliance.policies.anomalies import HOUSE
from carloan.compliance.selectors.trail import Entry, entries_of
from carloan.core.actors import Actor
from carloan.core.errors import NotFound
from carloan.core.models import AuditEvent
from carloan.core.selectors import actor_names

PAGE: Final = 50


@dataclass(frozen=True, slots=True)
class RuleInForce:
    """The numbers that count now, and since which version; version 0 is the house's."""

    kind: AnomalyKind
    version: int
    numbers: Mapping[str, int]


@dataclass(frozen=True)
class Listed:
    """Anomalies of a page, newest first, with the names of whom they ask about."""

    rows: list[Anomaly]
    names: dict[UUID, str]
    older: UUID | None


def rules_in_force() -> dict[str, RuleInForce]:
    """By kind; one query."""
    own = {rule.kind: rule for rule in AnomalyRule.objects.order_by("version")}
    return {
        kind: RuleInForce(AnomalyKind(kind), own[kind].version if kind in own else 0,
                          own[kind].numbers if kind in own else numbers)
        for kind, numbers in HOUSE.items()
    }  # fmt: skip


def anomalies_page(actor: Actor, *, state: str = "", kind: str = "", after: UUID | None = None) -> Listed:
    """Raises Forbidden without the right to the trail; three queries."""
    actor.require("trail.view")
    rows = Anomaly.objects.order_by("-id")
    if state:
        rows = rows.filter(state=state)
    if kind:
        rows = rows.filter(kind=kind)
    if after:
        rows = rows.filter(id__lt=after)
    found = list(rows[: PAGE + 1])
    shown = found[:PAGE]
    return Listed(shown, actor_names(row.actor_id for row in shown), shown[-1].id if len(found) > PAGE else None)


def get_anomaly_for(actor: Actor, anomaly_id: UUID) -> Anomaly:
    """Raises NotFound, or Forbidden without the right to the trail."""
    actor.require("trail.view")
    row = Anomaly.objects.select_related("closed_by").filter(id=anomaly_id).first()
    if row is None:
        raise NotFound
    return row


def entries_behind(actor: Actor, row: Anomaly) -> list[Entry]:
    """The events that an anomaly names, oldest first."""
    actor.require("trail.view")
    return entries_of(actor, list(AuditEvent.objects.filter(id__in=row.events).order_by("id")))


def count_open(actor: Actor) -> int:
    actor.require("trail.view")
    return Anomaly.objects.filter(state=Anomaly.State.OPEN).count()
