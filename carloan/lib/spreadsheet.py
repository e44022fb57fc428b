"""Tables out of the house as CSV and XLSX, safe to open: no cell that a spreadsheet would run as a formula."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any
from xml.sax.saxutils import escape, quoteattr
from zipfile import ZIP_DEFLATED, ZipFile

# A Decimal is an amount; text stays text, whatever it looks like.
Cell = str | int | Decimal | date | None

# What each kind of file is, for whoever sends it.
MEDIA = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}

_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%", "＝", "＋", "－", "＠")
_NUMBER = re.compile(r"-?\d+(\.\d+)?", re.ASCII)
_ILLEGAL_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_FIRST_DAY = date(1899, 12, 30)  # day 0 of a spreadsheet, as all of them count from March 1900 on
_FIRST_SURE_DAY = date(1900, 3, 1)
LONGEST_CELL = 32_767
SHEET_ROWS = 1_048_576  # what a sheet of this format can hold, its header included


def guarded(value: Cell) -> str:
    """A cell's text that no spreadsheet takes for a formula, however it trims: an apostrophe stands before what could
    be one."""
    text = "" if value is None else str(value)
    begins = text.startswith(_DANGEROUS) or text.lstrip().startswith(_DANGEROUS)
    return f"'{text}" if begins and not _NUMBER.fullmatch(text) else text


def csv_lines(rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    """CSV for spreadsheets: UTF-8 with byte-order mark (the caller encodes), CRLF, cells guarded."""
    line = io.StringIO(newline="")
    writer = csv.writer(line)
    line.write("\ufeff")
    for row in rows:
        writer.writerow([guarded(cell) for cell in row])
        yield line.getvalue()
        line.seek(0)
        line.truncate()


def xlsx_chunks(rows: Iterable[Sequence[Cell]], *, title: str) -> Iterator[bytes]:
    """A spreadsheet of one sheet in pieces as it is written: a million rows need no more memory than ten.

    First row bold and frozen. Amounts (Decimal) are numbers with two decimals, days are days with a format, text stays
    text. More than SHEET_ROWS rows raise ValueError: a sheet that ends early would be believed.
    """
    sink = Sink()
    with ZipFile(sink, "w", ZIP_DEFLATED, compresslevel=1) as packed:
        name = re.sub(r"[\[\]:*?/\\]", " ", title)[:31] or "1"
        for path, text in _PARTS.items():
            packed.writestr(path, text.replace("{name}", quoteattr(_ILLEGAL_IN_XML.sub("", name))))
        with packed.open("xl/worksheets/sheet1.xml", "w") as sheet:
            sheet.write(_SHEET_HEAD.encode())
            for block in _blocks(rows):
                sheet.write(block.encode())
                yield sink.take()
            sheet.write(b"</sheetData></worksheet>")
    yield sink.take()


class Sink(io.RawIOBase):
    """Takes what an archive writes until it is fetched; it cannot seek, so the archive never goes back."""

    def __init__(self) -> None:
        self._held: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._held.append(bytes(data))
        return len(data)

    def take(self) -> bytes:
        held, self._held = b"".join(self._held), []
        return held


def _blocks(rows: Iterable[Sequence[Cell]], *, size: int = 500) -> Iterator[str]:
    lines: list[str] = []
    for number, row in enumerate(rows, start=1):
        if number > SHEET_ROWS:
            raise ValueError(f"a sheet holds {SHEET_ROWS} rows")
        cells = "".join(_xml(cell, f"{_letters(place)}{number}", bold=number == 1) for place, cell in enumerate(row))
        lines.append(f'<row r="{number}">{cells}</row>')
        if len(lines) == size:
            yield "".join(lines)
            lines.clear()
    yield "".join(lines)


def _xml(value: Cell, at: str, *, bold: bool) -> str:
    if isinstance(value, int):
        return f'<c r="{at}"><v>{value}</v></c>'
    if isinstance(value, Decimal):
        return f'<c r="{at}" s="2"><v>{value}</v></c>'
    if isinstance(value, date) and value >= _FIRST_SURE_DAY:
        return f'<c r="{at}" s="3"><v>{(value - _FIRST_DAY).days}</v></c>'
    text = escape(_ILLEGAL_IN_XML.sub("", guarded(value))[:LONGEST_CELL])
    if not text:
        return ""
    style = ' s="1"' if bold else ""
    return f'<c r="{at}"{style} t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'


@cache
def _letters(place: int) -> str:
    """0 -> A, 26 -> AA."""
    ahead, last = divmod(place, 26)
    return (_letters(ahead - 1) if ahead else "") + chr(ord("A") + last)


_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_OFFICE = "http://schemas.openxmlformats.org"
_MAIN = f'xmlns="{_OFFICE}/spreadsheetml/2006/main"'
_RELATIONS = f'<Relationships xmlns="{_OFFICE}/package/2006/relationships">'
_KIND = f"{_OFFICE}/officeDocument/2006/relationships"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_PARTS = {
    "[Content_Types].xml": f'{_HEAD}<Types xmlns="{_OFFICE}/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPE}.worksheet+xml"/></Types>',
    "_rels/.rels": f"{_HEAD}{_RELATIONS}"
    f'<Relationship Id="r1" Type="{_KIND}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/_rels/workbook.xml.rels": f"{_HEAD}{_RELATIONS}"
    f'<Relationship Id="r1" Type="{_KIND}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="r2" Type="{_KIND}/styles" Target="styles.xml"/></Relationships>',
    "xl/workbook.xml": f'{_HEAD}<workbook {_MAIN} xmlns:r="{_KIND}"><sheets>'
    '<sheet name={name} sheetId="1" r:id="r1"/></sheets></workbook>',
    # Cell styles by number: 0 plain, 1 bold, 2 an amount (number format 4 is #,##0.00 in every spreadsheet), 3 a day.
    "xl/styles.xml": f"{_HEAD}<styleSheet {_MAIN}>"
    '<numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/></numFmts>'
    '<fonts count="2"><font><sz val="11"/></font>'
    '<font><b/><sz val="11"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders>'
    '<cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="4"><xf xfId="0"/>'
    '<xf xfId="0" fontId="1" applyFont="1"/><xf xfId="0" numFmtId="4" applyNumberFormat="1"/>'
    '<xf xfId="0" numFmtId="164" applyNumberFormat="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
    "</styleSheet>",
}
_SHEET_HEAD = (
    f'{_HEAD}<worksheet {_MAIN}><sheetViews><sheetView workbookViewId="0">'
    '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
    '<sheetFormatPr defaultColWidth="16" defaultRowHeight="15"/><sheetData>'
)
