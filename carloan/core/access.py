"""Who somebody is in a tenant right now: read from the database on each request, never remembered."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery, UUIDField, Value
from django.db.models.functions import JSONObject
from django.utils import timezone

from .actors import Actor, Right
from .capabilities import allows, is_known
from .capabilities import capability as registered
from .gates import shut_of, with_gate
from .models import AccessPolicy, ApiKey, Branch, Delegation, Membership, RoleAssignment, RoleCapability, User
from .tenancy import current_tenant_id
from .tightening import parsed, with_policy


def tenants_of(user: User) -> list[UUID]:
    """The tenants in which a person is an active member.

    The only read across tenants of the site, through a function of the database that returns ids and nothing else.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT core_tenants_of(%s)", [user.pk])
        return [row[0] if isinstance(row[0], UUID) else UUID(str(row[0])) for row in cursor.fetchall()]


def actor_of_person(user: User, *, tenant_id: UUID, request_id: UUID | None = None, address: str = "") -> Actor | None:
    """The person as an actor of the open tenant, or None when not an active member. Three queries."""
    rows_of_user = Membership.objects.filter(user=user, is_active=True, user__is_active=True)
    member = with_gate(with_policy(rows_of_user.annotate(access=Subquery(_access())))).first()
    if member is None:
        return None
    rows = [row for row in _held(member).union(_lent(member), all=True) if row[3] is None or _can_be_lent(row[1])]
    given = [row for row in rows if row[3] is not None]
    # What a cell says counts only as far as it gives a right: a branch gives none over the whole lender.
    trees = cache(branch_trees)
    own = _rights((row[:3] for row in rows if row[3] is None), trees) if given else {}
    lent: dict[str, frozenset[UUID]] = defaultdict(frozenset)
    for branch_id, capability, scope, giver in given:
        for code, right in _rights([(branch_id, capability, scope)], trees).items():
            if not own.get(code, Right()).covers(right):
                lent[code] |= {giver}
    rights = _rights((row[:3] for row in rows), trees)
    shut = shut_of(member.waits, rights)  # type: ignore[attr-defined]
    return Actor(
        tenant_id=tenant_id,
        kind="person",
        name=member.display_name,
        id=member.id,
        user_id=user.pk,
        membership_id=member.id,
        branch_id=member.branch_id,
        rights={code: right for code, right in rights.items() if code not in shut},
        shut=shut,
        lent=dict(lent),
        request_id=request_id,
        address=address,
        masking=parsed(member.masking),  # type: ignore[attr-defined]
        **(member.access or {}),  # type: ignore[attr-defined]
    )


def _access() -> "QuerySet[AccessPolicy, Any]":
    """What the lender asks of those who act, by the names that it has in an Actor."""
    rules = JSONObject(confirm_minutes="confirm_minutes", passkeys="passkeys")
    return AccessPolicy.objects.values(rules=rules)[:1]


CELLS = ("role__capabilities__capability", "role__capabilities__scope")


def _held(member: Membership) -> "QuerySet[RoleAssignment, Any]":
    """A person's own roles, cell by cell, with nobody who lent them."""
    rows = _lasting(RoleAssignment.objects.filter(membership=member))
    return rows.values_list("branch_id", *CELLS, Value(None, output_field=UUIDField()))


def _lent(member: Membership) -> "QuerySet[Delegation, Any]":
    """Roles lent to a person that count today, cell by cell, with who lent them: only as far as these still hold them
    themselves."""
    today = timezone.localdate()
    still = _lasting(
        RoleAssignment.objects.filter(
            Q(branch=None) | Q(branch=OuterRef("branch")),
            membership=OuterRef("giver"),
            role=OuterRef("role"),
            membership__is_active=True,
            membership__user__is_active=True,
        )
    )
    rows = Delegation.objects.filter(
        Exists(still), taker=member, ended_at=None, begins_on__lte=today, ends_on__gte=today
    )
    return rows.values_list("branch_id", *CELLS, "giver_id")


