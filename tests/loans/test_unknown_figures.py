"""What the source of a loan does not say is unknown: at every door, in every sum, and never nothing."""

import csv
import io
import json
import re
from datetime import date
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from carloan.core.audit import open_detail
from carloan.core.errors import Invalid
from carloan.loans.imports import report
from carloan.loans.models import ImportBatch, Loan, OpeningPosition
from carloan.loans.policies.allocation import Parts
from carloan.loans.selectors.listing import Filters, all_lines, loan_page
from carloan.loans.services import import_steps, imports
from carloan.loans.services.loans import loan_move
from carloan.loans.services.payments import payment_book, payment_reallocate
from tests.cast import Lender
from tests.loans.book import HEADER, core_row, csv_bytes, open_loan

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])

LEFT_OUT = ("已还期数", "逾期天数")
MORE = ["余额日期", "逾期金额", "下期应还"]
WHY = "来源文件未提供"


def brought(lender: Lender, *rows: list[str], header: list[str], role: str = "admin") -> ImportBatch:
    actor = lender.actor(role)
    batch = imports.import_upload(actor=actor, file=io.BytesIO(csv_bytes([header, *rows])), name="台账.csv")
    import_steps.import_work(job_id=imports.import_run_start(actor=actor, batch=batch).id)
    batch.refresh_from_db()
    assert (batch.rejected, batch.report["differences"]) == (0, [])
    return batch


def bare(lender: Lender, *serials: int) -> ImportBatch:
    """Loans of a file that says what is outstanding and nothing else about where they stand."""
    kept = [place for place, name in enumerate(HEADER) if name not in LEFT_OUT]
    rows = [[core_row(serial)[place] for place in kept] for serial in serials]
    return brought(lender, *rows, header=[HEADER[place] for place in kept])


def whole(lender: Lender, *rows: list[str]) -> ImportBatch:
    return brought(lender, *rows, header=[*HEADER, *MORE])


def full(serial: int, day: str, overdue: str, due: str, **changes: str) -> list[str]:
    return [*core_row(serial, **changes), day, overdue, due]


def number(serial: int) -> str:
    return f"CAR2024{serial:08d}"


def loan_of(serial: int) -> Loan:
    return Loan.objects.get(contract_no=number(serial))


def figures(row: Loan | OpeningPosition) -> tuple[int | None, ...]:
    return row.overdue, row.days_overdue, row.periods_paid, row.next_due


def text(answer: Any) -> str:
    return unescape(re.sub(r"\s+", " ", answer.content.decode()))


def test_columns_that_a_file_lacks_are_unknown(bank: Lender) -> None:
    with bank.open():
        bare(bank, 1)
        loan = loan_of(1)
        assert loan.outstanding == 50_001_25
        assert figures(loan) == figures(OpeningPosition.objects.get(loan=loan)) == (None, None, None, None)
        whole(bank, full(1, "2026-11-10", "1200.50", "0", 逾期天数="12"))
        assert figures(loan_of(1)) == (1_200_50, 12, 12, 0)


def test_a_newer_file_with_an_empty_cell_makes_the_figure_unknown_and_one_without_the_column_does_not(
    bank: Lender,
) -> None:
    with bank.open():
        whole(bank, full(1, "2026-10-31", "1200.50", "2429.10", 逾期天数="12"))
        whole(bank, full(1, "2026-11-10", "", "", 逾期天数="", 已还期数=""))
        loan = loan_of(1)
        assert (loan.as_of, figures(loan)) == (date(2026, 11, 10), (None, None, None, None))
        days = OpeningPosition.objects.filter(loan=loan).order_by("as_of").values_list("overdue", "days_overdue")
        assert list(days) == [(1_200_50, 12), (None, None)]
        whole(bank, full(2, "2026-10-31", "1200.50", "2429.10", 逾期天数="12"))
        kept = [place for place, name in enumerate(HEADER) if name not in LEFT_OUT]
        cells = [core_row(2, 当前余额="40000")[place] for place in kept]
        brought(bank, [*cells, "2026-11-10"], header=[*(HEADER[place] for place in kept), "余额日期"])
        assert figures(loan_of(2)) == (1_200_50, 12, 12, 2_429_10)


