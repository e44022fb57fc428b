"""The book's pages through HTTP: what each shows, to whom, and what it does."""

import csv
import io
import re
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from openpyxl import load_workbook

from carloan.core.models import AuditEvent, SavedView
from carloan.core.tenancy import tenant_atomic
from carloan.loans.models import ImportBatch, Loan, LoanParty, Payment, Vehicle
from carloan.loans.policies.allocation import Parts
from carloan.loans.services import exports
from carloan.loans.services.import_steps import import_work
from carloan.loans.services.loans import loan_move
from carloan.loans.services.payments import payment_book
from tests.cast import Lender
from tests.loans.book import HEADER, core_row, csv_bytes, id_number, name, open_loan, phone, vin_number

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])


def text(answer: Any) -> str:
    return str(answer.content.decode())


def open_some(lender: Lender, count: int = 3, **more: Any) -> list[Loan]:
    with lender.open():
        return [open_loan(lender.actor("admin"), serial, **more) for serial in range(1, count + 1)]


def test_the_list_shows_loans_with_masked_people(bank: Lender, client_of: Any) -> None:
    open_some(bank)
    page = client_of(bank, "collector").get("/loans/")
    assert page.status_code == 200
    assert "HT-000001" in text(page)
    assert "¥80,000.00" in text(page)
    assert f"{name(1)[0]}**" in text(page)
    assert name(1) not in text(page)


def test_customer_service_sees_no_amounts(bank: Lender, client_of: Any) -> None:
    loan = open_some(bank, 1)[0]
    client = client_of(bank, "service")
    for page in (client.get("/loans/"), client.get(f"/loans/{loan.id}/")):
        assert page.status_code == 200
        assert "HT-000001" in text(page)
        assert "80,000" not in text(page)
    for tab in ("plan", "payments", "timeline"):
        assert "80,000" not in text(client.get(f"/loans/{loan.id}/?tab={tab}"))
    assert client.get("/loans/new/").status_code == 403
    assert client.get("/loans/export.csv").status_code == 403


@pytest.mark.parametrize(
    "asked",
    [
        "HT-000002",
        "ht-000002".upper(),
        id_number(2),
        id_number(2)[-6:],
        vin_number(2)[-6:],
        "粤B00002",
        phone(2),
        name(2),
    ],
)
def test_it_finds_a_loan_by_everything_people_know(bank: Lender, client_of: Any, asked: str) -> None:
    open_some(bank)
    page = text(client_of(bank, "officer").get("/loans/", {"q": asked}))
    assert "HT-000002" in page
    assert "HT-000003" not in page


def test_filters_narrow_and_wrong_ones_are_told(bank: Lender, client_of: Any) -> None:
    first, second, third = open_some(bank)
    with bank.open():
        Loan.objects.filter(id=second.id).update(days_overdue=45, state="servicing")
        Loan.objects.filter(id=third.id).update(branch=bank.branches["west"], principal=9_000_000)
    client = client_of(bank, "admin")
    for query, numbers in (
        ({"state": "servicing"}, {"HT-000002"}),
        ({"age": "30-59"}, {"HT-000002"}),
        ({"branch": str(bank.branches["west"].id)}, {"HT-000003"}),
        ({"least": "8.5万"}, {"HT-000003"}),
        ({"opened_from": "2026-01-11"}, set()),
        ({"mine": "on"}, {"HT-000001", "HT-000002", "HT-000003"}),
    ):
        page = text(client.get("/loans/", query))
        assert {number for number in ("HT-000001", "HT-000002", "HT-000003") if number in page} == numbers, query
    assert client.get("/loans/", {"least": "viel"}).status_code == 422
    assert client.get("/loans/", {"after": "garbage"}).status_code == 422
    assert first.state == "application"


