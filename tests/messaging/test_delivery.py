"""Messages leave once, whatever the gateway and our own processes do; what nobody knows is asked about."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from carloan.compliance.services.consents import consent_record
from carloan.core.models import AuditEvent
from carloan.core.moves import step
from carloan.core.tenancy import tenant_scope
from carloan.messaging import guards
from carloan.messaging.adapters.sms import client as sms_client
from carloan.messaging.adapters.sms.protocol import signed
from carloan.messaging.guards import Asked, Decision, register_guard
from carloan.messaging.kinds import kind_of
from carloan.messaging.models import Gateway, Message
from carloan.messaging.policies.delivery import MOVES
from carloan.messaging.services import delivering
from carloan.messaging.services.delivering import message_deliver
from carloan.messaging.services.links import link_revoke
from carloan.messaging.services.sending import message_end, message_queue
from carloan.messaging.services.sweeping import messages_sweep
from carloan.messaging.tasks import deliver_message
from tests.cast import Lender
from tests.machines import walk
from tests.messaging.doors import Sandbox, a_link, a_loan, mobile, sms_gateway, until

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])


@pytest.fixture
def message(bank: Lender, sandbox: Sandbox) -> Message:
    """A link by text message, waiting to be sent."""
    with bank.open():
        sms_gateway(bank)
        made = a_link(bank, a_loan(bank), channel="sms")
    assert made.message is not None
    return made.message


def deliver(lender: Lender, message: Message) -> Message:
    """One go of a worker at a message whose moment has come."""
    with lender.open():
        Message.objects.filter(id=message.id).update(due_at=timezone.now(), lease_until=None)
    with tenant_scope(lender.tenant.id):
        message_deliver(message_id=str(message.id))
    return again(lender, message)


def again(lender: Lender, message: Message) -> Message:
    with lender.open():
        return Message.objects.get(id=message.id)


def of_it(sandbox: Sandbox, message: Message) -> list[dict[str, Any]]:
    return [row for row in sandbox.taken() if row["key"] == message.id.hex]


def test_a_message_is_handed_over_once_and_its_secret_is_gone(bank: Lender, sandbox: Sandbox, message: Message) -> None:
    sent = deliver(bank, message)
    (taken,) = of_it(sandbox, message)
    assert (sent.state, sent.secret, sent.reference) == ("sent", None, taken["id"])
    assert taken["sign"] == "华信"
    assert f"{settings.BASE_URL}/t/bank/d/" in taken["text"], taken["text"]
    deliver(bank, message)
    assert len(of_it(sandbox, message)) == 1
    with bank.open():
        told = set(AuditEvent.objects.filter(object_id=message.id).values_list("action", flat=True))
    assert told == {"messaging.message.queued", "messaging.message.sent"}


def test_messages_take_the_lines_of_their_table_or_are_refused(bank: Lender, message: Message) -> None:
    # Who takes one and gives it back does so without an event of its own.
    leases = {line.event for line in MOVES if line.lease}

    def act(row: Message, event: str) -> None:
        if event in leases:
            step(row, MOVES, event)
        else:
            message_end(actor=bank.system, message=row, event=event)

    with bank.open():
        Message.objects.filter(id=message.id).update(secret=None)
        assert walk(message, MOVES, Message.State.values, act)[0] == len(list(MOVES))


@pytest.mark.parametrize("how", ["lost", "error_after"])
def test_a_lost_answer_is_asked_about_and_not_sent_again(
    bank: Lender, sandbox: Sandbox, message: Message, how: str
) -> None:
    sandbox.misbehave(how)
    assert deliver(bank, message).state == "unknown"
    assert deliver(bank, message).state in {"sent", "delivered"}
    assert len(of_it(sandbox, message)) == 1


def test_a_gateway_that_is_too_slow_is_asked_about(
    bank: Lender, sandbox: Sandbox, message: Message, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sms_client, "SECONDS", 0.3)
    sandbox.misbehave("slow")
    assert deliver(bank, message).state == "unknown"
    assert deliver(bank, message).state in {"sent", "delivered"}


def test_what_the_gateway_never_had_goes_again_under_the_same_key(
    bank: Lender, sandbox: Sandbox, message: Message
) -> None:
    sandbox.misbehave("error")
    assert deliver(bank, message).state == "unknown"
    assert deliver(bank, message).state == "queued", "it was asked, and never had it"
    assert deliver(bank, message).state == "sent"
    assert len(of_it(sandbox, message)) == 1


def test_a_worker_that_was_killed_in_between_sends_nothing_twice(
    bank: Lender, sandbox: Sandbox, message: Message
) -> None:
    """Killed behind the gateway's answer and before it was written down."""

    class Killed(BaseException):
        pass

    def killed(*_args: object) -> None:
        raise Killed

    with pytest.MonkeyPatch.context() as patch, pytest.raises(Killed):
        patch.setattr(delivering, "_settle", killed)
        deliver(bank, message)
    assert len(of_it(sandbox, message)) == 1
    held = again(bank, message)
    assert held.state == "sending"
    with tenant_scope(bank.tenant.id):
        message_deliver(message_id=str(message.id))
    assert again(bank, message).state == "sending", "somebody's lease still runs"
    assert deliver(bank, message).state in {"sent", "delivered"}
    assert len(of_it(sandbox, message)) == 1