def _can_be_lent(code: str | None) -> bool:
    """Asked on each use: a role that was lent may have been given such a right since."""
    return code is not None and is_known(code) and registered(code).lendable


def _lasting(rows: "QuerySet[RoleAssignment]") -> "QuerySet[RoleAssignment]":
    return rows.filter(Q(valid_until=None) | Q(valid_until__gte=timezone.localdate()))


def rights_of_role(role_id: UUID, branch_id: UUID | None) -> dict[str, Right]:
    """What a role gives to whoever holds it in this branch and below, or everywhere."""
    cells = RoleCapability.objects.filter(role_id=role_id).values_list("capability", "scope")
    return _rights((branch_id, capability, scope) for capability, scope in cells)


def actor_of_key(key: ApiKey, *, request_id: UUID | None = None, address: str = "") -> Actor:
    """An API key as an actor of the open tenant: its role's rights, cut down to its scopes when it has any. The key was
    read `with_policy`."""
    cells = RoleCapability.objects.filter(role_id=key.role_id).values_list("capability", "scope")
    rows = (
        (key.branch_id, capability, scope) for capability, scope in cells if not key.scopes or capability in key.scopes
    )
    return Actor(
        tenant_id=current_tenant_id(),
        kind="key",
        name=key.name,
        id=key.id,
        branch_id=key.branch_id,
        rights=_rights(rows),
        request_id=request_id,
        address=address,
        masking=parsed(key.masking),  # type: ignore[attr-defined]
    )


def actor_again(kind: str, actor_id: UUID | None, *, name: str) -> Actor | None:
    """Who began something, with the rights of now, for a worker that goes on with it: None when they left or the key
    was revoked or has expired. What the installation began itself goes on as the system, called `name`."""
    if kind == "system":
        return Actor.system(current_tenant_id(), name)
    if actor_id is None:
        return None
    if kind == "key":
        living = ApiKey.objects.filter(id=actor_id, revoked_at=None, expires_at__gt=timezone.now())
        key = with_policy(living).first()
        return actor_of_key(key) if key else None
    member = Membership.objects.select_related("user").defer("user__password").filter(id=actor_id).first()
    return actor_of_person(member.user, tenant_id=current_tenant_id()) if member else None


def _rights(
    rows: Iterable[tuple[UUID | None, str | None, str | None]],
    trees: Callable[[], dict[UUID, frozenset[UUID]]] | None = None,
) -> dict[str, Right]:
    trees = trees or cache(branch_trees)
    rights: dict[str, Right] = defaultdict(Right)
    for branch_id, capability, scope in rows:
        if not capability or not scope or not allows(capability, scope):
            continue
        if branch_id is not None and registered(capability).whole_lender:
            continue
        if scope == RoleCapability.Scope.OWN:
            rights[capability] |= Right(own=True)
        elif branch_id is None and scope in (RoleCapability.Scope.ALL, RoleCapability.Scope.BRANCH):
            rights[capability] |= Right(everywhere=True, own=True)
        elif branch_id is not None:
            rights[capability] |= Right(branches=trees().get(branch_id, frozenset()), own=True)
    return dict(rights)


def branch_trees() -> dict[UUID, frozenset[UUID]]:
    """Each branch with itself and all branches below it. A cycle in the data ends at the first repeat."""
    children: dict[UUID | None, list[UUID]] = defaultdict(list)
    for branch_id, parent_id in Branch.objects.values_list("id", "parent_id"):
        children[parent_id].append(branch_id)

    def collect(root: UUID) -> frozenset[UUID]:
        found, queue = set(), [root]
        while queue:
            if (branch_id := queue.pop()) not in found:
                found.add(branch_id)
                queue += children[branch_id]
        return frozenset(found)

    return {branch_id: collect(branch_id) for ids in list(children.values()) for branch_id in ids}
