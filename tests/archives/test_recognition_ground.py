"""What lies over and beside a value: a letter that a seal covers, a stroke that is not of its ink."""

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image, ImageDraw

from carloan.archives.recognition import doubts, ground, ink, second
from carloan.archives.recognition.certainty import SURE, settle
from carloan.archives.recognition.engine import Pixels
from carloan.archives.recognition.extract import Field, Fields
from carloan.archives.recognition.extract.field import Part
from carloan.archives.recognition.sheet import Corners, Line, Sheet
from carloan.demonstration.specimens import FontMissing
from carloan.lib.fonts import font, font_file

SIZE, LEFT, TOP = 40, 200, 60
NAME = "信达消费金融有限公司"


@pytest.fixture(scope="module", autouse=True)
def _typeface() -> None:
    try:
        font_file()
    except FontMissing as error:
        pytest.skip(str(error))


def paper() -> tuple[Image.Image, ImageDraw.ImageDraw]:
    page = Image.new("RGB", (900, 160), (252, 252, 250))
    return page, ImageDraw.Draw(page)


def written(
    draw: ImageDraw.ImageDraw, text: str, left: int = LEFT, fill: tuple[int, int, int] = (25, 25, 28)
) -> Corners:
    """The text on the page, and the corners that a detector would give its line."""
    draw.text((left, TOP), text, font=font(SIZE), fill=fill)
    x0, y0, x1, y1 = draw.textbbox((left, TOP), text, font=font(SIZE))
    return (x0, y0 - 3), (x1, y0 - 3), (x1, y1 + 3), (x0, y1 + 3)


def read_as(name: str, text: str, corners: Corners, *others: Line) -> tuple[Fields, Sheet]:
    part = Part(text, corners, begins=True, ends=True)
    sheet = Sheet(1, 900, 160, (Line(text, 0.9995, corners), *others))
    fields = Fields()
    fields[name] = Field(text, 0.9995, 1, sheet.box(corners), text=text, proofs=("reread",), parts=(part,))
    return fields, sheet


def is_doubted(name: str, page: Image.Image, fields: Fields, sheet: Sheet) -> bool:
    ground.doubt_covered_ends(fields, sheet, np.asarray(page))
    settle(fields)
    return fields[name].confidence < SURE


def test_a_name_on_bare_paper_stays_sure() -> None:
    page, draw = paper()
    fields, sheet = read_as("lender_name", NAME, written(draw, NAME))
    assert not is_doubted("lender_name", page, fields, sheet)


@pytest.mark.parametrize("colour", [(196, 60, 60), (140, 140, 142)])
def test_a_name_whose_first_letter_lies_under_a_seal_waits_for_a_person(colour: tuple[int, int, int]) -> None:
    page, draw = paper()
    written(draw, "广", LEFT - SIZE, fill=(60, 55, 55))
    draw.line((LEFT - 34, 20, LEFT - 18, 140), fill=colour, width=7)
    fields, sheet = read_as("lender_name", NAME, written(draw, NAME))
    assert is_doubted("lender_name", page, fields, sheet)


def test_letters_of_a_seal_that_were_read_beside_a_name_are_no_neighbours_of_it() -> None:
    page, draw = paper()
    written(draw, "广", LEFT - SIZE)
    low: Corners = ((LEFT - 40, TOP + 26), (LEFT, TOP + 26), (LEFT, TOP + 66), (LEFT - 40, TOP + 66))
    fields, sheet = read_as("lender_name", NAME, written(draw, NAME), Line("达", 0.999, low))
    assert is_doubted("lender_name", page, fields, sheet)


def test_beside_a_value_a_label_that_was_read_a_rule_or_a_crease_is_nothing_strange() -> None:
    page, draw = paper()
    label = written(draw, "出租人", LEFT - 3 * SIZE - 6)
    draw.line((LEFT + 10 * SIZE + 18, 0, LEFT + 10 * SIZE + 18, 159), fill=(70, 70, 70), width=2)
    draw.line((0, TOP + 46, 899, TOP + 46), fill=(120, 120, 120), width=9)
    fields, sheet = read_as("lender_name", NAME, written(draw, NAME), Line("出租人", 0.999, label))
    assert not is_doubted("lender_name", page, fields, sheet)


