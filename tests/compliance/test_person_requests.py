"""Requests of persons: each with its clock, its way, what is done before it is answered, and a trail without a word."""

import json
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError
from django.utils import timezone

from carloan.compliance.models import PersonRequest, ProcessingStop, RequestClock
from carloan.compliance.policies import stops as stop_policy
from carloan.compliance.policies.person_rights import LAW, MOVES, Facts
from carloan.compliance.policies.request_clocks import CLOCKS, due
from carloan.compliance.selectors.person_rights import (
    RequestFilters,
    overdue_count,
    requests_for,
)
from carloan.compliance.services.person_rights import (
    clock_set,
    request_answer,
    request_assign,
    request_identify,
    request_refuse,
    request_register,
    request_withdraw,
)
from carloan.compliance.services.stops import stop_lift, stop_place
from carloan.core import audit
from carloan.core.errors import Conflict, Forbidden, Invalid, NotFound
from carloan.core.models import AuditEvent
from carloan.core.sealed import clear
from carloan.core.tenancy import tenant_atomic
from carloan.lib.workdays import WorkdayTable
from carloan.loans.models import Loan
from tests.cast import Lender
from tests.compliance.person_asks import WORDS, asked, party_of, working
from tests.loans.book import open_loan, person
from tests.machines import walk

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])


@pytest.fixture
def loan(bank: Lender) -> Loan:
    """A loan with a borrower (serial 1) and a guarantor (serial 2)."""
    with bank.open():
        people = [person(1), person(2, "guarantor", guarantee="joint")]
        return open_loan(bank.system, branch_id=bank.branches["east"].id, people=people)


def acts(prefix: str) -> list[str]:
    found = AuditEvent.objects.filter(action__startswith=prefix).order_by("id")
    return list(found.values_list("action", flat=True))


# Clocks --------------------------------------------------------------------------------------------------------------


def test_every_kind_has_a_clock_and_an_article() -> None:
    assert set(CLOCKS) == set(LAW) == set(PersonRequest.Kind.values)
    assert all(clock.citation for clock in CLOCKS.values())
    assert [kind for kind, clock in CLOCKS.items() if clock.confirmed] == ["objection"]


def test_an_objection_to_credit_information_has_twenty_days_and_no_day_more() -> None:
    reckoned = due(CLOCKS["objection"], date(2026, 9, 15), WorkdayTable())
    assert reckoned.day == date(2026, 10, 5), "the seventh day of the holidays: the earlier day binds"


def test_a_bound_of_the_house_counts_working_days_and_the_lender_may_only_shorten_it() -> None:
    table = WorkdayTable.of([(date(2026, 11, 23), True)])
    assert due(CLOCKS["withdraw"], date(2026, 11, 20), table).day == date(2026, 11, 26)
    assert due(CLOCKS["withdraw"], date(2026, 11, 20), table, days=1).day == date(2026, 11, 24)
    assert due(CLOCKS["withdraw"], date(2026, 11, 20), table, days=9).day == date(2026, 11, 26)


def test_the_lenders_own_days_count_for_what_comes_in_later(bank: Lender, loan: Loan) -> None:
    with bank.open():
        before = asked(bank, loan, "objection")
        clock_set(actor=bank.actor("compliance"), kind="objection", days=10)
        after = asked(bank, loan, "objection")
        assert (before.due_on - before.received_on, after.due_on - after.received_on) == (
            timedelta(days=20),
            timedelta(days=10),
        )
        for kind, days in (("objection", 21), ("objection", 0), ("nothing", 1)):
            with pytest.raises(Invalid):
                clock_set(actor=bank.actor("compliance"), kind=kind, days=days)
        with pytest.raises(Forbidden):
            clock_set(actor=bank.actor("admin"), kind="objection", days=5)


def test_what_was_set_stays(bank: Lender, loan: Loan) -> None:
    with bank.open():
        clock_set(actor=bank.actor("compliance"), kind="copy", days=10)
        with pytest.raises(DatabaseError), tenant_atomic():
            RequestClock.objects.update(days=1)


