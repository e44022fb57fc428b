"""First passwords: made by the house, shown once, never stored in clear."""

import secrets

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from axes.utils import reset as axes_reset
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from carloan.core import audit
from carloan.core.actors import Actor
from carloan.core.errors import Conflict, Forbidden
from carloan.core.models import Membership, Role
from carloan.core.selectors import works_elsewhere
from carloan.core.services.roles import require_what_is_given
from carloan.core.services.sessions import ADMINISTRATOR, session_close
from carloan.core.tenancy import tenant_atomic
from carloan.core.voices import require_passkey
from carloan.lib.text import fold_key

# Without characters that are misread on paper: 0 O, 1 l I.
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
GROUPS, GROUP = 4, 4


def first_password() -> str:
    """A random password of about 79 bits in groups that can be read out on the phone."""
    return "-".join("".join(secrets.choice(ALPHABET) for _character in range(GROUP)) for _group in range(GROUPS))


def name_key(name: str) -> str:
    """The name that counts against the limit of wrong passwords: however it is spelled, it is the same account."""
    return fold_key(name).casefold()[:255]


def password_renew(*, actor: Actor, membership: Membership) -> str:
    """Give a member a new password and end their sessions; returns it, to be shown once.

    Refused for oneself (the profile does that), for leavers, and for people who also work for another lender: their
    account opens that lender too, so one lender's administrator must not be able to take it over.
    """
    require_power_over_sign_in(actor, membership)
    password = first_password()
    with tenant_atomic():
        audit.record(
            actor=actor, action="core.password.renewed", object_type="core.membership", object_id=membership.id
        )
        membership.user.set_password(password)
        membership.user.must_change_password = True
        membership.user.save(update_fields=["password", "must_change_password"])
        sign_in_given(membership)
        # Whoever was locked out, perhaps by somebody else, tries again at once.
        axes_reset(username=name_key(membership.user.get_username()))
        _sessions_end(membership)
    return password


def factors_remove(*, actor: Actor, membership: Membership) -> int:
    """Take away all second factors of a member who lost them and end their sessions: whoever found the device may be
    signed in with it. Returns how many factors. The same people are refused.

    The lender's policy then asks for a new one before its pages open.
    """
    require_power_over_sign_in(actor, membership)
    with tenant_atomic():
        removed, _by_model = Authenticator.objects.filter(user=membership.user).delete()
        sign_in_given(membership)
        audit.record(
            actor=actor,
            action="core.factors.removed",
            object_type="core.membership",
            object_id=membership.id,
            count=removed,
        )
        _sessions_end(membership)
    return int(removed)


def _sessions_end(membership: Membership) -> None:
    for session in UserSession.objects.filter(user=membership.user):
        session_close(session=session, why=ADMINISTRATOR)


def sign_in_given(membership: Membership) -> None:
    """Keep that somebody else decided just now how this person signs in."""
    membership.sign_in_given_at = timezone.now()
    membership.save(update_fields=["sign_in_given_at"])


def require_power_over_sign_in(actor: Actor, membership: Membership, *, also_own: bool = False) -> None:
    """Raise Conflict for people who left and, unless `also_own`, for oneself; Forbidden for those who hold more rights
    than the actor and for those who also work for another lender. Who sets how somebody signs in can be them.
    """
    actor.require("rights.assign")
    require_passkey(actor, "rights.assign")
    own = membership.id == actor.membership_id
    if (own and not also_own) or not membership.is_active:
        raise Conflict(_("Change your own sign-in in your profile; people who left have none."))
    if not own:
        require_what_is_given(actor=actor, roles=Role.objects.filter(assignments__membership=membership))
    if works_elsewhere(membership):
        raise Forbidden(_("This person also works for another lender. Only the person can change this sign-in."))
