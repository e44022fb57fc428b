"""Duties lent to a colleague for some days: never more than somebody holds, never to oneself, never lent on."""

from datetime import date, timedelta
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from carloan.core import audit
from carloan.core.actors import Actor
from carloan.core.branch_ties import lasting_roles
from carloan.core.capabilities import capability as registered
from carloan.core.capabilities import is_known, label_of
from carloan.core.ended_access import Kind, note_ended
from carloan.core.errors import Conflict, Forbidden, Invalid, NotFound
from carloan.core.families import kept_apart
from carloan.core.ids import uuid7
from carloan.core.models import Delegation, Membership, RoleAssignment, RoleCapability
from carloan.core.selectors_rights import delegations_of
from carloan.core.tenancy import tenant_atomic
from carloan.lib.text import said

LEND = "duties.lend"
LONGEST = 30  # days, both ends counted
FARTHEST = 60  # days from today until it begins
RAN_OUT = "core.delegation.ran_out"


def delegation_give(
    *,
    actor: Actor,
    taker: Membership,
    assignment_ids: list[UUID],
    begins_on: date,
    ends_on: date,
    reason: str,
) -> list[Delegation]:
    """Lend roles of one's own to a colleague from one day to another (both counted, at most 30 days); one event a role.

    All or none. Raises Invalid for days that make no sense, without a reason, and for a role that the actor does not
    hold; Forbidden for a role with rights that are never lent (over people, roles and keys); Conflict for oneself,
    somebody who left, and a role that is lent to this person already; Mixed when the colleague would hold rights of two
    families where these are separated.
    """
    actor.require(LEND)
    if actor.membership_id is None:
        raise Forbidden(_("Only people lend duties."))
    if taker.id == actor.membership_id:
        raise Conflict(_("Nobody lends duties to themselves."))
    if not taker.is_active or not taker.user.is_active:
        raise Conflict(_("This person has left."))
    _check_days(begins_on, ends_on)
    if not said(reason):
        raise Invalid(fields={"reason": [_("Give the reason.")]})
    with tenant_atomic(), kept_apart():
        held = lasting_roles(RoleAssignment.objects.filter(membership_id=actor.membership_id))
        found = list(held.filter(id__in=assignment_ids).select_related("role", "branch").order_by("id"))
        if not found or len(found) != len(set(assignment_ids)):
            raise Invalid(fields={"roles": [_("Choose roles that you hold yourself.")]})
        _refuse_what_is_never_lent(found)
        return [_give(actor, taker, each, begins_on=begins_on, ends_on=ends_on, reason=said(reason)) for each in found]


def _give(
    actor: Actor, taker: Membership, assignment: RoleAssignment, *, begins_on: date, ends_on: date, reason: str
) -> Delegation:
    before = (
        Delegation.objects.select_for_update(of=("self",))
        .filter(giver_id=assignment.membership_id, taker=taker, role=assignment.role, branch=assignment.branch)
        .filter(ended_at=None)
        .first()
    )
    if before is not None:
        if before.ends_on >= timezone.localdate():
            raise Conflict(_("%(role)s is lent to this person already. End that first.") % {"role": assignment.role})
        # Its last day is over, and the nightly sweep has not come by yet.
        end(actor, before, action=RAN_OUT)
    delegation_id = uuid7()
    event_id = audit.record(
        actor=actor,
        action="core.delegation.given",
        object_type="core.delegation",
        object_id=delegation_id,
        after={
            "member": str(taker.id),
            "role": assignment.role.key,
            "branch": assignment.branch.code if assignment.branch else "*",
            "begins_on": begins_on,
            "ends_on": ends_on,
        },
        reason=reason,
    )
    return Delegation.objects.create(
        id=delegation_id,
        giver_id=assignment.membership_id,
        taker=taker,
        role=assignment.role,
        branch=assignment.branch,
        begins_on=begins_on,
        ends_on=ends_on,
        reason=reason[:200],
        audit_event_id=event_id,
    )


def delegation_end(*, actor: Actor, delegation_id: UUID) -> Delegation:
    """End one early: whoever lent it, whoever has it, or whoever manages people. Raises NotFound for others, and
    Conflict when it has ended."""
    with tenant_atomic():
        delegation = Delegation.objects.select_for_update(of=("self",)).filter(id=delegation_id).first()
        own = delegation is not None and actor.membership_id in (delegation.giver_id, delegation.taker_id)
        if delegation is None or not (own or actor.can("people.manage")):
            raise NotFound
        if delegation.ended_at is not None:
            raise Conflict(_("It has ended already."))
        return end(actor, delegation)


def end(actor: Actor, delegation: Delegation, *, action: str = "core.delegation.ended") -> Delegation:
    """End one that runs, for callers that have asked whether they may; inside a transaction. What ran out was ended by
    its last day and by nobody."""
    event_id = audit.record(actor=actor, action=action, object_type="core.delegation", object_id=delegation.id)
    delegation.ended_at, delegation.ended_by_id = timezone.now(), None if action == RAN_OUT else actor.membership_id
    delegation.audit_event_id = event_id
    delegation.save(update_fields=["ended_at", "ended_by", "audit_event_id"])
    note_ended(Kind.DELEGATION, [delegation.id])
    return delegation


def delegations_of_leaver_end(*, actor: Actor, member: Membership) -> list[Delegation]:
    """What a leaver lent and what was lent to them ends with them; the ended ones."""
    return [end(actor, each) for each in delegations_of(member)]


def delegations_sweep(*, actor: Actor) -> int:
    """Tell the end of those whose last day is over (they counted no more since midnight of the lender); how many."""
    with tenant_atomic():
        over = Delegation.objects.select_for_update(of=("self",)).filter(
            ended_at=None, ends_on__lt=timezone.localdate()
        )
        return len([end(actor, each, action=RAN_OUT) for each in over])


def lendable(assignments: list[RoleAssignment]) -> list[RoleAssignment]:
    """Those of somebody's roles that hold no right that is never lent."""
    never = _never_lent([each.role_id for each in assignments])
    return [each for each in assignments if each.role_id not in never]


def _never_lent(role_ids: list[UUID]) -> dict[UUID, str]:
    rows = RoleCapability.objects.filter(role_id__in=role_ids).values_list("role_id", "capability")
    return {role_id: code for role_id, code in rows if is_known(code) and not registered(code).lendable}


def _refuse_what_is_never_lent(assignments: list[RoleAssignment]) -> None:
    if never := _never_lent([each.role_id for each in assignments]):
        code = min(never.values())
        raise Forbidden(
            _("A role with the right “%(right)s” is never lent. An administrator gives it with a last day.")
            % {"right": label_of(code)},
            capability=code,
        )


def _check_days(begins_on: date, ends_on: date) -> None:
    today = timezone.localdate()
    if begins_on < today:
        raise Invalid(fields={"begins_on": [_("The date has passed.")]})
    if begins_on > today + timedelta(days=FARTHEST):
        raise Invalid(fields={"begins_on": [_("It begins within %(days)s days.") % {"days": FARTHEST}]})
    if ends_on < begins_on:
        raise Invalid(fields={"ends_on": [_("It ends before it begins.")]})
    if (ends_on - begins_on).days >= LONGEST:
        raise Invalid(fields={"ends_on": [_("It lasts %(days)s days at most.") % {"days": LONGEST}]})