@pytest.mark.parametrize("sort", ["number", "-number", "opened", "-opened", "amount", "-amount", "overdue", "-overdue"])
def test_paging_shows_every_loan_once_in_order_and_back(bank: Lender, sort: str) -> None:
    from carloan.loans.selectors.listing import SORTS, Filters, loan_page

    loans = open_some(bank, 7)
    with bank.open():
        for number, loan in enumerate(loans):
            Loan.objects.filter(id=loan.id).update(days_overdue=number // 2, principal=100 * (number % 3 + 1))
        actor, filters = bank.actor("admin"), Filters(sort=sort)
        column = SORTS[sort.lstrip("-")]
        expected = sorted(
            Loan.objects.all(), key=lambda loan: (getattr(loan, column), loan.id), reverse=sort.startswith("-")
        )
        pages, after = [], ""
        while True:
            page = loan_page(actor, filters, after=after, size=3)
            pages.append(page)
            if not page.older:
                break
            after = page.older
        assert [line.loan.id for page in pages for line in page.lines] == [loan.id for loan in expected]
        back = loan_page(actor, filters, before=pages[2].newer, size=3)
        assert [line.loan.id for line in back.lines] == [line.loan.id for line in pages[1].lines]
        assert loan_page(actor, filters, before=pages[1].newer, size=3).newer == ""


def test_the_list_costs_the_same_queries_however_long_it_is(
    bank: Lender, client_of: Any, django_assert_num_queries: Any
) -> None:
    from django.db import connections
    from django.test.utils import CaptureQueriesContext

    client = client_of(bank, "officer")
    open_some(bank, 2)
    client.get("/loans/")
    counted = []
    for more in (range(20, 40), ()):
        with CaptureQueriesContext(connections["default"]) as queries:
            client.get("/loans/")
        machinery = ("SET LOCAL", "SAVEPOINT", "RELEASE")
        counted.append(len([query for query in queries if not query["sql"].startswith(machinery)]))
        with bank.open():
            for serial in more:
                open_loan(bank.actor("admin"), serial)
    assert counted[0] == counted[1]
    # session, person, tenant, member, rights, branches (rights and filter), page, count, borrowers, cars, saved views
    assert counted[0] <= 14, counted


def test_one_query_decides_about_a_loan(bank: Lender, django_assert_num_queries: Any) -> None:
    from carloan.loans.selectors.loans import get_loan_for

    loan = open_some(bank, 1)[0]
    with bank.open():
        for role in ("admin", "officer", "service"):
            actor = bank.actor(role)
            with django_assert_num_queries(1):
                get_loan_for(actor, loan.id)


def test_a_saved_view_becomes_a_tab_and_goes_again(bank: Lender, client_of: Any) -> None:
    client = client_of(bank, "officer")
    client.post("/loans/views/", {"name": "逾期大户", "query": "age=90%2B&sort=-amount&after=xyz"})
    with bank.open():
        view = SavedView.objects.get(name="逾期大户")
        assert view.query == "age=90%2B&sort=-amount"
    assert "逾期大户" in text(client.get("/loans/"))
    assert "逾期大户" not in text(client_of(bank, "admin").get("/loans/"))
    assert client_of(bank, "admin").post(f"/loans/views/{view.id}/drop/").status_code == 404
    assert client.post(f"/loans/views/{view.id}/drop/").status_code == 302
    with bank.open():
        assert not SavedView.objects.filter(id=view.id).exists()


def test_an_export_is_the_filtered_list_masked_guarded_and_told(bank: Lender, client_of: Any) -> None:
    open_some(bank, 2)
    with bank.open():
        open_loan(bank.actor("admin"), 3, contract_no="=HYPERLINK(1)", product='@SUM(1+9)*cmd|"/C calc"!A0')
    client = client_of(bank, "admin").confirmed()
    answer = client.get("/loans/export.csv", {"sort": "number"})
    data = b"".join(answer.streaming_content).decode()
    assert data.startswith("\ufeff")
    rows = list(csv.reader(io.StringIO(data.removeprefix("\ufeff"))))
    assert [row[0] for row in rows[1:]] == ["'=HYPERLINK(1)", "HT-000001", "HT-000002"]
    assert rows[1][8].startswith("'@SUM")
    assert rows[2][10] == "80000.00"
    for secret in (name(1), id_number(1), vin_number(1), "粤B00001"):
        assert secret not in data
    one = client.get("/loans/export.xlsx", {"q": "HT-000002"})
    sheet = load_workbook(io.BytesIO(b"".join(one.streaming_content))).active
    assert sheet is not None
    assert [cell.value for cell in sheet["A"]][1:] == ["HT-000002"]
    assert sheet["K2"].value == 80000
    assert sheet["N2"].is_date
    with bank.open():
        events = AuditEvent.objects.filter(action="loans.loans.exported").order_by("id")
        assert [b'"count":3' in bytes(event.canon) for event in events] == [True, False]


def test_more_loans_than_a_sheet_holds_are_refused_in_words_and_nothing_is_told_as_exported(
    bank: Lender, client_of: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_some(bank, 3)
    monkeypatch.setattr(exports, "MOST_IN_XLSX", 2)
    client = client_of(bank, "admin").confirmed()
    answer = client.get("/loans/export.xlsx", headers={"Accept-Language": "zh-hans"})
    assert answer.status_code == 422
    assert "电子表格最多容纳 2 笔贷款，当前清单共 3 笔" in text(answer)
    with bank.open():
        assert not AuditEvent.objects.filter(action="loans.loans.exported").exists()
    assert client.get("/loans/export.xlsx", {"q": "HT-000001"}).status_code == 200
    assert client.get("/loans/export.csv").status_code == 200


def test_the_loan_page_has_its_tabs_and_each_opens(bank: Lender, client_of: Any) -> None:
    loan = open_some(bank, 1)[0]
    client = client_of(bank, "officer")
    page = text(client.get(f"/loans/{loan.id}/"))
    assert "HT-000001" in page
    assert name(1) in page
    assert id_number(1) not in page
    assert vin_number(1) in page
    for tab, expected in (("plan", "2026-02-15"), ("payments", ""), ("timeline", "贷款建档")):
        answer = client.get(f"/loans/{loan.id}/?tab={tab}")
        assert answer.status_code == 200
        assert expected in text(answer), tab


def test_a_loan_is_opened_with_people_car_and_plan(bank: Lender, client_of: Any) -> None:
    client = client_of(bank, "officer")
    form = {
        "contract_no": "",
        "product": "新车贷",
        "principal": "12.8万",
        "rate_ppm": "5.88",
        "term": "36",
        "method": "equal_instalment",
        "opened_on": "2026-11-01",
        "disbursed_on": "",
        "due_day": "20",
        "branch": str(bank.branches["east"].id),
        "people-TOTAL_FORMS": "2",
        "people-INITIAL_FORMS": "0",
        "people-0-role": "borrower",
        "people-0-name": name(5),
        "people-0-kind": "person",
        "people-0-id_kind": "resident",
        "people-0-id_number": id_number(5),
        "people-0-phone": phone(5),
        "people-1-role": "guarantor",
        "people-1-name": name(6),
        "people-1-kind": "person",
        "people-1-id_kind": "resident",
        "people-1-id_number": id_number(6),
        "vehicle-vin": vin_number(5),
        "vehicle-plate": "粤B12345",
        "vehicle-condition": "new",
        "vehicle-use": "private",
    }
    shown = client.post("/loans/new/", {**form, "preview": "1"})
    assert shown.status_code == 200
    assert "2026-12-20" in text(shown)
    fragment = client.post("/loans/preview/", form)
    assert "2026-12-20" in text(fragment)
    wrong = client.post(
        "/loans/new/",
        {**form, "people-0-id_number": "440308199901101513", "vehicle-vin": "LSVAA49J1E0000005", "term": "0"},
    )
    assert wrong.status_code == 422
    bad = client.post("/loans/new/", {**form, "people-0-id_number": "440308199901101513"})
    assert bad.status_code == 422
    assert "校验" in text(bad)
    nobody = client.post("/loans/new/", {**form, "people-0-name": ""})
    assert nobody.status_code == 422
    with bank.open():
        assert not Loan.objects.filter(product="新车贷").exists()
    done = client.post("/loans/new/", form)
    assert done.status_code == 302
    with bank.open():
        loan = Loan.objects.get(product="新车贷")
        assert (loan.principal, loan.rate_ppm, loan.officer, loan.branch) == (
            12_800_000,
            58_800,
            bank.members["officer"],
            bank.branches["east"],
        )
        assert loan.contract_no.startswith(f"HT{timezone.localdate().year}")
        assert sorted(LoanParty.objects.filter(loan=loan).values_list("role", "guarantee")) == [
            ("borrower", ""),
            ("guarantor", "general"),
        ]
        assert Vehicle.objects.filter(loan=loan).count() == 1


def test_a_loan_is_changed_only_from_its_newest_page(bank: Lender, client_of: Any) -> None:
    loan = open_some(bank, 1)[0]
    client = client_of(bank, "admin")
    form = {
        "product": "二手车贷",
        "principal": "80000",
        "rate_ppm": "5.88",
        "term": "36",
        "method": "equal_instalment",
        "opened_on": "2026-01-10",
        "disbursed_on": "2026-01-15",
        "due_day": "15",
        "branch": str(bank.branches["east"].id),
        "vehicle-condition": "used",
        "vehicle-use": "private",
        "vehicle-make": "大众",
    }
    page = text(client.get(f"/loans/{loan.id}/edit/"))
    assert vin_number(1) not in page or 'value="' + vin_number(1) not in page
    assert client.post(f"/loans/{loan.id}/edit/", {**form, "revision": "1", "vehicle-revision": "1"}).status_code == 302
    assert client.post(f"/loans/{loan.id}/edit/", {**form, "product": "x", "revision": "1"}).status_code == 409
    assert client.post(f"/loans/{loan.id}/edit/", {**form, "product": "x", "revision": "nine"}).status_code == 409
    with bank.open():
        from carloan.core.sealed import clear

        loan.refresh_from_db()
        assert (loan.product, loan.revision) == ("二手车贷", 2)
        car = Vehicle.objects.get(loan=loan)
        assert (clear(car, "vin"), car.condition) == (vin_number(1), "used")


def test_a_loan_goes_through_its_stages_and_is_paid_and_unpaid(bank: Lender, client_of: Any) -> None:
    loan = open_some(bank, 1)[0]
    admin, officer = client_of(bank, "admin"), client_of(bank, "officer")
    assert officer.get(f"/loans/{loan.id}/move/submit/").status_code == 200
    assert "不能登记还款" in text(officer.get(f"/loans/{loan.id}/pay/", follow=True))
    assert officer.post(f"/loans/{loan.id}/move/submit/").status_code == 302
    assert officer.post(f"/loans/{loan.id}/move/approve/").status_code == 403
    assert officer.post(f"/loans/{loan.id}/move/submit/").status_code == 404
    assert admin.post(f"/loans/{loan.id}/move/decline/", {"reason": ""}).status_code == 422
    assert admin.post(f"/loans/{loan.id}/move/approve/").status_code == 302
    asked = text(admin.get(f"/loans/{loan.id}/move/disburse/"))
    assert 'name="disbursed_on"' in asked
    for nonsense in ("", "2026-02-30", "1999-01-01"):
        assert admin.post(f"/loans/{loan.id}/move/disburse/", {"disbursed_on": nonsense}).status_code == 422
    assert admin.post(f"/loans/{loan.id}/move/disburse/", {"disbursed_on": "2026-01-20"}).status_code == 302
    with bank.open():
        loan.refresh_from_db()
        assert (loan.state, loan.disbursed_on, loan.as_of) == ("servicing", date(2026, 1, 20), date(2026, 1, 20))
    page = text(officer.get(f"/loans/{loan.id}/?tab=plan"))
    assert "2026-02-15" in page
    assert officer.post(f"/loans/{loan.id}/move/settle/").status_code == 422
    told = text(officer.get(f"/loans/{loan.id}/move/settle/"))
    assert "仍有未还本金" in told
    assert 'type="submit">登记结清' not in told
    form = {
        "amount": "2431.28",
        "principal": "2000",
        "interest": "431.28",
        "value_on": "2026-02-15",
        "channel": "transfer",
        "reference": "B-1",
    }
    assert officer.post(f"/loans/{loan.id}/pay/", {**form, "interest": "500"}).status_code == 422
    assert officer.post(f"/loans/{loan.id}/pay/", form).status_code == 302
    assert officer.post(f"/loans/{loan.id}/pay/", form).status_code == 409
    with bank.open():
        payment = Payment.objects.get(loan=loan)
        assert Loan.objects.get(id=loan.id).outstanding == 8_000_000 - 200_000
    undo = f"/loans/{loan.id}/payments/{payment.id}/undo/"
    assert officer.get(undo).status_code == 200
    assert officer.post(undo, {"reason": ""}).status_code == 422
    assert officer.post(undo, {"reason": "录入错误"}).status_code == 302
    assert officer.post(undo, {"reason": "录入错误"}).status_code == 409
    with bank.open():
        assert sum(Payment.objects.filter(loan=loan).values_list("amount", flat=True)) == 0
        assert Loan.objects.get(id=loan.id).outstanding == 8_000_000


def test_people_are_added_and_corrected_without_showing_their_numbers(bank: Lender, client_of: Any) -> None:
    loan = open_some(bank, 1)[0]
    client = client_of(bank, "officer")
    form = {
        "role": "guarantor",
        "name": name(9),
        "kind": "person",
        "id_kind": "resident",
        "id_number": id_number(9),
        "guarantee": "joint",
    }
    assert client.post(f"/loans/{loan.id}/people/new/", form).status_code == 302
    assert client.post(f"/loans/{loan.id}/people/new/", form).status_code == 422
    with bank.open():
        row = LoanParty.objects.get(loan=loan, role="guarantor")
        assert row.guarantee == "joint"
    address = f"/loans/{loan.id}/people/{row.id}/"
    page = text(client.get(address))
    assert id_number(9) not in page
    changed = {"kind": "person", "id_kind": "resident", "employer": "华信公司"}
    assert client.post(address, {**changed, "revision": "1"}).status_code == 302
    with bank.open():
        from carloan.core.sealed import clear

        row.party.refresh_from_db()
        assert (clear(row.party, "employer"), clear(row.party, "id_number"), clear(row.party, "name")) == (
            "华信公司",
            id_number(9),
            name(9),
        )


def test_the_wizard_leads_from_file_to_book(bank: Lender, client_of: Any) -> None:
    client = client_of(bank, "officer")
    assert client.get("/loans/imports/").status_code == 200
    assert client.get("/loans/imports/new/").status_code == 200
    refused = client.post("/loans/imports/new/", {"file": SimpleUploadedFile("x.png", b"\x89PNG" + bytes(900))})
    assert refused.status_code == 422
    data = csv_bytes([HEADER, core_row(1), core_row(2, 期数="x"), core_row(3)])
    sent = client.post("/loans/imports/new/", {"file": SimpleUploadedFile("台账.csv", data)})
    assert sent.status_code == 302
    with bank.open():
        batch = ImportBatch.objects.get()
    address = f"/loans/imports/{batch.id}/"
    page = text(client.get(address))
    assert "合同编号" in page
    mapping = {field: column["column"] for field, column in batch.spec["columns"].items()} | {
        "rate_unit": "percent",
        "currency": "CNY",
    }
    assert client.post(f"{address}map/", {**mapping, "principal": ""}).status_code == 422
    assert client.post(f"{address}map/", mapping).status_code == 302
    with tenant_atomic(bank.tenant.id):
        batch.refresh_from_db()
        assert "hx-get" in text(client.get(address, headers={"HX-Request": "true"}))
        assert batch.job_id
        import_work(job_id=batch.job_id)
    # The page that follows the work by itself is loaded anew when it is over: buttons and mapping are back.
    assert client.get(address, headers={"HX-Request": "true"}).headers["HX-Refresh"] == "true"
    assert client.get(f"{address}map/").headers["Location"].endswith(address)
    page = text(client.get(address))
    # The file has no column of overdue amounts, so it does not say that nothing is overdue.
    assert re.search("逾期金额合计</td><td[^>]*>文件中没有<", page)
    assert "期数" in page
    assert "不是整数" in page
    with bank.open():
        assert Loan.objects.count() == 0
    errors = b"".join(client.get(f"{address}errors.csv").streaming_content).decode()
    assert errors.count("\r\n") == 2
    assert client.post(f"{address}run/").status_code == 302
    with tenant_atomic(bank.tenant.id):
        batch.refresh_from_db()
        assert batch.job_id
        import_work(job_id=batch.job_id)
        assert Loan.objects.count() == 2
    page = text(client.get(address))
    assert "¥160,002.00" in page or "160,0" in page
    ages = re.findall(r"逾期 ([0-9+-]+) 天", page)
    assert ages[0] == "0"
    assert ages[-1].endswith("+")
    assert ages == sorted(ages, key=lambda age: int(re.match(r"\d+", age)[0]))  # type: ignore[index]


def test_pages_answer_in_english_too(bank: Lender, client_of: Any) -> None:
    loan = open_some(bank, 1)[0]
    client = client_of(bank, "admin")
    client.cookies["django_language"] = "en"
    for path, word in (
        ("/loans/", "Contract number"),
        (f"/loans/{loan.id}/", "Key facts"),
        ("/loans/new/", "Terms"),
        ("/loans/imports/new/", "Upload"),
    ):
        page = text(client.get(path, headers={"Accept-Language": "en"}))
        assert word in page, path


def test_a_payment_on_the_timeline_has_a_day_and_no_invented_time(bank: Lender, client_of: Any) -> None:
    loan = open_some(bank, 1)[0]
    day = timezone.localdate()
    with bank.open():
        for event in ("submit", "approve", "disburse"):
            loan_move(actor=bank.actor("admin"), loan=loan, event=event)
        payment_book(
            actor=bank.actor("admin"),
            loan=loan,
            amount=100_00,
            reference="R-1",
            value_on=day,
            parts=Parts(principal=100_00),
        )
    page = text(client_of(bank, "officer").get(f"/loans/{loan.id}/", {"tab": "timeline", "lane": "money"}))
    assert f">{day}</time>" in page
    assert f">{day} " not in page


def test_the_workplace_names_the_loans_that_wait_for_a_decision(bank: Lender, client_of: Any) -> None:
    waiting, _other = open_some(bank, 2)
    with bank.open():
        loan_move(actor=bank.actor("admin"), loan=waiting, event="submit")
    page = text(client_of(bank, "officer").get("/home/"))
    assert "HT-000001" in page
    assert "HT-000002" not in page
    assert "HT-000001" not in text(client_of(bank, "service").get("/home/"))