def test_a_value_that_the_edge_of_the_picture_cuts_off_or_that_is_all_too_faint_waits_for_a_person() -> None:
    page, draw = paper()
    fields, sheet = read_as("lender_name", NAME, written(draw, NAME))
    assert is_doubted("lender_name", page.crop((0, 0, LEFT + 10 * SIZE + 4, 160)), fields, sheet)
    page, draw = paper()
    fields, sheet = read_as("lender_name", NAME, written(draw, NAME, fill=(225, 225, 226)))
    assert is_doubted("lender_name", page, fields, sheet)


def test_light_print_on_a_dark_ground_ends_on_bare_ground() -> None:
    page, draw = paper()
    fields, sheet = read_as("lender_name", NAME, written(draw, NAME))
    assert not is_doubted("lender_name", Image.fromarray(255 - np.asarray(page)), fields, sheet)


def test_a_cards_check_digit_says_nothing_of_its_length() -> None:
    """One in ten of what is left of a number has a check digit that is right."""
    number = "25880078333745287"
    page, draw = paper()
    draw.ellipse((LEFT - 34, 40, LEFT - 4, 130), fill=(206, 164, 138))
    fields, sheet = read_as("number", number, written(draw, number))
    fields.proven("number", by="check_digit")
    assert is_doubted("number", page, fields, sheet)
    fields = Fields()
    fields["number"] = Field(number, 0.9995, 1, None, text="25 8800 7833 3745 287", proofs=("check_digit",))
    doubts.doubt_shapes(fields, sheet)
    settle(fields)
    assert fields["number"].confidence < SURE


@pytest.mark.parametrize("covered", [False, True])
def test_a_label_whose_head_something_covers_may_be_another(*, covered: bool) -> None:
    """转移登记日期 without its first letters is 登记日期."""
    page, draw = paper()
    draw.text((60, TOP), "登记日期", font=font(SIZE), fill=(25, 25, 28))
    label: Corners = ((60, TOP), (220, TOP), (220, TOP + 46), (60, TOP + 46))
    fields, sheet = read_as(
        "register_date", "2024-05-06", written(draw, "2024-05-06", 300), Line("登记日期", 0.99, label)
    )
    fields["register_date"] = replace(fields["register_date"], heads=(label,))
    if covered:
        draw.ellipse((0, 30, 56, 150), fill=(206, 164, 138))
    assert is_doubted("register_date", page, fields, sheet) is covered


def test_what_a_check_proves_may_stand_beside_a_seal() -> None:
    page, draw = paper()
    draw.line((LEFT - 30, 20, LEFT - 14, 140), fill=(196, 60, 60), width=9)
    fields, sheet = read_as("uscc", "91110108MA01GXQN09", written(draw, "91110108MA01GXQN09"))
    fields.proven("uscc", by="check_digit")
    assert not is_doubted("uscc", page, fields, sheet)


@pytest.mark.parametrize("left", [LEFT - SIZE, LEFT + 4 * SIZE - 4])
@pytest.mark.parametrize("thumb", [True, False])
def test_a_thumb_over_a_name_or_beside_it_hides_letters_and_a_shadow_does_not(left: int, *, thumb: bool) -> None:
    page, draw = paper()
    fields, sheet = read_as("lender_name", NAME, written(draw, NAME))
    pixels = np.array(page)
    beneath = pixels[:, left : left + SIZE - 4]
    beneath[:] = (206, 164, 138) if thumb else beneath * 0.8
    assert is_doubted("lender_name", Image.fromarray(pixels), fields, sheet) is thumb


@pytest.mark.parametrize(("name", "value", "hidden"), [("use_character", "营运", "非"), ("colour", "白", "灰")])
def test_on_a_list_stands_also_what_is_left_of_another_word_of_it(name: str, value: str, hidden: str) -> None:
    for lies_over, doubted in (("", False), (hidden, True)):
        page, draw = paper()
        if lies_over:
            written(draw, lies_over, LEFT - SIZE)
            draw.line((LEFT - 34, 20, LEFT - 18, 140), fill=(196, 60, 60), width=7)
        fields, sheet = read_as(name, value, written(draw, value))
        fields.proven(name, by="list")
        assert is_doubted(name, page, fields, sheet) is doubted


