"""Spreadsheets that are written as they leave: what stands in them, and what they cost."""

import io
import tracemalloc
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest
from openpyxl import load_workbook

from carloan.lib import spreadsheet
from carloan.lib.spreadsheet import Cell, xlsx_chunks

ROWS = 60_000
BUDGET = 6 * 1024 * 1024


def lines(count: int) -> Iterator[list[Cell]]:
    yield ["合同编号", "借款人", "金额", "天数", "备注"]
    for number in range(count):
        yield [f"HT-{number:08}", f"王{number}", f"{number}.50", number, "老客户 & <续贷>" * 3]


def test_a_sheet_is_read_back_as_it_was_written() -> None:
    rows: list[list[Cell]] = [
        ["合同编号", "金额", "日期"],
        ["2024.10", Decimal("1234.50"), date(2024, 2, 29)],
        ["=1+1", 7],
        ["a\x00b & <c>", None],
        [" 前后空格 ", "00012"],
        [*["第 30 列"] * 30],
    ]
    sheet = load_workbook(io.BytesIO(b"".join(xlsx_chunks(rows, title="贷款[1]/2 & <3>")))).active
    assert sheet is not None
    assert sheet.title == "贷款 1  2 & <3>"
    assert sheet.freeze_panes == "A2"
    assert [sheet["A1"].value, sheet["A1"].font.bold, sheet["A2"].font.bold] == ["合同编号", True, False]
    assert [sheet["B2"].value, sheet["B2"].number_format] == [1234.5, "#,##0.00"]
    assert [sheet["A2"].value, sheet["A2"].data_type] == ["2024.10", "s"]  # a number of somebody's, not an amount
    day = sheet["C2"]
    assert [str(day.value), day.is_date, day.number_format] == ["2024-02-29 00:00:00", True, "yyyy\\-mm\\-dd"]
    assert [sheet["A3"].value, sheet["A3"].data_type, sheet["B3"].value] == ["'=1+1", "s", 7]
    assert [sheet["A4"].value, sheet["B4"].value] == ["ab & <c>", None]
    assert [sheet["A5"].value, sheet["B5"].value, sheet["AD6"].value] == [" 前后空格 ", "00012", "第 30 列"]


def test_memory_does_not_grow_with_the_rows() -> None:
    """Three times what was once the most a spreadsheet could hold, within a budget that the rows alone would exceed."""
    written = 0
    tracemalloc.start()
    try:
        for piece in xlsx_chunks(lines(ROWS), title="loans"):
            written += len(piece)
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert written > 1_000_000
    assert peak < BUDGET, f"{peak:,} bytes"


def test_the_first_bytes_leave_before_the_last_row_is_read() -> None:
    read = 0

    def counted() -> Iterator[list[Cell]]:
        nonlocal read
        for row in lines(5000):
            read += 1
            yield row

    pieces = xlsx_chunks(counted(), title="loans")
    assert next(pieces)
    assert read < 5000


def test_a_sheet_that_would_end_early_is_never_finished(monkeypatch: pytest.MonkeyPatch) -> None:
    assert spreadsheet.SHEET_ROWS == 1_048_576
    monkeypatch.setattr(spreadsheet, "SHEET_ROWS", 3)
    assert b"".join(xlsx_chunks(lines(2), title="whole"))
    with pytest.raises(ValueError, match="3 rows"):
        b"".join(xlsx_chunks(lines(3), title="cut"))
