"""The kernel's own kinds of access that a review asks about: people, roles, lent duties, keys of other systems."""

from collections.abc import Iterator
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from carloan.core.actors import Actor
from carloan.core.branch_ties import lasting_roles, living_keys
from carloan.core.models import ApiKey, Branch, Delegation, Membership, RoleAssignment
from carloan.core.reviewed import Held, Kind, register_reviewed

from . import delegations
from .api_keys import key_end
from .people import assignment_end, membership_end


def _place(branch: Branch | None) -> str:
    return f"{branch.code} {branch.name}" if branch else "*"


def _members() -> Iterator[Held]:
    rows = Membership.objects.filter(is_active=True).select_related("user", "branch").defer("user__password")
    for each in rows.order_by("display_name", "id"):
        yield Held(
            each.id, each.id, each.display_name, f"{each.user.username} · {_place(each.branch)}",
            since=each.joined_at.date(), last_used_at=each.user.last_login,
        )  # fmt: skip


def _roles() -> Iterator[Held]:
    rows = lasting_roles(RoleAssignment.objects.filter(membership__is_active=True))
    rows = rows.select_related("membership__user", "role", "branch").defer("membership__user__password")
    for each in rows.order_by("membership__display_name", "id"):
        yield Held(
            each.id, each.membership_id, each.membership.display_name, f"{each.role.name} · {_place(each.branch)}",
            since=each.created_at.date(), until=each.valid_until, last_used_at=each.membership.user.last_login,
        )  # fmt: skip


def _delegations() -> Iterator[Held]:
    rows = Delegation.objects.filter(ended_at=None).select_related("giver", "taker__user", "role", "branch")
    for each in rows.defer("taker__user__password").order_by("id"):
        yield Held(
            each.id, each.taker_id, each.taker.display_name,
            f"{each.role.name} · {_place(each.branch)} ← {each.giver.display_name}",
            since=each.begins_on, until=each.ends_on, last_used_at=each.taker.user.last_login,
        )  # fmt: skip


def _keys() -> Iterator[Held]:
    for each in living_keys(ApiKey.objects.all()).select_related("role", "branch").order_by("name"):
        scopes = f" ({', '.join(each.scopes)})" if each.scopes else ""
        yield Held(
            each.id, None, each.name, f"{each.role.name} · {_place(each.branch)}{scopes}"[:200],
            since=each.created_at.date(), until=each.expires_at.date(), last_used_at=each.last_used_at,
        )  # fmt: skip


def _take_member(actor: Actor, object_id: UUID) -> bool:
    member = Membership.objects.filter(id=object_id, is_active=True).first()
    if member is not None:
        membership_end(actor=actor, membership=member)
    return member is not None


def _take_role(actor: Actor, object_id: UUID) -> bool:
    assignment = RoleAssignment.objects.select_related("role", "branch").filter(id=object_id).first()
    if assignment is not None:
        assignment_end(actor=actor, assignment=assignment)
    return assignment is not None


def _take_delegation(actor: Actor, object_id: UUID) -> bool:
    delegation = Delegation.objects.select_for_update(of=("self",)).filter(id=object_id, ended_at=None).first()
    if delegation is not None:
        delegations.end(actor, delegation)
    return delegation is not None


register_reviewed(
    Kind("member", _("Access of a person"), _members, _take_member),
    Kind("role", _("Role"), _roles, _take_role),
    Kind("delegation", _("Lent duty"), _delegations, _take_delegation),
    Kind("key", _("API key"), _keys, lambda actor, object_id: key_end(actor=actor, key_id=object_id)),
)