def test_what_begins_here_owes_nothing_and_is_known_to(bank: Lender) -> None:
    with bank.open():
        admin = bank.actor("admin")
        loan = open_loan(admin, 1)
        assert figures(loan) == (0, 0, 0, 0)
        bare(bank, 2)
        came = loan_of(2)
        # A loan that a file brought before it was paid out is paid out here: from then on it is ours.
        Loan.objects.filter(id=came.id).update(state="disbursal", outstanding=0)
        came.refresh_from_db()
        loan_move(actor=admin, loan=came, event="disburse")
        came.refresh_from_db()
        assert figures(came)[:3] == (0, 0, 0)
        assert came.next_due


def test_an_unknown_amount_overdue_does_not_stand_in_the_way_of_settling(bank: Lender) -> None:
    with bank.open():
        bare(bank, 1)
        loan = loan_of(1)
        Loan.objects.filter(id=loan.id).update(outstanding=0)
        loan.refresh_from_db()
        assert loan_move(actor=bank.actor("admin"), loan=loan, event="settle").state == "settled"


def silent(lender: Lender, serial: int, **changes: str) -> Loan:
    """A loan of a file that says nothing of what is outstanding."""
    kept = [place for place, name in enumerate(HEADER) if name != "当前余额"]
    cells = core_row(serial, **changes)
    brought(lender, [cells[place] for place in kept], header=[HEADER[place] for place in kept])
    return loan_of(serial)


def test_an_outstanding_principal_that_no_file_says_is_unknown_and_not_the_amount_of_the_loan(
    bank: Lender, client_of: Any
) -> None:
    with bank.open():
        loan = silent(bank, 1)
        assert (loan.outstanding, OpeningPosition.objects.get(loan=loan).outstanding) == (None, None)
        batch = ImportBatch.objects.get()
        assert batch.report["book"]["sums"]["outstanding"] is None
        assert batch.report["book"]["unknown"]["outstanding"] == 1
    client = client_of(bank, "admin").confirmed()
    assert "未作核对：剩余本金" in text(client.get(f"/loans/imports/{batch.id}/"))
    for path in (f"/loans/{loan.id}/", f"/loans/{loan.id}/pay/"):
        assert re.search(r"剩余本金(</dt><dd[^>]*>)? ?<span[^>]*>未知<", text(client.get(path))), path
    for path, label in (("/loans/", "剩余本金"), (f"/loans/{loan.id}/?tab=payments", "剩余本金")):
        assert re.search(rf'data-label="{label}"><span class="muted"[^>]*>未知<', text(client.get(path))), path
    lines = b"".join(client.get("/loans/export.csv").streaming_content).decode("utf-8-sig")
    assert [row["剩余本金"] for row in csv.DictReader(io.StringIO(lines))] == ["未知"]
    answer = Client().get("/api/v1/loans/", headers={"Authorization": bank.key("admin")}).json()
    assert [row["outstanding"] for row in answer["results"]] == [None]
    with bank.open():
        whole(bank, full(1, "2026-11-10", "0", "0", 逾期天数="0"))
        assert loan_of(1).outstanding == 50_001_25
        whole(bank, full(1, "2026-11-11", "0", "0", 逾期天数="0", 当前余额=""))
        assert (loan_of(1).outstanding, loan_of(1).state) == (None, "servicing")


def test_payments_on_what_is_unknown_leave_it_unknown(bank: Lender) -> None:
    with bank.open():
        admin, loan = bank.actor("admin"), silent(bank, 1)
        facts: dict[str, Any] = {"loan": loan, "amount": loan.principal + 1, "value_on": timezone.localdate()}
        with pytest.raises(Invalid):
            payment_book(actor=admin, reference="P", parts=Parts(principal=loan.principal + 1), **facts)
        payment = payment_book(actor=admin, reference="P", parts=Parts(principal=loan.principal, fee=1), **facts)
        assert (loan.outstanding, loan_of(1).outstanding) == (None, None)
        loan.refresh_from_db()
        assert loan_move(actor=admin, loan=loan, event="settle").state == "settled"
        payment.loan.refresh_from_db()
        payment_reallocate(actor=admin, payment=payment, parts=Parts(principal=loan.principal - 9, fee=10), reason="x")
        assert (loan_of(1).state, loan_of(1).outstanding) == ("servicing", None)


