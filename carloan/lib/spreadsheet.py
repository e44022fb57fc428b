"""Tables out of the house as CSV and XLSX, safe to open: no cell that a spreadsheet would run as a formula."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import IO, Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

Cell = str | int | None

_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%", "＝", "＋", "－", "＠")
_NUMBER = re.compile(r"-?\d+(\.\d+)?", re.ASCII)
_ILLEGAL_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
LONGEST_CELL = 32_767


def guarded(value: Cell) -> str:
    """A cell's text that no spreadsheet takes for a formula: an apostrophe stands before what could be one."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_DANGEROUS) and not _NUMBER.fullmatch(text) else text


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


def write_xlsx(rows: Iterable[Sequence[Cell]], out: IO[bytes], *, title: str) -> None:
    """One sheet, first row bold and frozen. Text stays text; amounts ("1234.50") become numbers with two decimals."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(re.sub(r"[\[\]:*?/\\]", " ", title)[:31] or "1")
    sheet.freeze_panes = "A2"
    for number, row in enumerate(rows):
        sheet.append([_typed(sheet, cell, bold=number == 0) for cell in row])
    book.save(out)


def _typed(sheet: Any, value: Cell, *, bold: bool) -> Any:
    if isinstance(value, str) and re.fullmatch(r"-?\d{1,13}\.\d{2}", value, re.ASCII):
        cell = WriteOnlyCell(sheet, value=float(value))
        cell.number_format = "#,##0.00"
        return cell
    if isinstance(value, int):
        return value
    cell = WriteOnlyCell(sheet, value=_ILLEGAL_IN_XML.sub("", guarded(value))[:LONGEST_CELL])
    cell.data_type = "s"
    if bold:
        cell.font = Font(bold=True)
    return cell
