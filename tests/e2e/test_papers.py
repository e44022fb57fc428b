"""A paper all the way, in the browser: dropped, read by the worker, checked with its picture, filed, found again."""

import re
from pathlib import Path
from typing import Any

from playwright.sync_api import expect

from carloan.demonstration import papers
from tests.archives.specimens import deal, drawn

from .conftest import NewVisitor

# The worker loads its models for the first paper.
PATIENCE = 60_000


def test_a_dropped_paper_is_read_and_filed_by_the_machine(visitor: NewVisitor, tmp_path: Path) -> None:
    one = deal()
    _, data = drawn(papers.id_card_front(one.buyer))
    file = tmp_path / "身份证.png"
    file.write_bytes(data)
    officer = visitor("officer")
    officer.open("/loans/{paper_loan}/?tab=papers")
    page = officer.page
    page.locator("form[data-upload] input[type=file]").set_input_files(file)
    line = page.locator(".uploads > li").first
    expect(line).to_contain_text("身份证.png")
    expect(line).to_contain_text("已归档：身份证（人像面）", timeout=PATIENCE)
    expect(line.locator(".loan")).to_have_text("E2E-PAPERS")
    filed = page.locator("#papers tbody tr", has_text="身份证（人像面）").filter(has_text="已归档")
    expect(filed).not_to_have_count(0)
    line.locator(".name a").click()
    expect(page.locator("svg rect.box").first).to_be_visible()


def test_a_refused_file_says_why(visitor: NewVisitor, tmp_path: Path) -> None:
    file = tmp_path / "合同.jpg"
    file.write_bytes(b"no picture")
    officer = visitor("officer")
    officer.expected_status.add(422)
    officer.open("/archives/")
    officer.page.locator("form[data-upload] input[type=file]").set_input_files(file)
    expect(officer.page.locator(".uploads > li .why")).to_contain_text("请上传照片、扫描件、PDF 或 OFD")


def test_a_faulty_paper_is_corrected_by_keyboard_and_filed(visitor: NewVisitor) -> None:
    officer = visitor("officer")
    officer.open("/archives/papers/{paper}/")
    page = officer.page
    expect(page.locator("main")).to_contain_text("出生日期与身份证号码不符")
    expect(page.locator("#f_birth")).to_be_focused()
    page.keyboard.type(deal().buyer.birth.isoformat())
    page.keyboard.press("Enter")
    expect(page.locator("#f_number")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("button[name=file]")).to_be_focused()
    page.wait_for_timeout(400)
    page.keyboard.press("Enter")
    expect(page.locator("[data-filed]")).to_contain_text("已归档")
    expect(page.locator("[data-filed]")).to_contain_text("E2E-PAPERS")
    officer.open("/archives/papers/{paper}/")
    expect(page.locator(".page-head .st-green")).to_have_text("已归档")
    expect(page.locator("main")).to_contain_text("人工录入")


def test_papers_are_found_by_words_on_them(visitor: NewVisitor) -> None:
    officer = visitor("officer")
    street: Any = re.search(r"[\u4e00-\u9fff]{2}(路|街)", deal().buyer.address)
    officer.open(f"/archives/?q={street[0] if street else deal().buyer.address[-6:]}")
    expect(officer.page.locator("#papers tbody tr").first).to_contain_text("身份证")
