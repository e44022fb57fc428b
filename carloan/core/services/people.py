"""Joiners, changes and leavers: a person, their membership and their roles."""

from datetime import date
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from carloan.core import audit
from carloan.core.actors import Actor
from carloan.core.ended_access import Kind, note_ended, note_returned
from carloan.core.errors import Conflict, Invalid, NotFound
from carloan.core.families import kept_apart
from carloan.core.ids import uuid7
from carloan.core.leavers import hand_over, holdings_of, say_farewell
from carloan.core.models import Branch, Membership, Role, RoleAssignment, Tenant, User
from carloan.core.services.branches import require_open, still_open
from carloan.core.services.delegations import delegations_of_leaver_end
from carloan.core.services.roles import keep_a_manager, require_what_is_given
from carloan.core.services.sign_in import require_power_over_sign_in, sign_in_given
from carloan.core.services.teams import teams_left
from carloan.core.tenancy import tenant_atomic
from carloan.core.voices import require_passkey

LONGEST_NAME = 150
ASSIGN = "rights.assign"


def member_add(
    *,
    actor: Actor,
    username: str,
    display_name: str,
    password: str | None,
    email: str = "",
    employee_no: str = "",
    branch: Branch | None = None,
) -> Membership:
    """Add a person with a first password to the tenant. Raises Invalid when the user name is taken or empty.

    Whoever is added by a lender's own people gets a name that ends in `@<lender>` (docs/decisions/0007): a name that is
    taken then tells only about the own house. The first password must be replaced at the first sign-in; without one
    (None) nobody can sign in as them until it is set.
    An existing account is never taken over by name: somebody of another lender must be linked by the platform.
    """
    actor.require("people.manage")
    username = _own_name(actor, username.strip())
    if User.objects.filter(username__iexact=username).exists():
        taken = gettext("Somebody signs in as %s already. Choose another name.") % username
        raise Invalid(fields={"username": [taken]})
    if not display_name.strip():
        raise Invalid(fields={"display_name": [_("Give the name that colleagues know.")]})
    with tenant_atomic():
        require_open(branch)
        user = User.objects.create_user(
            username=username, email=email, password=password, must_change_password=password is not None
        )
        member_id = uuid7()
        event_id = audit.record(
            actor=actor,
            action="core.member.added",
            object_type="core.membership",
            object_id=member_id,
            after={"username": username, "display_name": display_name, "branch": branch.code if branch else ""},
        )
        return Membership.objects.create(
            id=member_id,
            user=user,
            display_name=display_name.strip(),
            employee_no=employee_no,
            branch=branch,
            audit_event_id=event_id,
        )


def member_change(
    *,
    actor: Actor,
    membership: Membership,
    display_name: str,
    employee_no: str,
    email: str | None,
    branch: Branch | None,
) -> list[str]:
    """Correct what is known about a member; returns the names of what changed.

    The sign-in name never changes; the e-mail (None: as it is) opens the door too, so that changing it takes the same
    power as a new password. Raises Invalid without a name or for a closed branch, Conflict for the e-mail of somebody
    who left, and Forbidden for the e-mail of somebody whose roles hold more than the actor has, or who also works for
    another lender: they sign in there with it too.
    """
    actor.require("people.manage")
    if not display_name.strip():
        raise Invalid(fields={"display_name": [_("Give the name that colleagues know.")]})
    with tenant_atomic():
        rows = Membership.objects.select_for_update(of=("self",)).select_related("user", "branch")
        member = rows.get(id=membership.id)
        if branch != member.branch:
            require_open(branch)
        before = {
            "display_name": member.display_name,
            "employee_no": member.employee_no,
            "email": member.user.email,
            "branch": member.branch.code if member.branch else "",
        }
        after = {
            "display_name": display_name.strip(),
            "employee_no": employee_no.strip(),
            "email": before["email"] if email is None else email.strip(),
            "branch": branch.code if branch else "",
        }
        changed = [name for name in after if after[name] != before[name]]
        if not changed:
            return []
        if "email" in changed:
            require_power_over_sign_in(actor, member, also_own=True)
        event_id = audit.record(
            actor=actor,
            action="core.member.changed",
            object_type="core.membership",
            object_id=member.id,
            before={name: before[name] for name in changed},
            after={name: after[name] for name in changed},
        )
        Membership.objects.filter(id=member.id).update(
            display_name=after["display_name"],
            employee_no=after["employee_no"],
            branch=branch,
            audit_event_id=event_id,
        )
        if "branch" in changed and branch is not None:
            teams_left(actor=actor, member=member, branch_id=branch.id)
        if "email" in changed:
            User.objects.filter(pk=member.user_id).update(email=after["email"])
            if member.id != actor.membership_id:
                sign_in_given(member)
    return changed


def role_assign(
    *, actor: Actor, membership: Membership, role: Role, branch: Branch | None = None, valid_until: date | None = None
) -> RoleAssignment:
    """Give a member a role, everywhere or in one branch and below, until a date or for good.

    Raises Conflict when the member has it there already or has left, Invalid when the date has passed, Forbidden when
    the role holds more than the actor has, and Mixed when the member would hold rights of two families where these are
    separated.
    """
    actor.require(ASSIGN)
    require_passkey(actor, ASSIGN)
    _not_oneself(actor, membership.id)
    require_what_is_given(actor=actor, roles=[role])
    if not membership.is_active:
        raise Conflict(_("This person has left. Let the person enter again first."))
    if valid_until and valid_until < timezone.localdate():
        raise Invalid(fields={"valid_until": [_("The date has passed.")]})
    if RoleAssignment.objects.filter(membership=membership, role=role, branch=branch).exists():
        raise Conflict(_("This person has the role there already."))
    with tenant_atomic(), kept_apart():
        require_open(branch)
        event_id = audit.record(
            actor=actor,
            action="core.role.assigned",
            object_type="core.membership",
            object_id=membership.id,
            after={"role": role.key, "branch": branch.code if branch else "*", "until": valid_until},
        )
        return RoleAssignment.objects.create(
            membership=membership, role=role, branch=branch, valid_until=valid_until, audit_event_id=event_id
        )


