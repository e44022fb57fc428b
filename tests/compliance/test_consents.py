"""The consent register: what the last word about a purpose and a channel allows; no word is changed afterwards."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, IntegrityError
from django.utils import timezone

from carloan.compliance.models import Consent
from carloan.compliance.policies.consents import ANY, CHANNELS, PURPOSES, SENSITIVE, Saying, Why, channels_of, judge
from carloan.compliance.selectors.consents import may_contact, newest_for
from carloan.compliance.services.consents import consent_record
from carloan.compliance.services.person_rights import request_answer, request_withdraw
from carloan.compliance.services.stops import stop_place
from carloan.core import audit
from carloan.core.errors import Conflict, Forbidden, Invalid, NotFound
from carloan.core.keys import Subject, destroy_key
from carloan.core.models import AuditEvent, Role, RoleAssignment, RoleCapability
from carloan.core.tenancy import tenant_atomic
from carloan.loans.models import Loan
from tests.cast import Lender
from tests.compliance.person_asks import asked, party_of, working
from tests.loans.book import open_loan, person

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])
NOON = datetime(2026, 11, 30, 4, tzinfo=UTC)


def word(
    given: bool, purpose: str = "marketing", channel: str = "call", *, hours: int = 1, separate: bool = False
) -> Saying:
    """Something said so many hours before noon."""
    at = NOON - timedelta(hours=hours)
    return Saying(uuid4(), purpose, channel, given, separate, at, at)


def test_what_nobody_said_is_denied_and_what_nobody_knows_too() -> None:
    for code, purpose in PURPOSES.items():
        for channel in channels_of(code):
            answer = judge([], code, channel, NOON)
            assert answer.allowed is (purpose.basis != "consent")
            assert answer.citation
    for purpose_code, channel in (("gossip", "call"), ("marketing", "pigeon"), ("location", "call")):
        assert judge([], purpose_code, channel, NOON).why is Why.UNKNOWN


def test_the_last_word_about_the_channel_or_every_way_counts() -> None:
    given_any, no_call = word(True, channel=ANY, hours=3), word(False, hours=2)
    assert judge([given_any, no_call], "marketing", "sms", NOON).saying == given_any
    assert judge([given_any, no_call], "marketing", "call", NOON).why is Why.WITHDRAWN
    again = word(True, hours=1)
    assert judge([again, no_call, given_any], "marketing", "call", NOON).saying == again
    assert judge([again], "marketing", "sms", NOON).why is Why.MISSING


def test_a_word_counts_from_when_it_was_said_and_a_withdrawal_wins_its_moment() -> None:
    given, taken = word(True, hours=5), word(False, hours=1)
    assert judge([given, taken], "marketing", "call", NOON - timedelta(hours=2)).allowed
    assert not judge([given, taken], "marketing", "call", NOON).allowed
    at_once = [word(True), word(False)]
    assert judge(at_once, "marketing", "call", NOON).why is judge(at_once[::-1], "marketing", "call", NOON).why
    assert judge(at_once, "marketing", "call", NOON).why is Why.WITHDRAWN


def test_a_purpose_of_the_contract_is_closed_where_it_was_withdrawn_and_a_duty_never() -> None:
    assert judge([word(False, "collection", "call")], "collection", "call", NOON).why is Why.WITHDRAWN
    assert judge([word(False, "collection", "call")], "collection", "sms", NOON).why is Why.CONTRACT
    assert judge([word(False, "notice", ANY)], "notice", "letter", NOON).why is Why.DUTY


def test_sensitive_data_take_a_separate_consent() -> None:
    assert frozenset({"location", "biometric"}) == SENSITIVE
    assert judge([word(True, "location", ANY)], "location", ANY, NOON).why is Why.NOT_SEPARATE
    assert judge([word(True, "location", ANY, separate=True)], "location", ANY, NOON).why is Why.GIVEN


def test_while_processing_is_stopped_only_duties_go_on() -> None:
    given = [word(True, channel=ANY)]
    assert judge(given, "marketing", "call", NOON, stopped=True).why is Why.STOPPED
    assert judge([], "collection", "call", NOON, stopped=True).why is Why.STOPPED
    assert judge([], "notice", "letter", NOON, stopped=True).allowed


def test_any_number_of_words_is_judged_as_by_the_plain_rule() -> None:
    """Against another way of saying it: walk the words in their order and keep what stands."""
    import random

    chance = random.Random(7)
    for _round in range(300):
        said = [
            word(chance.random() < 0.5, "marketing", chance.choice(["call", "sms", ANY]), hours=hour)
            for hour in chance.sample(range(1, 40), chance.randint(0, 6))
        ]
        stands = dict.fromkeys(CHANNELS, False)
        for each in sorted(said, key=lambda one: one.said_at):
            for channel in CHANNELS if each.channel == ANY else [each.channel]:
                stands[channel] = each.given
        for channel in CHANNELS:
            expected = stands[channel]
            if channel == ANY:
                own = [each for each in said if each.channel == ANY]
                expected = bool(own) and max(own, key=lambda one: one.said_at).given
            assert judge(said, "marketing", channel, NOON).allowed is expected


# In the register -----------------------------------------------------------------------------------------------------


@pytest.fixture
def loan(bank: Lender) -> Loan:
    with bank.open():
        return open_loan(bank.system, branch_id=bank.branches["east"].id, people=[person(1)])


def say(lender: Lender, loan: Loan, role: str = "compliance", **more: Any) -> Consent:
    given: dict[str, Any] = {
        "party_id": party_of(loan),
        "purpose": "marketing",
        "channel": "sms",
        "given": True,
        "said_at": timezone.now(),
        "proof": "paper",
        "evidence": "授权书-1",
    }
    return consent_record(actor=lender.actor(role), **{**given, **more})


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"purpose": "gossip"}, "purpose"),
        ({"channel": "pigeon"}, "channel"),
        ({"purpose": "location", "separate": True}, "channel"),
        ({"purpose": "location", "channel": ANY}, "separate"),
        ({"proof": ""}, "proof"),
        ({"proof": "hearsay"}, "proof"),
        ({"said_at": NOON + timedelta(days=36_500)}, "said_at"),
        ({"said_at": timezone.now() - timedelta(days=2), "evidence": " \u200b"}, "evidence"),
    ],
)
def test_what_is_missing_is_said_by_field(bank: Lender, loan: Loan, wrong: dict[str, Any], field: str) -> None:
    with bank.open():
        with pytest.raises(Invalid) as error:
            say(bank, loan, **wrong)
        assert list(error.value.fields) == [field]


def test_to_withdraw_takes_no_more_than_saying_so(bank: Lender, loan: Loan) -> None:
    with bank.open():
        say(bank, loan)
        party_id = party_of(loan)
        asks: dict[str, Any] = {"party_id": party_id, "purpose": "marketing", "channel": "sms"}
        assert may_contact(**asks, at=timezone.now()).allowed
        say(bank, loan, given=False, proof="", evidence="", channel=ANY)
        answer = may_contact(**asks, at=timezone.now())
        assert (answer.allowed, answer.why) == (False, Why.WITHDRAWN)
        told = AuditEvent.objects.filter(action__startswith="compliance.consent.").order_by("id")
        assert [event.action.rpartition(".")[2] for event in told] == ["given", "withdrawn"]
        assert "授权书-1" not in b"".join(bytes(event.canon) for event in told).decode()


def test_who_acted_before_a_consent_was_entered_relied_on_nothing_and_it_shows(
    client_of: Any, bank: Lender, loan: Loan
) -> None:
    """An officer calls, and enters afterwards a consent that is older than the call."""
    called_at = timezone.now() - timedelta(days=3)
    with bank.open():
        party_id = party_of(loan)
        asks: dict[str, Any] = {"party_id": party_id, "purpose": "marketing", "channel": "sms"}
        assert may_contact(**asks, at=called_at).why is Why.MISSING, "what they had to go by"
        row = say(bank, loan, said_at=called_at - timedelta(days=30))
        then, now = may_contact(**asks, at=called_at), may_contact(**asks, at=timezone.now())
        assert (then.allowed, then.late, now.late) == (True, True, False)
        assert then.saying is not None
        assert then.saying.recorded == row.recorded_at
        event = AuditEvent.objects.get(id=row.audit_event_id)
        assert event.reason_code == "dated_back"
        assert audit.open_detail(event)["after"]["said_at"] == row.said_at.isoformat()
    client = client_of(bank, "compliance")
    stands = client.get(f"/compliance/persons/{party_id}/").content.decode()
    assert "当时尚未录入" not in stands
    assert "补录" in stands
    assert f"{timezone.localtime(row.recorded_at):%Y-%m-%d %H:%M}" in stands
    moment = timezone.localtime(called_at).strftime("%Y-%m-%dT%H:%M")
    assert "当时尚未录入" in client.get(f"/compliance/persons/{party_id}/?at={moment}").content.decode()
    assert client.get(f"/compliance/persons/{party_id}/?at=yesterday").status_code == 200
    assert "补录" in client.get("/compliance/persons/").content.decode()


@pytest.mark.parametrize(
    "wrong",
    [
        {"said_at": timedelta(days=9), "recorded_at": timedelta()},
        {"said_at": timedelta(days=-1), "recorded_at": timedelta()},
        {"said_at": timedelta(days=9), "recorded_at": timedelta(days=9), "evidence": b"v"},
    ],
)
def test_the_database_takes_no_consent_that_is_dated_by_nothing(
    bank: Lender, loan: Loan, wrong: dict[str, Any]
) -> None:
    """Neither dated back without what shows it, nor to come, nor entered at another time than it is."""
    with bank.open():
        row = say(bank, loan)
        now = timezone.now()
        values = {key: now - value if isinstance(value, timedelta) else value for key, value in wrong.items()}
        recorded_at = values.pop("recorded_at")
        made = Consent(
            party_id=row.party_id, purpose="marketing", channel="call", given=True, proof="paper",
            recorded_by=row.recorded_by, audit_event_id=row.audit_event_id, **values,
        )  # fmt: skip
        field = Consent._meta.get_field("recorded_at")
        field.auto_now_add = False
        try:
            made.recorded_at = recorded_at
            with pytest.raises(IntegrityError, match="dated by nothing"), tenant_atomic():
                made.save(force_insert=True)
        finally:
            field.auto_now_add = True


def test_a_stop_denies_contact(bank: Lender, loan: Loan) -> None:
    with bank.open():
        stop_place(actor=bank.actor("compliance"), party_id=party_of(loan), reason="asked")
        answer = may_contact(party_id=party_of(loan), purpose="collection", channel="call", at=timezone.now())
        assert answer.why is Why.STOPPED


def test_nobody_changes_a_word_afterwards_and_the_database_wants_its_proof(bank: Lender, loan: Loan) -> None:
    with bank.open():
        row = say(bank, loan)
        for statement in (
            lambda: Consent.objects.update(given=False),
            lambda: Consent.objects.filter(id=row.id).delete(),
        ):
            with pytest.raises(DatabaseError), tenant_atomic():
                statement()
        common = {"party_id": row.party_id, "said_at": NOON, "recorded_by": row.recorded_by}
        for values in (
            {"purpose": "marketing", "channel": "sms", "given": True},
            {"purpose": "location", "channel": ANY, "given": True, "proof": "paper"},
            {"purpose": "marketing", "channel": "pigeon", "given": False},
        ):
            with pytest.raises(IntegrityError), tenant_atomic():
                Consent.objects.create(audit_event_id=row.audit_event_id, **common, **values)


def test_a_withdrawal_under_its_request_lets_it_be_answered(bank: Lender, loan: Loan) -> None:
    with bank.open():
        actor, row = bank.actor("compliance"), working(bank, loan, "withdraw")
        with pytest.raises(Invalid):
            request_answer(actor=actor, request=row, answer="已撤回")
        say(bank, loan, given=False, request=row)
        assert request_answer(actor=actor, request=row, answer="已撤回").state == "answered"
        with pytest.raises(Conflict):
            say(bank, loan, given=False, request=row)


def test_only_people_of_ones_own_branch_and_lender(bank: Lender, other: Lender, loan: Loan) -> None:
    with bank.open():
        west = open_loan(bank.system, 5, branch_id=bank.branches["west"].id, people=[person(5)])
        member = bank.members["officer"]
        RoleAssignment.objects.filter(membership=member).update(branch=bank.branches["east"])
        assert say(bank, loan, "officer").recorded_by_id == bank.members["officer"].id
        with pytest.raises(NotFound):
            say(bank, west, "officer")
        # Who sees all loans by another role enters consents in their own branch only.
        event_id, service = member.audit_event_id, Role.objects.get(key="service")
        RoleAssignment.objects.create(membership=member, role=service, audit_event_id=event_id)
        RoleCapability.objects.create(role=service, capability="loans.details", scope="all", audit_event_id=event_id)
        with pytest.raises(Forbidden):
            say(bank, west, "officer")
        with pytest.raises(Forbidden):
            say(bank, loan, "collector")
        party_id = party_of(loan)
    with other.open(), pytest.raises(NotFound):
        consent_record(
            actor=other.actor("compliance"), party_id=party_id, purpose="marketing", channel="sms", given=False,
            said_at=timezone.now(),
        )  # fmt: skip


def test_the_newest_words_are_those_of_people_within_reach(bank: Lender, client_of: Any, loan: Loan) -> None:
    with bank.open():
        west = open_loan(bank.system, 5, branch_id=bank.branches["west"].id, people=[person(5)])
        RoleAssignment.objects.filter(membership=bank.members["officer"]).update(branch=bank.branches["east"])
        rows = [say(bank, each) for each in (loan, west)]
        assert [row.id for row in newest_for(bank.actor("compliance"), 9)] == [rows[1].id, rows[0].id]
        assert [row.id for row in newest_for(bank.actor("officer"), 9)] == [rows[0].id]
        with pytest.raises(Forbidden):
            newest_for(bank.actor("service"), 9)
    page = client_of(bank, "officer").get("/compliance/persons/").content.decode()
    assert page.index("录入时间") < page.index("表示时间"), "the list stands in the order of entry, and begins with it"
    assert f"/compliance/persons/{rows[0].party_id}/" in page
    assert str(rows[1].party_id) not in page


def test_of_a_destroyed_person_nothing_is_entered(bank: Lender, loan: Loan) -> None:
    with bank.open():
        destroy_key(Subject("party", party_of(loan)))
        with pytest.raises(Conflict):
            say(bank, loan)


def test_on_the_page_to_give_and_to_withdraw_are_one_form(client_of: Any, bank: Lender, loan: Loan) -> None:
    with bank.open():
        party_id = party_of(loan)
        row = asked(bank, loan, "withdraw")
    path, client = f"/compliance/persons/{party_id}/consents/", client_of(bank, "officer")
    page = client.get(f"/compliance/persons/{party_id}/").content.decode()
    assert "无同意记录" in page
    assert f"/compliance/persons/{party_id}/" in client.get(f"/loans/{loan.id}/").content.decode()
    said_at = timezone.localtime().strftime("%Y-%m-%dT%H:%M")
    sent = {"purpose": "marketing", "channel": "sms", "said_at": said_at}
    assert client.post(path, {**sent, "given": "yes"}).status_code == 422
    assert client.post(path, {**sent, "given": "yes", "proof": "form", "evidence": "v3"}).status_code == 302
    under = {**sent, "given": "no", "channel": "any", "request": str(row.id)}
    assert client.post(path, under).status_code == 422, "who sees no requests enters nothing under one"
    assert client_of(bank, "compliance").post(path, under).status_code == 302
    page = client_of(bank, "compliance").get(f"/compliance/persons/{party_id}/").content.decode()
    assert "已撤回同意" in page
    assert f"/compliance/requests/{row.id}/" in page
    assert client_of(bank, "collector").post(path, sent).status_code == 403
    assert client_of(bank, "service").get(f"/compliance/persons/{party_id}/").status_code == 403
    with bank.open():
        request_withdraw(actor=bank.actor("compliance"), request=row)
    assert client_of(bank, "compliance").post(path, under).status_code == 422
