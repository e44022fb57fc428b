"""What a list, a file and a search tell to somebody who may not know amounts, and what they leave in clear."""

import csv
import io
import json
from typing import Any

import pytest
from django.test import Client

from carloan.core.audit import open_detail
from carloan.core.models import AuditEvent, Role, RoleAssignment, RoleCapability, SavedView
from carloan.core.sight import show
from carloan.loans.models import Loan, LoanGrant
from carloan.loans.services.grants import loan_grant
from tests.cast import Lender
from tests.loans.book import id_number, name, open_loan

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])


def open_two(lender: Lender) -> tuple[Loan, Loan]:
    """A small loan in the east and a large one in the west."""
    with lender.open():
        admin = lender.actor("admin")
        return (
            open_loan(admin, 1, principal=1_000_000, branch_id=lender.branches["east"].id),
            open_loan(admin, 2, principal=9_000_000, branch_id=lender.branches["west"].id),
        )


def two_hats(lender: Lender, *everywhere: str) -> None:
    """The officer works in the east and answers customers everywhere, with these rights more."""
    with lender.open():
        member, service = lender.members["officer"], Role.objects.get(key="service")
        event_id = member.audit_event_id
        RoleAssignment.objects.filter(membership=member).update(branch=lender.branches["east"])
        RoleAssignment.objects.create(membership=member, role=service, audit_event_id=event_id)
        for capability in everywhere:
            RoleCapability.objects.create(role=service, capability=capability, scope="all", audit_event_id=event_id)


def text(answer: Any) -> str:
    return str(answer.content.decode())


AMOUNT_QUERIES = [{"least": "50000"}, {"most": "50000"}, {"age": "0"}, {"sort": "amount"}, {"sort": "-overdue"}]


@pytest.mark.parametrize("query", AMOUNT_QUERIES)
def test_a_page_without_amounts_is_neither_filtered_nor_sorted_by_them(
    bank: Lender, client_of: Any, query: dict[str, str]
) -> None:
    open_two(bank)
    client = client_of(bank, "service")
    plain, asked = text(client.get("/loans/")), text(client.get("/loans/", query))
    for page in (plain, asked):
        assert page.index("HT-000002") < page.index("HT-000001")
        assert 'name="least"' not in page
        assert 'name="age"' not in page


@pytest.mark.parametrize("query", [{"age": "0"}, {"sort": "amount"}, {"sort": "-overdue"}])
def test_the_api_refuses_an_order_that_would_tell_amounts(bank: Lender, query: dict[str, str]) -> None:
    open_two(bank)

    def ask(role: str) -> Any:
        return Client().get("/api/v1/loans/", {**query, "limit": "1"}, headers={"Authorization": bank.key(role)})

    refused = ask("service")
    assert refused.status_code == 403
    assert refused.json()["error"]["code"] == "forbidden"
    assert ask("admin").status_code == 200


def test_amounts_stand_only_in_lines_whose_details_the_reader_may_see(bank: Lender, client_of: Any) -> None:
    open_two(bank)
    two_hats(bank, "loans.export")
    client = client_of(bank, "officer").confirmed()
    page = text(client.get("/loans/"))
    assert "10,000.00" in page
    assert "HT-000002" in page
    assert "90,000.00" not in page
    rows = {row["合同编号"]: row for row in csv.DictReader(io.StringIO(streamed(client, "/loans/export.csv")))}
    assert (rows["HT-000001"]["贷款金额"], rows["HT-000002"]["贷款金额"]) == ("10000.00", "")


def test_a_file_holds_only_what_the_right_to_export_reaches(bank: Lender, client_of: Any) -> None:
    open_two(bank)
    two_hats(bank, "loans.details")
    client = client_of(bank, "officer").confirmed()
    assert "HT-000002" in text(client.get("/loans/"))
    exported = streamed(client, "/loans/export.csv")
    assert "HT-000001" in exported
    assert "HT-000002" not in exported
    with bank.open():
        event = AuditEvent.objects.get(action="loans.loans.exported")
        assert json.loads(bytes(event.canon))["count"] == 1


def streamed(client: Any, path: str, query: dict[str, str] | None = None) -> str:
    answer = client.get(path, query or {}, headers={"Accept-Language": "zh-hans"})
    assert answer.status_code == 200
    return str(b"".join(answer.streaming_content).decode("utf-8-sig"))


def test_what_was_searched_for_stays_neither_in_the_view_nor_in_the_trail(bank: Lender, client_of: Any) -> None:
    open_two(bank)
    client = client_of(bank, "officer").confirmed()
    asked = {"q": id_number(1), "state": "application"}
    assert "HT-000001" in streamed(client, "/loans/export.csv", asked)
    answer = client.post("/loans/views/", {"name": "查", "query": f"q={id_number(1)}&state=application"})
    assert answer.status_code == 302
    assert client.post("/loans/views/", {"name": "只查", "query": f"q={name(1)}"}).status_code == 422
    with bank.open():
        assert SavedView.objects.get().query == "state=application"
        event = AuditEvent.objects.get(action="loans.loans.exported")
        told = open_detail(event)
        assert id_number(1) not in str(told)
        assert "text_search" in str(told)


def test_the_reason_of_a_grant_is_sealed(bank: Lender) -> None:
    _east, west = open_two(bank)
    with bank.open():
        admin = bank.actor("admin")
        for reason in ("协助处理投诉", "协助核对资料"):
            loan_grant(actor=admin, loan=west, member=bank.members["officer"], reason=reason, valid_until=None)
        grant = LoanGrant.objects.get()
        assert reason.encode() not in bytes(grant.reason)
        assert show(bank.system, grant, "reason").text == reason


@pytest.mark.parametrize(("role", "offered"), [("officer", True), ("service", False)])
def test_nobody_is_offered_what_their_role_refuses(client_of: Any, bank: Lender, role: str, offered: bool) -> None:
    body = client_of(bank, role).get("/loans/").content.decode()
    for path in ("/loans/new/", "/loans/imports/new/", "/loans/export.csv"):
        assert (path in body) is offered, path
