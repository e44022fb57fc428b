"""Reads of how a lender's administrators stand to each other: families of rights, who holds them, who holds two."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from .actors import Actor
from .branch_ties import lasting_roles
from .capabilities import Family, all_capabilities, family_of
from .families import ADMINISTRATORS, LABELS, Mixture
from .models import AccessPolicy, Membership, Role, RoleAssignment, RoleCapability
from .roles import SEPARATED, SystemRole

# Who has this right administers in the family's name.
HEAD: dict[Family, str] = {"system": "people.manage", "security": "roles.manage", "audit": "trail.detail"}


@dataclass(frozen=True)
class FamilyRow:
    """One family: what it may, and who holds something of it by a role of their own."""

    family: Family
    label: Any
    rights: list[str]
    people: list[Membership]


@dataclass(frozen=True)
class Keeping:
    """What a role that mixes families would be if it kept one of them: the cells that go, by their names in the
    matrix's form."""

    label: Any
    cells: list[str]


def access_policy_for(actor: Actor) -> AccessPolicy:
    """The lender's policy; one that was never set says what has always been so."""
    actor.require("roles.view", "roles.manage")
    return AccessPolicy.objects.first() or AccessPolicy()


def families_for(actor: Actor) -> list[FamilyRow]:
    """Each family with its rights and its people. Two queries."""
    actor.require("roles.view", "roles.manage")
    rights: dict[Family, list[str]] = {family: [] for family in LABELS}
    for each in all_capabilities():
        rights[each.family].append(str(each.label))
    cells = list(RoleCapability.objects.values_list("role_id", "capability"))
    held = lasting_roles(RoleAssignment.objects.filter(membership__is_active=True)).select_related("membership")
    people: dict[Family, dict[Any, Membership]] = {family: {} for family in LABELS}
    of_role: dict[Any, set[Family]] = {}
    for role_id, code in cells:
        of_role.setdefault(role_id, set()).add(family_of(code))
    for assignment in held.order_by("membership__display_name"):
        for family in of_role.get(assignment.role_id, ()):
            people[family][assignment.membership_id] = assignment.membership
    return [FamilyRow(family, LABELS[family], rights[family], list(people[family].values())) for family in LABELS]


def roles_to_make() -> list[SystemRole]:
    """Those of the separated administrators' roles that the lender does not have."""
    known = set(Role.objects.values_list("key", flat=True))
    return [role for role in SEPARATED if role.key not in known]


def without_administrator(found: Iterable[Mixture]) -> list[Family]:
    """The families that nobody administers everywhere and for good by a role of that family alone; `found` are the
    mixtures that there are."""
    mixed = [each.role.id for each in found if each.member is None]
    lasting = RoleAssignment.objects.filter(
        membership__is_active=True, membership__user__is_active=True, branch=None, valid_until=None
    ).exclude(role__in=mixed)
    return [
        family for family in ADMINISTRATORS if not lasting.filter(role__capabilities__capability=HEAD[family]).exists()
    ]


def keepings(mixture: Mixture) -> list[Keeping]:
    """For a role that mixes families: what keeping each one of them would take away."""
    role = mixture.role
    codes = list(RoleCapability.objects.filter(role=role).order_by("capability").values_list("capability", flat=True))
    return [
        Keeping(LABELS[family], [f"{role.key}:{code}" for code in codes if family_of(code) not in (family, "common")])
        for family in LABELS
        if family in mixture.roles
    ]
