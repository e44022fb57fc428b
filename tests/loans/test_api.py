"""The book's API."""

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from carloan.core import audit, jobs
from carloan.core.errors import Invalid
from carloan.core.models import AuditEvent
from carloan.loans.models import Loan
from carloan.loans.policies.facts import MOST_PEOPLE, PersonFacts
from carloan.loans.services import loans as services
from carloan.loans.services.import_steps import import_work
from carloan.loans.services.loans import PersonIn, loan_party_add
from tests.cast import Lender
from tests.loans.book import core_file, id_number, name, open_loan, phone, vin_number

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])


def get(lender: Lender, role: str, path: str, **query: Any) -> Any:
    return Client().get(f"/api/v1/loans/{path}", query, headers={"Authorization": lender.key(role)})


def post(lender: Lender, role: str, body: Any) -> Any:
    return Client().post(
        "/api/v1/loans/", json.dumps(body), content_type="application/json", headers={"Authorization": lender.key(role)}
    )


def body(serial: int = 1, **more: Any) -> dict[str, Any]:
    return {
        "contract_no": f"API-{serial}",
        "principal": 8_000_000,
        "rate_ppm": 58_800,
        "term": 36,
        "disbursed_on": "2026-01-15",
        "branch": "101",
        "people": [{"name": name(serial), "id_number": id_number(serial), "phones": [phone(serial)]}],
        "vehicle": {"vin": vin_number(serial), "plate": "粤B12345", "make": "大众", "model": "朗逸"},
        **more,
    }


def test_a_loan_is_opened_and_read_back(bank: Lender) -> None:
    answer = post(bank, "officer", body())
    assert answer.status_code == 201, answer.content
    loan = answer.json()
    assert loan["borrower"] == {"name": name(1), "id_number": id_number(1)}
    assert (loan["principal"], loan["state"], loan["branch"]) == (8_000_000, "application", "101")
    assert get(bank, "officer", f"{loan['id']}/").json() == loan
    masked = get(bank, "collector", f"{loan['id']}/").json()
    assert masked["borrower"]["id_number"] != id_number(1)
    assert masked["borrower"]["id_number"].endswith(id_number(1)[-4:])
    assert get(bank, "service", f"{loan['id']}/").json()["principal"] is None


def test_faults_are_told_by_field_and_nothing_is_half_done(bank: Lender) -> None:
    for wrong, field in (
        ({"principal": 0}, "principal"),
        ({"term": "x"}, "term"),
        ({"branch": "999"}, "branch"),
        ({"opened_on": "2026-01-16"}, "disbursed_on"),
        ({"method": "balloon"}, "balloon"),
        ({"people": [{"name": "王", "id_number": "440308199901101513"}]}, "people.0.id_number"),
        ({"vehicle": {"vin": "LSVAA49J1E0000001"}}, "vehicle.vin"),
        ({"people": [{"name": name(1)}, {"name": name(2)}]}, "people.1.role"),
    ):
        answer = post(bank, "officer", body(**wrong))
        assert answer.status_code == 422, answer.content
        assert field in answer.json()["error"]["fields"], answer.content
    with bank.open():
        assert not Loan.objects.filter(contract_no="API-1").exists()
    assert post(bank, "officer", body()).status_code == 201
    assert "contract_no" in post(bank, "officer", body()).json()["error"]["fields"]
    assert post(bank, "service", body(2)).status_code == 403


def test_pages_follow_each_other_by_cursor(bank: Lender) -> None:
    with bank.open():
        for serial in range(1, 6):
            open_loan(bank.actor("admin"), serial)
    first = get(bank, "officer", "", limit=2, sort="number").json()
    second = get(bank, "officer", "", limit=2, sort="number", after=first["next"]).json()
    third = get(bank, "officer", "", limit=2, sort="number", after=second["next"]).json()
    numbers = [loan["contract_no"] for page in (first, second, third) for loan in page["results"]]
    assert numbers == [f"HT-{serial:06d}" for serial in range(1, 6)]
    assert third["next"] is None
    assert (
        get(bank, "officer", "", limit=2, sort="number", before=second["previous"]).json()["results"]
        == first["results"]
    )
    assert [loan["contract_no"] for loan in get(bank, "officer", "", q=id_number(4)).json()["results"]] == ["HT-000004"]


def test_what_is_found_names_its_page(bank: Lender) -> None:
    loan = post(bank, "officer", body()).json()
    assert loan["opened_on"] == loan["disbursed_on"]
    found = Client().get("/api/v1/search/", {"q": "API-1"}, headers={"Authorization": bank.key("officer")}).json()
    browser = Client()
    browser.force_login(bank.users["officer"], backend="django.contrib.auth.backends.ModelBackend")
    page = browser.get(found["results"][0]["url"])
    assert page.status_code == 200
    assert "API-1" in page.content.decode()


