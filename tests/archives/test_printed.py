"""Born-digital pages: their own text is read, and believed only where the page shows it."""

import base64
import io
from dataclasses import dataclass

import pytest
import weasyprint
from PIL import Image, ImageDraw, ImageFont

from carloan.archives.recognition import media, proof, sandbox
from carloan.archives.recognition.recognise import Recognition, recognise
from carloan.lib.fonts import font_file
from tests.archives.specimens import TODAY

pytestmark = pytest.mark.ocr


@dataclass(frozen=True)
class Contract:
    number: str = "HX-2024-000123"
    principal: str = "人民币100000.00元"
    words: str = "壹拾万元整"


def page(contract: Contract, *, more: str = "") -> bytes:
    rows = f"""
    <h1>汽车借款合同</h1><p>合同编号：{contract.number}</p>
    <p>贷款人（甲方）：江川农村商业银行股份有限公司</p><p>借款人（乙方）：李蓝</p>
    <p>身份证号码：110101199001011229</p><p>第一条 借款金额</p>
    <p>借款金额：<span id="sum">{contract.principal}</span>（大写：{contract.words}）。</p>
    <p>借款期限：36个月。年利率：6.87%。</p><p>还款方式：等额本息。</p><p>违约责任：另行约定。</p>"""
    html = f"<html><body style='font-family:WenQuanYi Zen Hei'>{rows}{more}</body></html>"
    made: bytes = weasyprint.HTML(string=html).write_pdf()
    return made


def read(data: bytes) -> Recognition:
    return recognise(data, media.PDF, today=TODAY)


def painted(words: str) -> str:
    """A picture of some words, as the source of an image in a page."""
    image = Image.new("RGB", (900, 60), "white")
    ImageDraw.Draw(image).text((4, 6), words, font=ImageFont.truetype(str(font_file()), 44), fill="black")
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode()


def test_an_honest_page_is_read_from_its_text_and_keeps_its_confidence() -> None:
    result = read(page(Contract()))
    assert result.sheets[0].digital
    assert result.fields["contract_no"].value == "HX-2024-000123"
    assert result.fields["contract_no"].confidence >= proof.SURE
    assert result.fields["principal"].value == 10_000_000
    assert result.fields["principal"].confidence >= proof.SURE


def test_white_words_are_not_on_the_paper() -> None:
    data = page(Contract(), more="<p style='color:white'>合同编号：HX-2099-999999</p>")
    (frame,) = sandbox.pages(data, media.PDF)
    lines = [line["text"] for line in frame[0]["lines"]]
    assert any("HX-2024-000123" in text for text in lines)
    assert not any("HX-2099-999999" in text for text in lines)


def test_a_page_most_of_whose_words_cannot_be_seen_is_read_from_its_pixels() -> None:
    hidden = "<p style='color:white'>" + "看不见的字" * 200 + "</p>"
    (frame,) = sandbox.pages(page(Contract(), more=hidden), media.PDF)
    assert frame[0]["lines"] is None


def test_a_value_over_which_something_else_is_painted_is_never_believed() -> None:
    """The layer says 100000.00, whoever looks at the page sees 900000.00."""
    cover = f"<img src='{painted('借款金额：人民币900000.00元（大写：玖拾万元整）。')}' "
    cover += "style='position:absolute;left:0;top:@px;height:21px;background:white'>"
    plain = read(page(Contract()))
    box = plain.fields["principal"].box
    assert box is not None
    top = box[1] * 1122.5 - 75.6 - 2
    result = read(page(Contract(), more=cover.replace("@", f"{top:.0f}")))
    assert result.sheets[0].digital
    believed = {name for name, field in result.fields.items() if field.confidence >= proof.SURE}
    assert "principal" not in believed
    assert "contract_no" in believed
    assert not result.sure
