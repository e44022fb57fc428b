"""A hostile file of loans costs its child's time and memory, never those of the web or the worker."""

import io
import os
import random
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from carloan.core.errors import Invalid
from carloan.loans.imports import opening
from carloan.loans.models import ImportBatch
from carloan.loans.selectors import imports
from carloan.loans.services.imports import import_upload
from tests.cast import Lender
from tests.loans.book import HEADER, core_file, core_row, xlsx_bytes
from tests.loans.test_spreadsheets import package

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])
SHEET = "xl/worksheets/sheet1.xml"


@pytest.fixture(autouse=True)
def _children() -> Iterator[None]:
    yield
    opening.TABLES.shut_down()


def bomb(cells: int) -> io.BytesIO:
    """A sheet whose one row has far too many cells, beside random bytes that make the ratio look honest."""
    out = io.BytesIO()
    row = b"<row>" + b'<c t="n"><v>1</v></c>' * cells + b"</row>"
    with (
        zipfile.ZipFile(io.BytesIO(xlsx_bytes([HEADER, core_row(1)]))) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            body = old.read(name)
            new.writestr(name, body.replace(b"</sheetData>", row + b"</sheetData>") if name == SHEET else body)
        new.writestr("docProps/noise.bin", random.Random(1).randbytes(cells // 8))
    out.seek(0)
    return out


def works() -> bool:
    return len(list(opening.rows(file := io.BytesIO(core_file(3)), opening.sniff(file)))) == 3


def refused(file: io.BytesIO) -> str:
    with pytest.raises(Invalid) as caught:
        list(opening.rows(file, opening.sniff(file)))
    (message,) = caught.value.fields["file"]
    return str(message)


def test_an_expansion_bomb_ends_at_the_memory_bound_with_a_sentence(
    bank: Lender, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "SNIFFING", opening.Bounds(memory_bytes=256 << 20))
    with bank.open(), pytest.raises(Invalid) as caught:
        import_upload(actor=bank.actor("admin"), file=bomb(2_000_000), name="台账.xlsx")
    assert caught.value.fields["file"] == [opening.MESSAGES["too_heavy"]]
    with bank.open():
        assert not ImportBatch.objects.exists()
    assert works()


def test_a_file_that_takes_too_long_ends_at_the_bound_of_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "SNIFFING", opening.Bounds(cpu_seconds=1))
    assert refused(bomb(2_000_000)) == str(opening.MESSAGES["too_heavy"])
    assert works()


def test_a_bomb_by_its_own_account_is_refused_unopened() -> None:
    out = io.BytesIO(xlsx_bytes([HEADER]))
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/zeros.bin", bytes(20_000_000))
    assert refused(out) == str(opening.MESSAGES["bomb"])


def test_entities_that_multiply_are_refused() -> None:
    laughs = "".join(
        f'<!ENTITY l{level} "{f"&l{level - 1};" * 10}">' if level else '<!ENTITY l0 "ha">' for level in range(10)
    )
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(xlsx_bytes([HEADER]))) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            body = old.read(name)
            if name == SHEET:
                body = f"<!DOCTYPE worksheet [{laughs}]><worksheet><sheetData><row><c><v>&l9;</v></c></row></sheetData></worksheet>".encode()  # noqa: E501
            new.writestr(name, body)
    assert refused(out)
    assert works()


def test_a_nursery_that_was_killed_is_replaced_and_many_columns_pass() -> None:
    assert works()
    nursery = opening.TABLES.nursery
    assert nursery is not None
    os.kill(nursery.process.pid, 9)
    nursery.process.wait(timeout=5)
    assert works()
    wide = [f"列{number:03d}" * 20 for number in range(1_000)]
    file = io.BytesIO(("\n".join([",".join(wide)] * 2)).encode())
    assert len(opening.sniff(file).header) == 1_000
    assert len(list(opening.rows(file, opening.sniff(file)))) == 1


def test_the_parser_runs_in_another_process(monkeypatch: pytest.MonkeyPatch) -> None:
    from carloan.loans.imports import reading

    monkeypatch.setattr(reading, "sniff", None)
    monkeypatch.setattr(reading, "rows", None)
    assert works()


def test_whoever_waits_for_a_page_waits_no_longer_than_said_also_before_the_first_row(bank: Lender) -> None:
    assert works()
    nursery = opening.TABLES.nursery
    assert nursery is not None
    shape = opening.sniff(io.BytesIO(xlsx_bytes([HEADER, core_row(1)])))
    file = bomb(3_000_000)
    with pytest.raises(opening.OutOfTime):
        list(opening.rows(file, shape, seconds=0.05))
    children = Path(f"/proc/{nursery.process.pid}/task/{nursery.process.pid}/children")
    until = time.monotonic() + 5
    while children.read_text():
        assert time.monotonic() < until, "the child reads on though nobody waits"
    assert works()


def test_a_page_says_in_words_that_its_file_takes_too_long(
    bank: Lender, client_of: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with bank.open():
        file = io.BytesIO(xlsx_bytes([HEADER, core_row(1)]))
        batch = import_upload(actor=bank.actor("officer"), file=file, name="台账.xlsx")
    client, address = client_of(bank, "officer"), f"/loans/imports/{batch.id}/"
    assert "文件打开耗时过长" not in client.get(address).content.decode()
    monkeypatch.setattr(imports, "LOOKING_SECONDS", 0.0)
    page = client.get(address)
    assert page.status_code == 200
    assert "文件打开耗时过长" in page.content.decode()
    assert 'name="profile_name"' in page.content.decode()


def test_a_spreadsheet_of_too_many_names_is_refused_with_what_to_do(bank: Lender, client_of: Any) -> None:
    file = SimpleUploadedFile("台账.xlsx", package(names='<definedName name="n">a!$A$1</definedName>' * 250_000).read())
    answer = client_of(bank, "officer").post("/loans/imports/new/", {"file": file})
    assert answer.status_code == 422
    assert "另存为 CSV" in answer.content.decode()
