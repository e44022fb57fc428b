"""Rows out of files that nobody can trust: CSV in any common encoding, XLSX without formulas.

Every row of the file comes out, readable or not; what is wrong with its form stands beside it. Row numbers are those
that a spreadsheet shows.
"""

import codecs
import csv
import io
import math
import re
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, time
from typing import IO, Any

from carloan.lib.nursery import Unreadable
from carloan.lib.text import fold, fold_key, strip_controls

from .faults import Fault
from .workbook import Workbook, check_package

MOST_COLUMNS = 1_000
MOST_ROWS = 1_048_576
# A text file may hold more rows than a sheet, but not so many that they are no loans any more.
MOST_LINES = 3_000_000
MOST_EMPTY_ROWS = 10_000
MOST_DAMAGED_ROWS = 1_000
LONGEST_CELL = 32_767
LONGEST_LINE = 4 << 20
LONGEST_REFUSED = 80
HEADER_SEARCH = 20
# The header stands among the first rows, however long the file is.
HEAD = 4 << 20
MOST_LINES_A_RECORD = 100
LONGEST_RECORD = 8 << 20
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP = b"PK\x03\x04"

_TEXT_FORMULA = re.compile(r'="([^"]*)"')
# What a byte that does not decode becomes.
_BROKEN = re.compile("[\udc80-\udcff]")
_SCIENTIFIC = re.compile(r"\d(\.\d+)?E\+\d{2,}", re.IGNORECASE)


@dataclass(slots=True)
class Row:
    """One row: its number in a spreadsheet, its cells as text, and what is wrong with its form.

    `refused` are the beginnings of cells that are empty in `cells` because of their form, by column.
    """

    number: int
    cells: list[str]
    faults: list[Fault] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Shape:
    """How a file is read. `header_row` is the number of the row with the names of the columns."""

    kind: str
    header: list[str]
    header_row: int
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def sniff(file: IO[bytes], known_names: Sequence[str] = ()) -> Shape:
    """Find out what the file is and where its header stands. `known_names` are column names that mappings know.

    Raises Unreadable when it is no table that can be read.
    """
    head = file.read(8)
    file.seek(0)
    if head.startswith(OLE):
        raise Unreadable("old_spreadsheet")
    if head.startswith(ZIP):
        return _sniff_xlsx(file, known_names)
    return _sniff_csv(file, known_names)


def rows(file: IO[bytes], shape: Shape) -> Iterator[Row]:
    """The rows behind the header that hold anything, in order."""
    return (row for row in all_rows(file, shape) if row is not None)


def all_rows(file: IO[bytes], shape: Shape) -> Iterator[Row | None]:
    """Those rows, and None for each other one: whoever reads them never waits long for the next."""
    raw = _xlsx_rows(file, shape.sheet) if shape.kind == "xlsx" else _csv_rows(file, shape.encoding, shape.delimiter)
    width = len(shape.header)
    for row in raw:
        if row.number <= shape.header_row or not (any(row.cells) or row.faults):
            yield None
            continue
        while len(row.cells) > width and not row.cells[-1]:
            row.cells.pop()
        if shape.kind == "xlsx" and len(row.cells) < width:
            # A sheet holds no cells where nothing was typed: the end of its rows is empty, not lost.
            row.cells += [""] * (width - len(row.cells))
        if len(row.cells) != width:
            if not any(fault.code in ("many_cells", "cells_extra") for fault in row.faults):
                row.faults.append(Fault("", "cells_extra" if len(row.cells) > width else "cells_missing"))
            row.cells += [""] * (width - len(row.cells))
        row.faults = [
            Fault(shape.header[int(fault.column)] if int(fault.column) < width else "", fault.code)
            if fault.column.isdigit()
            else fault
            for fault in row.faults
        ]
        row.refused = {shape.header[int(place)]: text for place, text in row.refused.items() if int(place) < width}
        yield row


# CSV -----------------------------------------------------------------------------------------------------------------


def _sniff_csv(file: IO[bytes], known_names: Sequence[str]) -> Shape:
    encoding = _encoding(file)
    file.seek(0)
    sample = file.read(65_536).decode(encoding, errors="replace")
    if not sample.strip():
        raise Unreadable("empty")
    if _looks_binary(sample):
        raise Unreadable("no_table")
    lines = [line for line in sample.splitlines() if line.strip()][: HEADER_SEARCH + 1]
    delimiter = max(",\t;|", key=lambda sign: max(line.count(sign) for line in lines))
    file.seek(0)
    head = _first(_csv_rows(io.BytesIO(file.read(HEAD)), encoding, delimiter))
    number, header = _find_header(head, known_names)
    return Shape("csv", header, number, encoding=encoding, delimiter=delimiter)