# The way of a request ------------------------------------------------------------------------------------------------


def test_every_event_in_every_state(bank: Lender, loan: Loan) -> None:
    with bank.open():
        row = working(bank, loan, "explain")
        PersonRequest.objects.filter(id=row.id).update(refusal="secret")
        actor = bank.actor("compliance")
        doings: dict[str, Callable[[PersonRequest], Any]] = {
            "identify": lambda fresh: request_identify(actor=actor, request=fresh, identity="document"),
            "answer": lambda fresh: request_answer(actor=actor, request=fresh, answer="已说明"),
            "refuse": lambda fresh: request_refuse(actor=actor, request=fresh, refusal="secret", answer="依法保密"),
            "withdraw": lambda fresh: request_withdraw(actor=actor, request=fresh),
        }
        taken, refused = walk(row, MOVES, PersonRequest.State.values, lambda fresh, event: doings[event](fresh))
    assert (taken, refused) == (6, 14)


def test_every_event_of_a_stop(bank: Lender, loan: Loan) -> None:
    with bank.open():
        actor = bank.actor("compliance")
        stop = stop_place(actor=actor, party_id=party_of(loan), reason="asked")
        states = ProcessingStop.State.values
        taken, refused = walk(
            stop, stop_policy.MOVES, states, lambda fresh, _event: stop_lift(actor=actor, stop=fresh, reason="误操作")
        )
    assert (taken, refused) == (1, 1)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"kind": "everything"}, "kind"),
        ({"channel": "rumour"}, "channel"),
        ({"asker": "neighbour"}, "asker"),
        ({"words": "  "}, "words"),
        ({"received_on": date(2100, 1, 1)}, "received_on"),
        ({"received_on": date(2020, 1, 1)}, "received_on"),
    ],
)
def test_what_is_missing_or_cannot_be_is_said_by_field(
    bank: Lender, loan: Loan, wrong: dict[str, Any], field: str
) -> None:
    with bank.open():
        given = {"party_id": party_of(loan), "kind": "copy", "channel": "letter", "words": WORDS}
        with pytest.raises(Invalid) as error:
            request_register(actor=bank.actor("compliance"), **{**given, "received_on": timezone.localdate(), **wrong})
        assert list(error.value.fields) == [field]
        assert PersonRequest.objects.count() == 0


def test_who_asks_is_known_first_and_others_show_their_authority(bank: Lender, loan: Loan) -> None:
    with bank.open():
        actor, row = bank.actor("compliance"), asked(bank, loan, "explain", asker="attorney")
        with pytest.raises(Conflict):
            request_answer(actor=actor, request=row, answer="已说明")
        for identity in ("", "trust", "document"):
            with pytest.raises(Invalid):
                request_identify(actor=actor, request=row, identity=identity)
        held = request_identify(actor=actor, request=row, identity="authority")
        assert (held.state, held.assigned_to_id) == ("working", actor.membership_id)
        with pytest.raises(IntegrityError), tenant_atomic():
            PersonRequest.objects.filter(id=row.id).update(identity="")


def test_a_refusal_cites_the_law(bank: Lender, loan: Loan) -> None:
    with bank.open():
        actor, row = bank.actor("compliance"), working(bank, loan, "delete")
        with pytest.raises(Invalid):
            request_refuse(actor=actor, request=row, refusal="because", answer="不行")
        with pytest.raises(Invalid):
            request_refuse(actor=actor, request=row, refusal="kept_by_law", answer="")
        with pytest.raises(Invalid) as error:
            request_refuse(actor=actor, request=row, refusal="kept_by_law", answer="保存期限未届满")
        assert list(error.value.fields) == ["refusal"], "first the processing is stopped"
        stop_place(actor=actor, party_id=row.party_id, reason="kept_by_law", request=row)
        ended = request_refuse(actor=actor, request=row, refusal="kept_by_law", answer="保存期限未届满", evidence="函1")
        assert (ended.state, ended.ended_on) == ("refused", timezone.localdate())
        assert (clear(ended, "answer"), clear(ended, "evidence")) == ("保存期限未届满", "函1")
        with pytest.raises(IntegrityError), tenant_atomic():
            PersonRequest.objects.filter(id=row.id).update(refusal="")


