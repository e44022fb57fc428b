"""The least sure sign of a value counts: among twenty clear ones it is lost in the mean of the line."""

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from carloan.archives.recognition import second
from carloan.archives.recognition.certainty import SURE, settle
from carloan.archives.recognition.engine import engine
from carloan.archives.recognition.extract.field import FAINT, Fields
from carloan.archives.recognition.form import Form
from carloan.archives.recognition.sheet import Corners, Line, Sheet
from carloan.demonstration.specimens.fonts import FontMissing, font_file


def field(*signs: float) -> Fields:
    text = "张" * len(signs)
    line = Line(text, 0.9995, ((0, 0), (100, 0), (100, 20), (0, 20)), signs)
    form, fields = Form(Sheet(1, 100, 100, (line,)), {}), Fields()
    fields.put("owner_name", form.anywhere(str, doubt=1.0))
    return fields


def test_a_part_knows_how_surely_each_of_its_signs_was_read() -> None:
    line = Line("姓名张伟", 0.99, ((0, 0), (100, 0), (100, 20), (0, 20)), (0.9, 0.8, 0.7, 0.6))
    form, fields = Form(Sheet(1, 100, 100, (line,)), {"name": ("姓名",)}), Fields()
    fields.put("name", form.beside("name", str))
    assert fields["name"].parts[0].signs == (0.7, 0.6)


def test_each_sign_is_as_sure_as_the_reading_that_sees_it_best() -> None:
    readings = [("张·伟", (0.4, 0.1, 0.9)), ("人张伟", (0.2, 0.8, 0.5)), ("张韦", (1.0, 1.0))]
    assert second._weakest("张伟", readings) == pytest.approx(0.8)
    assert second._weakest("张伟", [("张伟", ())]) == 1.0, "a reading that does not say says nothing against"


@pytest.mark.parametrize(("share", "sure"), [(FAINT, True), (FAINT - 0.01, False)])
def test_a_value_with_a_faint_sign_waits_for_a_person(share: float, *, sure: bool) -> None:
    fields = field(1.0, 1.0)
    fields.read_again("owner_name", 0.9999)
    fields.seen_faintly("owner_name", share)
    settle(fields)
    assert (fields["owner_name"].confidence >= SURE) == sure


@pytest.mark.ocr
def test_a_sign_half_covered_is_less_sure_than_its_neighbours() -> None:
    try:
        font = ImageFont.truetype(str(font_file()), 40)
    except FontMissing as error:
        pytest.skip(str(error))
    image = Image.new("RGB", (520, 80), "white")
    draw = ImageDraw.Draw(image)
    draw.text((20, 16), "江川农村商业银行股份", font=font, fill="black")
    draw.rectangle((20 + 4 * 40, 30, 20 + 5 * 40, 62), fill=(150, 150, 150))
    corners: Corners = ((10.0, 8.0), (450.0, 8.0), (450.0, 70.0), (10.0, 70.0))
    line = engine().read_at(np.asarray(image, dtype=np.uint8), corners)
    assert len(line.signs) == len(line.text)
    covered = line.signs[4]
    assert covered == min(line.signs)
    assert line.confidence > covered + 0.1
