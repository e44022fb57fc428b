"""What is kept of compliance on paper: whole sheets without navigation; and its desks by the keyboard alone."""

import re

import pytest
from playwright.sync_api import expect

from .conftest import NewVisitor
from .test_paper_and_phone import printed

A4_UPRIGHT = 210 / 297
# Address, role, whether it stands upright, and words that must and must not be on the sheets.
SHEETS = {
    "the trail": ("/compliance/trail/", "compliance", False, "审计轨迹", "CSV（含清单）|网络地址"),
    "the register of destructions": ("/compliance/destruction/register/", "compliance", False, "销毁总册", "CSV|XLSX"),
    "a destruction": (
        "/compliance/destruction/{destruction}/",
        "officer",
        True,
        "销毁清册",
        "登记纸质原件销毁|提交意见",
    ),
    "an entry of the trail": (
        "/compliance/trail/{event}/",
        "compliance",
        True,
        "记录编号",
        "复制永久链接|查看变更内容",
    ),
    "a request": ("/compliance/requests/{delete_request}/", "compliance", True, "请求", "本人撤回请求"),
}


@pytest.mark.parametrize("name", SHEETS)
def test_a_document_of_compliance_is_printed_whole(visitor: NewVisitor, name: str) -> None:
    address, role, upright, words, buttons = SHEETS[name]
    who = visitor(role, theme="dark")
    who.open(address)
    expect(who.page.locator("[data-print]")).to_be_visible()
    folded = who.page.locator("main details:not(.no-print) > :not(summary)").all_inner_texts()
    sheets = printed(who.page.pdf(prefer_css_page_size=True))
    whole = "".join(text for _shape, text in sheets)
    for shape, _text in sheets:
        assert shape == pytest.approx(A4_UPRIGHT if upright else 1 / A4_UPRIGHT, abs=0.02)
    assert "打印人" in sheets[0][1]
    assert words in whole
    assert not re.search(buttons, whole)
    assert "工作台" not in whole, "no navigation"
    for text in folded:
        assert text.split()[0] in whole


def test_every_control_of_the_openings_is_reached_by_tab_and_seen_to_be(visitor: NewVisitor) -> None:
    who = visitor("compliance")
    who.open("/compliance/openings/")
    page = who.page
    wanted = page.locator("main :is(a[href], button, input:not([type=hidden]), select, textarea):visible").count()
    reached: set[str] = set()
    for _step in range(2 * wanted + 80):
        page.keyboard.press("Tab")
        place, mark = page.evaluate(
            """() => { const at = document.activeElement, style = getComputedStyle(at);
            const inside = at.closest('main') && at.id !== 'main';
            return [inside ? String([...document.querySelectorAll('main *')].indexOf(at)) : '',
                    style.outlineStyle + ' ' + style.boxShadow]; }"""
        )
        if place:
            reached.add(place)
            assert mark != "none none", "whoever comes by Tab sees where they are"
    assert len(reached) >= wanted


def test_the_trail_is_walked_without_a_mouse(visitor: NewVisitor) -> None:
    who = visitor("compliance")
    who.open("/compliance/trail/")
    page = who.page
    page.keyboard.press("/")
    expect(page.locator("[data-filter]")).to_be_focused()
    page.locator("main").focus()
    page.keyboard.press("j")
    expect(page.locator("tr.at")).to_have_count(1)
    target = page.locator("tr.at").get_attribute("data-href")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"{target}$"))
