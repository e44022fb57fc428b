"""Marked pages as people see them: in both languages, also where there is little room."""

import pytest

from .conftest import NewVisitor
from .test_phone import HAND


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_marked_page_fits_a_phone(visitor: NewVisitor, language: str) -> None:
    officer = visitor("officer", language=language, **HAND)
    officer.open("/archives/papers/{paper}/")
    officer.page.locator("[data-viewer-stage][data-ready]").wait_for()
    assert officer.overflow() == []
    officer.open("/archives/papers/{paper}/original/")
    assert officer.overflow() == []
