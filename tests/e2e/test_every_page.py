"""What every page keeps: no barrier in either theme, no error in the console, nothing that sticks out on a phone."""

import os
from pathlib import Path

import pytest

from .browser import DESK, PHONE
from .conftest import NewVisitor
from .pages import PAGES, Page

# CARLOAN_SCREENSHOTS=/tmp/shots keeps a picture of every page in both themes, languages and widths.
SHOTS = os.environ.get("CARLOAN_SCREENSHOTS")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_it_has_no_barrier_no_error_and_every_icon(visitor: NewVisitor, page: Page, theme: str) -> None:
    who = visitor(page.role, theme=theme)
    who.open(page.path, status=page.status)
    _shoot(who, f"{page.name}-{theme}-desk")
    assert who.axe() == []
    assert who.missing_icons() == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_it_fits_a_phone_in_english(visitor: NewVisitor, page: Page) -> None:
    """English is about 40 % longer, so it is the harder fit."""
    who = visitor(page.role, viewport=PHONE, language="en")
    who.open(page.path, status=page.status)
    _shoot(who, f"{page.name}-light-phone-en")
    assert who.overflow() == []
    who.page.set_viewport_size(DESK)  # type: ignore[arg-type]
    assert who.overflow() == []


def _shoot(who: object, name: str) -> None:
    if SHOTS:
        Path(SHOTS).mkdir(parents=True, exist_ok=True)
        who.page.screenshot(path=f"{SHOTS}/{name}.png", full_page="phone" in name)  # type: ignore[attr-defined]