def test_refused_for_good_and_refused_for_now(bank: Lender, sandbox: Sandbox, message: Message) -> None:
    sandbox.misbehave("busy")
    assert deliver(bank, message).state == "queued"
    sandbox.misbehave("refused")
    ended = deliver(bank, message)
    assert (ended.state, ended.why, ended.secret) == ("failed", "NUMBER_NOT_IN_SERVICE", None)


def test_a_gateway_that_is_away_leaves_it_unknown_until_nobody_can_wait(
    bank: Lender, message: Message, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "SMS_SANDBOX", "http://127.0.0.1:9")
    assert deliver(bank, message).state == "unknown"
    assert deliver(bank, message).state == "unknown"
    with bank.open():
        Message.objects.filter(id=message.id).update(made_at=timezone.now() - timedelta(hours=25))
    ended = deliver(bank, message)
    assert (ended.state, ended.why) == ("failed", "unknown_for_good")


def receipt(lender: Lender, secret: str, *reports: dict[str, Any], tamper: bytes = b"") -> int:
    path = f"/t/{lender.tenant.slug}/messages/receipts/sms/"
    body = json.dumps({"receipts": reports}).encode()
    headers = signed("sandbox", secret, "POST", path, body)
    return Client().post(path, body + tamper, content_type="application/json", headers=headers).status_code


def test_receipts_in_any_order_and_however_often(bank: Lender, sandbox: Sandbox, message: Message) -> None:
    sandbox.misbehave("silent")
    deliver(bank, message)
    taken = {"key": message.id.hex, "id": "SB1", "status": "accepted", "reason": "", "at": 1_790_000_000}
    done = {**taken, "status": "delivered"}
    assert receipt(bank, sandbox.secret, done, taken) == 200
    assert receipt(bank, sandbox.secret, done) == 200
    assert receipt(bank, sandbox.secret, {**taken, "status": "failed", "reason": "LATE"}) == 200
    ended = again(bank, message)
    assert (ended.state, ended.ended_at and ended.ended_at.timestamp()) == ("delivered", 1_790_000_000)
    with bank.open():
        assert AuditEvent.objects.filter(object_id=message.id, action="messaging.message.delivered").count() == 1


def test_a_receipt_before_the_answer_says_more_than_the_answer(
    bank: Lender, sandbox: Sandbox, message: Message
) -> None:
    sandbox.misbehave("lost")
    deliver(bank, message)
    assert receipt(bank, sandbox.secret, {"key": message.id.hex, "status": "delivered"}) == 200
    assert again(bank, message).state == "delivered"


@pytest.mark.usefixtures("clean_cache")
def test_forged_receipts_are_refused_and_told_folded(
    bank: Lender, other: Lender, sandbox: Sandbox, message: Message
) -> None:
    sandbox.misbehave("silent")
    deliver(bank, message)
    done = {"key": message.id.hex, "status": "delivered"}
    assert receipt(bank, "another secret", done) == 404
    assert receipt(bank, sandbox.secret, done, tamper=b" ") == 404
    assert receipt(other, sandbox.secret, done) == 404, "another lender has no gateway"
    with other.open():
        sms_gateway(other)
    assert receipt(other, sandbox.secret, done) == 200, "rightly signed, about nothing of theirs"
    assert again(bank, message).state == "sent"
    with bank.open():
        assert AuditEvent.objects.filter(action="messaging.receipts.refused").count() == 1


