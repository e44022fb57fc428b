"""What is done about requests of persons: copies, deletion, stops, corrections, reviews of automated decisions."""

import io
import json
import zipfile
from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError
from django.utils import timezone, translation

from carloan.archives.models import Paper
from carloan.compliance.models import DestructionBatch, HumanReview, PersonCopy, ProcessingStop
from carloan.compliance.selectors.keeping import kept_of
from carloan.compliance.selectors.person_rights import (
    corrections_of,
    facts_of,
    stops_on,
)
from carloan.compliance.services.copies import copy_ask, copy_take, copy_work
from carloan.compliance.services.person_rights import (
    decision_review,
    request_answer,
)
from carloan.compliance.services.stops import stop_lift, stop_place
from carloan.compliance.tasks import work_on_person_copy
from carloan.core.acts import all_exports, all_looks
from carloan.core.errors import Conflict, Forbidden, Invalid
from carloan.core.keys import Subject, destroy_key
from carloan.core.models import AuditEvent, Job
from carloan.core.sealed import clear
from carloan.core.tenancy import tenant_atomic
from carloan.loans.models import Loan, LoanParty
from carloan.loans.services.payments import payment_book
from tests.archives.conftest import transcribed
from tests.cast import Lender, new_lender
from tests.compliance.destroyed import due_loans
from tests.compliance.person_asks import WORDS, asked, copied, party_of, working
from tests.compliance.retained import ended_loan, published
from tests.loans.book import id_number, name, open_loan, person, phone
from tests.worker import as_worker

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])


@pytest.fixture
def loan(bank: Lender) -> Loan:
    """A loan with a borrower (serial 1) and a guarantor (serial 2)."""
    with bank.open():
        people = [person(1), person(2, "guarantor", guarantee="joint")]
        return open_loan(bank.system, branch_id=bank.branches["east"].id, people=people)


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
        assert set(sections) == {
            "identity",
            "contacts",
            "loans",
            "payments",
            "papers",
            "messages",
            "consents",
            "requests",
            "looks",
        }
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


def test_the_worker_makes_the_copy(bank: Lender, loan: Loan) -> None:
    with bank.open():
        job = copy_ask(actor=bank.actor("compliance"), request=working(bank, loan))
    as_worker(work_on_person_copy, bank, job_id=str(job.id))
    with bank.open():
        job.refresh_from_db()
        assert (job.state, PersonCopy.objects.count()) == ("done", 1)


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
    client = client_of(lender, "compliance").confirmed()
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


def test_a_destruction_is_proposed_there_by_somebody_who_confirmed_who_they_are(client_of: Any) -> None:
    lender = new_lender()
    (old,) = due_loans(lender, 1)
    with lender.open():
        row = working(lender, old, "delete")
    client = client_of(lender, "compliance")
    answer = client.post(f"/compliance/requests/{row.id}/propose/", {"opinion": "保管期满", "unit": "party"})
    assert "/accounts/reauthenticate/" in answer["Location"]
    with lender.open():
        assert not DestructionBatch.objects.exists()
    page = client.get(f"/compliance/requests/{row.id}/")
    assert page.context["proposing"]["opinion"].value() == "保管期满"


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


def test_where_nothing_was_decided_the_answer_says_so(bank: Lender, loan: Loan) -> None:
    with bank.open():
        row = working(bank, loan, "review")
        answered = request_answer(actor=bank.actor("compliance"), request=row, answer="没有此类自动化决策")
        assert answered.state == "answered"


def test_only_decisions_about_this_person_are_reviewed(bank: Lender, loan: Loan) -> None:
    with bank.open():
        foreign = open_loan(bank.system, 9, people=[person(9)])
        paper = filed_by_machine(bank, foreign)
        with pytest.raises(Invalid):
            decision_review(
                actor=bank.actor("compliance"), request=working(bank, loan, "review"), decision="filing",
                object_id=paper.id, result="upheld", words="一致",
            )  # fmt: skip
