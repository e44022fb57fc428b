"""The name of a file is kept as it came and shown in one way: nothing is lost in it, and nothing in it deceives."""

import io
import re
import zipfile
from typing import Any
from urllib.parse import unquote

import pytest
from django.utils.html import escape
from hypothesis import given
from hypothesis import strategies as st

from carloan.archives.models import Paper
from carloan.core.sealed import clear
from carloan.lib.file_names import LONGEST, attachment, given_name, shown_name
from tests.archives.conftest import original_of, received
from tests.archives.test_receiving import picture
from tests.cast import Lender

AWKWARD = {
    "身份证   正面 .png": "身份证\u00a0\u00a0\u00a0正面 .png",
    "  两边的空格  ": "\u00a0\u00a0两边的空格\u00a0\u00a0",
    "invoice\u202egnp.exe": "invoice[U+202E]gnp.exe",
    "a\u200bb\u00adc.pdf": "a[U+200B]b[U+00AD]c.pdf",
    "换行\n与\t制表.pdf": "换行[U+000A]与[U+0009]制表.pdf",
    "צילום רישיון.png": "\u2068צילום רישיון.png\u2069",
    "a&amp;b;\"c'.png": "a&amp;b;\"c'.png",
    "全角　空格.png": "全角　空格.png",
    "\u3164\u2800.png": "[U+3164][U+2800].png",
    "   ": "[U+0020][U+0020][U+0020]",
}


@pytest.mark.parametrize(("name", "shown"), AWKWARD.items())
def test_a_name_is_kept_whole_and_shown_without_deceit(name: str, shown: str) -> None:
    assert given_name(name) == given_name(f"C:\\照片\\{name}") == given_name(f"../照片/{name}") == name
    assert shown_name(name) == shown


def test_a_long_name_keeps_its_beginning_and_its_kind() -> None:
    name = given_name("名" * 300 + ".pdf")
    assert len(name) == LONGEST
    assert name.endswith("名.pdf")
    assert given_name("半\ud800个") == "半?个"


@given(st.text(st.characters(codec="utf-8"), min_size=1, max_size=60))
def test_any_name_makes_a_header_that_holds_all_of_it(name: str) -> None:
    header = attachment(name)
    assert header.isascii()
    assert header.isprintable()
    found = re.fullmatch(r"""attachment; filename="[^"\\]+"; filename\*=UTF-8''([!#$&+.^_`|~0-9A-Za-z%-]*)""", header)
    assert found is not None
    assert unquote(found[1]) == name


@pytest.mark.django_db(databases=["default", "keystore"])
@pytest.mark.parametrize("name", list(AWKWARD))
def test_a_name_is_the_same_on_the_desk_in_lists_and_in_the_download(bank: Lender, client_of: Any, name: str) -> None:
    client = client_of(bank, "archivist").confirmed()
    quoted = name.replace('"', "%22").replace("\n", "%0A")  # as browsers send it
    sent = f'--x\r\nContent-Disposition: form-data; name="file"; filename="{quoted}"\r\n\r\n'.encode()
    body = sent + picture("one") + b"\r\n--x--\r\n"
    answer = client.post("/archives/upload/", body, content_type="multipart/form-data; boundary=x")
    assert answer.status_code == 302
    with bank.open():
        paper = Paper.objects.get()
        kept = clear(paper, "name")
    assert kept == quoted
    for page in (f"/archives/papers/{paper.id}/", "/archives/?state=received"):
        assert f">{escape(shown_name(kept))}</bdi>" in client.get(page).content.decode(), page
    header = original_of(client, paper).headers["Content-Disposition"]
    assert unquote(header.split("UTF-8''")[1]) == kept


@pytest.mark.django_db(databases=["default", "keystore"])
def test_names_in_archives_and_of_refused_files_are_told_likewise(bank: Lender, client_of: Any) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("夹/两  个空格.png", picture("one"))
        archive.writestr("坏\u202e的.txt", "nothing")
    with bank.open():
        assert clear(received(bank, picture("two"), name="\u200f从右.png"), "name") == "\u200f从右.png"
    client = client_of(bank, "archivist")
    packed.seek(0)
    packed.name = "包.zip"
    page = client.post("/archives/upload/", {"file": packed}, follow=True).content.decode()
    assert "坏[U+202E]的.txt: " in page
    assert "两\u00a0\u00a0个空格.png" in page
