"""The permission matrix: cells change together, with the difference in the trail."""

from collections.abc import Collection, Iterable, Mapping
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from carloan.core import audit
from carloan.core.actors import Actor
from carloan.core.capabilities import allows, family_of, label_of
from carloan.core.errors import Conflict, Forbidden, Invalid
from carloan.core.families import ADMINISTRATORS, is_separated, kept_apart
from carloan.core.ids import uuid7
from carloan.core.models import MatrixChange, Role, RoleAssignment, RoleCapability
from carloan.core.tenancy import tenant_atomic
from carloan.core.voices import require_passkey
from carloan.lib.text import said

Matrix = Mapping[str, Mapping[str, str]]  # role key -> capability -> scope ("" for none)


def matrix() -> dict[str, dict[str, str]]:
    """The matrix as it is: role key -> capability -> scope; missing means none."""
    found: dict[str, dict[str, str]] = {key: {} for key in Role.objects.values_list("key", flat=True)}
    for key, capability, scope in RoleCapability.objects.values_list("role__key", "capability", "scope"):
        found[key][capability] = scope
    return found


def difference(current: Matrix, wanted: Matrix) -> list[tuple[str, str, str, str]]:
    """What saving would change, as (role, capability, before, after); '' is none."""
    return [
        (role, capability, current.get(role, {}).get(capability, ""), scope)
        for role, cells in sorted(wanted.items())
        for capability, scope in sorted(cells.items())
        if current.get(role, {}).get(capability, "") != scope
    ]


class MatrixMoved(Conflict):
    """Cells that were shown as one thing are another by now; `data["cells"]` are (role, capability, shown, now)."""

    code = "matrix_moved"


def matrix_change(
    *, actor: Actor, wanted: Matrix, reason: str, seen: Matrix | None = None
) -> list[tuple[str, str, str, str]]:
    """Set the given cells for one reason and return what changed. Rights count from everybody's next request on.

    `seen` are the cells as they were shown to whoever decided. Raises Invalid for unknown roles, capabilities or scopes
    and without a reason, MatrixMoved when a cell is no longer what was seen, Conflict when the change would leave
    nobody who can manage roles (a tenant must not lock itself out), and Mixed when somebody, or the role itself, would
    hold rights of two families where these are separated.
    """
    actor.require("roles.manage")
    require_passkey(actor, "roles.manage")
    roles = {role.key: role for role in Role.objects.all()}
    unknown = [key for key in wanted if key not in roles]
    unknown += [code for cells in wanted.values() for code, scope in cells.items() if not allows(code, scope)]
    if unknown:
        raise Invalid(fields={"matrix": [_("Unknown: %s") % ", ".join(sorted(unknown)[:5])]})
    if not said(reason):
        raise Invalid(fields={"reason": [_("Give the reason.")]})
    with tenant_atomic(), kept_apart():
        list(Role.objects.select_for_update().order_by("id"))  # two administrators at once: one after the other
        current = matrix()
        _as_seen(roles, current, seen or {})
        changes = difference(current, wanted)
        if not changes:
            return []
        event_id = audit.record(
            actor=actor,
            action="core.roles.changed",
            object_type="core.role",
            before={f"{role}.{code}": before or "none" for role, code, before, _after in changes},
            after={f"{role}.{code}": after or "none" for role, code, _before, after in changes},
            reason=said(reason),
        )
        # What goes first: a right that moves to another role is never in both.
        for key, code, _before, after in sorted(changes, key=lambda change: bool(change[3])):
            if after:
                RoleCapability.objects.update_or_create(
                    role=roles[key], capability=code, defaults={"scope": after, "audit_event_id": event_id}
                )
            else:
                RoleCapability.objects.filter(role=roles[key], capability=code).delete()
        _write_down(
            actor, event_id, said(reason), ((roles[key], code, before, after) for key, code, before, after in changes)
        )
        if any(code == "roles.manage" for _role, code, _before, _after in changes):
            keep_a_manager(actor=actor)
    return changes


def _as_seen(roles: Mapping[str, Role], current: Matrix, seen: Matrix) -> None:
    moved = [
        (role, code, scope, now)
        for role, cells in sorted(seen.items())
        for code, scope in sorted(cells.items())
        if (now := current.get(role, {}).get(code, "")) != scope
    ]
    if moved:
        named = "; ".join(f"{roles.get(role, role)}: {label_of(code)}" for role, code, _shown, _now in moved[:5])
        raise MatrixMoved(
            _("Somebody changed this meanwhile: %(cells)s. Look at the difference again.") % {"cells": named},
            cells=moved,
        )