def test_pages_say_unknown_and_why(bank: Lender, client_of: Any) -> None:
    with bank.open():
        bare(bank, 1)
        loan = loan_of(1)
    client = client_of(bank, "admin")
    listed = text(client.get("/loans/"))
    assert re.search(rf'data-label="逾期天数"><span class="muted" title="{WHY}。">未知</span>', listed)
    page = text(client.get(f"/loans/{loan.id}/?tab=payments"))
    assert "逾期天数未知" in page
    lead = dict(re.findall(r"<div><dt>(\S+)</dt><dd[^>]*>(.*?)</dd></div>", page))
    assert {name for name, said in lead.items() if "未知" in said and WHY in said} == {"逾期金额", "下期应还"}
    for label in ("逾期金额", "逾期天数", "已还期数"):
        assert re.search(rf'data-label="{label}"><span class="muted"[^>]*>未知<', page), label
    assert "¥0.00" not in page.replace("累计还款 ¥0.00", "")
    # Whoever may not know amounts is not told that they are unknown either.
    page = text(client_of(bank, "service").get(f"/loans/{loan.id}/"))
    assert WHY not in page
    assert "逾期天数未知" not in page


def test_api_and_exports_say_unknown(bank: Lender, client_of: Any) -> None:
    with bank.open():
        bare(bank, 1)
        whole(bank, full(2, "2026-10-31", "0", "2429.10", 逾期天数="0"))
    answer = Client().get("/api/v1/loans/", {"sort": "number"}, headers={"Authorization": bank.key("admin")}).json()
    told = [[row[name] for name in ("overdue", "days_overdue", "periods_paid")] for row in answer["results"]]
    assert told == [[None, None, None], [0, 0, 12]]
    unknown = Client().get("/api/v1/loans/", {"age": "unknown"}, headers={"Authorization": bank.key("admin")}).json()
    assert [row["contract_no"] for row in unknown["results"]] == [number(1)]
    client = client_of(bank, "admin").confirmed()
    lines = b"".join(client.get("/loans/export.csv", {"sort": "number"}).streaming_content).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(lines)))
    assert [[row[name] for name in ("逾期金额", "逾期天数", "已还期数")] for row in rows] == [
        ["未知"] * 3,
        ["0.00", "0", "12"],
    ]
    sheet = load_workbook(io.BytesIO(b"".join(client.get("/loans/export.xlsx").streaming_content))).active
    assert sheet is not None
    assert "未知" in [cell.value for row in sheet.iter_rows() for cell in row]