@pytest.mark.parametrize(
    ("kind", "done"),
    [
        ("copy", {"copies": 1}),
        ("review", {"reviewed": True}),
        ("withdraw", {"withdrawals": 1}),
        ("delete", {"gone_or_stopped": True}),
        ("transfer", {"delivered": True}),
    ],
)
def test_an_answer_waits_for_what_it_says(kind: str, done: dict[str, Any]) -> None:
    move = MOVES.need("working", "answer")
    assert move.obstacles(Facts(kind=kind))
    assert not move.obstacles(Facts(kind=kind, **done))


def test_it_is_handed_to_somebody_while_it_is_open(bank: Lender, loan: Loan) -> None:
    with bank.open():
        actor, row = bank.actor("compliance"), working(bank, loan, "explain")
        held = request_assign(actor=actor, request=row, member=bank.members["admin"])
        assert held.assigned_to_id == bank.members["admin"].id
        assert list(requests_for(bank.actor("admin"), RequestFilters(mine=True))) == [held]
        request_withdraw(actor=actor, request=held)
        with pytest.raises(Conflict):
            request_assign(actor=actor, request=held, member=bank.members["admin"])


def test_only_whoever_may_and_only_about_people_they_see(bank: Lender, other: Lender, loan: Loan) -> None:
    with bank.open():
        row = asked(bank, loan)
        for role in ("officer", "admin", "service"):
            with pytest.raises(Forbidden):
                request_withdraw(actor=bank.actor(role), request=row)
        party_id = party_of(loan)
    with other.open(), pytest.raises(NotFound):
        request_register(
            actor=other.actor("compliance"), party_id=party_id, kind="copy", channel="letter",
            received_on=timezone.localdate(), words=WORDS,
        )  # fmt: skip


def test_the_register_finds_what_is_overdue(bank: Lender, loan: Loan) -> None:
    with bank.open():
        old = asked(bank, loan, "objection", received_on=timezone.localdate() - timedelta(days=21))
        new = asked(bank, loan, "objection")
        done = asked(bank, loan, "explain")
        request_withdraw(actor=bank.actor("compliance"), request=done)
        actor = bank.actor("admin")
        assert overdue_count(actor) == 1
        assert list(requests_for(actor, RequestFilters(overdue=True))) == [old]
        assert [row.id for row in requests_for(actor, RequestFilters())] == [old.id, new.id, done.id]
        assert list(requests_for(actor, RequestFilters(state="open", kind="explain"))) == []


def test_the_trail_knows_no_word_of_it(bank: Lender, loan: Loan) -> None:
    with bank.open():
        actor = bank.actor("compliance")
        row = request_identify(
            actor=actor, request=asked(bank, loan, "explain", words="电话13800000001"), identity="callback"
        )
        request_answer(actor=actor, request=row, answer="答复13900000002", evidence="录音13700000003")
        events = AuditEvent.objects.filter(action__startswith="compliance.request.").order_by("id")
        assert acts("compliance.request.") == [
            f"compliance.request.{act}" for act in ("registered", "identified", "answered")
        ]
        told = b"".join(bytes(event.canon) for event in events).decode()
        details = json.dumps([audit.open_detail(event) for event in events])
        for secret in ("13800000001", "13900000002", "13700000003"):
            assert secret not in told
            assert secret not in details


# Pages ---------------------------------------------------------------------------------------------------------------