def test_the_twin_sends_its_receipts_itself_twice_when_told(bank: Lender, sandbox: Sandbox, message: Message) -> None:
    """They go to the address of the site, which is not up here: the twin notes what it would say all the same."""
    sandbox.misbehave("doubled")
    deliver(bank, message)
    until(lambda: of_it(sandbox, message)[0]["status"] == "delivered", "the twin settles the message")


def test_a_withdrawn_consent_and_an_ended_link_stop_what_waits(bank: Lender, message: Message) -> None:
    with bank.open():
        consent_record(
            actor=bank.actor("compliance"), party_id=message.party_id, purpose="service", channel="sms", given=False,
            said_at=timezone.now(),
        )  # fmt: skip
    stopped = deliver(bank, message)
    assert (stopped.state, stopped.why, stopped.secret) == ("blocked", "consent_withdrawn", None)


def test_a_revoked_link_is_not_sent(bank: Lender, sandbox: Sandbox, message: Message) -> None:
    with bank.open():
        assert message.link is not None
        link_revoke(actor=bank.actor("officer"), link=message.link)
    assert deliver(bank, message).state == "cancelled"
    assert of_it(sandbox, message) == []


def test_without_a_gateway_a_message_says_so(bank: Lender, message: Message) -> None:
    with bank.open():
        Gateway.objects.update(is_active=False)
    assert (deliver(bank, message).state, again(bank, message).why) == ("blocked", "no_gateway")


def test_quiet_hours_hold_it_back(
    bank: Lender, sandbox: Sandbox, message: Message, monkeypatch: pytest.MonkeyPatch
) -> None:
    morning = timezone.now() + timedelta(hours=6)
    monkeypatch.setattr(delivering, "may_leave_at", lambda now: morning)
    held = deliver(bank, message)
    assert (held.state, held.due_at) == ("queued", morning)
    assert of_it(sandbox, message) == []


def test_a_guard_decides_first_whoever_sends(bank: Lender, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """A purpose with a guard passes only by it; without one, contact about a debt does not pass at all."""
    monkeypatch.setattr(guards, "_guards", {})
    kind = kind_of("papers.link")
    debt = type(kind)(
        code="debt.test", label="", purpose="collection", variables=kind.variables, required=(), words=kind.words
    )
    with bank.open():
        sms_gateway(bank)
        loan = a_loan(bank)

        def queue() -> Message:
            return message_queue(
                actor=bank.system, kind=debt, channel="sms", contact=mobile(loan), language="zh-hans",
                values={"link": "-", "until": "-"}, loan=loan,
            )  # fmt: skip

        unguarded, allowed, denied, later = queue(), queue(), queue(), queue()
    assert (deliver(bank, unguarded).state, again(bank, unguarded).why) == ("blocked", "guard_no_guard")
    asked: list[Asked] = []
    tomorrow = timezone.now() + timedelta(days=1)
    answers = {
        allowed.id: Decision(allowed=True, decision_id=loan.id),
        denied.id: Decision(allowed=False, why="CN.FREQ"),
        later.id: Decision(allowed=False, why="CN.TIME", earliest=tomorrow),
    }

    def guard(about: Asked) -> Decision:
        asked.append(about)
        return answers[about.message_id]

    register_guard("collection", guard)
    assert (deliver(bank, allowed).state, again(bank, allowed).decision_id) == ("sent", loan.id)
    assert (deliver(bank, denied).state, again(bank, denied).why) == ("blocked", "guard_CN.FREQ")
    assert (deliver(bank, later).state, again(bank, later).due_at) == ("queued", tomorrow)
    assert [each.purpose for each in asked] == ["collection"] * 3


def test_the_sweep_takes_up_what_is_due_and_leaves_what_is_held(
    bank: Lender, message: Message, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[str] = []
    monkeypatch.setattr(deliver_message, "send", lambda **given: sent.append(given["message_id"]))
    with tenant_scope(bank.tenant.id):
        messages_sweep()
        assert str(message.id) in sent
        sent.clear()
        with bank.open():
            Message.objects.filter(id=message.id).update(lease_until=timezone.now() + timedelta(seconds=30))
        messages_sweep()
    assert str(message.id) not in sent


def test_the_table_of_steps_ends_everywhere() -> None:
    """Whatever is over stays over, but for a receipt that comes late."""
    assert {move.source for move in MOVES} == {"queued", "sending", "unknown", "sent"}
    assert {move.event for move in MOVES.leaving("sent")} == {"deliver", "bounce"}