@pytest.mark.parametrize("sort", ["overdue", "-overdue"])
@pytest.mark.parametrize("known", [0, 2, 3, 4, 7])
def test_unknown_comes_last_in_both_orders_on_every_page_and_back(bank: Lender, sort: str, known: int) -> None:
    with bank.open():
        admin, filters = bank.actor("admin"), Filters(sort=sort)
        loans = [open_loan(admin, serial) for serial in range(1, 8)]
        for place, loan in enumerate(loans):
            Loan.objects.filter(id=loan.id).update(days_overdue=place // 2 if place < known else None)
        down = sort.startswith("-")

        def ordered(rows: list[Loan]) -> list[Loan]:
            return sorted(rows, key=lambda loan: (loan.days_overdue or 0, loan.id), reverse=down)

        rows = list(Loan.objects.all())
        expected = [
            *ordered([loan for loan in rows if loan.days_overdue is not None]),
            *ordered([loan for loan in rows if loan.days_overdue is None]),
        ]
        pages, after = [], ""
        while True:
            pages.append(loan_page(admin, filters, after=after, size=3))
            after = pages[-1].older
            if not after:
                break
        seen = [[line.loan.contract_no for line in page.lines] for page in pages]
        assert [one for page in seen for one in page] == [loan.contract_no for loan in expected]
        for page, before in zip(pages[:0:-1], seen[-2::-1], strict=True):
            back = loan_page(admin, filters, before=page.newer, size=3)
            assert [line.loan.contract_no for line in back.lines] == before
        assert not loan_page(admin, filters, before=pages[1].newer, size=3).newer
        exported = all_lines(admin, filters, "loans.export", size=3)
        assert [line.loan.contract_no for line in exported] == [loan.contract_no for loan in expected]


def test_an_overdue_filter_holds_no_unknown_loan_and_one_filter_holds_them_all(bank: Lender, client_of: Any) -> None:
    with bank.open():
        bare(bank, 1, 2)
        rows = [full(serial, "2026-10-31", "1", "", 逾期天数=days) for serial, days in ((3, "0"), (4, "29"), (5, "30"))]
        whole(bank, *rows, full(6, "2026-10-31", "1", "", 逾期天数="90"))
    client = client_of(bank, "admin")
    found = {
        age: {serial for serial in range(1, 7) if number(serial) in text(client.get("/loans/", {"age": age}))}
        for age in ("0", "1-29", "30-59", "60-89", "90+", "unknown")
    }
    assert found == {"0": {3}, "1-29": {4}, "30-59": {5}, "60-89": set(), "90+": {6}, "unknown": {1, 2}}


def test_names_that_classes_had_still_open_kept_views(bank: Lender, client_of: Any) -> None:
    with bank.open():
        rows = [full(serial, "2026-10-31", "1", "", 逾期天数=days) for serial, days in ((1, "29"), (2, "60"))]
        whole(bank, *rows)
    client = client_of(bank, "admin")
    client.post("/loans/views/", {"name": "逾期一段", "query": "age=1-30&sort=-overdue"})
    page = text(client.get("/loans/", {"age": "1-30", "sort": "-overdue"}))
    assert number(1) in page
    assert number(2) not in page
    assert re.search(r'<option value="1-29" selected>', page)
    assert re.search(r'aria-current="page">逾期一段<', page)
    assert number(2) in text(client.get("/loans/", {"age": "61-90"}))
    ask = {"age": "31-60"}
    assert Client().get("/api/v1/loans/", ask, headers={"Authorization": bank.key("admin")}).json()["results"] == []
    wrong = Client().get("/api/v1/loans/", {"age": "2-3"}, headers={"Authorization": bank.key("admin")})
    assert wrong.status_code == 422
    assert "1-29" in json.dumps(wrong.json())


def test_the_reconciliation_compares_what_the_file_says_and_names_what_it_does_not(
    bank: Lender, client_of: Any
) -> None:
    with bank.open():
        nothing = bare(bank, 1)
        some = whole(
            bank,
            full(2, "2026-10-31", "1200.50", "", 逾期天数="29"),
            full(3, "2026-10-31", "", "", 逾期天数=""),
            full(4, "2026-10-31", "", "", 逾期天数="60"),
        )
        everything = whole(bank, full(5, "2026-10-31", "0", "", 逾期天数="0"))
    assert nothing.report["file"]["sums"]["overdue"] is None
    assert nothing.report["book"]["unknown"] == {"outstanding": 0, "overdue": 1, "days_overdue": 1}
    assert some.report["book"]["sums"]["overdue"] == 1_200_50
    assert some.report["book"]["unknown"] == {"outstanding": 0, "overdue": 2, "days_overdue": 1}
    assert some.report["book"]["buckets"] == {"0": 0, "1-29": 1, "30-59": 0, "60-89": 1, "90+": 0}
    client = client_of(bank, "admin")
    page = text(client.get(f"/loans/imports/{nothing.id}/"))
    assert "完全一致" not in page
    assert "文件提供的数据与账面一致" in page
    assert "文件中没有以下项目，未作核对：逾期金额合计、逾期天数。" in page
    page = text(client.get(f"/loans/imports/{some.id}/"))
    assert "完全一致" not in page
    assert "文件中有 2 笔未提供" in page
    assert re.search(r"逾期天数未知.*?</td><td[^>]*>1</td><td[^>]*>1</td>", page)
    assert "文件与账面完全一致" in text(client.get(f"/loans/imports/{everything.id}/"))


def test_a_book_that_lost_a_figure_differs_from_the_file(bank: Lender, monkeypatch: pytest.MonkeyPatch) -> None:
    real = report.book_totals

    def forgetful(batch: ImportBatch) -> dict[str, Any]:
        Loan.objects.update(overdue=None)
        return real(batch)

    monkeypatch.setattr(import_steps, "book_totals", forgetful)
    with bank.open():
        actor = bank.actor("admin")
        data = csv_bytes([[*HEADER, *MORE], full(1, "2026-10-31", "0", "0", 逾期天数="0")])
        batch = imports.import_upload(actor=actor, file=io.BytesIO(data), name="台账.csv")
        import_steps.import_work(job_id=imports.import_run_start(actor=actor, batch=batch).id)
        batch.refresh_from_db()
        assert {one["figure"] for one in batch.report["differences"]} == {"sums.overdue", "unknown.overdue"}


def test_an_export_tells_the_class_it_was_narrowed_to(bank: Lender, client_of: Any) -> None:
    from carloan.core.models import AuditEvent

    with bank.open():
        bare(bank, 1)
    client = client_of(bank, "admin").confirmed()
    b"".join(client.get("/loans/export.csv", {"age": "unknown"}).streaming_content)
    with bank.open():
        event = AuditEvent.objects.filter(action="loans.loans.exported").latest("id")
        assert open_detail(event)["after"]["age"] == "unknown"
