"""OFD (GB/T 33190): read from its XML, drawn for people, and refused where it is locked, damaged or a trap."""

import io
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from carloan.archives.recognition import guard, media, ofd, sandbox
from carloan.archives.recognition.recognise import recognise
from carloan.archives.recognition.refusals import Refused
from carloan.lib.nursery import Unreadable
from tests.archives.specimens import TODAY

NS = 'xmlns:ofd="http://www.ofdspec.org/2016"'
ROOT = f"<ofd:OFD {NS}><ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>"
DOCUMENT = (
    f"<ofd:Document {NS}><ofd:CommonData><ofd:PageArea><ofd:PhysicalBox>0 0 100 60</ofd:PhysicalBox></ofd:PageArea>"
    '<ofd:PublicRes>Res.xml</ofd:PublicRes></ofd:CommonData><ofd:Pages><ofd:Page ID="1" BaseLoc="Page.xml"/>'
    "</ofd:Pages></ofd:Document>"
)


def text(words: str, *, y: int = 10, extra: str = "", colour: str = "0 0 0") -> str:
    return (
        f'<ofd:TextObject Boundary="5 {y} 90 8" Size="5" {extra}><ofd:FillColor Value="{colour}"/>'
        f'<ofd:TextCode X="0" Y="6" DeltaX="g {len(words)} 5">{words}</ofd:TextCode></ofd:TextObject>'
    )


def made(content: str, **files: bytes) -> bytes:
    page = f"<ofd:Page {NS}><ofd:Content><ofd:Layer>{content}</ofd:Layer></ofd:Content></ofd:Page>"
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        parts: dict[str, Any] = {"OFD.xml": ROOT, "Doc_0/Document.xml": DOCUMENT, "Doc_0/Page.xml": page}
        for name, part in (parts | {name.replace("__", "/"): data for name, data in files.items()}).items():
            archive.writestr(name, part)
    return buffer.getvalue()


def code(data: bytes) -> str:
    with pytest.raises(Refused) as caught:
        guard.examine(data)
    assert caught.value.message
    return caught.value.code


@pytest.mark.ocr
@pytest.mark.parametrize("name", ["发票示例.ofd", "v4signed.ofd"])
def test_an_electronic_invoice_is_read_with_its_boxes(shared_data: Path, name: str) -> None:
    data = (shared_data / "documents/ofd" / name).read_bytes()
    result = recognise(data, media.OFD, today=TODAY)
    assert result.kind == "vat_invoice"
    assert {name: field.value for name, field in result.fields.items()} == {
        "invoice_code": "050001700111", "invoice_number": "99999951", "issue_date": "2020-10-10",
        "buyer_name": "科游迈利有限公司", "seller_name": "杭州融易算企业管理咨询有限公司",
        "seller_tax_id": "91500106MA2CE71F65", "total_in_words": "叁佰壹拾捌圆整", "total": 31_800,
        "price_without_tax": 30_000, "tax": 1_800,
    }  # fmt: skip
    # The specimen's maker invented the seller's number.
    assert {fault.code for fault in result.faults} == {"uscc_check"}
    (sheet,) = result.sheets
    assert sheet.digital
    total = result.fields["total"].box
    assert total is not None
    # Right of the middle, three quarters down the page.
    assert (total[0] > 0.75, 0.65 < total[1] < 0.8) == (True, True)


def test_what_is_drawn_shows_text_lines_pictures_and_the_seal(shared_data: Path) -> None:
    data = (shared_data / "documents/ofd/v4signed.ofd").read_bytes()
    ((head, body),) = sandbox.pages(data, media.OFD)
    page = np.frombuffer(body, np.uint8).reshape(head["height"], head["width"], 3).astype(int)
    millimetre = head["width"] / 210

    def stretch(left: int, top: int, right: int, bottom: int) -> Any:
        return page[int(top * millimetre) : int(bottom * millimetre), int(left * millimetre) : int(right * millimetre)]

    assert stretch(10, 5, 27, 22).std() > 80, "the two-dimensional code"
    seal = stretch(90, 8, 120, 28)
    assert ((seal[..., 0] > 180) & (seal[..., 1] < 60)).sum() > 500, "the red of the electronic seal"
    assert stretch(4, 35, 6, 45).min() < 200, "the frame's line"


def test_a_missing_picture_leaves_a_frame_and_the_words(shared_data: Path) -> None:
    data = (shared_data / "documents/ofd/testImageNotFound.ofd").read_bytes()
    heads = [head for head, _ in sandbox.pages(data, media.OFD)]
    assert [len(head["lines"]) > 10 for head in heads] == [True, True]
    assert any("矿产资源勘查许可证" in line["text"] for line in heads[0]["lines"])