@pytest.mark.parametrize(("seen", "doubted"), [("2024-1-1", True), ("2024-01-01", False), ("2024年1月1日", False)])
def test_a_day_that_may_go_on_ends_on_bare_paper(seen: str, *, doubted: bool) -> None:
    """Of 2024-1-15 whose last figure a thumb covers 2024-1-1 is left; a month of two figures has its two."""
    page, draw = paper()
    corners = written(draw, seen)
    draw.ellipse((corners[1][0] + 1, 40, corners[1][0] + 60, 140), fill=(150, 120, 100))
    fields, sheet = read_as("register_date", seen, corners)
    fields["register_date"] = replace(fields["register_date"], value="2024-01-01")
    assert is_doubted("register_date", page, fields, sheet) is doubted


@pytest.mark.parametrize(("below", "doubted"), [("", False), ("unread", True), ("read", False)])
def test_below_a_value_that_may_wrap_nothing_stands_that_nobody_read(below: str, *, doubted: bool) -> None:
    page, draw = paper()
    text = "河南省漯河市源汇区人民路7号"
    corners = written(draw, text)
    if below:
        draw.text((LEFT, TOP + 52), "三室", font=font(SIZE), fill=(25, 25, 28))
    place: Corners = ((LEFT, TOP + 54), (LEFT + 80, TOP + 54), (LEFT + 80, TOP + 92), (LEFT, TOP + 92))
    fields, sheet = read_as("address", text, corners, *([Line("三室", 0.99, place)] if below == "read" else []))
    assert is_doubted("address", page, fields, sheet) is doubted


def veiled(seen: str, meant: str) -> tuple[Pixels, Corners]:
    """Print in black over the grey of other signs: what a copy makes of a seal or a shadow."""
    page, draw = paper()
    written(draw, seen, fill=(165, 165, 165))
    corners = written(draw, meant)
    return np.asarray(page), corners


@pytest.mark.ocr
@pytest.mark.parametrize(("seen", "meant"), [("L15B8788111", "L15B8733111"), ("CDF186456", "CDF136456")])
def test_a_sign_that_its_ink_alone_does_not_show_is_a_doubt(seen: str, meant: str) -> None:
    pixels, corners = veiled(seen, meant)
    fields, _ = read_as("engine_no", seen, corners)
    second.confirm(fields, 1, pixels)
    # The same pixels read twice say the same wrong sign, and surely.
    assert fields["engine_no"].confidence >= second.DOUBT
    assert "reread_differs" in fields["engine_no"].proofs
    plain, corners = veiled(meant, meant)
    fields, _ = read_as("engine_no", meant, corners)
    second.confirm(fields, 1, plain)
    assert "reread_differs" not in fields["engine_no"].proofs


@pytest.mark.parametrize(("least", "sure"), [(0.97, True), (0.6, False)])
def test_a_sign_that_its_ink_alone_hardly_shows_makes_no_value_sure(least: float, *, sure: bool) -> None:
    fields, _ = read_as("lender_name", NAME, ((0, 0), (400, 0), (400, 40), (0, 40)))
    second._weigh_ink(fields, "lender_name", least, was_sure=True)
    settle(fields)
    assert (fields["lender_name"].confidence >= SURE) is sure


@pytest.mark.ocr
@pytest.mark.parametrize(("lost", "differs"), [("", False), ("融", True)])
def test_a_letter_that_was_passed_over_leaves_its_room(lost: str, *, differs: bool) -> None:
    page, draw = paper()
    corners = written(draw, NAME)
    if lost:
        left = LEFT + NAME.index(lost) * SIZE
        draw.rectangle((left, 0, left + SIZE, 159), fill=(252, 252, 250))
    fields, _ = read_as("lender_name", NAME.replace(lost, "") if lost else NAME, corners)
    second.confirm(fields, 1, np.asarray(page))
    assert ("reread_differs" in fields["lender_name"].proofs) is differs


