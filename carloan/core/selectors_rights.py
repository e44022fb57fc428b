"""Reads of who may do what: what a change of the matrix means, and what became of it."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import F, Q, QuerySet, Window
from django.db.models.functions import DenseRank
from django.utils.translation import gettext as _

from .actors import Actor
from .branch_ties import lasting_roles, living_keys
from .capabilities import label_of
from .models import ApiKey, Delegation, MatrixChange, Membership, Role, RoleAssignment, RoleCapability

# How far the scopes reach, nearest first; '' is none.
REACH = {"": 0, "own": 1, "branch": 2, "all": 3}
Change = tuple[str, str, str, str]  # role key, capability, before, after


@dataclass(frozen=True)
class Step:
    """One right of one role, before and after, in words."""

    capability: str
    before: Any
    after: Any


@dataclass
class Effect:
    """What a change of the matrix means for one role: what it gains and loses, and whom that touches today."""

    role: Role
    gains: list[Step] = field(default_factory=list)
    loses: list[Step] = field(default_factory=list)
    people: list[str] = field(default_factory=list)
    keys: int = 0


def scope_word(scope: str) -> Any:
    """What a scope is called; none as well."""
    return dict(RoleCapability.Scope.choices).get(scope, scope) if scope else _("None")


def effects_of(actor: Actor, changes: Iterable[Change]) -> list[Effect]:
    """What saving these changes would mean, role by role. Three queries."""
    actor.require("roles.view", "roles.manage")
    cells = list(changes)
    found = {role.key: Effect(role) for role in Role.objects.filter(key__in={cell[0] for cell in cells}).order_by("id")}
    for key, code, before, after in cells:
        if key in found:
            step = Step(label_of(code), scope_word(before), scope_word(after))
            (found[key].gains if REACH.get(after, 0) > REACH.get(before, 0) else found[key].loses).append(step)
    held = lasting_roles(RoleAssignment.objects.filter(role__key__in=list(found), membership__is_active=True))
    rows = held.order_by("membership__display_name").values_list("role__key", "membership__display_name").distinct()
    for key, name in rows:
        found[key].people.append(name)
    for key in living_keys(ApiKey.objects.filter(role__key__in=list(found))).values_list("role__key", flat=True):
        found[key].keys += 1
    return list(found.values())


@dataclass
class MatrixAct:
    """One act that changed the matrix, with the cells it changed."""

    event_id: UUID
    at: datetime
    by: str
    reason: str
    steps: list[tuple[Role, Step]] = field(default_factory=list)


def matrix_acts(
    actor: Actor, *, role: str = "", before: UUID | None = None, limit: int = 50
) -> tuple[list[MatrixAct], UUID | None]:
    """Acts that changed the matrix, newest first, and the event after which older ones begin (None: there are none)."""
    actor.require("roles.view", "roles.manage")
    rows = _changes(role)
    if before is not None:
        rows = rows.filter(audit_event_id__lt=before)
    acts: dict[UUID, MatrixAct] = {}
    ranked = rows.annotate(act=Window(DenseRank(), order_by=F("audit_event_id").desc())).filter(act__lte=limit + 1)
    for row in ranked.order_by("-audit_event_id", "role_id", "capability"):
        act = acts.setdefault(
            row.audit_event_id,
            MatrixAct(row.audit_event_id, row.created_at, row.by.display_name if row.by else "", row.reason),
        )
        act.steps.append((row.role, Step(label_of(row.capability), scope_word(row.before), scope_word(row.after))))
    found = list(acts.values())
    return found[:limit], found[limit - 1].event_id if len(found) > limit else None


def last_changes(cells: Iterable[tuple[str, str]]) -> dict[tuple[str, str], MatrixChange]:
    """The newest change of each of these cells (role key, capability), where one is known."""
    wanted: dict[str, set[str]] = defaultdict(set)
    for key, code in cells:
        wanted[key].add(code)
    rows = _changes("").filter(role__key__in=list(wanted), capability__in=set().union(*wanted.values()))
    found: dict[tuple[str, str], MatrixChange] = {}
    for row in rows.order_by("-audit_event_id"):
        if row.capability in wanted[row.role.key]:
            found.setdefault((row.role.key, row.capability), row)
    return found


def _changes(role: str) -> "QuerySet[MatrixChange]":
    rows: QuerySet[MatrixChange] = MatrixChange.objects.select_related("role", "by")
    return rows.filter(role__key=role) if role else rows


MOST_DELEGATIONS = 500


def delegations_for(actor: Actor, *, everybody: bool = False) -> list[Delegation]:
    """Duties that were lent, those that run first, then newest first; at most MOST_DELEGATIONS.

    One's own on either side; everybody's for those who may see people everywhere.
    """
    rows: QuerySet[Delegation] = Delegation.objects.select_related("giver", "taker", "role", "branch", "ended_by")
    if everybody:
        actor.require("people.view", "people.manage")
    else:
        rows = rows.filter(Q(giver_id=actor.membership_id) | Q(taker_id=actor.membership_id))
        rows = rows if actor.membership_id else rows.none()
    return list(rows.order_by(F("ended_at").desc(nulls_first=True), "-id")[:MOST_DELEGATIONS])


def delegations_of(member: Membership) -> list[Delegation]:
    """What this person lent or has lent and that has not ended, for the person's page."""
    rows = Delegation.objects.filter(Q(giver=member) | Q(taker=member), ended_at=None)
    return list(rows.select_related("giver", "taker", "role", "branch").order_by("ends_on", "id"))


def lent_today(actor: Actor, today: date) -> int:
    """How many duties of colleagues count for this person on the day."""
    if actor.membership_id is None:
        return 0
    open_ones = Delegation.objects.filter(taker_id=actor.membership_id, ended_at=None)
    return open_ones.filter(begins_on__lte=today, ends_on__gte=today).count()


def own_roles(actor: Actor) -> list[RoleAssignment]:
    """The roles that a person holds themselves today."""
    if actor.membership_id is None:
        return []
    rows = lasting_roles(RoleAssignment.objects.filter(membership_id=actor.membership_id))
    return list(rows.select_related("role", "branch").order_by("id"))
