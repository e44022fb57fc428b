"""Spreadsheets that lie about themselves: no row is lost, and nobody waits for emptiness."""

import io
import re
import time
import zipfile
from collections.abc import Callable

import pytest

from carloan.lib.nursery import Unreadable
from carloan.loans.imports import reading
from tests.loans.book import HEADER, core_row, xlsx_bytes

SHEET = "xl/worksheets/sheet1.xml"


def changed(data: bytes, change: Callable[[str], str]) -> io.BytesIO:
    """The same workbook with its sheet rewritten."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            body = old.read(name)
            new.writestr(name, change(body.decode()) if name == SHEET else body)
    out.seek(0)
    return out


def book(rows: int) -> bytes:
    return xlsx_bytes([HEADER, *(core_row(serial) for serial in range(1, rows + 1))])


@pytest.mark.parametrize("claim", ["A1", "A1:F2", "A1:A1", "Z90:ZZ99", ""])
def test_rows_outside_the_claimed_dimension_are_read(claim: str) -> None:
    new = f'<dimension ref="{claim}"/>' if claim else ""
    file = changed(book(21), lambda text: re.sub(r"<dimension[^>]*/>", new, text))
    shape = reading.sniff(file)
    assert len(shape.header) == len(HEADER)
    assert sum(1 for row in reading.rows(file, shape) if any(row.cells)) == 21


def test_a_far_row_costs_nothing_and_a_huge_gap_is_told() -> None:
    far = core_row(99)[0]

    def with_row(number: int) -> Callable[[str], str]:
        cell = f'<row r="{number}"><c r="A{number}" t="inlineStr"><is><t>{far}</t></is></c></row></sheetData>'
        return lambda text: text.replace("</sheetData>", cell)

    near = changed(book(2), with_row(5_000))
    assert [row.number for row in reading.rows(near, reading.sniff(near)) if any(row.cells)][-1] == 5_000
    began = time.process_time()
    wide = changed(book(2), with_row(1_000_000))
    with pytest.raises(Unreadable):
        list(reading.rows(wide, reading.sniff(wide)))
    assert time.process_time() - began < 30, "bounded by the gap, not by the million"


def test_shared_strings_beyond_reason_are_refused_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST_SHARED_STRINGS", 1_000)
    file = io.BytesIO(book(1))
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr("xl/sharedStrings.xml", "<sst>" + "<si/>" * 1_000 + "</sst>")
    file.seek(0)
    with pytest.raises(Unreadable):
        reading.sniff(file)