def test_the_whole_way_through_the_pages(client_of: Any, bank: Lender, loan: Loan) -> None:
    client = client_of(bank, "compliance")
    assert "尚无个人提出请求" in client.get("/compliance/requests/").content.decode()
    found = client.get(f"/compliance/persons/?contract_no={loan.contract_no}&then=request").content.decode()
    with bank.open():
        party_id = party_of(loan)
    assert f"/compliance/requests/new/?person={party_id}" in found
    assert client.get("/compliance/persons/?contract_no=ZZ").status_code == 200
    assert client.get("/compliance/requests/new/")["Location"].endswith("/compliance/persons/?then=request")
    path = f"/compliance/requests/new/?person={party_id}"
    sent = {"kind": "objection", "asker": "self", "channel": "letter", "received_on": "2026-11-02", "words": "记录有误"}
    assert client.post(path, {**sent, "kind": ""}).status_code == 422
    day = timezone.localdate().isoformat()
    answer = client.post(path, {**sent, "received_on": day})
    assert answer.status_code == 302
    with bank.open():
        row = PersonRequest.objects.get()
    page = f"/compliance/requests/{row.id}/"
    assert answer["Location"].endswith(page)
    assert "记录有误" in client.get(page).content.decode()
    assert client.post(f"{page}answer/", {"answer": "x"}).status_code == 409
    assert client.post(f"{page}identify/", {"identity": ""}).status_code == 422
    assert client.post(f"{page}identify/", {"identity": "document"}).status_code == 302
    assert client.post(f"{page}assign/", {"member": str(bank.members["admin"].id)}).status_code == 302
    assert client.post(f"{page}refuse/", {"refusal": "other_lender", "answer": "不提供"}).status_code == 302
    over = client.get(page).content.decode()
    assert "第二十三条" in over
    text = b"".join(client.get("/compliance/requests/export.csv?kind=objection").streaming_content).decode("utf-8-sig")
    assert "第二十三条" in text
    assert "不提供" not in text
    with bank.open():
        assert AuditEvent.objects.filter(action="compliance.requests.exported").count() == 1


def test_the_days_are_set_on_their_page(client_of: Any, bank: Lender) -> None:
    client, path = client_of(bank, "compliance"), "/compliance/requests/clocks/"
    assert client.post(path, {"kind": "objection", "days": "30"}).status_code == 422
    assert client.post(path, {"kind": "objection", "days": "many"}).status_code == 422
    assert client.post(path, {"kind": "objection", "days": "12"}).status_code == 302
    page = client.get(path).content.decode()
    assert "12 日" in page
    assert "待法律顾问确认" in page
    assert client_of(bank, "admin").post(path, {"kind": "objection", "days": "5"}).status_code == 403


def test_the_workplace_counts_what_is_overdue(client_of: Any, bank: Lender, loan: Loan) -> None:
    with bank.open():
        asked(bank, loan, "objection", received_on=timezone.localdate() - timedelta(days=30))
    page = client_of(bank, "compliance").get("/home/").content.decode()
    assert "超期的个人权利请求" in page
    assert "?overdue=on" in page


def test_no_way_leads_from_one_lender_to_another(client_of: Any, bank: Lender, other: Lender, loan: Loan) -> None:
    """Art. 23: the same person at two lenders is two persons, and neither hears of the other."""
    with other.open():
        theirs = open_loan(other.system, branch_id=other.branches["east"].id, people=[person(1)])
        foreign = asked(other, theirs)
        foreign_party = party_of(theirs)
    client = client_of(bank, "compliance").confirmed()
    for path in (
        f"/compliance/requests/{foreign.id}/",
        f"/compliance/persons/{foreign_party}/",
        f"/compliance/requests/new/?person={foreign_party}",
    ):
        assert client.get(path).status_code == 404
    with bank.open():
        with pytest.raises(NotFound):
            request_register(
                actor=bank.actor("compliance"), party_id=foreign_party, kind="copy", channel="letter",
                received_on=timezone.localdate(), words=WORDS,
            )  # fmt: skip
        assert PersonRequest.objects.filter(party_id=foreign_party).count() == 0
    assert "第二十三条" in client.get("/compliance/requests/").content.decode()
