"""The main ways on a phone: found, photographed, checked, looked at with fingers; and nothing too small for them."""

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from carloan.demonstration import papers
from tests.archives.specimens import deal, drawn

from .browser import PHONE, Visitor
from .conftest import NewVisitor

HAND: dict[str, Any] = {"viewport": PHONE, "has_touch": True, "is_mobile": True, "device_scale_factor": 2}
PATIENCE = 60_000
CARDS = "/archives/next/?kind=id_card_front&assigned=me"
# A link in a line of text is as tall as its line; a row that opens as a whole needs no link of its own.
# Headings of a table and the skip link are there for screen readers; boxes are pressed by their labels.
SMALL = """least => [...document.querySelectorAll('a[href], button, input, select, textarea, summary')]
    .filter(each => {
        const box = each.getBoundingClientRect();
        if (!box.width || !each.offsetParent || getComputedStyle(each).visibility === 'hidden') return false;
        if (each.closest('tr[data-href], p, dd, thead, .visually-hidden, .skip')) return false;
        return box.height < least && !each.matches('[type=hidden], [type=checkbox], [type=radio], [type=file]');
    })
    .map(each => `${each.tagName}.${each.className} ${each.textContent.trim().slice(0, 20)}`)"""


@pytest.mark.parametrize(
    ("role", "path"),
    [
        ("", "//accounts/login/"),
        ("officer", "/loans/"),
        ("officer", "/loans/{loan}/"),
        ("officer", "/loans/{loan}/pay/"),
        ("officer", "/loans/{paper_loan}/?tab=papers"),
        ("archivist", "/archives/papers/{pages}/"),
        ("admin", "/api-keys/"),
        ("compliance", "/compliance/trail/"),
    ],
)
def test_nothing_is_too_small_for_a_finger(visitor: NewVisitor, role: str, path: str) -> None:
    who = visitor(role, language="en", **HAND)
    who.open(path)
    assert who.page.evaluate(SMALL, 43.5) == []
    assert who.overflow() == []


def test_a_list_is_sorted_where_it_has_no_heads(visitor: NewVisitor) -> None:
    officer = visitor("officer", **HAND)
    page = officer.page
    officer.open("/loans/?state=application&opened_to=2099-12-31")
    order = page.locator("#sort-phone")
    expect(order).to_have_value("-opened")
    order.select_option(label="合同编号，升序")
    expect(order).to_have_value("number")
    expect(page).to_have_url(re.compile(r"\?state=application&opened_to=2099-12-31&sort=number$"))
    order.select_option(label="合同编号，降序")
    expect(order).to_have_value("-number")
    numbers = page.locator("main tbody tr a.mono").all_text_contents()
    assert numbers == sorted(numbers, reverse=True)
    assert len(numbers) > 1
    desk = visitor("officer")
    desk.open("/loans/")
    expect(desk.page.locator("#sort-phone")).to_be_hidden()


def test_a_loan_is_found_by_its_number_and_its_plan_fits(visitor: NewVisitor) -> None:
    officer = visitor("officer", **HAND)
    page = officer.page
    officer.open("/home/")
    page.locator("[data-palette]").first.tap()
    page.locator("#palette input").fill("HT-000007")
    page.locator("#palette .hit", has_text="HT-000007").tap()
    expect(page.locator("h1")).to_have_text("HT-000007")
    page.locator(".tabs a", has_text="还款计划").tap()
    expect(page.locator(".tabs a", has_text="还款计划")).to_have_attribute("aria-current", "page")
    wrap = page.locator("main .table-wrap").first
    assert wrap.evaluate("each => each.scrollWidth - each.clientWidth") <= 0


def test_a_paper_is_photographed_where_the_loan_is(visitor: NewVisitor, tmp_path: Path) -> None:
    _, data = drawn(papers.id_card_front(deal().buyer))
    photo = tmp_path / "IMG_0001.png"
    photo.write_bytes(data)
    officer = visitor("officer", **HAND)
    page = officer.page
    officer.open("/loans/{paper_loan}/?tab=papers")
    expect(page.locator("form[data-upload] button", has_text="拍照上传")).to_be_visible()
    expect(page.get_by_text("将文件拖到此处")).to_be_hidden()
    with page.expect_file_chooser() as chosen:
        page.locator("form[data-upload] button", has_text="拍照上传").tap()
    assert chosen.value.element.get_attribute("capture") == "environment"
    chosen.value.set_files(photo)
    line = page.locator(".uploads > li").first
    expect(line).to_contain_text("IMG_0001.png")
    expect(line).to_contain_text("身份证（人像面）", timeout=PATIENCE)
    assert officer.axe() == []


def test_a_paper_is_filed_and_taken_back_with_a_finger(visitor: NewVisitor) -> None:
    archivist = visitor("archivist", **HAND)
    page = archivist.page
    archivist.open(CARDS)
    desk = page.locator("[data-desk]")
    first = desk.get_attribute("data-paper") or "-"
    page.locator("[data-desk][data-seen]").wait_for()
    page.locator("[data-desk-done]").tap()
    expect(page.locator("[data-filed]")).to_contain_text("已归档")
    expect(desk).not_to_have_attribute("data-paper", first)
    assert archivist.overflow() == []
    page.locator("[data-filed] button").first.tap()
    expect(desk).to_have_attribute("data-paper", first)


def test_two_fingers_enlarge_a_page_and_one_moves_it(visitor: NewVisitor) -> None:
    archivist = visitor("archivist", **HAND)
    page = archivist.page
    archivist.open("/archives/papers/{pages}/")
    page.locator("[data-viewer-stage][data-ready]").first.wait_for()
    touch = _Fingers(archivist)
    before = touch.sheet()
    touch.move([(-20, 0), (20, 0)], [(-80, 0), (80, 0)])
    near = touch.sheet()
    assert near["width"] > before["width"] * 2
    touch.move([(0, 0)], [(60, 0)])
    assert touch.sheet()["x"] == pytest.approx(near["x"] + 60, abs=6)
    # The page itself stays: neither enlarged nor scrolled sideways.
    assert page.evaluate("() => [visualViewport.scale, scrollX]") == [1, 0]


class _Fingers:
    """Fingers on the first stage of the viewer, placed from its middle."""

    def __init__(self, who: Visitor) -> None:
        self._page = who.page
        self._link = who.context.new_cdp_session(who.page)
        box = who.page.locator("[data-viewer-stage]").first.bounding_box()
        assert box is not None
        self._middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)

    def sheet(self) -> Any:
        box = self._page.locator("[data-viewer-stage] svg").first.bounding_box()
        assert box is not None
        return box

    def move(self, start: list[tuple[int, int]], end: list[tuple[int, int]], steps: int = 6) -> None:
        for step in range(steps + 1):
            self._send("touchMove" if step else "touchStart", [
                (x0 + (x1 - x0) * step / steps, y0 + (y1 - y0) * step / steps)
                for (x0, y0), (x1, y1) in zip(start, end, strict=True)
            ])  # fmt: skip
        self._send("touchEnd", [])

    def _send(self, kind: str, places: list[tuple[float, float]]) -> None:
        points = [
            {"x": self._middle[0] + x, "y": self._middle[1] + y, "id": number} for number, (x, y) in enumerate(places)
        ]
        self._link.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
