"""A message leaves: decided, handed over once, and asked about when its answer was lost (law 9)."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.utils import timezone

from carloan.compliance.selectors.consents import may_contact
from carloan.core import bursts
from carloan.core.actors import Actor
from carloan.core.errors import Conflict
from carloan.core.keys import KeyDestroyed
from carloan.core.moves import step
from carloan.core.sealed import clear
from carloan.core.tenancy import tenant_at_work, tenant_atomic
from carloan.loans.models import ContactPoint
from carloan.messaging.adapters import Away, Carrier, Letter, NotReached, Refused, Report, Unasked
from carloan.messaging.carriers import carrier_of
from carloan.messaging.guards import Asked, decide
from carloan.messaging.kinds import find_kind
from carloan.messaging.models import Message
from carloan.messaging.policies.delivery import LEASE, MOST_ATTEMPTS, MOVES, UNKNOWN_FOR, wait
from carloan.messaging.policies.links import Standing
from carloan.messaging.selectors.links import standing_of
from carloan.messaging.selectors.setup import may_leave_at
from carloan.messaging.services.sending import body_to_send, message_end

State: Final = Message.State


@dataclass(frozen=True, slots=True)
class _Taken:
    """A message in this worker's hands. `ask`: it may have gone already, so its key is asked about."""

    message: Message
    carrier: Carrier
    letter: Letter
    ask: bool


def message_deliver(*, message_id: str) -> None:
    """Deliver one message as far as it goes now. May run twice, in two workers at once, and be killed anywhere: a
    message that was in somebody's hands is asked about under its key before it is handed over again.

    Which gateway takes it and what that answers is told in the trail; an answer that says nothing leaves it UNKNOWN.
    """
    actor = Actor.system(tenant_at_work(), "delivery")
    with tenant_atomic():
        taken = _take(actor, UUID(message_id))
    if taken is None:
        return
    outcome = _ask(taken) if taken.ask else _send(taken)
    with tenant_atomic():
        message = Message.objects.select_for_update().get(id=message_id)
        # A receipt that overtook the answer said more than the answer does.
        with suppress(Conflict):
            _settle(actor, message, outcome)


def _take(actor: Actor, message_id: UUID) -> _Taken | None:
    """The message for this worker, None when it is somebody else's, over, or not to be sent now."""
    rows = Message.objects.select_for_update(of=("self",), skip_locked=True).select_related("contact", "link")
    message, now = rows.filter(id=message_id).first(), timezone.now()
    if message is None or message.due_at > now or (message.lease_until and message.lease_until > now):
        return None
    if message.state == State.SENDING:
        # Whoever had it is gone: whether it left, nobody knows.
        message_end(actor=actor, message=message, event="lose", why="worker_gone")
    if message.state not in {State.QUEUED, State.UNKNOWN}:
        return None
    ask = message.state == State.UNKNOWN
    carrier = carrier_of(message.channel)
    if carrier is None:
        if ask:
            _later(message, now)
        else:
            message_end(actor=actor, message=message, event="block", why="no_gateway")
        return None
    if not ask and not _may_leave(actor, message, now):
        return None
    try:
        letter = Letter(message.id.hex, clear(message, "to"), body_to_send(message), clear(message, "subject"))
    except KeyDestroyed:
        message_end(actor=actor, message=message, event="give_up" if ask else "call_off", why="person_gone")
        return None
    if ask:
        Message.objects.filter(id=message.id).update(lease_until=now + LEASE, attempts=message.attempts + 1)
    else:
        step(message, MOVES, "take", lease_until=now + LEASE, attempts=message.attempts + 1)
    return _Taken(message, carrier, letter, ask)


