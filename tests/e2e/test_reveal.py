"""A masked value is revealed with a reason, hides itself again, and the trail knows."""

import re

from playwright.sync_api import expect

from .browser import sign_in
from .conftest import NewVisitor
from .site import Site


def test_a_value_is_revealed_with_a_reason_and_hides_again(visitor: NewVisitor, site: Site) -> None:
    officer = visitor("")
    sign_in(officer, site.users["officer"])
    page = officer.page
    page.clock.install()
    officer.open("/loans/{loan}/")
    assert not re.search(r"\d{17}[\dX]", page.locator("main").inner_text())
    page.locator("a.copy[hx-get]").first.click()
    sheet = page.locator("#sheet")
    expect(sheet).to_be_visible()
    assert officer.axe() == []
    sheet.locator("select[name=reason_code]").select_option(index=1)
    sheet.locator("button[type=submit]").click()
    value = sheet.locator("[data-revealed]")
    expect(value).to_have_text(re.compile(r"^\d{17}[\dX]$"))
    expect(value).to_have_attribute("data-watched", "yes")
    clear = value.inner_text()
    page.clock.fast_forward(31_000)
    expect(sheet.locator(".masked")).to_contain_text("*")
    expect(sheet.get_by_role("status")).to_contain_text("重新隐藏")
    assert clear not in page.content()

    sheet.locator("[data-close-dialog]").click()
    page.locator("a.copy[hx-get]").first.click()
    sheet.locator("select[name=reason_code]").select_option(index=1)
    sheet.locator("button[type=submit]").click()
    expect(sheet.locator("[data-revealed]")).to_have_text(clear)
    sheet.locator("[data-hide-revealed]").press("Enter")
    expect(sheet.locator(".masked")).to_contain_text("*")
    expect(sheet.locator("[data-close-dialog]")).to_be_focused()

    auditor = visitor("compliance")
    auditor.open("/compliance/trail/?outcome=revealed")
    expect(auditor.page.locator("main tbody tr:not(.day)").first).to_contain_text("officer 张")
    assert clear not in auditor.page.content()
