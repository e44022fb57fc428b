"""The way to what stands in a file of loans: always through a child process with bounds of time and memory.

What a child refuses, or does not survive, becomes a sentence for people.
"""

import json
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from itertools import islice
from typing import IO, Any

from django.utils.translation import gettext_lazy as _

from carloan.core.errors import Invalid
from carloan.core.sentences import Sentence
from carloan.lib.nursery import Frame
from carloan.lib.sandbox import Refused, Sandbox

from .faults import Fault
from .reading import HEAD, Row, Shape

MESSAGES = {
    "bomb": _("The spreadsheet unpacks to more than can be real. Save it as CSV."),
    "damaged": _("The spreadsheet is damaged and cannot be opened."),
    "empty": _("The file is empty."),
    "gaps": _("From row %(row)s on there are more than 10,000 empty rows. Delete them and save the file again."),
    "long_line": _("Row %(row)s is millions of characters long. Check its line breaks, or export the file again."),
    "many_columns": _("The table has more than 1,000 columns."),
    "many_rows": _("The file has more than 3,000,000 rows. Split it into several files."),
    "no_table": _("This is no table: neither CSV nor XLSX."),
    "old_spreadsheet": _(
        "This is an old or password-protected spreadsheet. Save it as .xlsx without a password, or as CSV."
    ),
    "overfull": _(
        "The spreadsheet carries more shared texts, names or formats than can be real. Copy its rows into a new "
        "spreadsheet, or save it as CSV."
    ),
    "quotes": _(
        "From row %(row)s on a thousand rows in a row cannot be read: quotes are wrong. Correct them, or export the "
        "file again."
    ),
    "too_heavy": _("Reading the file needs too much time or memory. Save it as CSV, or split it."),
}


@dataclass(frozen=True, slots=True)
class Bounds:
    """Of the child that reads one file. A spreadsheet of a million rows takes about ten minutes and 500 MB."""

    cpu_seconds: int = 1_800
    memory_bytes: int = 1_536 << 20
    frame_seconds: int = 90


READING = Bounds()
# Somebody waits for the answer; no more than the beginning of a file is kept for it.
SNIFFING = Bounds(cpu_seconds=60, memory_bytes=768 << 20)
# Somebody waits for a page that shows some of it; `seconds` end it earlier, unless the one who waits has died.
LOOKING = Bounds(cpu_seconds=10, memory_bytes=768 << 20)


class OutOfTime(Exception):
    """The file takes more than somebody waits for, in time or memory."""


TABLES = Sandbox("carloan.loans.imports.nursery")


def sniff(file: IO[bytes], known_names: Sequence[str] = ()) -> Shape:
    """Find out what the file is and where its header stands. `known_names` are column names that mappings know.

    Raises Invalid with a sentence for people when it is no table that can be read.
    """
    for head, _body in _answers("sniff", file, {"known_names": list(known_names)}, SNIFFING):
        return Shape(**head)
    raise _refused("damaged")


def rows(file: IO[bytes], shape: Shape, *, seconds: float | None = None) -> Generator[Row]:
    """The rows behind the header that hold anything, in order; whoever stops early closes it.

    Raises Invalid where the file cannot be read on, and with `seconds` OutOfTime when they are over, counted from the
    child's first step: a spreadsheet may take long before it has any row.
    """
    bounds = READING if seconds is None else LOOKING
    for _head, body in _answers("rows", file, {"shape": shape.as_json()}, bounds, seconds):
        for number, cells, faults, refused in json.loads(body):
            yield Row(number, cells, [Fault(column, code) for column, code in faults], refused)


def first_rows(file: IO[bytes], shape: Shape, count: int, *, seconds: float) -> Iterator[Row]:
    """The first rows only; of a CSV file no more than its beginning is opened. Raises as `rows` does."""
    head = BytesIO(file.read(HEAD)) if shape.kind == "csv" else file
    return islice(rows(head, shape, seconds=seconds), count)


def count_rows(file: IO[bytes], shape: Shape) -> Iterator[int]:
    """How many rows there are: several numbers while they are counted, the last one is it."""
    for head, _body in _answers("count", file, {"shape": shape.as_json()}, READING):
        yield int(head["rows"])


def _answers(
    task: str, file: IO[bytes], options: dict[str, Any], bounds: Bounds, seconds: float | None = None
) -> Iterator[Frame]:
    file.seek(0)
    try:
        yield from TABLES.run(task, file, options, bounds=bounds, patience=seconds)
    except Refused as refused:
        if seconds is not None and refused.code == "too_heavy":
            raise OutOfTime from refused
        raise _refused(refused.code, **refused.data) from refused


def _refused(code: str, **data: int) -> Invalid:
    """`data` are the numbers that the sentence names."""
    sentence = MESSAGES.get(code, MESSAGES["damaged"])
    return Invalid(code="unreadable_file", fields={"file": [Sentence(sentence, **data) if data else sentence]})
