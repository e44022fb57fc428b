"""Reads of people and roles for the screens that manage them."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from .access import tenants_of
from .actors import Actor
from .errors import NotFound
from .models import ApiKey, AuditEvent, Branch, Job, Membership, Role, RoleAssignment, SavedView, Tenant, User
from .tenancy import current_tenant_id

MOST_PEOPLE = 500


def tenants_for(user: User) -> list[Tenant]:
    """The active lenders a person works for, by name."""
    return list(Tenant.objects.filter(id__in=tenants_of(user), state=Tenant.State.ACTIVE).order_by("name"))


def currency() -> str:
    """The code of the currency in which the open tenant lends, unless a contract or a file says otherwise."""
    return Tenant.objects.values_list("currency", flat=True).get(id=current_tenant_id())


def lender_name() -> str:
    """The name of the open tenant as contracts and letters print it."""
    return Tenant.objects.values_list("name", flat=True).get(id=current_tenant_id())


def actor_names(ids: Iterable[UUID | None]) -> dict[UUID, str]:
    """What those who acted are called: people by their names, other systems by their keys'. Two queries."""
    wanted = {actor_id for actor_id in ids if actor_id}
    found = dict(Membership.objects.filter(id__in=wanted).values_list("id", "display_name"))
    if others := wanted - found.keys():
        keys = ApiKey.objects.filter(id__in=others).values_list("id", "name")
        found |= {key_id: _("key %(name)s") % {"name": name} for key_id, name in keys}
    return found


def people_for(
    actor: Actor, *, text: str = "", role: str = "", branch: str = "", active: bool = True
) -> list[Membership]:
    """Members with their roles, by name; at most MOST_PEOPLE. `text` is part of a name, sign-in name or number."""
    actor.require("people.view", "people.manage")
    people = _people().filter(is_active=active)
    if text:
        people = people.filter(
            Q(display_name__icontains=text) | Q(user__username__icontains=text) | Q(employee_no__icontains=text)
        )
    if role:
        people = people.filter(id__in=RoleAssignment.objects.filter(role__key=role).values("membership_id"))
    if branch:
        people = people.filter(branch__code=branch)
    return list(people.order_by("display_name")[:MOST_PEOPLE])


def get_person_for(actor: Actor, membership_id: UUID) -> Membership:
    """One member with roles. Raises NotFound."""
    actor.require("people.view", "people.manage")
    person = _people().filter(id=membership_id).first()
    if person is None:
        raise NotFound
    return person


def works_elsewhere(membership: Membership) -> bool:
    """Whether the person's account also opens another lender: then no lender alone decides about it."""
    return any(tenant_id != membership.tenant_id for tenant_id in tenants_of(membership.user))


def events_about(actor: Actor, membership: Membership, *, limit: int = 20) -> list[AuditEvent]:
    """What was done to this member, newest first."""
    actor.require("people.view", "people.manage")
    return list(
        AuditEvent.objects.filter(object_type="core.membership", object_id=membership.id).order_by("-id")[:limit]
    )


def recent_jobs(actor: Actor, *, limit: int = 6) -> list[Job]:
    """The latest long work the actor may watch, newest first."""
    jobs = Job.objects.order_by("-id")
    if actor.branches("jobs.view") is not None:
        jobs = jobs.filter(started_by_id=actor.membership_id) if actor.membership_id else jobs.none()
    return list(jobs[:limit])


def roles() -> "QuerySet[Role]":
    """The lender's roles, system roles first."""
    return Role.objects.order_by("id")


def branches(*, also: UUID | None = None) -> "QuerySet[Branch]":
    """The branches that are open, by code; `also` one that may be closed, because something still stands there."""
    return Branch.objects.filter(Q(is_active=True) | Q(id=also)).order_by("code")


def get_branch_for(actor: Actor, branch_id: UUID) -> Branch:
    """One branch, open or closed. Raises NotFound."""
    actor.require("people.view", "people.manage")
    branch = Branch.objects.select_related("parent").filter(id=branch_id).first()
    if branch is None:
        raise NotFound
    return branch


def members() -> "QuerySet[Membership]":
    """Who works for the lender now, by name: to choose a colleague from."""
    return Membership.objects.filter(is_active=True).order_by("display_name")


def everybody_by_number() -> list[tuple[str, str]]:
    """(id, name) of all who ever worked for the lender, by employee number: the trail names leavers too."""
    rows = Membership.objects.order_by("employee_no", "id").values_list("id", "display_name")
    return [(str(member_id), name) for member_id, name in rows]


def _people() -> QuerySet[Membership]:
    assignments = RoleAssignment.objects.select_related("role", "branch").order_by("role__id")
    found: QuerySet[Membership] = Membership.objects.select_related("user", "branch").prefetch_related(
        Prefetch("assignments", queryset=assignments)
    )
    return found


def api_keys_for(actor: Actor) -> list[ApiKey]:
    """All keys of the lender, newest first."""
    actor.require("keys.manage", "rights.assign")
    return list(ApiKey.objects.select_related("role", "branch").order_by("-id"))


def get_waiting_key_for(actor: Actor, key_id: UUID) -> ApiKey:
    """A key that waits for whoever gives roles. Raises NotFound."""
    actor.require("rights.assign")
    key = ApiKey.objects.filter(id=key_id, confirmed_at=None, revoked_at=None).first()
    if key is None:
        raise NotFound
    return key


def branch_tree() -> list[tuple[Branch, int, int]]:
    """Every branch as (branch, depth, active members of its own), parents before children, siblings by code."""
    rows: Any = Branch.objects.annotate(people=Count("members", filter=Q(members__is_active=True))).order_by("code")
    below: dict[UUID | None, list[Any]] = {}
    for branch in rows:
        below.setdefault(branch.parent_id, []).append(branch)
    found: list[tuple[Branch, int, int]] = []

    def walk(parent: UUID | None, depth: int) -> None:
        for branch in below.pop(parent, []):
            found.append((branch, depth, branch.people))
            walk(branch.id, depth + 1)

    walk(None, 0)
    return found


def saved_views_for(actor: Actor, page: str) -> list[SavedView]:
    """The views of a list: everybody's first, then one's own."""
    return list(_saved_views(actor).filter(page=page).order_by("position", "owner_id", "name"))


def get_saved_view_for(actor: Actor, view_id: UUID) -> SavedView:
    """One of everybody's views or one's own. Raises NotFound."""
    view = _saved_views(actor).filter(id=view_id).first()
    if view is None:
        raise NotFound
    return view


def _saved_views(actor: Actor) -> "QuerySet[SavedView]":
    mine = Q(owner_id=actor.membership_id) if actor.membership_id else Q(pk__in=[])
    return SavedView.objects.filter(Q(owner=None) | mine)
