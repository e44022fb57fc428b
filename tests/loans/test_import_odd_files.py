"""Odd files at both doors of the import: each is answered with a sentence or taken, never with a fault of ours."""

import io
import random
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from carloan.core.models import Job
from carloan.loans.imports import opening
from carloan.loans.models import ImportBatch
from carloan.loans.services.import_steps import import_work
from tests.cast import Lender
from tests.loans.book import HEADER, core_file, core_row, csv_bytes, xlsx_bytes

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])
HEAD = ",".join(HEADER)
WIDE = csv_bytes([[*HEADER, *(f"列{n}" for n in range(200))], [*core_row(1), *["x"] * 200]])


@pytest.fixture(autouse=True)
def _children() -> Iterator[None]:
    yield
    opening.TABLES.shut_down()


def archive(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for name, body in members.items():
            packed.writestr(name, body)
    return out.getvalue()


REFUSED = {
    "no bytes": b"",
    "only a mark": b"\xef\xbb\xbf",
    "half a mark of UTF-16": b"\xff",
    "only a mark of UTF-16": b"\xff\xfe",
    "odd bytes of UTF-16": b"\xff\xfe\x00",
    "only spaces": b"   \r\n\t\r\n",
    "only commas": b",,,\r\n,,,\r\n",
    "NUL bytes": bytes(5_000),
    "one word": b"hello",
    "no header": csv_bytes([core_row(1), core_row(2)]),
    "one endless line": b"x" * 1_000_000,
    "a quote without an end": b'"' + b"x" * 1_000_000,
    "too many columns": ",".join(f"c{n}" for n in range(2_000)).encode(),
    "PDF": b"%PDF-1.7\n" + random.Random(1).randbytes(4_000),
    "random bytes": random.Random(2).randbytes(20_000),
    "old spreadsheet": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4_000),
    "an archive without a workbook": archive(**{"a.txt": b"x"}),
    "an archive with an empty workbook": archive(**{"xl/workbook.xml": b""}),
    "half an archive": core_file(3)[:2] + b"PK\x03\x04",
    "the head of an archive": b"PK\x03\x04",
    "a spreadsheet cut off": xlsx_bytes([HEADER, core_row(1)])[:2_000],
    "a spreadsheet without rows": xlsx_bytes([]),
    "a spreadsheet of empty cells": xlsx_bytes([["", None], [None]]),
}
TAKEN = {
    "only the header": csv_bytes([HEADER]),
    "only the header, no line end": HEAD.encode(),
    "wrong extension": xlsx_bytes([HEADER, core_row(1)]),
    "UTF-16": csv_bytes([HEADER, core_row(1)], encoding="utf-16"),
    "UTF-16 cut off": csv_bytes([HEADER, core_row(1)], encoding="utf-16")[:-1],
    "GBK": csv_bytes([HEADER, core_row(1)], encoding="gbk"),
    "NUL in a cell": csv_bytes([HEADER, core_row(1, 住址="广\x00东")]),
    "200 more columns": WIDE,
    "duplicate headers": csv_bytes([[*HEADER, *HEADER], core_row(1) + core_row(1)]),
    "a line of a megabyte": csv_bytes([HEADER, core_row(1, 住址="x" * 1_000_000)]),
    "broken quotes": f'{HEAD}\r\n"a"b,"'.encode(),
    "lone surrogates": HEAD.encode() + b"\r\n\xed\xa0\x80,\xff\r\n",
}


def booked(lender: Lender, job_id: Any) -> Job:
    with lender.open():
        import_work(job_id=job_id)
        return Job.objects.get(id=job_id)


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_no_table_of_loans_is_refused_with_a_sentence(bank: Lender, client_of: Any, what: str) -> None:
    answer = Client().post(
        "/api/v1/loans/import/",
        {"file": SimpleUploadedFile("台账.csv", REFUSED[what])},
        headers={"Authorization": bank.key("officer")},
    )
    if answer.status_code == 202 or b'"mapping"' in answer.content:
        assert what in {"one word", "no header", "one endless line", "random bytes"}, answer.content
    else:
        assert answer.status_code == 422, (answer.status_code, answer.content)
        assert answer.json()["error"]["fields"]["file"][0].endswith("。")
    page = client_of(bank, "officer").post(
        "/loans/imports/new/", {"file": SimpleUploadedFile("台账.csv", REFUSED[what])}
    )
    assert page.status_code in (302, 422)


@pytest.mark.parametrize("what", TAKEN)
def test_what_is_a_table_is_taken_and_every_row_told(bank: Lender, client_of: Any, what: str) -> None:
    answer = Client().post(
        "/api/v1/loans/import/",
        {"file": SimpleUploadedFile("台账.pdf", TAKEN[what])},
        headers={"Authorization": bank.key("officer")},
    )
    assert answer.status_code == 202, answer.content
    job = booked(bank, answer.json()["job"])
    assert job.state == Job.State.DONE, job.error
    with bank.open():
        assert ImportBatch.objects.get().state == "done"
    page = client_of(bank, "officer").post("/loans/imports/new/", {"file": SimpleUploadedFile("x.txt", TAKEN[what])})
    assert page.status_code == 302
    assert client_of(bank, "officer").get(page["Location"]).status_code == 200


@pytest.mark.parametrize("door", ["page", "api"])
def test_two_files_at_once_are_refused_with_a_sentence(bank: Lender, client_of: Any, door: str) -> None:
    files = {"file": [SimpleUploadedFile("a.csv", core_file(1)), SimpleUploadedFile("b.csv", core_file(2))]}
    if door == "page":
        answer = client_of(bank, "officer").post("/loans/imports/new/", files)
    else:
        answer = Client().post("/api/v1/loans/import/", files, headers={"Authorization": bank.key("officer")})
    assert answer.status_code == 422, answer.content
    with bank.open():
        assert not ImportBatch.objects.exists()