def role_withdraw(*, actor: Actor, assignment_id: UUID) -> None:
    """Take a role away; it counts from the next request on.

    Raises NotFound, Forbidden when the role holds more than the actor has, and Conflict when nobody would be left who
    manages roles for good.
    """
    actor.require(ASSIGN)
    require_passkey(actor, ASSIGN)
    assignment = RoleAssignment.objects.select_related("role", "membership").filter(id=assignment_id).first()
    if assignment is None:
        raise NotFound
    _not_oneself(actor, assignment.membership_id)
    require_what_is_given(actor=actor, roles=[assignment.role])
    assignment_end(actor=actor, assignment=assignment)


def assignment_end(*, actor: Actor, assignment: RoleAssignment) -> None:
    """Take a role away, for callers that have asked whether they may. Raises Conflict when nobody would be left who
    manages roles for good."""
    with tenant_atomic():
        audit.record(
            actor=actor,
            action="core.role.withdrawn",
            object_type="core.membership",
            object_id=assignment.membership_id,
            before={"role": assignment.role.key, "branch": str(assignment.branch_id or "*")},
        )
        note_ended(Kind.ASSIGNMENT, [assignment.id])
        assignment.delete()
        keep_a_manager(actor=actor, taken=[assignment.role_id])


def member_deactivate(
    *, actor: Actor, membership: Membership, successor: Membership | None = None
) -> list[tuple[str, int]]:
    """A leaver: no role, no lent duty, no exceptional access, no session, no entry from now on; the history keeps the
    name. Open work goes to the `successor`, or waits for somebody to take it. Returns what was in their hands, by what
    it is called and how much.

    Nobody removes themselves. Raises Forbidden when the roles of the leaver hold more than the actor has, and Conflict
    when the person left already or nobody would be left who manages roles for good.
    """
    actor.require("people.manage")
    if membership.id in actor.hands("people.manage"):
        raise Conflict(_("You cannot remove yourself. Ask another administrator."))
    with tenant_atomic():
        require_what_is_given(actor=actor, roles=Role.objects.filter(assignments__membership=membership))
        return membership_end(actor=actor, membership=membership, successor=successor)


def membership_end(
    *, actor: Actor, membership: Membership, successor: Membership | None = None
) -> list[tuple[str, int]]:
    """End all that somebody has here, for callers that have asked whether they may; see member_deactivate."""
    if successor is not None and (successor.id == membership.id or not successor.is_active):
        raise Invalid(fields={"successor": [_("Choose somebody who works here.")]})
    with tenant_atomic():
        assignments = RoleAssignment.objects.filter(membership=membership)
        taken = list(assignments.values_list("role_id", flat=True))
        held = assignments.values_list("role__key", "branch__code").order_by("id")
        left = holdings_of(membership)
        event_id = audit.record(
            actor=actor,
            action="core.member.deactivated",
            object_type="core.membership",
            object_id=membership.id,
            before={"roles": [f"{role} {branch or '*'}" for role, branch in held]},
            after={"handed_over": sum(count for _label, count in left), "member": successor.id if successor else None},
        )
        if not Membership.objects.filter(id=membership.id, is_active=True).update(
            is_active=False, left_at=timezone.now(), audit_event_id=event_id
        ):
            raise Conflict
        hand_over(actor, membership, successor)
        delegations_of_leaver_end(actor=actor, member=membership)
        teams_left(actor=actor, member=membership)
        note_ended(Kind.MEMBER, [membership.id])
        note_ended(Kind.ASSIGNMENT, assignments.values_list("id", flat=True))
        assignments.delete()
        say_farewell(actor, membership)
        keep_a_manager(actor=actor, taken=taken)
    return left


def member_reactivate(*, actor: Actor, membership: Membership) -> None:
    """Somebody comes back: entry again, roles are assigned anew. A branch that was closed meanwhile is no place."""
    actor.require("people.manage")
    with tenant_atomic():
        branch = membership.branch if membership.branch and still_open(membership.branch) else None
        event_id = audit.record(
            actor=actor,
            action="core.member.reactivated",
            object_type="core.membership",
            object_id=membership.id,
            after={"branch": branch.code if branch else ""},
        )
        if not Membership.objects.filter(id=membership.id, is_active=False).update(
            is_active=True, left_at=None, branch=branch, audit_event_id=event_id
        ):
            raise Conflict
        note_returned(Kind.MEMBER, membership.id)


def _own_name(actor: Actor, typed: str) -> str:
    """The whole sign-in name: the platform's own acts name people freely, a lender's people only in its own house."""
    if actor.kind == "system":
        own = typed
    else:
        slug = Tenant.objects.values_list("slug", flat=True).get(id=actor.tenant_id)
        local = typed.removesuffix(f"@{slug}")
        if "@" in local:
            raise Invalid(fields={"username": [_("Leave out the @; the name ends in @%s by itself.") % slug]})
        own = f"{local}@{slug}" if local else ""
    if not 0 < len(own) <= LONGEST_NAME:
        raise Invalid(fields={"username": [_("Give a sign-in name that is not too long.")]})
    return own


def _not_oneself(actor: Actor, membership_id: UUID) -> None:
    if membership_id in actor.hands(ASSIGN):
        raise Conflict(_("Nobody changes their own roles. Ask another administrator."))
