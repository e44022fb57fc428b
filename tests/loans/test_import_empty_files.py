"""Files of nothing, and files that mock the reader: whoever waits for a page waits seconds, and is told the row."""

import io
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.translation import override

from carloan.core.errors import Invalid
from carloan.core.models import Job
from carloan.lib.nursery import Unreadable
from carloan.loans.imports import nursery, opening, reading
from carloan.loans.models import ImportBatch
from carloan.loans.services.import_steps import import_work
from carloan.loans.services.imports import import_check_start, import_upload
from tests.cast import Lender
from tests.loans.book import HEADER, core_row, csv_bytes

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])
HEAD = ",".join(HEADER).encode() + b"\r\n"
SHAPE = reading.Shape("csv", HEADER, 1, encoding="utf-8-sig", delimiter=",")
# Each is some megabytes of one thing behind a header: (the file, what is said of it).
FILES = {
    "empty lines": (HEAD + b"\n" * 5_000_000, "gaps"),
    "empty lines of a Macintosh": (HEAD + b"\r" * 5_000_000, "gaps"),
    "lines of delimiters": (HEAD + b",,,\n" * 1_000_000, "gaps"),
    "lines of spaces": (HEAD + b"   \n" * 1_000_000, "gaps"),
    "one line": (HEAD + b"x" * 5_000_000, "long_line"),
    "one line of delimiters": (HEAD + b"," * 5_000_000, "long_line"),
    "one line of spaces": (HEAD + b" " * 5_000_000, "long_line"),
    "one line of NULs": (HEAD + b"\x00" * 5_000_000, "long_line"),
    "a million quotes": (HEAD + b'"' * 5_000_000, "long_line"),
    "a million open quotes": (HEAD + b'a""","\n' * 1_000_000, "quotes"),
    "a million rows too many": (HEAD + b"a\n" * 3_100_000, "many_rows"),
}


@pytest.fixture(autouse=True)
def _children() -> Iterator[None]:
    yield
    opening.TABLES.shut_down()


def test_a_book_of_empty_lines_is_refused_at_once_and_the_row_is_named(bank: Lender, client_of: Any) -> None:
    page = client_of(bank, "officer")
    answer = page.post("/loans/imports/new/", {"file": SimpleUploadedFile("台账.csv", HEAD + b"\n" * 15_000_000)})
    assert answer.status_code == 422
    assert "从第 2 行起连续空行超过 10,000 行" in answer.content.decode()
    with bank.open():
        assert not ImportBatch.objects.exists()


@pytest.mark.parametrize("what", FILES)
def test_reading_ends_where_a_file_holds_no_rows_any_more(what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if what == "a million rows too many":
        monkeypatch.setattr(reading, "MOST_LINES", 50_000)  # this process only: the bound itself, not its height
    data, code = FILES[what]
    began = time.process_time()
    with pytest.raises(Unreadable) as caught:
        for _row in reading.rows(io.BytesIO(data), SHAPE):
            pass
    assert caught.value.code == code
    assert code == "many_rows" or caught.value.data == {"row": 2}
    assert time.process_time() - began < 3


def test_honest_gaps_are_no_fault() -> None:
    data = csv_bytes([HEADER, core_row(1)]) + b"\r\n" * 9_000 + csv_bytes([core_row(2)]) + b",,\r\n" * 9_000
    assert [row.number for row in reading.rows(io.BytesIO(data), SHAPE)] == [2, 9_003]


def test_cells_behind_a_thousand_columns_are_not_lost_without_a_word() -> None:
    row = ",".join(core_row(1)).encode()
    data = HEAD + row + b"," * 2_000 + b"x\r\n" + row + b"," * 2_000 + b"\r\n"
    told = [[fault.code for fault in one.faults] for one in reading.rows(io.BytesIO(data), SHAPE)]
    assert told == [["cells_extra"], []]


def test_a_gap_deep_in_a_file_stops_its_check_and_the_row_is_told_to_each_reader(bank: Lender, client_of: Any) -> None:
    full = csv_bytes([HEADER, core_row(1)]) + b"x" * 60 + (b"\r\n" + b"x" * 60) * 70_000
    assert len(full) > reading.HEAD
    with bank.open():
        actor = bank.actor("officer")
        batch = import_upload(actor=actor, file=io.BytesIO(full + b"\n" * 20_000), name="台账.csv")
        job = import_check_start(actor=actor, batch=batch)
        import_work(job_id=job.id)
        job = Job.objects.get(id=job.id)
        assert job.state == Job.State.FAILED
    with override("en"):
        assert job.error_shown.startswith("From row 70004 on there are more than 10,000 empty rows.")
    page = client_of(bank, "officer").get(f"/loans/imports/{batch.id}/")
    assert "从第 70004 行起连续空行超过 10,000 行" in page.content.decode()


def test_whoever_waits_gets_to_look_at_the_clock_also_where_no_row_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    # Each line is a hundred thousand cells of nothing, so that the gap stays short.
    data = HEAD + (b"," * 100_000 + b"\n") * 20
    monkeypatch.setattr(nursery, "FRAME_SECONDS", 0)
    frames = list(nursery.rows(io.BytesIO(data), shape=SHAPE.as_json()))
    assert [body for _head, body in frames[:20]] == [b"[]"] * 20
    counts = [head["rows"] for head, _body in nursery.count(io.BytesIO(data), shape=SHAPE.as_json())]
    assert counts[:20] == [0] * 20
    with pytest.raises(opening.OutOfTime):
        list(opening.rows(io.BytesIO(csv_bytes([HEADER, core_row(1)])), SHAPE, seconds=-1))


def test_a_refusal_names_the_row_in_the_language_of_its_reader() -> None:
    with pytest.raises(Invalid) as caught:
        opening.sniff(io.BytesIO(HEAD + b"\n" * 20_000))
    (sentence,) = caught.value.fields["file"]
    with override("en"):
        assert str(sentence).startswith("From row 2 on")
    with override("zh-hans"):
        assert str(sentence).startswith("从第 2 行起")
