"""What every page keeps: no barrier in either theme, no error in the console, nothing that sticks out on a phone."""

import os
from pathlib import Path

import pytest

from .browser import LAPTOP, PHONE, Visitor
from .conftest import NewVisitor
from .pages import PAGES, Page

# CARLOAN_SCREENSHOTS=/tmp/shots keeps a picture of every page in both themes and on a phone.
SHOTS = os.environ.get("CARLOAN_SCREENSHOTS")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_it_is_open_to_everybody_whole_and_fits(visitor: NewVisitor, page: Page) -> None:
    who = visitor(page.role)
    who.open(page.path, status=page.status)
    _shoot(who, f"{page.name}-light")
    assert who.axe() == []
    assert who.missing_icons() == []
    assert who.overflow() == []
    who.wear("dark")
    _shoot(who, f"{page.name}-dark")
    assert who.axe() == []
    # English is about 40 % longer, so on a phone it is the harder fit.
    who.speak("en")
    who.page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    who.open(page.path, status=page.status)
    _shoot(who, f"{page.name}-phone")
    assert who.overflow() == []
    who.page.set_viewport_size(LAPTOP)  # type: ignore[arg-type]
    assert who.overflow() == []
    assert who.spilled() == []


def _shoot(who: Visitor, name: str) -> None:
    if SHOTS:
        Path(SHOTS).mkdir(parents=True, exist_ok=True)
        who.page.screenshot(path=f"{SHOTS}/{name}.png", full_page="phone" in name)
