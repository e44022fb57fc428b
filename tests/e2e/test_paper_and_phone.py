"""What leaves on paper and what fits a hand: whole sheets, whole steps, brief rows."""

import re

import pypdfium2
from playwright.sync_api import expect
from pypdfium2.raw import FPDF_PAGEOBJ_IMAGE

from tests.archives.specimens import deal

from .browser import PHONE
from .conftest import NewVisitor
from .site import Site


def printed(data: bytes) -> list[tuple[float, str]]:
    """Width by height and text of each sheet."""
    with pypdfium2.PdfDocument(data) as document:
        return [(page.get_width() / page.get_height(), page.get_textpage().get_text_range()) for page in document]


def test_a_loan_is_printed_upright_without_buttons(visitor: NewVisitor) -> None:
    officer = visitor("officer", theme="dark")
    officer.open("/loans/{loan}/")
    sheets = printed(officer.page.pdf(prefer_css_page_size=True))
    shape, text = sheets[0]
    assert shape < 1
    assert "打印人" in text
    assert "关键信息" in "".join(words for _, words in sheets)
    assert "修改" not in text


def test_a_paper_to_check_is_printed_with_its_whole_picture_and_values_as_text(visitor: NewVisitor) -> None:
    officer = visitor("officer", theme="dark")
    officer.open("/archives/papers/{paper}/")
    page = officer.page
    expect(page.locator("[data-viewer-stage]")).to_have_attribute("data-ready", "yes")
    # However near somebody looks at a corner of it.
    for _ in range(4):
        page.locator('[data-viewer-act="in"]').click()
    data = page.pdf(prefer_css_page_size=True)
    ((shape, text),) = printed(data)
    assert shape < 1
    for value in (deal().buyer.name, deal().buyer.id_number, "出生日期与身份证号码不符"):
        assert value in text.replace("\r\n", "")
    assert not re.search("确认并归档|恢复|保存|退回", text)
    with pypdfium2.PdfDocument(data) as document:
        width, height = document[0].get_size()
        pictures = [each.get_bounds() for each in document[0].get_objects() if each.type == FPDF_PAGEOBJ_IMAGE]
    assert len(pictures) == 1
    left, bottom, right, top = pictures[0]
    assert 0 < left < right < width
    assert 0 < bottom < top < height


def test_a_list_is_printed_lying_from_its_first_sheet_on(visitor: NewVisitor) -> None:
    officer = visitor("officer")
    officer.open("/loans/")
    shape, text = printed(officer.page.pdf(prefer_css_page_size=True))[0]
    assert shape > 1
    assert "HT-0000" in text


def test_every_step_of_a_loan_is_in_sight_on_a_phone(visitor: NewVisitor) -> None:
    officer = visitor("officer", viewport=PHONE, language="en")
    officer.open("/loans/{loan}/")
    edges: list[float] = officer.page.evaluate(
        "() => [...document.querySelectorAll('.stepper li')].map(step => step.getBoundingClientRect().right)"
    )
    assert len(edges) >= 4
    assert max(edges) <= PHONE["width"]


def test_a_row_of_the_list_is_brief_on_a_phone(visitor: NewVisitor) -> None:
    officer = visitor("officer", viewport=PHONE)
    officer.open("/loans/")
    page = officer.page
    expect(page.locator("main form.filters .filters-more")).to_be_visible()
    box = page.locator("main tbody tr").first.bounding_box()
    assert box is not None
    assert box["height"] < 100


def test_what_is_wrong_with_a_paper_stands_in_one_note(visitor: NewVisitor, site: Site) -> None:
    officer = visitor("officer")
    officer.open("/archives/papers/{paper}/")
    # What concerns one value stands beside it; what concerns the paper stands in one note.
    expect(officer.page.locator("main .note li, main .reasons li")).not_to_have_count(0)
    assert officer.page.locator("main .note ul").count() <= 1


def test_an_error_page_names_the_number_to_ask_with(visitor: NewVisitor) -> None:
    nobody = visitor("")
    nobody.open("//nothing/at/all/", status=404)
    number = nobody.page.locator(".fault .number .mono")
    expect(number).to_have_text(nobody.page.locator("[data-copy]").get_attribute("data-copy") or "-")
