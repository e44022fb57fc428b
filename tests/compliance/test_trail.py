"""The trail's pages: everything is there, narrowed as asked, opened only by those who may."""

import re
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client

from carloan.compliance.selectors.trail import events_matching
from carloan.compliance.services.reveals import field_reveal
from carloan.core import audit, jobs, keys
from carloan.core.keys import Subject
from carloan.core.models import AuditEvent, Role, RoleCapability
from carloan.loans.models import LoanParty
from tests.cast import Lender
from tests.loans.book import open_loan

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])


def newest(lender: Lender, action: str) -> AuditEvent:
    with lender.open():
        return AuditEvent.objects.filter(action=action).latest("id")


def audited(lender: Lender, event: AuditEvent) -> dict[str, Any]:
    with lender.open():
        return audit.open_detail(event)


def test_an_act_stands_there_with_who_and_what(client_of: Any, bank: Lender) -> None:
    with bank.open():
        loan = open_loan(bank.actor("officer"), branch_id=bank.branches["east"].id)
    body = client_of(bank, "compliance").get("/compliance/trail/?action=loans.loan.opened").content.decode()
    assert bank.members["officer"].display_name in body
    assert loan.contract_no in body


def test_who_reads_the_trail_stands_in_it_with_the_filters_but_not_with_what_was_looked_for(
    client_of: Any, bank: Lender
) -> None:
    reader = client_of(bank, "compliance")
    reader.get("/compliance/trail/?address=192.0.2.7&action=")
    event = newest(bank, "compliance.trail.read")
    with bank.open():
        assert event.actor_id == bank.actor("compliance").id
        told = audit.open_detail(event)
    assert told["after"] == {"filters": ["address"]}
    assert "192.0.2.7" not in str(told)
    reader.get(f"/compliance/trail/{event.id}/")
    assert newest(bank, "compliance.trail.read").object_id == event.id
    body = reader.get("/compliance/trail/?action=compliance.trail.read").content.decode()
    assert "查阅审计轨迹" in body
    assert newest(bank, "compliance.trail.read").object_id is None


def test_what_a_request_did_is_found_within_its_time_and_nowhere_else(client_of: Any, bank: Lender) -> None:
    """A page that grows with the trail would ask every event of it."""
    reader = client_of(bank, "compliance")
    reader.get("/compliance/trail/")
    event = newest(bank, "compliance.trail.read")
    assert event.request_id is not None
    reader.get("/compliance/trail/")
    with bank.open():
        auditor = bank.actor("compliance")
        found = events_matching(auditor, {"request_id": event.request_id}, zone="UTC")
        assert found is not None
        assert event.id in {each.id for each in found}
        assert {each.request_id for each in found} == {event.request_id}
        assert "core_auditevent.id >=" in str(found.query).replace('"', "")
    for odd in (UUID(int=0), uuid4(), UUID(int=2**128 - 1)):
        answer = reader.get(f"/compliance/trail/?request_id={odd}")
        assert (answer.status_code, answer.context["page"].entries) == (200, [])


def test_the_trail_of_a_loan_is_found_by_its_number_and_from_its_page(client_of: Any, bank: Lender) -> None:
    with bank.open():
        loan, other = (open_loan(bank.actor("officer"), serial) for serial in (1, 2))
    reader, trail = client_of(bank, "compliance"), "/compliance/trail/?contract_no="
    body = reader.get(f"{trail}%20{loan.contract_no}%20").content.decode()
    assert loan.contract_no in body
    assert other.contract_no not in body
    assert audited(bank, newest(bank, "compliance.trail.read"))["after"] == {"filters": ["contract_no"]}
    for wrong in (loan.contract_no[:-1], "没有"):
        body = reader.get(f"{trail}{wrong}").content.decode()
        assert "没有该合同编号的贷款" in body
        assert "data-href" not in body
    path = f"/loans/{loan.id}/"
    link = f'href="/t/bank/compliance/trail/?contract_no={loan.contract_no}"'
    assert link in reader.get(path).content.decode()
    assert "/compliance/trail/?contract_no=" not in client_of(bank, "officer").get(path).content.decode()


