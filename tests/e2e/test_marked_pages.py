"""A leak as it happens: somebody takes a screenshot of a paper, and it is traced to that look."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from .conftest import NewVisitor
from .site import PASSWORD
from .test_phone import HAND

WORDS = {"zh-hans": "已找到此图像对应的查看记录", "en": "taken at a look that is on record"}


@pytest.mark.parametrize("language", WORDS)
def test_a_screenshot_of_the_viewer_is_traced(visitor: NewVisitor, tmp_path: Path, language: str) -> None:
    officer = visitor("officer", language=language, viewport={"width": 1280, "height": 900})
    officer.open("/archives/papers/{paper}/")
    officer.page.locator("[data-viewer-stage][data-ready]").wait_for()
    leak = tmp_path / "leak.png"
    officer.page.screenshot(path=leak)
    auditor = visitor("compliance", language=language)
    auditor.open("/archives/trace/")
    page = auditor.page
    page.locator("input[name=file]").set_input_files(leak)
    password = page.locator("#id_confirm_password")
    if password.count():
        password.fill(PASSWORD)
    page.locator("main form button[type=submit]").click()
    expect(page.locator("main .note-ok")).to_contain_text(WORDS[language], timeout=20_000)
    assert auditor.overflow() == []


@pytest.mark.parametrize("language", WORDS)
def test_a_marked_page_fits_a_phone(visitor: NewVisitor, language: str) -> None:
    officer = visitor("officer", language=language, **HAND)
    officer.open("/archives/papers/{paper}/")
    officer.page.locator("[data-viewer-stage][data-ready]").wait_for()
    assert officer.overflow() == []
    officer.open("/archives/papers/{paper}/original/")
    assert officer.overflow() == []
