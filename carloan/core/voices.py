"""Whose word counts where an act asks for several people: one rule for holds, destructions, openings and reviews.

A word is given by a person, by a right of their own, once, and not about what they proposed themselves; where the
lender asks for it, with a passkey. For a day after somebody else decided how a person signs in that person has no word:
whoever gives passwords could speak as everybody, and people notice within a day at work. The database keeps the
distinct people beside each table of words.
"""

from collections.abc import Collection, Iterable
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django.db.models import Q
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .actors import Actor
from .capabilities import capability as registered
from .errors import Conflict, Forbidden
from .models import Membership, RoleAssignment

ADMINISTRATOR = "admin"
# Whoever makes people, their roles or what these may do could make the other voices too.
ADMINISTERS = ("people.manage", "rights.assign", "roles.manage")


# So long nobody speaks whose password, factors or sign-on somebody else has set.
QUIET: Final = timedelta(hours=24)


class PasskeyNeeded(Forbidden):
    """The lender asks for a passkey before this act; the pages lead there by themselves (stepup.py)."""

    code = "passkey"
    audited = False
    default = gettext_lazy(
        "This lender asks for a passkey before this act. Add one under Profile and security, confirm with it, and try "
        "again."
    )


def needs_passkey(actor: Actor, capability: str) -> bool:
    """Whether acts with this right are confirmed with a passkey: approvals, where the lender's policy says so."""
    return actor.passkeys and actor.kind == "person" and registered(capability).approval


def require_passkey(actor: Actor, capability: str) -> None:
    """Raise PasskeyNeeded unless the last confirmation of this session was by passkey where that is asked for."""
    if needs_passkey(actor, capability) and not actor.by_passkey:
        raise PasskeyNeeded(capability=capability)


def voice_of(
    actor: Actor,
    capability: str,
    *,
    proposer: UUID | None = None,
    spoken: Iterable[UUID] = (),
    own_words: Any = None,
    again_words: Any = None,
) -> UUID:
    """The member who speaks, by a right of their own.

    Raises Forbidden without the right, for whoever is no person and for a right that a colleague lent, because two
    rights of one holder are not two people; PasskeyNeeded; Conflict for the `proposer` (`own_words` say why), for
    whoever has `spoken` already (`again_words`), each under any account of theirs, and while somebody else may know how
    this person signs in.
    """
    member_id = actor.require_own(capability)
    require_passkey(actor, capability)
    spoken = set(spoken)
    member = Membership.objects.select_related("user").defer("user__password").get(id=member_id)
    same = _same_person(member, {*spoken, proposer} - {None, member_id}) | {member_id}
    if proposer in same:
        raise Conflict(own_words or _("Nobody speaks about what they proposed themselves."))
    if same & spoken:
        raise Conflict(again_words or _("You have spoken about this already. Somebody else must."))
    _require_own_sign_in(member)
    return member_id


def _same_person(member: Membership, others: Collection[UUID | None]) -> set[UUID]:
    """Those of `others` that are second accounts of one person, as far as the lender's own records show it: under one
    employee number or e-mail."""
    number, email = member.employee_no.strip(), member.user.email.strip()
    told = (Q(employee_no=number) if number else Q(pk=None)) | (Q(user__email__iexact=email) if email else Q(pk=None))
    if not others or not (number or email):
        return set()
    return set(Membership.objects.filter(told, id__in=others).values_list("id", flat=True))


def _require_own_sign_in(member: Membership) -> None:
    given_at = member.sign_in_given_at
    if given_at is not None and timezone.now() < given_at + QUIET:
        until = formats.date_format(timezone.localtime(given_at + QUIET), "SHORT_DATETIME_FORMAT")
        raise Conflict(
            _("Somebody else has set how you sign in. Your word counts again from %(until)s.") % {"until": until}
        )


def is_administrator(member_id: UUID) -> bool:
    """Whether somebody administers people or rights today, anywhere."""
    rows = RoleAssignment.objects.filter(membership_id=member_id).filter(
        Q(role__key=ADMINISTRATOR) | Q(role__capabilities__capability__in=ADMINISTERS)
    )
    return rows.filter(Q(valid_until=None) | Q(valid_until__gte=timezone.localdate())).exists()
