"""The desk of whoever audits, by mouse and by keys: from a thing to who looked, to a kept view, to a file."""

import re

import pytest
from playwright.sync_api import expect

from .browser import sign_in
from .conftest import NewVisitor
from .site import Site


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_from_a_paper_to_who_looked_a_view_and_a_file(visitor: NewVisitor, site: Site, language: str) -> None:
    auditor = visitor("", language=language)
    sign_in(auditor, site.users["compliance"])
    auditor.speak(language)
    page = auditor.page
    auditor.open("/archives/papers/{paper}/")
    page.get_by_role("link", name="谁看过" if language == "zh-hans" else "Who looked").click()
    expect(page.locator("#lookers-head")).to_be_visible()
    # Whoever asks looked at the paper to ask.
    expect(page.locator(".card:has(#lookers-head) tbody tr").first).to_contain_text("compliance 张")
    page.locator("body").press("j")
    expect(page.locator("tr.at")).to_have_count(1)
    page.locator("tr.at a").press("Enter")
    expect(page).to_have_url(re.compile(r"/compliance/trail/[0-9a-f-]{36}/$"))
    page.go_back()
    page.locator("#view-name").fill(f"谁看过 {language}")
    page.locator(".list-head form [type=submit]").last.click()
    expect(page.locator(".tabs [aria-current]", has_text=f"谁看过 {language}")).to_be_visible()
    assert auditor.axe() == []
    page.locator(".actions [data-bs-toggle=dropdown]").click()
    with page.expect_download() as download:
        page.locator(".actions .dropdown-menu a").first.click()
    assert download.value.suggested_filename.endswith(".zip")