def _encoding(file: IO[bytes]) -> str:
    """UTF-16 and UTF-8 by their mark, else the first of UTF-8 and GB 18030 that decodes the whole file.

    When none does, the one that comes furthest: its broken cells are reported one by one.
    """
    head = file.read(4)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    reached = {"utf-8-sig": 0, "gb18030": 0}
    for encoding in reached:
        file.seek(0)
        decoder = codecs.getincrementaldecoder(encoding)()
        try:
            while block := file.read(1 << 20):
                decoder.decode(block)
                reached[encoding] += len(block)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError as error:
            reached[encoding] += error.start
        else:
            return encoding
    return max(reached, key=lambda encoding: reached[encoding])


def _looks_binary(sample: str) -> bool:
    bad = sum(char == "\ufffd" or (ord(char) < 32 and char not in "\t\r\n") for char in sample)
    return bad > len(sample) // 10


def _csv_rows(file: IO[bytes], encoding: str, delimiter: str) -> Iterator[Row]:
    """Every record. Raises Unreadable, with the row, where the file holds no rows of loans any more: each bound is far
    beyond an honest table, and keeps somebody from waiting for a file of nothing."""
    file.seek(0)
    text = io.TextIOWrapper(file, encoding=encoding, errors="surrogateescape", newline="")
    lines = _Lines(text)
    try:
        reader = csv.reader(lines, delimiter=delimiter, strict=True)
        number = empty = damaged = 0
        while True:
            number += 1
            try:
                raw = next(reader)
            except StopIteration:
                return
            except csv.Error:
                # Only the first line of the damaged record is lost; what it swallowed is read again, line by line.
                lines.give_back()
                empty, damaged = 0, damaged + 1
                if damaged > MOST_DAMAGED_ROWS:
                    raise Unreadable("quotes", row=number - MOST_DAMAGED_ROWS) from None
                yield Row(number, [], [Fault("", "many_cells")])
                continue
            except UnicodeError:
                # UTF-16 that ends in the middle of a character; surrogateescape does not serve there.
                yield Row(number, [], [Fault("", "cell_broken")])
                return
            except _TooLong:
                raise Unreadable("long_line", row=number) from None
            lines.taken_over()
            if number > MOST_LINES:
                raise Unreadable("many_rows")
            damaged, row = 0, _clean(number, raw[: MOST_COLUMNS + 1])
            if any(raw[MOST_COLUMNS + 1 :]):
                row.faults.append(Fault("", "cells_extra"))
            empty = 0 if row.faults or any(row.cells) else empty + 1
            if empty > MOST_EMPTY_ROWS:
                raise Unreadable("gaps", row=number - MOST_EMPTY_ROWS)
            yield row
    finally:
        with suppress(ValueError):  # the caller closed the file first
            text.detach()


class _TooLong(Exception):
    """A line that no table has."""


class _Lines:
    """Lines for the CSV reader, remembered until their record is complete."""

    def __init__(self, text: io.TextIOWrapper) -> None:
        self._text = text
        self._again: deque[str] = deque()
        self._taken: list[str] = []
        self._signs = 0

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        if len(self._taken) > MOST_LINES_A_RECORD or self._signs > LONGEST_RECORD:
            raise csv.Error("a record without an end")
        line = self._again.popleft() if self._again else self._text.readline(LONGEST_LINE + 1)
        if not line:
            raise StopIteration
        if len(line) > LONGEST_LINE:
            raise _TooLong
        self._taken.append(line)
        self._signs += len(line)
        return line

    def taken_over(self) -> None:
        self._taken.clear()
        self._signs = 0

    def give_back(self) -> None:
        self._again.extendleft(reversed(self._taken[1:]))
        self.taken_over()


def _clean(number: int, raw: Sequence[str]) -> Row:
    cells, faults, refused = [], [], {}
    for place, cell in enumerate(raw):
        text = cell
        if not text.isprintable():
            if _BROKEN.search(text):
                faults.append(Fault(str(place), "cell_broken"))
                refused[str(place)], text = strip_controls(_BROKEN.sub("\ufffd", text))[:LONGEST_REFUSED], ""
            elif "\x00" in text:
                faults.append(Fault(str(place), "control"))
            text = strip_controls(text)
        elif not text.isascii():
            text = strip_controls(text)
        text = text.strip()
        if text.startswith("=") and len(text) > 1:
            if match := _TEXT_FORMULA.fullmatch(text):
                text = match[1].strip()
            else:
                faults.append(Fault(str(place), "formula"))
                refused[str(place)], text = text[:LONGEST_REFUSED], ""
        elif len(text) > LONGEST_CELL:
            faults.append(Fault(str(place), "too_long"))
            refused[str(place)], text = text[:LONGEST_REFUSED], ""
        elif "+" in text and _SCIENTIFIC.fullmatch(text):
            faults.append(Fault(str(place), "number_lost"))
            refused[str(place)], text = text, ""
        cells.append(text)
    return Row(number, cells, faults, refused)


