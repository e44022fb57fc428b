"""One-time links are made, sent again, and revoked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.utils import timezone
from django.utils.translation import gettext as _

from carloan.core import audit
from carloan.core.actors import Actor
from carloan.core.errors import Conflict, Forbidden, Invalid
from carloan.core.ids import uuid7
from carloan.core.tenancy import tenant_atomic
from carloan.loans.models import ContactPoint, Loan, LoanParty
from carloan.loans.selectors.loans import may
from carloan.messaging.errands import Errand, errand_of, wants_of
from carloan.messaging.kinds import kind_of
from carloan.messaging.models import Message, OneTimeLink
from carloan.messaging.policies.links import LIFE, LONGEST, SPOKEN_LIFE, Standing, code_way
from carloan.messaging.selectors.links import SEND, standing_of
from carloan.messaging.selectors.setup import channels_in_use
from carloan.messaging.services.sending import REACHES, message_queue, messages_call_off
from carloan.messaging.tokens import digest, door_url, new_code, new_token

OBJECT: Final = "messaging.onetimelink"
Way: Final = OneTimeLink.CodeWay


@dataclass(frozen=True, slots=True)
class Made:
    """A link with its address, and the code to tell where nothing sends one; both are known only now."""

    link: OneTimeLink
    url: str
    code: str = ""
    message: Message | None = None


def link_make(
    *,
    actor: Actor,
    loan: Loan,
    errand: Errand,
    row: LoanParty,
    wants: Sequence[str],
    channel: str,
    contact: ContactPoint | None,
    language: str,
    life: timedelta = LIFE,
) -> Made:
    """Make a link for one person of a loan and send it by `channel` to `contact`, or show it (`screen`).

    The code goes by another way than the link; the officer tells it where no other is left. Raises Forbidden without
    the rights to write to people and to do the errand on this loan, Invalid for what is missing, Conflict where the
    person may not be written to.
    """
    _require(actor, loan, errand)
    chosen = [want.code for want in wants_of(errand, wants)]
    if not chosen:
        raise Invalid(fields={"wants": [_("Choose what is asked for.")]})
    if not timedelta(0) < life <= LONGEST:
        raise Invalid(fields={"days": [_("A link is valid for 30 days at most.")]})
    if channel != "screen" and (contact is None or contact.party_id != row.party_id):
        raise Invalid(fields={"contact": [_("Choose a number or address that is in use.")]})
    token, now = new_token(), timezone.now()
    with tenant_atomic():
        way, code_contact = _second_way(row, channel)
        link = OneTimeLink(
            id=uuid7(), errand=errand.code, loan=loan, party_id=row.party_id, wants=chosen, language=language,
            channel=channel, contact=contact if channel != "screen" else None, code_way=way, code_contact=code_contact,
            digest=digest("token", token), made_by_id=actor.membership_id, expires_at=now + life,
        )  # fmt: skip
        code = _spoken(link, now) if way == Way.SPOKEN else ""
        link.audit_event_id = audit.record(
            actor=actor,
            action="messaging.link.made",
            object_type=OBJECT,
            object_id=link.id,
            loan_id=loan.id,
            after={
                "errand": errand.code, "party": str(row.party_id), "channel": channel, "code_way": way, "wants": chosen,
            },
        )  # fmt: skip
        link.save(force_insert=True)
        message = _send(actor, link, errand, token) if channel != "screen" else None
        return Made(link, door_url(token), code, message)


def link_send_again(*, actor: Actor, link: OneTimeLink, life: timedelta = LIFE) -> Made:
    """Make the link anew: another token (the old one is dead), tries from the beginning, valid from today on.

    It goes the way it went before. Raises Forbidden, Conflict for one that was revoked or finished.
    """
    errand = _errand(link)
    _require(actor, link.loan, errand)
    token, now = new_token(), timezone.now()
    with tenant_atomic():
        held = OneTimeLink.objects.select_for_update(of=("self",)).select_related("loan", "contact").get(id=link.id)
        if standing_of(held, now) in {Standing.REVOKED, Standing.FINISHED}:
            raise Conflict(_("This link is over. Make a new one."))
        messages_call_off(actor=actor, link=held)
        held.digest, held.expires_at = digest("token", token), now + life
        held.wrong = held.codes = held.uses = 0
        # Browsers that had come in by the old address do not stay inside.
        held.visits.update(passed_at=None, code_digest=None)
        code = _spoken(held, now) if held.code_way == Way.SPOKEN else ""
        held.audit_event_id = audit.record(
            actor=actor, action="messaging.link.sent_again", object_type=OBJECT, object_id=held.id,
            loan_id=held.loan_id,
        )  # fmt: skip
        held.save()
        message = _send(actor, held, errand, token) if held.channel != OneTimeLink.Channel.SCREEN else None
        return Made(held, door_url(token), code, message)


def spoken_code_make(*, actor: Actor, link: OneTimeLink) -> str:
    """Another code to tell, for a link whose code the officer tells; the one before counts no more.

    Raises Forbidden, Conflict for a link that is not open or whose code is sent."""
    _require(actor, link.loan, _errand(link))
    now = timezone.now()
    with tenant_atomic():
        held = OneTimeLink.objects.select_for_update(of=("self",)).get(id=link.id)
        if held.code_way != Way.SPOKEN or standing_of(held, now) is not Standing.OPEN:
            raise Conflict(_("No code is told for this link."))
        code = _spoken(held, now)
        held.audit_event_id = audit.record(
            actor=actor, action="messaging.code.made", object_type=OBJECT, object_id=held.id, loan_id=held.loan_id
        )
        held.save()
    return code


def link_revoke(*, actor: Actor, link: OneTimeLink) -> None:
    """End a link: its address opens nothing from this moment on, and messages of it that wait are called off.

    May be asked twice. Raises Forbidden."""
    if not may(actor, SEND, link.loan):
        raise Forbidden(capability=SEND)
    with tenant_atomic():
        held = OneTimeLink.objects.select_for_update(of=("self",)).get(id=link.id)
        if held.revoked_at is None:
            revoke_in_hand(actor=actor, link=held)


def revoke_in_hand(*, actor: Actor, link: OneTimeLink) -> None:
    """End a link that the caller holds locked, without asking for a right."""
    link.revoked_at = timezone.now()
    link.audit_event_id = audit.record(
        actor=actor, action="messaging.link.revoked", object_type=OBJECT, object_id=link.id, loan_id=link.loan_id
    )
    link.save(update_fields=["revoked_at", "audit_event_id"])
    messages_call_off(actor=actor, link=link)


def _require(actor: Actor, loan: Loan, errand: Errand) -> None:
    for capability in (SEND, errand.capability):
        if not may(actor, capability, loan):
            raise Forbidden(capability=capability)


def _errand(link: OneTimeLink) -> Errand:
    errand = errand_of(link.errand)
    if errand is None:
        raise Conflict(_("This link is over. Make a new one."))
    return errand


def _second_way(row: LoanParty, channel: str) -> tuple[str, ContactPoint | None]:
    """How the code goes, and where to: the person's oldest number or address in use."""
    known = ContactPoint.objects.filter(party_id=row.party_id, state=ContactPoint.State.ACTIVE).order_by("id")
    first = {by: known.filter(kind=kind).first() for by, kind in REACHES.items()}
    in_use = channels_in_use()
    way = code_way(
        channel,
        can_sms=first["sms"] is not None and "sms" in in_use,
        can_email=first["email"] is not None and "email" in in_use,
    )
    return way, first.get(way)


def _spoken(link: OneTimeLink, now: datetime) -> str:
    code = new_code()
    link.spoken_digest, link.spoken_until = digest("spoken", code, of=link.id), now + SPOKEN_LIFE
    return code


def _send(actor: Actor, link: OneTimeLink, errand: Errand, token: str) -> Message:
    until: Any = timezone.localtime(link.expires_at)
    assert link.contact is not None
    return message_queue(
        actor=actor,
        kind=kind_of(errand.message_kind),
        channel=link.channel,
        contact=link.contact,
        language=link.language,
        values={"link": door_url(token), "until": f"{until:%Y-%m-%d}"},
        loan=link.loan,
        link=link,
    )
