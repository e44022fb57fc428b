"""The whole way of one paper, as a new user would go it: in, recognised, corrected, filed, found, told by the trail."""

import io
import re
from datetime import date

from django.utils import translation
from playwright.sync_api import FilePayload, expect

from carloan.core.acts import act_label
from carloan.demonstration.specimens import render
from carloan.demonstration.specimens.facts import IdCardFront
from tests.loans.book import id_number

from .browser import DESK, PHONE, sign_in
from .conftest import NewVisitor
from .site import Site

LOAN = "HT-000007"
# Somebody of no loan, so that a person must decide.
NUMBER = id_number(4711)


def specimen() -> bytes:
    facts = IdCardFront(
        name="欧阳明月",
        sex="女",
        ethnicity="汉",
        birth=date(1990, 1, 1),
        address="江苏省南京市玄武区中山路8号",
        number=NUMBER,
    )
    buffer = io.BytesIO()
    render(facts).image.save(buffer, "PNG")
    return buffer.getvalue()


def test_a_paper_goes_all_the_way(visitor: NewVisitor, site: Site) -> None:
    officer = visitor("")
    sign_in(officer, site.users["officer"])
    page = officer.page
    page.locator("#side-nav a[href$='/archives/']").click()
    paper: FilePayload = {"name": "身份证.png", "mimeType": "image/png", "buffer": specimen()}
    page.locator("input[type=file]").set_input_files([paper])
    # Stored and visible at once; the worker reads it afterwards.
    line = page.locator(".uploads li")
    expect(line.locator("a")).to_be_visible()
    expect(line.locator(".st-orange")).to_be_visible(timeout=90_000)
    assert officer.axe() == []
    line.locator("a").click()

    expect(page.locator("[data-viewer-stage] img")).to_have_count(1)
    expect(page.locator(".box")).not_to_have_count(0)
    assert officer.axe() == []
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    assert officer.overflow() == []
    page.set_viewport_size(DESK)  # type: ignore[arg-type]
    page.locator("#f_name").fill("欧阳明珠")
    page.locator("#id_loan").fill(LOAN)
    if page.locator("#id_reason").count():
        page.locator("#id_reason").fill("客户补件，已当面核对")
    page.locator("[data-desk-done]").click()
    expect(page.locator(".note-ok")).to_be_visible()

    page.keyboard.press("Control+k")
    page.keyboard.type(NUMBER)
    hit = page.locator("#palette .hit[aria-selected=true]")
    expect(hit).to_contain_text("身份证")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/archives/papers/"))

    auditor = visitor("compliance")
    auditor.open("/compliance/trail/")
    rows = auditor.page.locator("main tbody tr", has_text="officer 张")
    with translation.override("zh-hans"):
        for action in ("archives.paper.received", "archives.paper.corrected", "archives.paper.filed"):
            expect(rows.filter(has_text=act_label(action))).not_to_have_count(0)
