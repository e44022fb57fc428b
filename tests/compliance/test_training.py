"""No exam, no right: what a right waits for counts from the next request on, and the refusal says which exam it is."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from carloan.compliance.models import Course, ExamGate, ExamResult
from carloan.compliance.policies.training import may_wait, valid_until
from carloan.compliance.services.training import course_change, gate_end, gate_set, result_enter, result_void
from carloan.core.access import actor_of_person
from carloan.core.capabilities import all_capabilities
from carloan.core.errors import Conflict, ExamMissing, Forbidden, Invalid
from carloan.core.models import AuditEvent
from carloan.core.services.delegations import delegation_give
from tests.cast import Lender
from tests.compliance.governed import course, gate, result

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])
RIGHT = "papers.review"


@pytest.mark.parametrize(
    ("taken_on", "months", "last"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 11, 30), 12, date(2027, 11, 30)),
        (date(2026, 12, 5), 1, date(2027, 1, 5)),
    ],
)
def test_an_exam_counts_until_the_corresponding_day(taken_on: date, months: int, last: date) -> None:
    assert valid_until(taken_on, months) == last


def test_without_a_gate_nothing_waits_and_with_one_the_exam_opens_it(bank: Lender) -> None:
    with bank.open():
        assert bank.actor("officer").can(RIGHT)
        exam = course(bank)
        gate(bank, exam)
        with pytest.raises(ExamMissing) as caught:
            bank.actor("officer").require(RIGHT)
        assert "催收合规考试" in str(caught.value)
        assert not bank.actor("officer").can(RIGHT)
        assert bank.actor("officer").can("loans.view"), "other rights stay"
        result(bank, exam, bank.members["officer"])
        assert bank.actor("officer").can(RIGHT)
        assert not bank.actor("archivist").can(RIGHT), "somebody else's exam is theirs"


def test_an_exam_that_ran_out_failed_was_voided_or_is_of_a_former_version_opens_nothing(bank: Lender) -> None:
    with bank.open():
        exam, officer = course(bank), bank.members["officer"]
        gate(bank, exam)
        result(bank, exam, officer, on=timezone.localdate() - timedelta(days=800))
        result(bank, exam, officer, score=79, on=timezone.localdate() - timedelta(days=1))
        assert not bank.actor("officer").can(RIGHT)
        good = result(bank, exam, officer)
        assert bank.actor("officer").can(RIGHT)
        result_void(actor=bank.actor("compliance"), result=good, reason="录错人")
        assert not bank.actor("officer").can(RIGHT)
        result(bank, exam, officer)
        change: dict[str, Any] = {"actor": bank.actor("compliance"), "title": exam.title, "pass_mark": 80,
                                  "valid_months": 12, "new_version": True}  # fmt: skip
        exam = course_change(course=exam, revision=1, earlier_count=True, **change)
        assert bank.actor("officer").can(RIGHT), "exams of the former version go on counting"
        exam = course_change(course=exam, revision=2, earlier_count=False, **change)
        assert not bank.actor("officer").can(RIGHT)


def test_a_gate_that_ended_shuts_nothing(bank: Lender) -> None:
    with bank.open():
        made = gate(bank, course(bank))
        assert not bank.actor("officer").can(RIGHT)
        gate_end(actor=bank.actor("compliance"), gate=made)
        assert bank.actor("officer").can(RIGHT)
        with pytest.raises(Conflict):
            gate_end(actor=bank.actor("compliance"), gate=made)


def test_two_exams_are_both_needed(bank: Lender) -> None:
    with bank.open():
        first, second = course(bank), course(bank, "privacy", title="个人信息考试")
        gate(bank, first)
        gate(bank, second)
        result(bank, first, bank.members["officer"])
        with pytest.raises(ExamMissing) as caught:
            bank.actor("officer").require(RIGHT)
        assert "个人信息考试" in str(caught.value)
        assert "催收" not in str(caught.value)


def test_a_lent_right_waits_for_the_exam_of_whoever_uses_it(bank: Lender) -> None:
    with bank.open():
        held = bank.members["officer"].assignments.values_list("id", flat=True)
        today = timezone.localdate()
        delegation_give(
            actor=bank.actor("officer"), taker=bank.members["service"], assignment_ids=list(held),
            begins_on=today, ends_on=today, reason="休假",
        )  # fmt: skip
        assert bank.actor("service").can(RIGHT)
        exam = course(bank)
        gate(bank, exam)
        result(bank, exam, bank.members["officer"])
        assert not bank.actor("service").can(RIGHT)


def test_it_costs_no_query_and_is_one_lenders_own(bank: Lender, other: Lender) -> None:
    with bank.open():
        gate(bank, course(bank))
        with CaptureQueriesContext(
            connection,
        ) as asked:
            actor_of_person(bank.users["officer"], tenant_id=bank.tenant.id)
        assert len(asked) <= 3
    with other.open():
        assert other.actor("officer").can(RIGHT)


def test_the_refusal_names_the_exam_and_stands_in_the_trail(client_of: Any, bank: Lender) -> None:
    with bank.open():
        gate(bank, course(bank), "loans.view")
    answer = client_of(bank, "officer").get("/loans/")
    assert answer.status_code == 403
    assert "催收合规考试" in answer.content.decode()
    with bank.open():
        event = AuditEvent.objects.filter(outcome=AuditEvent.Outcome.REFUSED).latest("id")
        assert (event.reason_code, event.actor_id) == ("exam_missing", bank.members["officer"].id)


def test_rights_that_open_the_gates_again_never_wait(bank: Lender) -> None:
    stuck = {each.code for each in all_capabilities() if not may_wait(each)}
    assert {"people.manage", "roles.manage", "keys.manage", "training.view", "training.manage"} <= stuck
    with bank.open():
        exam = course(bank)
        for code in ("roles.manage", "training.manage", "no.such.right"):
            with pytest.raises(Invalid):
                gate_set(actor=bank.actor("compliance"), capability=code, course=exam)
        gate(bank, exam)
        with pytest.raises(Invalid):
            gate(bank, exam)


def test_nobody_enters_an_exam_of_their_own(bank: Lender) -> None:
    with bank.open():
        exam, mine = course(bank), bank.members["compliance"]
        with pytest.raises(Forbidden):
            result(bank, exam, mine)
        theirs = result_enter(
            actor=bank.actor("admin"), course=exam, member=mine, taken_on=timezone.localdate(), score=95
        )
        with pytest.raises(Forbidden):
            result_void(actor=bank.actor("compliance"), result=theirs, reason="x")


def test_what_makes_no_sense_is_refused(bank: Lender) -> None:
    with bank.open():
        exam, officer, today = course(bank), bank.members["officer"], timezone.localdate()
        result(bank, exam, officer)
        for given in ({"on": today + timedelta(days=1)}, {"score": 101}, {"score": 90}):
            with pytest.raises(Invalid):
                result(bank, exam, officer, **given)
        with pytest.raises(Invalid):
            course(bank, "collections")
        for wrong in ({"title": " "}, {"pass_mark": 0}, {"valid_months": 121}):
            with pytest.raises(Invalid):
                course(bank, "other", **wrong)


def test_pages_keep_courses_results_and_gates(client_of: Any, bank: Lender, other: Lender) -> None:
    client = client_of(bank, "compliance")
    client.get("/compliance/training/")
    form = {"title": "催收合规", "code": "collect", "pass_mark": "80", "valid_months": "12"}
    assert client.post("/compliance/training/new/", {**form, "pass_mark": "0"}).status_code == 422
    assert client.post("/compliance/training/new/", form).status_code == 302
    with bank.open():
        path = f"/compliance/training/{Course.objects.get().id}/"
    today = timezone.localdate().isoformat()
    entry = {"member": str(bank.members["officer"].id), "taken_on": today, "score": "88"}
    own = {**entry, "member": str(bank.members["compliance"].id)}
    assert client.post(f"{path}results/", own).status_code == 422
    assert client.post(f"{path}results/", entry).status_code == 302
    assert client.post(f"{path}gates/", {"capability": "roles.manage"}).status_code == 422
    assert client.post(f"{path}gates/", {"capability": RIGHT}).status_code == 302
    page = client.get(path).content.decode()
    assert "officer 张" in page
    assert RIGHT in page
    assert RIGHT in client.get("/compliance/training/").content.decode()
    with bank.open():
        made, entered = ExamGate.objects.get(), ExamResult.objects.get()
    assert client.post(f"/compliance/training/gates/{made.id}/end/").status_code == 302
    assert client.post(f"/compliance/training/results/{entered.id}/void/", {"reason": "录错"}).status_code == 302
    changed = {"revision": "1", "title": "催收合规二", "pass_mark": "85", "valid_months": "6", "new_version": "on"}
    assert client.post(f"{path}change/", changed).status_code == 302
    with bank.open():
        assert (Course.objects.get().version, Course.objects.get().counts_from) == (2, 2)
    assert client_of(bank, "officer").get("/compliance/training/").status_code == 403
    assert client_of(other, "compliance").get(path).status_code == 404
