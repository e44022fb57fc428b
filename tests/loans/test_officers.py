"""Whose case a loan is, and who may say so."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from carloan.core import audit
from carloan.core.errors import Forbidden, Invalid
from carloan.core.models import AuditEvent, Membership, RoleCapability
from carloan.core.services.people import member_deactivate
from carloan.loans.models import Loan
from carloan.loans.services.loans import loan_change
from tests.cast import Lender
from tests.loans.book import open_loan
from tests.loans.test_api import body, get, post

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])


def a_loan(lender: Lender, owner: str = "officer") -> Loan:
    """A loan of the eastern branch, somebody's case."""
    branch, member = lender.branches["east"].id, lender.members[owner].id
    return open_loan(lender.actor("admin"), 1, branch_id=branch, officer_id=member)


def patch(lender: Lender, role: str, loan: Loan, **changes: Any) -> Any:
    headers = {"Authorization": lender.key(role)}
    sent = json.dumps(changes)
    return Client().patch(f"/api/v1/loans/{loan.id}/", sent, content_type="application/json", headers=headers)


def fields_of(page: str) -> dict[str, str]:
    """What the form of a loan would send: only what the service needs."""
    return {
        "principal": "80000", "rate_ppm": "5.88", "term": "36", "method": "equal_instalment", "due_day": "15",
        "opened_on": "2026-01-10", "disbursed_on": "2026-01-15", "vehicle-condition": "new", "vehicle-use": "private",
        "vehicle-make": "大众", "vehicle-model": "朗逸", "vehicle-model_year": "2024", "vehicle-price": "130000",
        **{
            name: re.findall(rf'name="{name}" value="(\d+)"', page)[0] for name in ("revision", "vehicle-revision")
        },
    }  # fmt: skip


def test_a_leavers_loan_is_given_to_a_colleague_on_its_page(bank: Lender, client_of: Any) -> None:
    with bank.open():
        loan = a_loan(bank)
        member_deactivate(actor=bank.actor("admin"), membership=bank.members["officer"])
    client, address = client_of(bank, "admin"), f"/loans/{loan.id}/edit/"
    page = client.get(address).content.decode()
    leaver, heir = bank.members["officer"].id, bank.members["archivist"].id
    assert str(leaver) not in page
    form = {**fields_of(page), "branch": str(bank.branches["east"].id)}
    assert client.post(address, {**form, "officer": ""}).status_code == 302
    with bank.open():
        kept = Loan.objects.get(id=loan.id)
        assert (kept.officer_id, kept.revision) == (None, loan.revision + 1), "it waits, changed by the leaving only"
    assert client.post(address, {**form, "officer": str(heir)}).status_code == 302
    with bank.open():
        assert Loan.objects.get(id=loan.id).officer_id == heir
        told = audit.open_detail(AuditEvent.objects.filter(action="loans.loan.changed").order_by("-id")[0])
        assert not told["before"].get("officer_id")
        assert told["after"]["officer_id"] == str(heir)
    page = client.get(address).content.decode()
    assert str(leaver) not in page
    assert client.post(address, {**fields_of(page), "officer": str(leaver)}).status_code == 422


def test_a_form_that_does_not_ask_for_the_officer_leaves_the_officer(bank: Lender, client_of: Any) -> None:
    with bank.open():
        loan = a_loan(bank)
    client, address = client_of(bank, "admin"), f"/loans/{loan.id}/edit/"
    form = {**fields_of(client.get(address).content.decode()), "product": "新车贷"}
    assert client.post(address, {**form, "branch": str(bank.branches["east"].id)}).status_code == 302
    with bank.open():
        changed = Loan.objects.get(id=loan.id)
        assert (changed.product, changed.officer_id) == ("新车贷", bank.members["officer"].id)


