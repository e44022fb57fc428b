"""Files that are more than they say, and what leaves by files: what comes in is a paper or nothing, and nothing that
leaves runs, tells of the camera, or comes in pieces."""

import io
import zipfile
from typing import Any

import pytest
from PIL import Image

from carloan.archives.models import Paper
from carloan.archives.services.reading import paper_recognise
from carloan.core.errors import AppError
from carloan.core.models import AuditEvent
from carloan.lib.spreadsheet import guarded
from tests.archives.conftest import original_of, received, transcribed
from tests.archives.test_receiving import picture
from tests.cast import Lender

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])

SCRIPT = b"<script>alert(document.domain)</script>"


def jpeg(**given: Any) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (640, 400), "white").save(out, "JPEG", **given)
    return out.getvalue()


def two_things() -> dict[str, bytes]:
    """A picture with a page behind it, one with an archive, and a picture whose comment is a program."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("evil.html", SCRIPT)
    commented = jpeg(comment=b"*/=1;/*" + SCRIPT)
    return {
        "a page behind a picture": picture("1") + SCRIPT,
        "an archive behind a picture": picture("2") + archive.getvalue(),
        "a program in a comment": commented,
        "a GIF that is a script": b"GIF89a/*" + b"\0" * 20 + b"*/=1;alert(1)",
    }


@pytest.mark.parametrize("what", two_things())
def test_a_file_that_is_two_things_leaves_as_the_one_it_was_taken_for(bank: Lender, client_of: Any, what: str) -> None:
    data = two_things()[what]
    with bank.open():
        try:
            paper = received(bank, data, name="证件.html")
        except AppError:
            # Refused whole: nothing to leave.
            return
    answer = original_of(client_of(bank, "officer").confirmed(), paper)
    assert answer.headers["Content-Type"].partition("/")[0] == "image"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "sandbox"


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><foreignObject>' + SCRIPT + b"</foreignObject></svg>"
OFFICE = {"[Content_Types].xml": "<Types/>", "word/vbaProject.bin": "macro"}


def office() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for name, text in OFFICE.items():
            file.writestr(name, text)
    return out.getvalue()


@pytest.mark.parametrize(
    "data",
    [SVG, b'<?xml version="1.0"?>\n' + SVG, SCRIPT, b"<!DOCTYPE html>" + SCRIPT, office(), b"MZ" + b"\0" * 64],
    ids=["svg", "svg with a declaration", "script", "page", "office file", "program"],
)
def test_what_can_run_a_script_is_no_paper(bank: Lender, data: bytes) -> None:
    with bank.open():
        before = Paper.objects.count()
        with pytest.raises(AppError) as refused:
            received(bank, data, name="身份证.jpg")
        assert str(refused.value.message)
        assert Paper.objects.count() == before


def test_a_picture_of_a_page_tells_nothing_of_the_camera(bank: Lender, client_of: Any) -> None:
    """Where and with what a photograph was taken stays in the sealed original."""
    exif = Image.Exif()
    exif[0x010F], exif[0x0110] = "SecretMaker", "SecretModel"
    exif.get_ifd(0x8825).update({1: "N", 2: (30.0, 16.0, 27.0), 3: "E", 4: (120.0, 9.0, 18.0)})
    data = jpeg(exif=exif.tobytes())
    assert b"SecretMaker" in data
    with bank.open():
        paper = received(bank, data, name="照片.jpg")
        paper_recognise(paper_id=paper.id)
    client = client_of(bank, "officer")
    shown = client.get(f"/archives/papers/{paper.id}/pages/1/")
    assert shown.status_code == 200
    body = b"".join(shown.streaming_content) if shown.streaming else shown.content
    with Image.open(io.BytesIO(body)) as image:
        assert image.size[0] > 100
        assert not dict(image.getexif())
    assert b"SecretMaker" not in body
    assert b"SecretModel" not in body


def test_the_same_file_at_two_lenders_is_two_files_and_tells_nothing(bank: Lender, other: Lender) -> None:
    data = picture("the same at both")
    with bank.open():
        one = received(bank, data)
    with other.open():
        two = received(other, data)
        assert Paper.objects.filter(id=one.id).count() == 0
    assert one.stored != two.stored
    assert bytes(one.wrapped_key) != bytes(two.wrapped_key)


@pytest.mark.parametrize("asked", ["bytes=0-9", "bytes=-5", "bytes=5-2", "bytes=" + ",".join(["0-1"] * 1_000), "junk"])
def test_ranges_get_the_whole_file_or_nothing(bank: Lender, client_of: Any, asked: str) -> None:
    """A part of a sealed file cannot be proven to be the file's: there are none."""
    data = picture("range")
    with bank.open():
        paper = received(bank, data)
    answer = original_of(client_of(bank, "officer").confirmed(), paper, headers={"Range": asked})
    assert answer.status_code == 200
    assert answer.content == data


@pytest.mark.parametrize("first", ["=", "+", "-", "@", "\t=", "\r=", "＝", "＋", "－", "＠", " =", "\n="])
def test_no_cell_that_leaves_is_a_formula(first: str) -> None:
    assert guarded(f"{first}cmd|'/C calc'!A0").startswith("'")


def test_markup_in_a_file_name_and_in_what_was_read_stays_text(bank: Lender, client_of: Any) -> None:
    name, read = "<img src=x onerror=alert(1)>.png", "借款人<script>alert(2)</script>张伟"
    with bank.open():
        named = received(bank, picture("markup"), name=name)
        paper = transcribed(bank, {"name": "张伟"}, text=read, serial="markup")
    client = client_of(bank, "officer")
    desk = client.get("/archives/").content.decode()
    assert "<img src=x" not in desk
    assert "&lt;img src=x" in desk
    for path in (f"/archives/papers/{named.id}/", f"/archives/papers/{paper.id}/", "/archives/search/?q=借款人"):
        page = client.get(path).content.decode()
        assert "<script>alert(" not in page, path
        assert "<img src=x" not in page, path
    with bank.open():
        assert AuditEvent.objects.filter(action="archives.paper.received", object_id=named.id).exists()
