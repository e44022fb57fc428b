"""Requests of persons: each with its clock, its way, what is done before it is answered, and a trail without a word."""

import io
import json
import zipfile
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError
from django.utils import timezone, translation

from carloan.archives.models import Paper
from carloan.compliance.models import HumanReview, PersonCopy, PersonRequest, ProcessingStop, RequestClock
from carloan.compliance.policies import stops as stop_policy
from carloan.compliance.policies.person_rights import LAW, MOVES, Facts
from carloan.compliance.policies.request_clocks import CLOCKS, due
from carloan.compliance.selectors.keeping import kept_of
from carloan.compliance.selectors.person_rights import (
    RequestFilters,
    corrections_of,
    facts_of,
    overdue_count,
    requests_for,
    stops_on,
)
from carloan.compliance.services.copies import copy_ask, copy_take, copy_work
from carloan.compliance.services.person_rights import (
    clock_set,
    decision_review,
    request_answer,
    request_assign,
    request_identify,
    request_refuse,
    request_register,
    request_withdraw,
)
from carloan.compliance.services.stops import stop_lift, stop_place
from carloan.core import audit
from carloan.core.acts import all_exports, all_looks
from carloan.core.errors import Conflict, Forbidden, Invalid, NotFound
from carloan.core.keys import Subject, destroy_key
from carloan.core.models import AuditEvent, Job
from carloan.core.sealed import clear
from carloan.core.tenancy import tenant_atomic
from carloan.lib.workdays import WorkdayTable
from carloan.loans.models import Loan, LoanParty
from carloan.loans.services.payments import payment_book
from tests.archives.conftest import transcribed
from tests.cast import Lender, new_lender
from tests.compliance.destroyed import due_loans
from tests.compliance.person_asks import WORDS, asked, copied, party_of, working
from tests.compliance.retained import ended_loan, published
from tests.loans.book import id_number, name, open_loan, person, phone
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
        actor, row = bank.actor("compliance"), asked(bank, loan, "explain", asker="agent")
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
        ended = request_refuse(actor=actor, request=row, refusal="kept_by_law", answer="保存期限未届满", evidence="函1")
        assert (ended.state, ended.ended_on) == ("refused", timezone.localdate())
        assert (clear(ended, "answer"), clear(ended, "evidence")) == ("保存期限未届满", "函1")
        with pytest.raises(IntegrityError), tenant_atomic():
            PersonRequest.objects.filter(id=row.id).update(refusal="")