# XLSX ----------------------------------------------------------------------------------------------------------------


def _sniff_xlsx(file: IO[bytes], known_names: Sequence[str]) -> Shape:
    check_package(file)
    best: tuple[int, str, list[Row]] | None = None
    with Workbook(file) as book:
        for sheet in book.worksheets:
            if getattr(sheet, "sheet_state", "visible") != "visible":
                continue
            head = _first(_sheet_rows(sheet))
            score = max((_score(row.cells, known_names) for row in head), default=-1)
            if head and (best is None or score > best[0]):
                best = (score, sheet.title, head)
    if best is None:
        raise Unreadable("empty")
    number, header = _find_header(best[2], known_names)
    return Shape("xlsx", header, number, sheet=best[1])


def _xlsx_rows(file: IO[bytes], sheet: str) -> Iterator[Row]:
    with Workbook(file) as book:
        if sheet not in book.sheetnames:
            raise Unreadable("damaged")
        yield from _sheet_rows(book[sheet])


def _sheet_rows(sheet: Any) -> Iterator[Row]:
    # What the sheet claims about its own size decides nothing: rows outside it would be lost without a word.
    sheet.reset_dimensions()
    gap = 0
    for number, row in enumerate(sheet.iter_rows(), start=1):
        if number > MOST_ROWS:
            return
        gap = 0 if row else gap + 1
        if gap > MOST_EMPTY_ROWS:
            raise Unreadable("gaps", row=number - MOST_EMPTY_ROWS)
        cells, faults, refused = [], [], {}
        for place, cell in enumerate(row[: MOST_COLUMNS + 1]):
            text, code = _cell(cell)
            if code:
                faults.append(Fault(str(place), code))
                refused[str(place)], text = strip_controls(text)[:LONGEST_REFUSED], ""
            cells.append(text)
        while cells and not cells[-1] and not (faults and faults[-1].column == str(len(cells) - 1)):
            cells.pop()
        cleaned = _clean(number, cells)
        yield Row(number, cleaned.cells, faults + cleaned.faults, refused | cleaned.refused)


def _cell(cell: Any) -> tuple[str, str]:
    """The text of a cell, and the code of what is wrong with it if that text is no value."""
    value = cell.value
    if value is None:
        return "", ""
    if isinstance(value, str):
        kind = getattr(cell, "data_type", "s")
        return value, {"f": "formula", "e": "cell_error"}.get(kind, "")
    if isinstance(value, bool):
        return ("true" if value else "false"), ""
    if isinstance(value, datetime):
        return (
            value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ", timespec="seconds")
        ), ""
    if isinstance(value, date):
        return value.isoformat(), ""
    if isinstance(value, int | float):
        if math.isnan(value) or abs(value) >= 10**15:
            return str(value), "number_lost"
        # What a spreadsheet shows: 15 significant digits, without the noise of binary fractions.
        return (str(value) if isinstance(value, int) else f"{value:.15g}"), ""
    return "", "formula"


# Header --------------------------------------------------------------------------------------------------------------


def _first(raw: Iterator[Row]) -> list[Row]:
    """The first rows that hold anything. A bound that is met behind the first of them is told when they are read."""
    found: list[Row] = []
    for row in raw:
        if any(row.cells):
            found.append(row)
        if len(found) == HEADER_SEARCH:
            break
    return found


def _score(cells: Sequence[str], known_names: Sequence[str]) -> int:
    known = {fold_key(name) for name in known_names}
    return sum(fold_key(cell) in known for cell in cells if cell)


def _find_header(head: list[Row], known_names: Sequence[str]) -> tuple[int, list[str]]:
    """The row that knows most column names (exports begin with titles), else the first with more than one cell."""
    if not head:
        raise Unreadable("empty")
    best = max(head, key=lambda row: (_score(row.cells, known_names), -row.number))
    if not _score(best.cells, known_names):
        best = next((row for row in head if sum(map(bool, row.cells)) > 1), head[0])
    header = [fold(cell)[:200] for cell in best.cells]
    while header and not header[-1]:
        header.pop()
    if len(header) > MOST_COLUMNS:
        raise Unreadable("many_columns")
    seen: dict[str, int] = {}
    for place, name in enumerate(header):
        seen[name] = seen.get(name, 0) + 1
        if not name or seen[name] > 1:
            # Two columns of one name stay apart: the second is called name.1, as pandas and R do.
            header[place] = f"{name or 'column'}.{seen[name] - 1 if name else place + 1}"
    return best.number, header
