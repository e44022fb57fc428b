"""A file of the core system on its way into the book, in the browser: chosen, sent, checked, booked."""

import re

from playwright.sync_api import FilePayload, expect

from tests.loans.book import HEADER, core_row, csv_bytes

from .browser import DESK, PHONE
from .conftest import NewVisitor

BATCH = re.compile("/loans/imports/[0-9a-f-]{36}/$")


def ledger() -> FilePayload:
    rows = [core_row(serial) for serial in range(71, 75)]
    rows[1][HEADER.index("期数")] = "x" * 90
    return {"name": "台账.csv", "mimeType": "text/csv", "buffer": csv_bytes([HEADER, *rows])}


def test_a_file_goes_from_the_desk_into_the_book(visitor: NewVisitor) -> None:
    officer = visitor("officer")
    page = officer.page
    officer.open("/loans/imports/new/")
    page.locator("main input[type=file]").set_input_files([ledger()])
    expect(page.locator("[data-chosen]")).to_contain_text("台账.csv · ")
    page.locator("main form button[type=submit]").click()
    # The answer takes the place of the page: its address and its title too.
    expect(page).to_have_url(BATCH)
    expect(page).to_have_title(re.compile("^导入"))
    assert officer.axe() == []
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    assert officer.overflow() == []
    page.set_viewport_size(DESK)  # type: ignore[arg-type]

    # Back leads to the form that the file was sent from, not to its contents under another address.
    page.go_back()
    expect(page.locator("main input[type=file]")).to_be_attached()
    page.go_forward()
    page.get_by_role("button", name="逐行预检").click()
    book = page.get_by_role("button", name="确认入账")
    expect(book).to_be_visible(timeout=60_000)
    expect(page.locator("main")).to_contain_text("不是整数")
    expect(page.locator(".headline")).to_contain_text("将新增")
    for theme in ("light", "dark"):
        officer.wear(theme)
        assert officer.axe() == []
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    assert officer.overflow() == []
    told = page.locator("#told-rows .table-wrap")
    expect(told.locator(".cell")).to_have_text("x" * 59 + "…")
    assert told.evaluate("each => each.scrollWidth - each.clientWidth") <= 0
    page.set_viewport_size(DESK)  # type: ignore[arg-type]
    book.click()
    expect(page.locator("main .st-green", has_text="一致")).to_be_visible(timeout=60_000)
    expect(page.locator("[data-print]")).to_be_visible()
    expect(page.locator(".headline")).to_contain_text("已新增")

    # What became of each row, and from there to the loan and back.
    page.get_by_role("link", name="逐行导入结果").click()
    expect(page.locator("tbody tr")).to_have_count(4)
    for theme in ("light", "dark"):
        officer.wear(theme)
        assert officer.axe() == []
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    assert officer.overflow() == []
    page.set_viewport_size(DESK)  # type: ignore[arg-type]
    page.locator("tbody a").first.click()
    expect(page.locator("#facts-head")).to_be_visible()
    page.get_by_role("link", name=re.compile("^导入 .* 第 2 行")).click()
    expect(page.locator("tbody tr")).to_have_count(1)


def test_a_wrong_file_is_refused_at_its_field_and_the_page_stays(visitor: NewVisitor) -> None:
    officer = visitor("officer")
    page = officer.page
    officer.open("/loans/imports/new/")
    officer.expected_status.add(422)
    wrong: FilePayload = {"name": "照片.png", "mimeType": "image/png", "buffer": b"\x89PNG" + bytes(900)}
    page.locator("main input[type=file]").set_input_files([wrong])
    page.locator("main form button[type=submit]").click()
    expect(page.locator(".errors")).to_be_focused()
    expect(page.locator(".field-error")).to_be_visible()
    assert officer.axe() == []
