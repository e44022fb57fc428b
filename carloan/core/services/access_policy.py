"""How strictly a lender gives out rights and asks who acts: decided by whoever manages roles, with a reason."""

from typing import Final

from django.utils.translation import gettext as _

from carloan.core import audit
from carloan.core.actors import Actor
from carloan.core.errors import Conflict, Invalid
from carloan.core.families import LABELS, LOCK, Mixed, mixtures
from carloan.core.ids import uuid7
from carloan.core.locks import hold
from carloan.core.models import AccessPolicy
from carloan.core.models.access_policy import LONGEST, SHORTEST
from carloan.core.roles import SEPARATED
from carloan.core.selectors_access import without_administrator
from carloan.core.services.sessions import sessions_tighten
from carloan.core.services.tenants import roles_install
from carloan.core.session_rules import LEAST_HOURS, LEAST_IDLE, MOST_AT_ONCE, MOST_HOURS, MOST_IDLE, SessionRules
from carloan.core.tenancy import tenant_atomic
from carloan.core.voices import require_passkey
from carloan.lib.text import said

MANAGE = "roles.manage"


# The fields that are figures, with their bounds.
BOUNDS: Final = {
    "confirm_minutes": (SHORTEST, LONGEST),
    "idle_minutes": (LEAST_IDLE, MOST_IDLE),
    "session_hours": (LEAST_HOURS, MOST_HOURS),
    "sessions_at_once": (1, MOST_AT_ONCE),
}


def access_policy_set(
    *,
    actor: Actor,
    separated: bool,
    passkeys: bool,
    confirm_minutes: int,
    reason: str,
    sessions: SessionRules | None = None,
) -> AccessPolicy:
    """Set the policy, `sessions` (None: as they are) among it; it counts from everybody's next request on, but laxer
    rules of sessions for those only that begin from now on (services/sessions.py).

    Raises Invalid without a reason and for figures out of bounds, Conflict for lifting a separation, which only the
    operator of the installation does, and for separating while a family has nobody who administers it for good; Mixed
    while somebody, or a role, holds rights of two families. The database refuses the latter and the lifting too.
    """
    actor.require(MANAGE)
    require_passkey(actor, MANAGE)
    figures = {"confirm_minutes": confirm_minutes, **(sessions.as_kept() if sessions else {})}
    wrong = {
        name: [_("Between %(least)s and %(most)s.") % {"least": BOUNDS[name][0], "most": BOUNDS[name][1]}]
        for name, figure in figures.items()
        if not BOUNDS[name][0] <= figure <= BOUNDS[name][1]
    }
    if wrong:
        raise Invalid(fields=wrong)
    if not said(reason):
        raise Invalid(fields={"reason": [_("Give the reason.")]})
    after = {"separated": separated, "passkeys": passkeys, **figures}
    with tenant_atomic():
        hold(LOCK)
        policy = AccessPolicy.objects.first() or AccessPolicy(id=uuid7())
        before = {name: getattr(policy, name) for name in after}
        if before == after and not policy._state.adding:
            return policy
        if policy.separated and not separated:
            raise Conflict(
                _("Separated administrators stay separated. Only the operator of the installation undoes it.")
            )
        if separated and not policy.separated:
            _can_be_separated()
        policy.audit_event_id = audit.record(
            actor=actor, action="core.access_policy.changed", object_type="core.accesspolicy", object_id=policy.id,
            before=before, after=after, reason=said(reason),
        )  # fmt: skip
        for name, value in after.items():
            setattr(policy, name, value)
        policy.save()
        sessions_tighten(policy.session_rules)
    return policy


def separated_roles_add(*, actor: Actor) -> None:
    """The roles of three separated administrators and of who decides for the business, beside those there are."""
    actor.require(MANAGE)
    require_passkey(actor, MANAGE)
    with tenant_atomic():
        hold(LOCK)
        roles_install(actor=actor, roles=SEPARATED, separated=True)


def separation_lift(*, actor: Actor) -> bool:
    """The operator of the installation gives a lender back to one administrator; False where it was not separated.

    The database lets the role of the web not do this.
    """
    with tenant_atomic():
        policy = AccessPolicy.objects.filter(separated=True).first()
        if policy is None:
            return False
        policy.separated = False
        policy.audit_event_id = audit.record(
            actor=actor, action="core.access_policy.changed", object_type="core.accesspolicy", object_id=policy.id,
            before={"separated": True}, after={"separated": False},
        )  # fmt: skip
        policy.save(update_fields=["separated", "audit_event_id"])
    return True


def _can_be_separated() -> None:
    found = mixtures()
    if missing := without_administrator(found):
        families = ", ".join(str(LABELS[family]) for family in missing)
        raise Conflict(
            _("Nobody would be left for %(families)s. Give these roles to people first.") % {"families": families}
        )
    if found:
        names = ", ".join(str(each.member or each.role) for each in found[:5])
        raise Mixed(_("Rights of two families are still in one hand: %(names)s.") % {"names": names})
