"""What is printed in simplified script is read in simplified script, and print that is traditional stays as it is."""

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from carloan.archives.recognition import script
from carloan.archives.recognition.engine import engine
from carloan.archives.recognition.models import Reading
from carloan.lib.fonts import FontMissing, font_file


def test_a_sign_that_was_nearly_read_as_the_simplified_one_is_that_one_and_nobody_is_sure_of_it() -> None:
    read = Reading("貿易", 0.95, (0.95, 0.99), (0.0, 1.0), (("贸", 0.04), None))
    assert read.simplified() == Reading("贸易", 0.95, (0.04, 0.99), (0.0, 1.0))
    assert Reading(" 貿", 0.9, (1.0, 0.9), (0.0, 1.0), (None, ("贸", 0.04))).stripped().simplified().text == "贸"


def test_a_page_is_in_the_script_of_most_of_its_signs() -> None:
    assert script.is_simplified(["机动车销售统一发票", "喀什眾誠汽車貿易有限公司"])
    assert not script.is_simplified(["機動車銷售統一發票", "张伟"])
    assert not script.is_simplified(["2026-01-02"])


def test_only_signs_that_no_standard_print_has_are_other_forms() -> None:
    signs = ["貿", "贸", "乾", "喆", "堃", "A", "干"]
    assert list(script.counterparts(signs)) == [1, *[script.NONE] * 6]


@pytest.mark.ocr
def test_traditional_print_among_simplified_stays() -> None:
    """A name is what is printed, also where it is not of the standard characters."""
    try:
        font = ImageFont.truetype(str(font_file()), 40)
    except FontMissing as error:
        pytest.skip(str(error))
    image = Image.new("RGB", (900, 300), "white")
    draw = ImageDraw.Draw(image)
    for place, text in enumerate(("机动车销售统一发票", "车辆类型 轿车 贸易公司", "購買方 鍾國強")):
        draw.text((40, 30 + 90 * place), text, font=font, fill="black")
    _, lines = engine().read(np.asarray(image, dtype=np.uint8))
    text = "".join(line.text for line in lines)
    assert "鍾國強" in text
    assert "贸易公司" in text
