"""The least sure sign of a value counts: among twenty clear ones it is lost in the mean of the line."""

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from carloan.archives.recognition import doubts, second, values
from carloan.archives.recognition.certainty import SURE, settle
from carloan.archives.recognition.engine import engine
from carloan.archives.recognition.extract.field import FAINT, Field, Fields
from carloan.archives.recognition.form import Form
from carloan.archives.recognition.sheet import Corners, Line, Sheet
from carloan.lib.fonts import FontMissing, font_file


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


@pytest.mark.parametrize(
    ("name", "said", "seen", "alike"),
    [
        ("contract_no", "HX2024-0815", "编号:HX2024-0815", True), ("contract_no", "HX20240815", "HX2024-0815", False),
        ("principal", "1234.00", "¥1,234.00元", True), ("principal", "123400", "1234.00", False),
        ("owner_name", "艾力·买买提", "艾力・买买提", True), ("owner_name", "艾力买买提", "艾力·买买提", False),
        ("address", "12号3-502", "12号3—502", True), ("address", "12号3502", "12号3-502", False),
        ("register_date", "2024.05.06", "2024-05.06", True), ("plate", "豫A12345", "豫A·12345", True),
    ],
)  # fmt: skip
def test_a_mark_that_was_seen_once_alone_is_a_difference(name: str, said: str, seen: str, *, alike: bool) -> None:
    assert (second._marked(name, said) in second._marked(name, seen)) is alike


@pytest.mark.parametrize(
    ("text", "value"), [("·许昌市邦吉汽车销售服务有限公司", "许昌市邦吉汽车销售服务有限公司"), ("~张伟.", "张伟")]
)
def test_a_speck_beside_a_name_is_none_of_it(text: str, value: str) -> None:
    assert values.party(text) == value


@pytest.mark.parametrize(
    ("value", "doubted"), [("李·娜", True), ("艾力·买买提", False), ("许昌市·邦吉汽车销售有限公司", True)]
)
def test_a_dot_in_a_short_name_or_a_companys_is_a_speck(value: str, *, doubted: bool) -> None:
    fields = Fields()
    fields["owner_name"] = Field(value, 0.9995, 1, None, text=value, proofs=("reread",))
    doubts.doubt_shapes(fields, Sheet(1, 100, 100, ()))
    assert ("doubted" in fields["owner_name"].proofs) is doubted


@pytest.mark.parametrize(("share", "sure"), [(FAINT, True), (FAINT - 0.01, False)])
def test_a_value_with_a_faint_sign_waits_for_a_person(share: float, *, sure: bool) -> None:
    fields = field(1.0, 1.0)
    fields.read_again("owner_name", 0.9999)
    fields.seen_faintly("owner_name", share)
    settle(fields)
    assert (fields["owner_name"].confidence >= SURE) == sure


@pytest.mark.parametrize(
    ("proofs", "signs", "misread"),
    [
        (("repeated",), (1.0, 0.8), True), (("repeated",), (1.0, FAINT), False),
        (("words", "repeated"), (1.0, 0.8), False), (("reread",), (1.0, 0.8), False),
    ],
)  # fmt: skip
def test_what_the_same_print_says_twice_may_be_misread_twice(
    proofs: tuple[str, ...], signs: tuple[float, ...], *, misread: bool
) -> None:
    fields = field(*signs)
    for code in proofs:
        fields.proven("owner_name", by=code)
    assert second._is_misread_twice(fields["owner_name"]) is misread


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


def test_a_value_stands_where_its_signs_were_seen() -> None:
    """A wide label before narrow figures: by the width of letters alone the value would begin three figures late."""
    line = Line("编号1234", 0.99, ((0, 0), (120, 0), (120, 20), (0, 20)), (), (0.0, 0.2, 0.4, 0.55, 0.7, 0.85))
    form, fields = Form(Sheet(1, 120, 20, (line,)), {"no": ("编号",)}), Fields()
    fields.put("no", form.beside("no", str))
    assert fields["no"].box == (0.4, 0.0, 1.0, 1.0)
    assert form.labels("no")[0].part(0, 1).right == pytest.approx(24)


def test_two_lines_cut_from_one_keep_the_places_of_their_signs() -> None:
    line = Line("甲乙丙丁", 0.99, ((0, 0), (100, 0), (100, 20), (0, 20)), (), (0.0, 0.4, 0.6, 0.8))
    second_half = line.cut(2, 4)
    assert second_half.corners == ((60.0, 0.0), (100.0, 0.0), (100.0, 20.0), (60.0, 20.0))
    assert second_half.places == pytest.approx((0.0, 0.5))


@pytest.mark.ocr
def test_where_each_sign_was_seen_is_where_it_is_printed() -> None:
    try:
        font = ImageFont.truetype(str(font_file()), 40)
    except FontMissing as error:
        pytest.skip(str(error))
    image = Image.new("RGB", (560, 80), "white")
    draw = ImageDraw.Draw(image)
    label, number = "发票代码", "151012320772"
    draw.text((20, 16), label + number, font=font, fill="black")
    begins = 20 + draw.textlength(label, font=font)
    ends = begins + draw.textlength(number, font=font)
    corners: Corners = ((10.0, 8.0), (ends + 10, 8.0), (ends + 10, 70.0), (10.0, 70.0))
    line = engine().read_at(np.asarray(image, dtype=np.uint8), corners)
    assert line.text == label + number
    first, last = line.stretch(len(label), len(line.text))
    left, right = (10 + share * ends for share in (first, last))
    figure = (ends - begins) / len(number)
    assert abs(left - begins) < figure / 2
    assert abs(right - ends) < figure


@pytest.mark.parametrize(
    ("name", "value", "proven"),
    [
        ("use_character", "非营运", True), ("use_character", "营运", False), ("ethnicity", "土家", True),
        ("ethnicity", "土", False), ("sex", "男", True),
    ],
)  # fmt: skip
def test_a_list_proves_no_word_that_may_be_what_is_left_of_another(name: str, value: str, *, proven: bool) -> None:
    fields = Fields()
    fields[name] = Field(value, 0.97, 1, None, text=value, proofs=("reread",))
    fields.from_list(name)
    assert ("list" in fields[name].proofs) is proven
