"""Doubts about accepted rows: booked as they stand, counted, told by row and column, and taken along for correction."""

import csv
import io
from datetime import date
from typing import Any

import pytest

from carloan.core.actors import Actor
from carloan.core.models import Job
from carloan.lib import identity_number
from carloan.loans.imports.doubts import doubts as doubts_of
from carloan.loans.imports.records import Record
from carloan.loans.models import ImportBatch, ImportRow, Loan
from carloan.loans.selectors.imports import error_table, kinds_of, told_rows
from carloan.loans.services import import_steps, imports
from tests.cast import Lender
from tests.loans.book import HEADER, core_row, csv_bytes, phone

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])
CHILD = "44030820100315001"
MORE = ["逾期金额", "到期日", "紧急联系人", "紧急联系人电话"]


def row(serial: int, *more: str, **changes: str) -> list[str]:
    return [*core_row(serial, **{"逾期天数": "0", **changes}), *[*more, "", "", "", ""][:4]]


DOUBTFUL = {
    "vin_foreign": ("车架号", row(1, 车架号="WBA8E9C50GK646999")),
    "maturity_differs": ("到期日", row(2, "0", "2029-03-15")),
    "days_without_amount": ("逾期天数", row(3, "0", "", 逾期天数="12")),
    "amount_without_days": ("逾期金额", row(4, "1200")),
    "phone_service": ("手机号", row(5, 手机号="4008123123")),
    "phone_same": ("紧急联系人电话", row(6, "0", "", "王安", phone(6))),
    "name_digits": ("借款人姓名", row(7, 借款人姓名="王2")),
    "name_short": ("借款人姓名", row(8, 借款人姓名="王")),
    "outstanding_high": ("当前余额", row(9, 当前余额="90000")),
    "periods_high": ("已还期数", row(10, 已还期数="40")),
    "rate_high": ("年利率", row(11, 年利率="38%")),
    "matured": ("到期日", row(12, "0", "2025-03-15", 期数="12")),
    "overdue_settled": ("逾期金额", row(13, "50", "", 当前余额="0", 逾期天数="3")),
    "borrower_young": ("证件号码", row(14, 证件号码=CHILD + identity_number.check_digit(CHILD))),
}


def brought(actor: Actor, rows: list[list[str]], *, dry: bool) -> ImportBatch:
    data = csv_bytes([[*HEADER, *MORE], *rows])
    batch = imports.import_upload(actor=actor, file=io.BytesIO(data), name="台账.csv")
    start = imports.import_check_start if dry else imports.import_run_start
    import_steps.import_work(job_id=start(actor=actor, batch=batch).id)
    batch.refresh_from_db()
    return batch


def doubts(batch: ImportBatch) -> dict[int, list[tuple[str, str]]]:
    rows = ImportRow.objects.filter(batch=batch).exclude(warnings=[]).order_by("number")
    return {row.number: [(doubt["column"], doubt["code"]) for doubt in row.warnings] for row in rows}


def test_each_doubt_is_told_by_row_and_column_and_stops_nothing(bank: Lender) -> None:
    with bank.open():
        batch = brought(bank.actor("admin"), [given for _column, given in DOUBTFUL.values()], dry=False)
        refused = ImportRow.objects.filter(batch=batch, outcome="rejected").values_list("number", "errors")
        assert list(refused) == []
        expected = {number: [(column, code)] for number, (code, (column, _)) in enumerate(DOUBTFUL.items(), start=2)}
        assert doubts(batch) == expected
        assert (batch.created, batch.warned) == (len(DOUBTFUL), len(DOUBTFUL))
        assert Loan.objects.count() == len(DOUBTFUL)
        assert batch.job_id
        assert Job.objects.get(id=batch.job_id).result["warned"] == len(DOUBTFUL)


@pytest.mark.parametrize(
    ("term", "first", "matures", "differs"),
    [
        (36, "2024-04-15", "2027-03-15", False),
        # A month as a date is its first day; the first due day may be put off, and the months counted from either.
        (36, "2024-04-15", "2027-03-01", False),
        (36, "2024-06-15", "2027-03-15", False),
        (36, "2024-06-15", "2027-05-15", False),
        # Extended by half a year, and what no extension explains.
        (36, "2024-04-15", "2027-09-15", False),
        (36, "2024-04-15", "2028-03-15", True),
        (36, "2024-04-15", "2026-03-15", True),
        (63, "2024-04-15", "2027-03-15", True),
        (36, "2024-04-15", "2027-01-15", True),
    ],
)
def test_months_and_maturity_differ_only_where_no_custom_of_lenders_explains_it(
    term: int, first: str, matures: str, differs: bool
) -> None:
    values: dict[str, Any] = dict.fromkeys(("rate_ppm", "periods_paid", "outstanding", "principal", "overdue"), 0)
    days = {"disbursed_on": "2024-03-15", "first_due_on": first, "matures_on": matures}
    values |= {"term": term, "due_day": 15, **{name: date.fromisoformat(day) for name, day in days.items()}}
    found = {fault.code for fault in doubts_of(Record(2, values=values), {}, today=date(2026, 1, 1))}
    assert ("maturity_differs" in found) == differs