def _write_down(actor: Actor, event_id: UUID, reason: str, cells: Iterable[tuple[Role, str, str, str]]) -> None:
    """The cells of one act in the matrix's own history, which readers of the matrix may open without a reason."""
    MatrixChange.objects.bulk_create(
        MatrixChange(
            role=role,
            capability=code,
            before=before,
            after=after,
            reason=reason[:200],
            by_id=actor.membership_id,
            audit_event_id=event_id,
        )
        for role, code, before, after in cells
    )


def matrix_exported(*, actor: Actor, roles: list[str], count: int) -> None:
    """The matrix leaves as a file: which roles and how many rights are told before."""
    actor.require("roles.view", "roles.manage")
    with tenant_atomic():
        audit.record(
            actor=actor, action="core.roles.exported", object_type="core.role", count=count, after={"roles": roles}
        )


def keep_a_manager(*, actor: Actor, taken: Collection[UUID] | None = None) -> None:
    """Raise Conflict when nobody would be left who manages roles everywhere and for good: no lender locks itself out.

    Who left, whose account is closed, and a role that has ended or will end do not count: the last of them would go
    without anybody's act. `taken` are the roles that the act took from somebody; where none of them manages roles it
    is not refused. Called at the end of an act, inside its transaction; the platform itself (system) may do it while
    setting up.
    """
    # Two administrators who remove each other in the same moment: the second one sees what the first one left.
    list(Role.objects.select_for_update(no_key=True).order_by("id").values_list("id"))
    managing = Role.objects.filter(capabilities__capability="roles.manage", capabilities__scope="all")
    if actor.kind == "system" or (taken is not None and not managing.filter(id__in=taken).exists()):
        return
    holders = RoleAssignment.objects.filter(
        role__in=managing,
        membership__is_active=True,
        membership__user__is_active=True,
        branch=None,
        valid_until=None,
    )
    if not holders.exists():
        raise Conflict(
            _(
                "Nobody would be left who can manage roles without an end. "
                "Keep that right for at least one person who can sign in and whose role has no last day."
            )
        )


def require_what_is_given(*, actor: Actor, roles: Iterable[Role]) -> None:
    """Raise Forbidden when these roles hold a right that the actor lacks: nobody gives or takes more than they have.

    Whoever may change the matrix could give themselves any right in the open, so that they may give and take any role.
    Separated administrators have no right of the business themselves: there it holds between the administrators.
    """
    if actor.can("roles.manage"):
        return
    given = RoleCapability.objects.filter(role__in=list(roles)).values_list("capability", flat=True)
    beyond = sorted(code for code in set(given) if not actor.right(code).everywhere)
    if beyond and is_separated():
        beyond = [code for code in beyond if family_of(code) in ADMINISTRATORS]
    if beyond:
        raise Forbidden(_("This role may do more than you may. Ask somebody who manages roles."), capability=beyond[0])


def role_add(*, actor: Actor, key: str, name: str, name_en: str = "", like: Role | None = None) -> Role:
    """A new role, empty or with the rights of another one."""
    actor.require("roles.manage")
    require_passkey(actor, "roles.manage")
    if not key.strip() or Role.objects.filter(key=key.strip()).exists():
        raise Invalid(fields={"key": [_("Choose a short name that no role has.")]})
    with tenant_atomic(), kept_apart():
        role_id = uuid7()
        event_id = audit.record(
            actor=actor,
            action="core.role.added",
            object_type="core.role",
            object_id=role_id,
            after={"key": key, "name": name, "like": like.key if like else ""},
        )
        role = Role.objects.create(id=role_id, key=key.strip(), name=name, name_en=name_en, audit_event_id=event_id)
        if like is not None:
            cells = list(like.capabilities.order_by("capability"))
            RoleCapability.objects.bulk_create(
                RoleCapability(role=role, capability=cell.capability, scope=cell.scope, audit_event_id=event_id)
                for cell in cells
            )
            _write_down(actor, event_id, "", ((role, cell.capability, "", cell.scope) for cell in cells))
    return role