def test_a_file_is_taken_checked_or_booked(bank: Lender) -> None:
    def send(**more: Any) -> Any:
        data = {"file": SimpleUploadedFile("book.csv", core_file(3)), "profile": "core-cn", **more}
        return Client().post("/api/v1/loans/import/", data, headers={"Authorization": bank.key("officer")})

    dry = send(dry_run="true")
    assert dry.status_code == 202, dry.content
    with bank.open():
        import_work(job_id=dry.json()["job"])
        assert Loan.objects.count() == 0
    taken = send().json()
    with bank.open():
        import_work(job_id=taken["job"])
        assert Loan.objects.count() == 3
    watched = f"/api/v1/jobs/{taken['job']}/"
    job = Client().get(watched, headers={"Authorization": bank.key("officer")}).json()
    with bank.open():
        foreign = jobs.start(actor=bank.actor("officer"), kind="loans.import")
    for path, role, status in ((watched, "admin", 200), (f"/api/v1/jobs/{foreign.id}/", "officer", 404)):
        assert Client().get(path, headers={"Authorization": bank.key(role)}).status_code == status
    assert (job["state"], job["result"]["created"], job["result"]["report"]["differences"]) == ("done", 3, [])
    for wrong in ({"profile": "nope"}, {"file": SimpleUploadedFile("x.csv", b"")}, {"file": ""}):
        assert send(**wrong).status_code == 422
    refused = Client().post(
        "/api/v1/loans/import/",
        {"file": SimpleUploadedFile("x.csv", core_file(1))},
        headers={"Authorization": bank.key("service")},
    )
    assert refused.status_code == 403


def test_the_schema_describes_it(client: Client) -> None:
    schema = client.get("/api/v1/schema/").content.decode()
    for path in ("/api/v1/loans/", "/api/v1/loans/import/", "/api/v1/loans/{loan_id}/"):
        assert path in schema


def test_what_a_key_reads_in_clear_is_told_and_what_it_reads_masked_is_not(bank: Lender) -> None:
    with bank.open():
        loans = [open_loan(bank.system, serial, branch_id=bank.branches["east"].id) for serial in (1, 2)]
    for path in ("", f"{loans[0].id}/"):
        assert get(bank, "collector", path).status_code == 200
        assert get(bank, "officer", path).status_code == 200
    with bank.open():
        many, one = AuditEvent.objects.filter(action="loans.loans.read").order_by("id")
        assert (json.loads(bytes(many.canon))["count"], one.object_id) == (2, loans[0].id)
        assert set(audit.open_detail(many)["after"]["loans"]) == {str(loan.id) for loan in loans}
        assert id_number(1) not in str(audit.open_detail(one))


def test_the_answer_to_a_change_is_a_look_too(bank: Lender) -> None:
    loan = json.loads(post(bank, "officer", body()).content)
    headers = {"Authorization": bank.key("officer")}
    changed = Client().patch(
        f"/api/v1/loans/{loan['id']}/",
        json.dumps({"revision": loan["revision"], "product": "新车贷"}),
        content_type="application/json",
        headers=headers,
    )
    assert changed.json()["borrower"]["id_number"] == id_number(1)
    with bank.open():
        assert str(AuditEvent.objects.get(action="loans.loans.read").object_id) == loan["id"]


def test_a_loan_has_not_any_number_of_people(bank: Lender) -> None:
    crowd = [{"name": name(1)}, *({"role": "guarantor", "name": name(serial)} for serial in range(2, MOST_PEOPLE + 2))]
    answer = post(bank, "officer", body(people=crowd))
    assert answer.status_code == 422
    assert "people" in str(answer.json()["error"]["fields"])
    with bank.open(), pytest.raises(Invalid):
        open_loan(bank.system, people=[PersonIn(PersonFacts(name=name(1)), "guarantor")] * (MOST_PEOPLE + 1))


def test_one_more_than_a_loan_has_is_refused(bank: Lender, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "MOST_PEOPLE", 2)
    with bank.open():
        loan = open_loan(bank.system)
        loan_party_add(actor=bank.system, loan=loan, person=PersonIn(PersonFacts(name=name(2)), "guarantor"))
        with pytest.raises(Invalid):
            loan_party_add(actor=bank.system, loan=loan, person=PersonIn(PersonFacts(name=name(3)), "guarantor"))