def test_a_number_beyond_the_readers_reach_is_like_one_that_nobody_has(client_of: Any, bank: Lender) -> None:
    with bank.open():
        loan = open_loan(bank.actor("officer"), branch_id=bank.branches["west"].id)
        role = Role.objects.get(key="compliance")
        RoleCapability.objects.filter(role=role, capability="loans.view").update(scope="own")
    body = client_of(bank, "compliance").get(f"/compliance/trail/?contract_no={loan.contract_no}").content.decode()
    assert "没有该合同编号的贷款" in body


@pytest.mark.usefixtures("clean_cache")
def test_only_the_installation_itself_is_called_the_system(client_of: Any, stranger: Any, bank: Lender) -> None:
    """Strangers and wrong keys at the door are no part of the system."""
    assert stranger.get("/t/bank/home/").status_code == 404
    wrong = bank.tokens["officer"].rpartition("_")[0] + "_" + "x" * 43
    Client().get("/api/v1/search/?q=x1", headers={"Authorization": f"Bearer {wrong}"})
    with bank.open():
        audit.record(actor=bank.system, action="core.job.failed", object_type="core.job")
    reader = client_of(bank, "compliance")
    refused = reader.get("/compliance/trail/?action=core.entry.refused").content.decode()
    assert len(re.findall(r">\s*未知\s*<", refused)) == 2
    assert ">系统<" not in refused
    assert ">系统<" in reader.get("/compliance/trail/?action=core.job.failed").content.decode()


def test_the_foot_of_the_list_counts_its_rows(client_of: Any, bank: Lender) -> None:
    with bank.open():
        audit.record(actor=bank.system, action="core.job.failed", object_type="core.job")
    reader = client_of(bank, "compliance")
    assert "<span>1 条</span>" in reader.get("/compliance/trail/?action=core.job.failed").content.decode()
    reader.cookies["django_language"] = "en"
    assert "<span>1 row</span>" in reader.get("/compliance/trail/?action=core.job.failed").content.decode()


def test_work_is_called_by_its_name(client_of: Any, bank: Lender) -> None:
    with bank.open():
        jobs.start(actor=bank.actor("officer"), kind="loans.import")
    body = client_of(bank, "compliance").get("/compliance/trail/?action=core.job.started").content.decode()
    assert "贷款导入" in body
    assert ">loans.import<" not in body


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("action=tests.made", 3),
        ("action=tests.made&outcome=refused", 0),
        ("action=tests.other", 0),
        ("action=tests.made&since=2000-01-01&until=2999-01-01", 3),
        ("action=tests.made&until=2000-01-01", 0),
        ("action=tests.made&since=2999-01-01", 0),
    ],
)
def test_filters_narrow(client_of: Any, bank: Lender, query: str, count: int) -> None:
    from carloan.core.acts import register_acts

    register_acts({"tests.made": "tests.made", "tests.other": "tests.other"})
    with bank.open():
        for _ in range(3):
            audit.record(actor=bank.system, action="tests.made", object_type="tests")
    answer = client_of(bank, "compliance").get(f"/compliance/trail/?{query}")
    assert answer.content.decode().count("<tr data-href") == count


def test_a_wrong_filter_is_told_and_not_a_crash(client_of: Any, bank: Lender) -> None:
    client = client_of(bank, "compliance")
    for query in ("since=yesterday", "loan_id=x", "address=nowhere", "action=no.such", "after=zzz", "before=%00"):
        assert client.get(f"/compliance/trail/?{query}").status_code in {200, 400, 422}


def test_pages_go_forth_and_back_without_gaps(client_of: Any, bank: Lender) -> None:
    from carloan.compliance.selectors.trail import trail_page

    with bank.open():
        made = [audit.record(actor=bank.system, action="tests.paged", object_type="tests") for _ in range(25)]
        actor = bank.actor("compliance")
        seen, after = [], None
        while True:
            page = trail_page(actor, {"action": "tests.paged"}, zone="Asia/Shanghai", after=after, size=10)
            seen += [entry.event.id for entry in page.entries]
            if page.older is None:
                break
            after = page.older
        assert seen == made[::-1]
        back = trail_page(actor, {"action": "tests.paged"}, zone="Asia/Shanghai", before=seen[20], size=10)
        assert [entry.event.id for entry in back.entries] == seen[10:20]