def test_ordinary_rows_raise_no_doubt(bank: Lender) -> None:
    with bank.open():
        fit = row(1, "0", "2027-03-15", "王安", phone(99))
        late = row(2, "1500", 逾期天数="12")
        german = row(3, 车架号="WBA8E9C53GK646999")
        batch = brought(bank.actor("admin"), [fit, late, german], dry=False)
        assert doubts(batch) in ({}, {4: [("车架号", "vin_foreign")]})
        assert {2, 3} & doubts(batch).keys() == set()


def test_what_the_file_does_not_tell_is_no_ground_for_doubt(bank: Lender) -> None:
    with bank.open():
        data = csv_bytes([HEADER, core_row(1, 逾期天数="40")])
        batch = imports.import_upload(actor=bank.actor("admin"), file=io.BytesIO(data), name="台账.csv")
        job = imports.import_check_start(actor=bank.actor("admin"), batch=batch)
        import_steps.import_work(job_id=job.id)
        assert doubts(batch) == {}


def test_refused_rows_are_no_doubtful_ones_and_both_leave_for_correction(bank: Lender) -> None:
    with bank.open():
        actor = bank.actor("officer")
        both = row(1, 借款人姓名="王2", 期数="x")
        batch = brought(actor, [both, row(2, 借款人姓名="王2"), row(3)], dry=True)
        assert (batch.created, batch.rejected, batch.warned) == (2, 1, 1)
        assert doubts(batch) == {3: [("借款人姓名", "name_digits")]}
        header, *lines = list(error_table(actor, batch))
        table = [dict(zip(header, line, strict=True)) for line in lines]
        assert [(line["行号"], bool(line["问题"]), bool(line["疑点"])) for line in table] == [
            ("2", True, False),
            ("3", False, True),
        ]
        assert table[1]["疑点"] == "借款人姓名: 姓名中含有数字。"


def test_kinds_are_counted_over_chunks_and_filter_the_rows(
    bank: Lender, client_of: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_steps, "CHUNK", 2)
    with bank.open():
        rows = [row(n, 借款人姓名="王2") for n in range(1, 6)] + [
            row(6, 年利率="38%"),
            row(7, 期数="x"),
            row(8, 期数="y"),
        ]
        batch = brought(bank.actor("admin"), rows, dry=True)
        assert [(kind.key, kind.rows) for kind in kinds_of(batch, "warnings")] == [
            ("name_digits.借款人姓名", 5),
            ("rate_high.年利率", 1),
        ]
        assert [(kind.key, kind.rows) for kind in kinds_of(batch, "errors")] == [("number.期数", 2)]
        assert [told.number for told in told_rows(batch, "warnings", kind="rate_high.年利率")] == [7]
        assert [told.number for told in told_rows(batch, "warnings", after=3, limit=2)] == [4, 5]
    client = client_of(bank, "admin")
    page = client.get(f"/loans/imports/{batch.id}/", {"show": "warnings", "kind": "rate_high.年利率"}).content.decode()
    assert "存疑行" in page
    assert page.count('data-label="行号"') + page.count('data-label="行"') == 1
    for odd in ({"show": "x"}, {"kind": "x"}, {"after": "-1"}, {"after": "9" * 30}, {"after": "²"}):
        assert client.get(f"/loans/imports/{batch.id}/", odd).status_code == 200


def test_what_was_booked_stands_above_the_doubts_about_it(bank: Lender, client_of: Any) -> None:
    with bank.open():
        batch = brought(bank.actor("admin"), [row(1, 年利率="38%")], dry=False)
    page = client_of(bank, "admin").get(f"/loans/imports/{batch.id}/").content.decode()
    assert page.index("<h2>核对</h2>") < page.index("<h2>需要核对的行</h2>")


def test_an_older_row_raises_no_doubt(bank: Lender) -> None:
    with bank.open():
        header = [*HEADER, "数据日期"]
        for day, name in (("2026-10-31", "王安"), ("2026-09-30", "王2")):
            data = csv_bytes([header, [*core_row(1, 借款人姓名=name, 证件号码=""), day]])
            batch = imports.import_upload(actor=bank.actor("admin"), file=io.BytesIO(data), name="台账.csv")
            import_steps.import_work(job_id=imports.import_run_start(actor=bank.actor("admin"), batch=batch).id)
        batch.refresh_from_db()
        assert (batch.kept, batch.warned) == (1, 0)


def test_the_file_for_correction_may_come_back(bank: Lender) -> None:
    with bank.open():
        actor = bank.actor("officer")
        batch = brought(actor, [row(1, 借款人姓名="王2"), row(2, 期数="x")], dry=False)
        out = io.StringIO(newline="")
        csv.writer(out).writerows(error_table(actor, batch))
        again = imports.import_upload(actor=actor, file=io.BytesIO(out.getvalue().encode()), name="again.csv")
        import_steps.import_work(job_id=imports.import_run_start(actor=actor, batch=again).id)
        again.refresh_from_db()
        assert (again.unchanged, again.rejected) == (1, 1)