def test_the_right_to_own_cases_does_not_give_them_away(bank: Lender, client_of: Any) -> None:
    with bank.open():
        loan = a_loan(bank)
        RoleCapability.objects.filter(role__key="officer", capability="loans.edit").update(scope="own")
    page = client_of(bank, "officer").get(f"/loans/{loan.id}/edit/").content.decode()
    assert 'name="officer"' not in page
    with bank.open():
        with pytest.raises(Forbidden):
            loan_change(
                actor=bank.actor("officer"),
                loan=loan,
                revision=loan.revision,
                changes={"officer_id": bank.members["admin"].id},
            )
        assert Loan.objects.get(id=loan.id).officer_id == bank.members["officer"].id


def test_nobody_of_another_lender_gets_a_loan(bank: Lender, other: Lender) -> None:
    with bank.open():
        loan = a_loan(bank)
        acts: tuple[Callable[[], Any], ...] = (
            lambda: loan_change(
                actor=bank.actor("admin"),
                loan=loan,
                revision=loan.revision,
                changes={"officer_id": other.members["officer"].id},
            ),
            lambda: open_loan(bank.actor("admin"), 2, officer_id=other.members["officer"].id),
        )
        for act in acts:
            with pytest.raises(Invalid) as refused:
                act()
            assert list(refused.value.fields) == ["officer"]


def test_another_system_names_the_officer_by_number_or_name(bank: Lender) -> None:
    with bank.open():
        for role, number, name in (("officer", "A1", "李伟"), ("archivist", "A2", "王芳"), ("service", "", "王 芳")):
            Membership.objects.filter(id=bank.members[role].id).update(employee_no=number, display_name=name)
    opened = post(bank, "officer", body(officer="李伟")).json()
    assert opened["officer"] == "A1"
    with bank.open():
        loan = Loan.objects.get(id=opened["id"])
    for wrong in ("王芳", "赵无"):
        answer = patch(bank, "officer", loan, revision=1, officer=wrong)
        assert (answer.status_code, list(answer.json()["error"]["fields"])) == (422, ["officer"])
    answer = patch(bank, "officer", loan, revision=1, officer="a2")
    assert answer.status_code == 200, answer.content
    assert answer.json() == get(bank, "officer", f"{loan.id}/").json()
    assert (answer.json()["officer"], answer.json()["revision"]) == ("A2", 2)
    assert patch(bank, "officer", loan, revision=1, officer="A1").status_code == 409
    assert patch(bank, "officer", loan, revision=2, officer="").json()["officer"] is None


def test_the_api_changes_what_is_given_and_nothing_else(bank: Lender) -> None:
    loan_id = post(bank, "officer", body(product="新车贷", external_no="X-1")).json()["id"]
    with bank.open():
        loan = Loan.objects.get(id=loan_id)
    answer = patch(bank, "officer", loan, revision=1, term=24, branch="102")
    assert answer.status_code == 200, answer.content
    told = answer.json()
    assert (told["term"], told["branch"], told["product"], told["external_no"]) == (24, "102", "新车贷", "X-1")
    assert (told["principal"], told["disbursed_on"], told["currency"]) == (8_000_000, "2026-01-15", "CNY")
    for wrong, field in (
        ({"term": 24}, "revision"),
        ({"revision": 2, "contract_no": "NEW"}, "contract_no"),
        ({"revision": 2, "currency": "USD"}, "currency"),
        ({"revision": 2, "people": []}, "people"),
        ({"revision": 2, "principal": 0}, "principal"),
        ({"revision": 2, "rows": [{"due_on": "2026-02-15", "principal": 1, "interest": 0}]}, "rows"),
    ):
        refused = patch(bank, "officer", loan, **wrong)
        assert refused.status_code == 422, refused.content
        assert list(refused.json()["error"]["fields"]) == [field]
    assert patch(bank, "service", loan, revision=2, term=12).status_code == 403
    assert patch(bank, "officer", loan, revision=1, term=24).status_code == 409, "another revision, though nothing new"
    assert patch(bank, "officer", loan, revision=2, term=24).json()["revision"] == 2
    rows = [{"due_on": "2026-02-15", "principal": 8_000_000, "interest": 5}]
    assert patch(bank, "officer", loan, revision=2, method="custom", rows=rows).json()["method"] == "custom"