def _may_leave(actor: Actor, message: Message, now: datetime) -> bool:
    """Look at everything that may stand in the way at this moment, the guard last: what it stores is about a message
    that would leave otherwise."""
    kind = find_kind(message.kind)
    why = ""
    if message.link_id and message.link and standing_of(message.link, now) is not Standing.OPEN:
        message_end(actor=actor, message=message, event="call_off", why="link_dead")
        return False
    if message.contact.state != ContactPoint.State.ACTIVE:
        why = "contact_invalid"
    elif not (
        answer := may_contact(party_id=message.party_id, purpose=message.purpose, channel=message.channel, at=now)
    ).allowed:
        why = f"consent_{answer.why}"
    if not why and not (kind and kind.asked_for) and (due := may_leave_at(now)) > now:
        _postpone(message, due)
        return False
    if not why:
        decision = decide(
            Asked(
                message_id=message.id,
                party_id=message.party_id,
                loan_id=message.loan_id,
                contact_id=message.contact_id,
                purpose=message.purpose,
                channel=message.channel,
                at=now,
            )
        )
        message.decision_id = decision.decision_id
        Message.objects.filter(id=message.id).update(decision_id=decision.decision_id)
        if not decision.allowed and decision.earliest and decision.earliest > now:
            _postpone(message, decision.earliest)
            return False
        why = "" if decision.allowed else f"guard_{decision.why}"
    if why:
        message_end(actor=actor, message=message, event="block", why=why)
    return not why


def _send(taken: _Taken) -> Report | Exception:
    try:
        return Report(taken.letter.key, "accepted", taken.carrier.send(taken.letter))
    except (Away, NotReached, Refused) as error:
        return error


def _ask(taken: _Taken) -> Report | Exception | None:
    try:
        return taken.carrier.find(taken.letter.key)
    except (Away, NotReached, Refused, Unasked) as error:
        return error


def _settle(actor: Actor, message: Message, outcome: Report | Exception | None) -> None:
    now = timezone.now()
    tries_left = message.attempts < MOST_ATTEMPTS
    match outcome:
        case Report():
            report_take(actor=actor, message=message, report=outcome)
        case None:
            # The gateway never had it: the same key goes again.
            _return(message, "never_came", now)
        case NotReached() if message.state == State.SENDING and tries_left:
            _return(message, "return", now)
        case Refused(again=True) if message.state == State.SENDING and tries_left:
            _return(message, "return", now)
        case Refused() if message.state == State.SENDING:
            message_end(actor=actor, message=message, event="refuse", why=outcome.code)
        case NotReached() if message.state == State.SENDING:
            message_end(actor=actor, message=message, event="refuse", why="not_reached")
        case Away() if message.state == State.SENDING:
            message_end(actor=actor, message=message, event="lose", why="no_answer")
            _later(message, now)
        case Unasked():
            message_end(actor=actor, message=message, event="give_up", why="unknown_for_good")
        case _ if message.made_at + UNKNOWN_FOR < now:
            message_end(actor=actor, message=message, event="give_up", why="unknown_for_good")
        case _:
            _later(message, now)


def report_take(*, actor: Actor, message: Message, report: Report) -> None:
    """Write down what a gateway says of a message, by its answer, by being asked, or by a receipt.

    Says the same twice, late or in another order: what goes back is ignored. Raises Conflict where a message was taken
    on by somebody else at this moment.
    """
    event = {"accepted": "accept", "delivered": "deliver", "failed": "bounce"}[report.status]
    if MOVES.find(message.state, event) is None:
        return
    message_end(actor=actor, message=message, event=event, why=report.code, at=report.at, reference=report.reference)


def receipts_take(*, reports: list[Report]) -> int:
    """Take receipts of a gateway whose signature was looked at; how many were about messages of ours."""
    actor = Actor.system(tenant_at_work(), "receipts")
    known = 0
    for report in reports:
        try:
            message_id = UUID(report.key)
        except ValueError:
            continue
        with tenant_atomic():
            message = Message.objects.select_for_update().filter(id=message_id, channel="sms").first()
            if message is not None:
                known += 1
                report_take(actor=actor, message=message, report=report)
    return known


def receipts_refuse(*, address: str) -> None:
    """Tell of receipts that nobody signed with the gateway's secret, folded."""
    who = Actor(tenant_id=tenant_at_work(), kind="key", name="gateway", address=address)
    bursts.refuse(
        actor=who, action="messaging.receipts.refused", object_type="messaging.gateway", reason_code="signature",
        source=("receipts", address),
    )  # fmt: skip


def _return(message: Message, event: str, now: datetime) -> None:
    step(message, MOVES, event, lease_until=None, due_at=now + wait(message.attempts))


def _later(message: Message, now: datetime) -> None:
    Message.objects.filter(id=message.id).update(lease_until=None, due_at=now + wait(message.attempts))


def _postpone(message: Message, due: Any) -> None:
    Message.objects.filter(id=message.id).update(due_at=due)
