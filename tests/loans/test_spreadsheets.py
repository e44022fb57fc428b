"""Spreadsheets that lie about themselves: no row is lost, and nobody waits for emptiness."""

import io
import random
import re
import time
import zipfile
from collections.abc import Callable

import pytest
from openpyxl.reader.excel import ExcelReader
from openpyxl.reader.strings import read_string_table
from openpyxl.worksheet._reader import WorkSheetParser

from carloan.lib.nursery import Unreadable
from carloan.loans.imports import reading, workbook
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


def package(**parts: str) -> io.BytesIO:
    """A small workbook with a header, and what is given: `names`, `styles`, shared `strings` (in a part called `texts`,
    behind a `doctype`), `rows`."""
    main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    texts = parts.get("texts", "xl/sharedStrings.xml")
    row = "".join(f'<c t="inlineStr"><is><t>{cell}</t></is></c>' for cell in HEADER)
    bodies = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        f'<Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/>'
        f'<Override PartName="/{texts}" ContentType="{kind}.sharedStrings+xml"/></Types>',
        "xl/workbook.xml": f'<workbook {main} xmlns:r="{office}"><sheets>'
        '<sheet name="a" sheetId="1" r:id="r1"/></sheets>'
        f"<definedNames>{parts.get('names', '')}</definedNames></workbook>",
        "xl/_rels/workbook.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/'
        f'relationships"><Relationship Id="r1" Type="{office}/worksheet" Target="worksheets/sheet1.xml"/>'
        "</Relationships>",
        "xl/styles.xml": f"<styleSheet {main}>{parts.get('styles', '')}</styleSheet>",
        texts: f"{parts.get('doctype', '')}<sst {main}>{parts.get('strings', '')}</sst>",
        SHEET: f"<worksheet {main}><sheetData><row>{row}</row>{parts.get('rows', '')}</sheetData></worksheet>",
        # Bytes that do not shrink, so that the whole is no denser than an honest file.
        "xl/media/image1.png": random.Random(1).randbytes(400_000).hex(),
    }
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in bodies.items():
            archive.writestr(name, body)
    file.seek(0)
    return file


BOMBS = {
    "names": {"names": '<definedName name="n">a!$A$1</definedName>' * 250_000},
    "formats": {"styles": '<numFmts><numFmt numFmtId="164" formatCode="0.0"/></numFmts>' * 100_000},
    "texts": {"strings": "<si><t>a</t></si>" * 3_500_000},
    "empty texts": {"strings": "<si/>" * 7_000_000},
    "texts of another name": {"strings": "<si><t>a</t></si>" * 3_500_000, "texts": "xl/worksheets/b.xml"},
}


@pytest.mark.parametrize("what", BOMBS)
def test_parts_beyond_reason_are_refused_before_they_are_read(what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def unreachable(*_given: object) -> None:
        raise AssertionError("openpyxl reads it")

    monkeypatch.setattr(ExcelReader, "read", unreachable)
    with pytest.raises(Unreadable) as caught:
        reading.sniff(package(**BOMBS[what]))
    assert caught.value.code == "overfull"


def test_a_text_that_unfolds_to_millions_is_refused() -> None:
    doctype = '<!DOCTYPE sst [<!ENTITY a "<si><t>a</t></si>">]>'
    for before in ("", " " * (workbook.BLOCK - 5)):
        with pytest.raises(Unreadable) as caught:
            reading.sniff(package(doctype=before + doctype, strings="&a;"))
        assert caught.value.code == "damaged"


def test_a_spreadsheet_of_300_000_loans_with_ten_texts_of_their_own_is_no_bomb() -> None:
    # What a text costs with its element, by the longest: an address of 20 characters, three bytes each.
    texts = [
        *core_row(1)[:6],
        "深圳市南山区科技园南区高新南一道一号楼",
        "E0000001",
        "6222020000000000001",
        "招商银行深圳分行",
    ]
    a_row = sum(len(f"<si><t>{text}</t></si>".encode()) for text in texts)
    assert 300_000 * a_row < workbook.MOST_STRING_BYTES
    assert 300_000 * len(texts) * 4 < workbook.MOST_STRING_MARKS


def test_shared_texts_are_read_only_as_far_as_rows_need_them() -> None:
    body = "<sst xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'>" + "<si><t>a</t></si>" * 500_000
    source = io.BytesIO(body.encode() + b"</sst>")
    strings = workbook.SharedStrings(source)
    assert strings[2_000] == "a"
    assert source.tell() <= workbook.STRINGS_BLOCK
    assert strings[499_999] == "a"
    with pytest.raises(IndexError):
        strings[500_000]


def test_shared_texts_are_those_that_openpyxl_reads() -> None:
    source = (
        '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        '<si><t xml:space="preserve"> a </t></si>'
        '<si><r><rPr><b/></rPr><t>粗</t></r><r><t>体 &amp; &lt;</t></r><rPh sb="0" eb="1"><t>cu</t></rPh></si>'
        "<si/><si><t/></si><si><t>_x005F_x</t></si></sst>"
    ).encode()
    strings = workbook.SharedStrings(io.BytesIO(source))
    assert [strings[place] for place in range(5)] == read_string_table(io.BytesIO(source))


def test_damage_in_the_shared_texts_is_told_where_a_row_needs_them() -> None:
    for place, strings in ((0, "<si><t>a</si>"), (7, "<si><t>a</t></si>")):
        file = package(strings=strings, rows=f'<row><c t="s"><v>{place}</v></c></row>')
        with pytest.raises(Unreadable) as caught:
            reading.sniff(file)
        assert caught.value.code == "damaged"


def test_a_sheet_that_does_not_say_its_size_is_not_read_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def unreachable(*_given: object) -> None:
        raise AssertionError("the whole sheet is read")

    monkeypatch.setattr(WorkSheetParser, "parse_dimensions", unreachable)
    assert reading.sniff(package()).header == HEADER