def test_pages_fields_and_reasons_are_called_by_their_names(client_of: Any, bank: Lender) -> None:
    officer, reader = client_of(bank, "officer"), client_of(bank, "compliance").confirmed()
    assert officer.get("/people/").status_code == 403
    with bank.open():
        loan = open_loan(bank.actor("officer"), branch_id=bank.branches["east"].id)
        borrower = LoanParty.objects.get(loan=loan, role="borrower").party
        field_reveal(
            actor=bank.actor("officer"), label="loans.party", object_id=borrower.id, field="id_number",
            reason_code="audit",
        )  # fmt: skip
        audit.record(
            actor=bank.system, action="loans.loan.changed", object_type="loans.loan", object_id=loan.id,
            loan_id=loan.id, before={"state": "application"}, after={"state": "approval"},
        )  # fmt: skip
    page = reader.get("/compliance/trail/").content.decode()
    assert ">证件号码<" in page
    assert ">人员<" in page
    assert "core:people" not in page
    refused = reader.get(f"/compliance/trail/{newest(bank, 'core.request.refused').id}/").content.decode()
    assert "角色无此权限" in refused
    assert ">forbidden<" not in refused
    assert reader.get("/compliance/trail/?field=id_number").content.decode().count("<tr data-href") == 1
    changed = newest(bank, "loans.loan.changed")
    opened = reader.post(f"/compliance/trail/{changed.id}/open/", {"reason_code": "audit"}).content.decode()
    assert "<td>审批中</td>" in opened
    assert "<td>approval</td>" not in opened


def test_values_open_only_for_those_who_may(client_of: Any, bank: Lender) -> None:
    with bank.open():
        loan = open_loan(bank.system, branch_id=bank.branches["east"].id)
        audit.record(
            actor=bank.system, action="loans.loan.changed", object_type="loans.loan", object_id=loan.id,
            loan_id=loan.id, before={"note": "BEFORE-VALUE"}, after={"note": "AFTER-VALUE"},
        )  # fmt: skip
    event = newest(bank, "loans.loan.changed")
    reader = client_of(bank, "compliance").confirmed()
    assert "AFTER-VALUE" not in reader.get(f"/compliance/trail/{event.id}/").content.decode()
    assert reader.post(f"/compliance/trail/{event.id}/open/", {}).status_code == 422
    seen = reader.post(f"/compliance/trail/{event.id}/open/", {"reason_code": "audit"}).content.decode()
    assert "BEFORE-VALUE" in seen
    assert "AFTER-VALUE" in seen
    look = newest(bank, "compliance.detail.opened")
    assert (look.object_id, look.outcome, look.reason_code) == (event.id, "revealed", "audit")
    assert (
        client_of(bank, "admin").post(f"/compliance/trail/{event.id}/open/", {"reason_code": "audit"}).status_code
        == 403
    )
    hidden = client_of(bank, "admin").get(f"/compliance/trail/{event.id}/").content.decode()
    assert "AFTER-VALUE" not in hidden


def test_a_shredded_loan_leaves_its_events(client_of: Any, bank: Lender) -> None:
    with bank.open():
        loan = open_loan(bank.system, branch_id=bank.branches["east"].id)
        event_id = audit.record(
            actor=bank.system, action="loans.loan.changed", object_type="loans.loan", object_id=loan.id,
            loan_id=loan.id, after={"note": "GONE-VALUE"},
        )  # fmt: skip
        keys.destroy_key(Subject("loan", loan.id))
    answer = (
        client_of(bank, "compliance").confirmed().post(f"/compliance/trail/{event_id}/open/", {"reason_code": "audit"})
    )
    assert answer.status_code == 200
    assert "GONE-VALUE" not in answer.content.decode()


def test_names_with_markup_stay_text(client_of: Any, bank: Lender) -> None:
    with bank.open():
        event_id = audit.record(
            actor=bank.system,
            action="core.role.added",
            object_type="core.role",
            after={"name": "<script>alert(1)</script>"},
        )
    answer = (
        client_of(bank, "compliance").confirmed().post(f"/compliance/trail/{event_id}/open/", {"reason_code": "audit"})
    )
    body = answer.content.decode()
    assert "<script>alert" not in body
    assert "&lt;script&gt;alert" in body


def test_the_page_costs_a_fixed_number_of_queries(
    client_of: Any, bank: Lender, django_assert_max_num_queries: Any
) -> None:
    with bank.open():
        for _ in range(60):
            audit.record(actor=bank.actor("officer"), action="tests.counted", object_type="tests")
    client = client_of(bank, "compliance")
    client.get("/compliance/trail/")
    with django_assert_max_num_queries(30):
        client.get("/compliance/trail/")
