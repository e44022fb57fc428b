"""The groups of the navigation: opened by hand, by key and by finger, remembered, and never in the way of a page."""

import re

import pytest
from playwright.sync_api import Locator, expect

from .browser import LAPTOP, PHONE, Visitor
from .conftest import NewVisitor
from .site import Site


def heading(who: Visitor, key: str) -> Locator:
    return who.page.locator(f"[data-nav-group={key}] > summary")


def line(who: Visitor, path: str) -> Locator:
    return who.page.locator(f"#side-nav a[href$='{path}']")


def test_a_group_that_was_opened_stays_open_until_it_is_closed(visitor: NewVisitor) -> None:
    who = visitor("compliance")
    who.open("/home/")
    holds = line(who, "/compliance/holds/")
    expect(holds).to_be_hidden()
    heading(who, "keeping").click()
    expect(holds).to_be_visible()
    who.open("/loans/")
    expect(holds).to_be_visible()
    heading(who, "keeping").click()
    who.open("/home/")
    expect(holds).to_be_hidden()


def test_keys_open_a_group_and_lead_into_it(visitor: NewVisitor, site: Site) -> None:
    who = visitor("compliance")
    who.open("/home/")
    heading(who, "keeping").focus()
    who.page.keyboard.press("Enter")
    expect(line(who, "/compliance/retention/")).to_be_visible()
    who.page.keyboard.press("Tab")
    expect(line(who, "/compliance/retention/")).to_be_focused()
    who.page.keyboard.press("Enter")
    expect(who.page).to_have_url(site.at("/compliance/retention/"))
    # The key of a line works in a closed group too.
    who.page.keyboard.press("g")
    who.page.keyboard.press("t")
    expect(who.page).to_have_url(site.at("/compliance/trail/"))


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_line_of_the_page_is_seen_with_everything_open(visitor: NewVisitor, theme: str, language: str) -> None:
    who = visitor("compliance", theme=theme, language=language, viewport=LAPTOP)
    who.open("/home/")
    for key in ("trail", "sight", "keeping", "persons", "control"):
        heading(who, key).click()
    assert who.axe() == []
    who.open("/reviews/")
    expect(who.page.locator("#side-nav [aria-current=page]")).to_be_in_viewport()
    cut = who.page.locator("#side-nav :is(a, summary)").evaluate_all(
        "all => all.filter(each => each.scrollWidth > each.clientWidth).map(each => each.textContent)"
    )
    assert cut == []


def test_the_narrow_navigation_keeps_its_groups(visitor: NewVisitor) -> None:
    who = visitor("compliance", viewport=LAPTOP)
    who.open("/compliance/holds/")
    who.page.locator("[data-side-toggle]").click()
    expect(line(who, "/compliance/holds/")).to_be_visible()
    expect(line(who, "/compliance/risks/")).to_be_hidden()
    heading(who, "control").click()
    expect(line(who, "/compliance/risks/")).to_be_visible()
    assert who.axe() == []


def test_a_finger_opens_a_group_of_the_menu(visitor: NewVisitor, site: Site) -> None:
    who = visitor("compliance", viewport=PHONE, has_touch=True)
    who.open("/home/")
    who.page.locator("[data-nav-toggle]").tap()
    heading(who, "persons").tap()
    expect(line(who, "/compliance/requests/")).to_be_visible()
    assert who.axe() == []
    assert who.overflow() == []
    line(who, "/compliance/requests/").tap()
    expect(who.page).to_have_url(site.at("/compliance/requests/"))


def test_the_palette_finds_a_page_by_its_group(visitor: NewVisitor, site: Site) -> None:
    who = visitor("compliance")
    who.open("/home/")
    who.page.keyboard.press("Control+k")
    who.page.keyboard.type("保管与销毁")
    palette = who.page.locator("#palette")
    expect(palette.locator(".hit:visible")).to_have_text([re.compile("保管与销毁")] * 5)
    expect(palette.locator(".hit[aria-selected=true]")).to_contain_text("保管期限")
    who.page.keyboard.press("Enter")
    expect(who.page).to_have_url(site.at("/compliance/retention/"))