@pytest.mark.ocr
@pytest.mark.parametrize(("lost", "differs"), [(None, False), (5, True)])
def test_a_figure_that_was_passed_over_leaves_its_room(lost: int | None, *, differs: bool) -> None:
    number = "2018630417"
    page, draw = paper()
    corners = written(draw, number)
    if lost is not None:
        first, last = (LEFT + draw.textlength(number[:at], font=font(SIZE)) for at in (lost, lost + 1))
        draw.rectangle((first, 0, last, 159), fill=(252, 252, 250))
    seen = number if lost is None else number[:lost] + number[lost + 1 :]
    fields, _ = read_as("policy_no", seen, corners)
    second.confirm(fields, 1, np.asarray(page))
    assert ("reread_differs" in fields["policy_no"].proofs) is differs


@pytest.mark.ocr
@pytest.mark.parametrize(("veil", "lifted"), [(False, True), (True, False)])
def test_what_is_nearly_sure_is_lifted_by_a_third_reading_of_clean_print_alone(*, veil: bool, lifted: bool) -> None:
    page, draw = paper()
    corners = written(draw, "马佳明")
    if veil:
        draw.line((LEFT, 40, LEFT + 3 * SIZE, 130), fill=(165, 165, 165), width=8)
        corners = written(draw, "马佳明")
    fields, _ = read_as("borrower_name", "马佳明", corners)
    fields["borrower_name"] = replace(fields["borrower_name"], confidence=0.995)
    second._look_at_ink(fields, "borrower_name", np.asarray(page))
    assert (fields["borrower_name"].confidence >= second.DOUBT) is lifted


@pytest.mark.ocr
@pytest.mark.parametrize(("veil", "proven"), [(False, True), (True, False)])
def test_a_second_engine_proves_letters_among_figures_on_clean_print_alone(*, veil: bool, proven: bool) -> None:
    if not second.is_installed():
        pytest.skip("tesseract is not installed")
    page, draw = paper()
    corners = written(draw, "CDF136456")
    if veil:
        draw.line((LEFT, 40, LEFT + 3 * SIZE, 130), fill=(190, 190, 190), width=8)
        written(draw, "CDF136456")
    fields, _ = read_as("engine_no", "CDF136456", corners)
    fields["engine_no"] = replace(fields["engine_no"], confidence=0.995)
    second._ask_another(fields, "engine_no", np.asarray(page))
    assert ("second_engine" in fields["engine_no"].proofs) is proven


def test_clean_print_is_not_murky_and_print_below_a_watermark_and_blur_is() -> None:
    page, draw = paper()
    box = (LEFT - 10, TOP - 5, LEFT + 10 * SIZE + 10, TOP + SIZE + 12)
    written(draw, NAME)
    assert not ink.is_murky(np.asarray(page.crop(box)))
    for step in range(0, 500, 24):
        draw.line((LEFT + step - 40, 160, LEFT + step, 0), fill=(150, 150, 152), width=6)
    written(draw, NAME)
    assert ink.is_murky(np.asarray(page.crop(box)))
    # Embossed on a dark card it has no darkest ink to be read by.
    assert not ink.is_murky(255 - np.asarray(page.crop(box)))


@pytest.mark.parametrize(("text", "doubted"), [("2024年1月1", True), ("2024年1月1日", False), ("2024-01-01", False)])
def test_a_day_without_its_last_sign_may_have_lost_a_figure_with_it(text: str, *, doubted: bool) -> None:
    fields = Fields()
    fields["issue_date"] = Field("2024-01-01", 0.9995, 1, None, text=text, proofs=("reread",))
    doubts.doubt_shapes(fields, Sheet(1, 900, 160, ()))
    settle(fields)
    assert (fields["issue_date"].confidence < SURE) is doubted


@pytest.mark.parametrize(
    ("value", "text"),
    [
        # One sign was left out behind a speck.
        ("61011319730716997", "61011319730716997.1"),
        # No taxpayer's number is that long.
        ("61011319730716997", "61011319730716997"),
    ],
)
def test_a_taxpayers_number_without_all_its_signs_is_a_doubt(value: str, text: str) -> None:
    fields = Fields()
    fields["buyer_id"] = Field(value, 0.9995, 1, None, text=text, proofs=("reread", "second_engine"))
    doubts.doubt_shapes(fields, Sheet(1, 900, 160, ()))
    settle(fields)
    assert fields["buyer_id"].confidence < SURE