def test_words_in_white_and_words_that_are_hidden_are_not_read() -> None:
    content = text("合同金额壹佰元整合同编号七") + text("合同金额玖佰元整", y=20, colour="255 255 255")
    content += text("合同金额捌佰元整", y=30, extra='Visible="false"')
    ((head, _),) = sandbox.pages(made(content), media.OFD)
    assert [line["text"] for line in head["lines"]] == ["合同金额壹佰元整合同编号七"]


def test_a_page_that_is_one_picture_is_read_from_its_pixels() -> None:
    picture = io.BytesIO()
    from PIL import Image

    Image.new("RGB", (400, 240), "grey").save(picture, "PNG")
    resources = f'<ofd:Res {NS}><ofd:MultiMedias><ofd:MultiMedia ID="9"><ofd:MediaFile>scan.png</ofd:MediaFile>'
    resources += "</ofd:MultiMedia></ofd:MultiMedias></ofd:Res>"
    content = '<ofd:ImageObject ResourceID="9" Boundary="0 0 100 60" CTM="100 0 0 60 0 0"/>'
    content += text("这些字不可信这些字不可信这些字")
    data = made(content, **{"Doc_0__Res.xml": resources.encode(), "Doc_0__scan.png": picture.getvalue()})
    ((head, body),) = sandbox.pages(data, media.OFD)
    assert head["lines"] is None
    assert np.frombuffer(body, np.uint8)[3 * head["width"] * 5] == 128


LAUGHS = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><ofd:Page>&b;</ofd:Page>'
OUTSIDE = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><ofd:Page>&a;</ofd:Page>'


@pytest.mark.parametrize("bomb", [LAUGHS, OUTSIDE, LAUGHS.decode().encode("utf-16")])
def test_no_entity_is_ever_resolved(bomb: bytes) -> None:
    with pytest.raises(Unreadable):
        ofd.parse(bomb)
    with pytest.raises(Refused) as caught:
        list(sandbox.pages(made("", **{"Doc_0__Page.xml": bomb}), media.OFD))
    assert caught.value.code == "damaged"


def test_elements_without_end_are_too_heavy() -> None:
    with pytest.raises(Unreadable) as caught:
        ofd.parse(b"<a>" * 100 + b"</a>" * 100)
    assert caught.value.code == "too_heavy"
    with pytest.raises(Unreadable) as caught:
        ofd.parse(b"<a>" + b"<b/>" * (ofd.MOST_ELEMENTS + 1) + b"</a>")
    assert caught.value.code == "too_heavy"


def test_a_locked_one_is_refused_with_its_sentence() -> None:
    assert code(made("", **{"Encryptions.xml": b"<ofd:Encryptions/>"})) == "encrypted"
    assert code(made("", **{"decryptseed.dat": b"x"})) == "encrypted"


def test_a_damaged_one_a_bomb_and_one_with_a_program_are_refused() -> None:
    assert code(made("", **{"OFD.xml": b"<ofd:OFD"})) == "damaged"
    assert code(made("", **{"Doc_0__Attachs__pay.exe": b"x"})) == "active_content"
    assert code(made("", **{"Doc_0__big.bin": bytes(ofd.MOST_BYTES + 1)})) == "too_heavy"
    assert code(b"%PDF-1.4" + made("")) == "polyglot"


def test_names_never_leave_the_package() -> None:
    package = ofd.Package(made(""))
    assert package.read(ofd.join("Doc_0", "../../../etc/passwd")) is None
    assert ofd.join("Doc_0", "/Doc_0/Res/a.png") == "Doc_0/Res/a.png"


def test_numbers_beyond_sense_draw_nothing_and_break_nothing() -> None:
    content = '<ofd:TextObject Boundary="0 0 1e9 5" Size="1e5"><ofd:TextCode X="nan" Y="inf">字</ofd:TextCode>'
    content += '</ofd:TextObject><ofd:PathObject Boundary="0 0 9 9" CTM="1e5 0 0 1e5 0 0" LineWidth="1e5">'
    content += "<ofd:AbbreviatedData>M 0 0 L 1e5 1e5 B 1 2 3 Z 9</ofd:AbbreviatedData></ofd:PathObject>"
    content += text("还是读得出来的字还是读得出来的字", y=20)
    ((head, _),) = sandbox.pages(made(content), media.OFD)
    assert head["lines"] is None or any("还是读得出来" in line["text"] for line in head["lines"])