@pytest.mark.parametrize(
    ("kind", "done"),
    [
        ("copy", {"copies": 1}),
        ("review", {"reviews": 1}),
        ("withdraw", {"withdrawals": 1}),
        ("delete", {"gone_or_stopped": True}),
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


# Access and copy -----------------------------------------------------------------------------------------------------


def test_a_copy_holds_everything_of_the_person_and_nobody_else(bank: Lender, other: Lender, loan: Loan) -> None:
    with other.open():
        open_loan(other.system, branch_id=other.branches["east"].id, contract_no="OTHER-1", people=[person(1)])
    with bank.open():
        Loan.objects.filter(id=loan.id).update(state=Loan.State.SERVICING)
        loan.refresh_from_db()
        assert loan.disbursed_on
        payment_book(actor=bank.system, loan=loan, amount=123_45, reference="P-1", value_on=loan.disbursed_on)
        transcribed(bank, {"name": name(1), "number": id_number(1)}, loan=loan)
        transcribed(bank, {"name": name(2), "number": id_number(2)}, loan=loan, serial="2")
        copy = copied(bank, working(bank, loan))
        content = json.loads(clear(copy, "content"))
        sections = {section["code"]: section["records"] for section in content["sections"]}
        assert set(sections) == {"identity", "contacts", "loans", "payments", "papers", "consents", "requests", "looks"}
        told = json.dumps(content, ensure_ascii=False)
        for own in (name(1), id_number(1), phone(1), loan.contract_no, "123.45", WORDS):
            assert own in told
        for foreign in (name(2), id_number(2), phone(2), "OTHER-1"):
            assert foreign not in told
        assert copy.records == sum(map(len, sections.values()))
        assert {one["name"] for one in sections["papers"][0]} >= {"kind", "name", "number"}


def test_what_an_emergency_contact_is_told(bank: Lender) -> None:
    """Somebody whom the borrower named gets no terms, no money and no papers of the loan."""
    with bank.open():
        loan = open_loan(bank.system, people=[person(1), person(3, "emergency_contact")])
        transcribed(bank, {"name": name(1)}, loan=loan)
        row = asked(bank, loan, party_id=party_of(loan, "emergency_contact"))
        content = json.loads(clear(copied(bank, row), "content"))
        sections = {section["code"]: section["records"] for section in content["sections"]}
        assert (sections["payments"], sections["papers"]) == ([], [])
        assert {one["name"] for one in sections["loans"][0]} == {"contract_no", "role", "others"}


def test_a_copy_is_made_only_for_a_request_for_one_and_once_at_a_time(bank: Lender, loan: Loan) -> None:
    with bank.open():
        actor = bank.actor("compliance")
        with pytest.raises(Conflict):
            copy_ask(actor=actor, request=asked(bank, loan))
        with pytest.raises(Conflict):
            copy_ask(actor=actor, request=working(bank, loan, "explain"))
        row = working(bank, loan)
        job = copy_ask(actor=actor, request=row)
        with pytest.raises(Conflict):
            copy_ask(actor=actor, request=row)
        copy_work(job_id=job.id)
        copy_work(job_id=job.id)
        job.refresh_from_db()
        assert (job.state, job.done, PersonCopy.objects.count()) == ("done", job.total, 1)
        assert facts_of(row).copies == 1
        assert request_answer(actor=actor, request=row, answer="已交付").state == "answered"


def test_handing_it_out_is_a_look_at_the_person_and_an_export(bank: Lender, loan: Loan) -> None:
    with bank.open():
        copy = copied(bank, working(bank, loan))
        copy_take(actor=bank.actor("compliance"), copy=copy)
        event = AuditEvent.objects.get(action="compliance.person_copy.taken")
        assert (event.object_type, event.object_id) == ("loans.party", copy.party_id)
        assert event.action in all_looks() & all_exports()
        assert json.loads(bytes(event.canon))["digest"] == copy.digest
        with pytest.raises(Forbidden):
            copy_take(actor=bank.actor("admin"), copy=copy)
        with pytest.raises(DatabaseError), tenant_atomic():
            PersonCopy.objects.update(digest="")


def test_a_copy_of_somebody_who_was_destroyed_fails_in_words(bank: Lender, loan: Loan) -> None:
    with bank.open():
        job = copy_ask(actor=bank.actor("compliance"), request=working(bank, loan))
        destroy_key(Subject("party", party_of(loan)))
        copy_work(job_id=job.id)
        job.refresh_from_db()
        assert job.state == Job.State.FAILED
        with translation.override("zh-hans"):
            assert "已销毁" in job.error_shown


def test_the_zip_is_taken_with_a_fresh_password(client_of: Any, bank: Lender, loan: Loan) -> None:
    with bank.open():
        row = working(bank, loan)
        copy = copied(bank, row)
    path = f"/compliance/requests/{row.id}/copy/{copy.id}.zip"
    assert client_of(bank, "compliance").get(path).status_code == 302
    assert client_of(bank, "admin").confirmed().get(path).status_code == 403
    answer = client_of(bank, "compliance").confirmed().get(path)
    assert answer["Cache-Control"] == "no-store"
    archive = zipfile.ZipFile(io.BytesIO(answer.content))
    assert sorted(archive.namelist()) == ["manifest.json", "person-data.json", "person-data.pdf"]
    assert json.loads(archive.read("person-data.json"))["format"] == "carloan-person-copy/1"
    assert archive.read("person-data.pdf").startswith(b"%PDF")
    state = client_of(bank, "compliance").get(f"/compliance/requests/{row.id}/copy/state/").json()
    assert state["state"] == "done"


# Deletion and stops --------------------------------------------------------------------------------------------------


def test_deletion_says_what_the_law_keeps_and_until_when(bank: Lender, loan: Loan) -> None:
    with bank.open():
        published(bank)
        settled = ended_loan(bank, 7, date(2025, 3, 1))
        kept = {(each.unit, each.id): each for each in kept_of(bank.actor("compliance"), party_of(settled))}
        theirs = kept["loan", settled.id]
        assert theirs.standing == "kept"
        assert {one.keep_until for one in theirs.classes if one.since} >= {date(2030, 3, 1)}
        person_ = kept["party", party_of(settled)]
        assert (person_.standing, person_.classes[0].keep_until) == ("kept", date(2035, 3, 1))
        assert person_.classes[0].floor is not None
        assert person_.classes[0].floor.years == 10
        living = kept_of(bank.actor("compliance"), party_of(loan))
        assert {each.standing for each in living} == {"living"}


def test_what_may_go_is_proposed_on_its_page_and_goes_the_usual_way(client_of: Any) -> None:
    lender = new_lender()
    (old,) = due_loans(lender, 1)
    with lender.open():
        row = working(lender, old, "delete")
        assert {each.standing for each in kept_of(lender.actor("compliance"), row.party_id)} == {"free"}
    client = client_of(lender, "compliance")
    page = client.get(f"/compliance/requests/{row.id}/")
    assert page.context["free"] == ["loan", "party"]
    answer = client.post(f"/compliance/requests/{row.id}/propose/", {"opinion": "保管期满", "unit": "party"})
    assert answer.status_code == 302
    assert "/compliance/destruction/" in answer["Location"]
    with lender.open():
        assert {each.unit: each.standing for each in kept_of(lender.actor("compliance"), row.party_id)} == {
            "party": "listed",
            "loan": "free",
        }


def test_what_must_stay_is_stopped_and_pages_say_so(client_of: Any, bank: Lender, loan: Loan) -> None:
    with bank.open():
        row = working(bank, loan, "delete")
        with pytest.raises(Invalid):
            request_answer(actor=bank.actor("compliance"), request=row, answer="已处理")
    client = client_of(bank, "compliance")
    assert client.post(f"/compliance/requests/{row.id}/stop/", {"reason": "kept_by_law"}).status_code == 302
    words = "已停止处理"
    for role, path in (("officer", f"/loans/{loan.id}/"), ("compliance", f"/compliance/persons/{row.party_id}/")):
        assert words in client_of(bank, role).get(path).content.decode()
    with bank.open():
        actor = bank.actor("compliance")
        with pytest.raises(Conflict):
            stop_place(actor=actor, party_id=row.party_id, reason="asked")
        assert request_answer(actor=actor, request=row, answer="依法保留").state == "answered"
        assert len(stops_on([("party", row.party_id), ("loan", loan.id)])) == 1
        with pytest.raises(Invalid):
            stop_lift(actor=actor, stop=ProcessingStop.objects.get(), reason=" ")
    assert client.post(f"/compliance/persons/{row.party_id}/lift/", {"reason": "本人撤回"}).status_code == 302
    assert words not in client_of(bank, "officer").get(f"/loans/{loan.id}/").content.decode()


def test_of_a_destroyed_person_the_answer_is_on_record_without_its_words(bank: Lender, loan: Loan) -> None:
    with bank.open():
        actor, row = bank.actor("compliance"), working(bank, loan, "delete")
        destroy_key(Subject("party", row.party_id))
        ended = request_answer(actor=actor, request=row, answer="已删除")
        assert (ended.state, ended.answer) == ("answered", None)
        with pytest.raises(Conflict):
            asked(bank, loan)


def test_the_page_of_a_destroyed_person_says_so(client_of: Any, bank: Lender, loan: Loan) -> None:
    with bank.open():
        row = working(bank, loan, "delete")
        destroy_key(Subject("party", row.party_id))
    page = client_of(bank, "compliance").get(f"/compliance/requests/{row.id}/").content.decode()
    assert "此人的个人信息已销毁" in page
    assert WORDS not in page
    assert client_of(bank, "compliance").get(f"/compliance/persons/{row.party_id}/").status_code == 200


# Correction ----------------------------------------------------------------------------------------------------------


def test_a_correction_bears_the_number_of_its_request(client_of: Any, bank: Lender, loan: Loan) -> None:
    with bank.open():
        row = working(bank, loan, "correct")
        in_loan = LoanParty.objects.get(loan=loan, role="borrower")
    client = client_of(bank, "admin").confirmed()
    path = f"/loans/{loan.id}/people/{in_loan.id}/"
    sent = {"revision": 1, "row-revision": 1, "role": "borrower", "kind": "person", "id_kind": "resident"}
    wrong = client.post(path, {**sent, "employer": "深圳某公司", "request_no": row.number + 7})
    assert wrong.status_code == 422
    assert client.post(path, {**sent, "employer": "深圳某公司", "request_no": row.number}).status_code == 302
    with bank.open():
        (event,) = corrections_of(row)
        assert (event.action, event.reason_code) == ("loans.party.changed", "person_request")
        assert request_answer(actor=bank.actor("compliance"), request=row, answer="已更正").state == "answered"
    assert "已更正" in client_of(bank, "compliance").get(f"/compliance/requests/{row.id}/").content.decode()


# Automated decisions -------------------------------------------------------------------------------------------------


def filed_by_machine(lender: Lender, loan: Loan) -> Paper:
    paper = transcribed(lender, {"name": name(1)}, loan=loan)
    Paper.objects.filter(id=paper.id).update(
        state=Paper.State.FILED, reader="abc123", verified_by=None, filed_at=timezone.now()
    )
    return paper


def test_a_person_reviews_what_the_machine_decided(client_of: Any, bank: Lender, loan: Loan) -> None:
    with bank.open():
        paper, row = filed_by_machine(bank, loan), working(bank, loan, "review")
        with pytest.raises(Invalid):
            request_answer(actor=bank.actor("compliance"), request=row, answer="已复核")
    client = client_of(bank, "compliance")
    page = client.get(f"/compliance/requests/{row.id}/").content.decode()
    assert "abc123" in page
    assert f"/archives/papers/{paper.id}/" in page
    path = f"/compliance/requests/{row.id}/review/"
    sent = {"decided": f"filing:{paper.id}", "result": "upheld", "words": "原件与内容一致"}
    assert client.post(path, {**sent, "words": ""}).status_code == 422
    assert client.post(path, {**sent, "decided": f"filing:{row.id}"}).status_code == 422
    assert client.post(path, sent).status_code == 302
    with bank.open():
        review = HumanReview.objects.get()
        assert (review.rules, review.result, review.object_id) == ("abc123", "upheld", paper.id)
        assert request_answer(actor=bank.actor("compliance"), request=row, answer="维持").state == "answered"
        with pytest.raises(DatabaseError), tenant_atomic():
            HumanReview.objects.update(result="void")


def test_only_decisions_about_this_person_are_reviewed(bank: Lender, loan: Loan) -> None:
    with bank.open():
        foreign = open_loan(bank.system, 9, people=[person(9)])
        paper = filed_by_machine(bank, foreign)
        with pytest.raises(Invalid):
            decision_review(
                actor=bank.actor("compliance"), request=working(bank, loan, "review"), decision="filing",
                object_id=paper.id, result="upheld", words="一致",
            )  # fmt: skip


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
