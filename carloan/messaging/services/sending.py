"""A message is written: in the transaction of what it tells, so that it leaves if and only if that happened."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from django.utils import timezone
from django.utils.translation import gettext as _

from carloan.compliance.policies.consents import WHY_LABELS
from carloan.compliance.selectors.consents import may_contact
from carloan.core import audit
from carloan.core.actors import Actor
from carloan.core.errors import Conflict, Invalid
from carloan.core.ids import uuid7
from carloan.core.models import Tenant
from carloan.core.moves import step
from carloan.core.sealed import clear, seal
from carloan.core.tenancy import current_tenant_id, tenant_atomic
from carloan.loans.models import ContactPoint, Loan
from carloan.messaging.kinds import MessageKind
from carloan.messaging.models import Message, OneTimeLink
from carloan.messaging.policies import words
from carloan.messaging.policies.delivery import MOVES
from carloan.messaging.selectors.setup import may_leave_at, words_of
from carloan.messaging.tasks import deliver_message
from carloan.messaging.tokens import HIDDEN

OBJECT: Final = "messaging.message"
# Which contact points a channel reaches.
REACHES: Final = {"sms": ContactPoint.Kind.MOBILE, "email": ContactPoint.Kind.EMAIL}
SEPARATOR: Final = "\x1f"


def message_queue(
    *,
    actor: Actor,
    kind: MessageKind,
    channel: str,
    contact: ContactPoint,
    language: str,
    values: Mapping[str, str],
    loan: Loan | None = None,
    link: OneTimeLink | None = None,
) -> Message:
    """Write a message to one of a person's numbers or addresses; a worker delivers it behind the commit.

    In quiet hours it waits for their end, unless the person asked for it this moment. Values of secret variables stand
    in the words only while they are on their way. Raises Conflict when the person may not be contacted by this channel
    for this purpose (PIPL art. 15, 47), Invalid for a number that is no longer valid or is none of the channel.
    """
    if contact.state != ContactPoint.State.ACTIVE or contact.kind != REACHES[channel]:
        raise Invalid(fields={"contact": [_("Choose a number or address that is in use.")]})
    now = timezone.now()
    with tenant_atomic():
        answer = may_contact(party_id=contact.party_id, purpose=kind.purpose, channel=channel, at=now)
        if not answer.allowed:
            raise Conflict(
                _("The person may not be written to this way: %(why)s.") % {"why": WHY_LABELS[answer.why]},
                code="no_consent",
            )
        chosen = words_of(kind, channel, language)
        values = {"lender": lender_in(chosen.language), **values}
        secret = {name: values[name] for name in kind.secret if name in values}
        open_values = {name: value for name, value in values.items() if name not in secret}
        message = Message(
            id=uuid7(), kind=kind.code, purpose=kind.purpose, channel=channel, language=chosen.language,
            template_version=chosen.version, party_id=contact.party_id, loan=loan, contact=contact, link=link,
            due_at=now if kind.asked_for else may_leave_at(now), made_by_id=actor.membership_id,
        )  # fmt: skip
        seal(
            message,
            to=clear(contact, "value"),
            subject=words.filled(chosen.words.subject, open_values),
            body=words.filled(chosen.words.body, open_values),
            secret=SEPARATOR.join(f"{name}={value}" for name, value in secret.items()),
        )
        message.audit_event_id = audit.record(
            actor=actor,
            action="messaging.message.queued",
            object_type=OBJECT,
            object_id=message.id,
            loan_id=loan.id if loan else None,
            after={"kind": kind.code, "channel": channel, "purpose": kind.purpose, "party": str(contact.party_id)},
        )
        message.save(force_insert=True)
        deliver_message.send(message_id=str(message.id))
    return message


def lender_in(language: str) -> str:
    """What the lender is called in messages of a language."""
    tenant = Tenant.objects.get(id=current_tenant_id())
    return tenant.name_en or tenant.name if language == "en" else tenant.name


def body_to_send(message: Message) -> str:
    """The words with what opens a door."""
    held = clear(message, "secret")
    pairs = (pair.partition("=") for pair in held.split(SEPARATOR)) if held else ()
    return words.filled(clear(message, "body"), {name: value for name, _sign, value in pairs})


def body_to_show(message: Message, kind: MessageKind | None) -> str:
    """The words without it, as they stand in the log."""
    return words.filled(clear(message, "body"), dict.fromkeys(kind.secret if kind else (), HIDDEN))


def messages_call_off(*, actor: Actor, link: OneTimeLink) -> int:
    """Messages of a link that have not left are called off with it; how many. Inside the caller's transaction."""
    waiting = Message.objects.select_for_update().filter(link=link, state=Message.State.QUEUED)
    called_off = list(waiting)
    for message in called_off:
        message_end(actor=actor, message=message, event="call_off", why="link_dead")
    return len(called_off)


def message_end(
    *, actor: Actor, message: Message, event: str, why: str = "", at: datetime | None = None, reference: str = ""
) -> None:
    """Take a message to where `event` leads, with its event in the trail; what opens a door is gone from it then.

    Raises Conflict where it has gone on meanwhile."""
    target = MOVES.need(message.state, event).target
    keeps = target == Message.State.UNKNOWN
    step(
        message,
        MOVES,
        event,
        audit_event_id=audit.record(
            actor=actor,
            action=f"messaging.message.{target}",
            object_type=OBJECT,
            object_id=message.id,
            loan_id=message.loan_id,
            reason_code=why[:30],
        ),
        why=why[:60],
        reference=reference or message.reference,
        ended_at=None if keeps else at or timezone.now(),
        **({} if keeps else {"secret": None}),
        lease_until=None,
    )
