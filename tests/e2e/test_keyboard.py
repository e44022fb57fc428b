"""The keyboard and the frame: palette, shortcuts, theme, phone menu."""

import re

from playwright.sync_api import expect

from .browser import PHONE
from .conftest import NewVisitor
from .site import Site


def test_ctrl_k_finds_a_page_and_opens_it(visitor: NewVisitor, site: Site) -> None:
    who = visitor()
    who.open("/home/")
    who.page.keyboard.press("Control+k")
    palette = who.page.locator("#palette")
    expect(palette).to_be_visible()
    assert who.axe() == []
    who.page.keyboard.type("角色")
    expect(palette.locator(".hit[aria-selected=true]")).to_contain_text("角色与权限")
    who.page.keyboard.press("Enter")
    expect(who.page).to_have_url(site.at("/roles/"))


def test_one_escape_closes_the_palette_and_gives_the_focus_back(visitor: NewVisitor) -> None:
    who = visitor()
    who.open("/home/")
    opener = who.page.locator("[data-palette]")
    opener.click()
    who.page.keyboard.type("x")
    who.page.keyboard.press("Escape")
    expect(who.page.locator("#palette")).to_be_hidden()
    expect(opener).to_be_focused()


def test_j_k_and_enter_walk_a_list(visitor: NewVisitor) -> None:
    who = visitor()
    who.open("/people/")
    rows = who.page.locator("tr[data-href]")
    who.page.keyboard.press("j")
    who.page.keyboard.press("j")
    expect(rows.nth(1)).to_have_class(re.compile("at"))
    who.page.keyboard.press("k")
    expect(rows.nth(0)).to_have_class(re.compile("at"))
    target = rows.nth(0).get_attribute("data-href")
    who.page.keyboard.press("Enter")
    expect(who.page).to_have_url(re.compile(f"{target}$"))


def test_slash_goes_to_the_filter_and_keys_there_are_letters(visitor: NewVisitor) -> None:
    who = visitor()
    who.open("/people/")
    who.page.keyboard.press("/")
    filter_box = who.page.locator("[data-filter]")
    expect(filter_box).to_be_focused()
    who.page.keyboard.type("jk?")
    expect(filter_box).to_have_value("jk?")
    expect(who.page.locator("tr.at")).to_have_count(0)
    expect(who.page.locator("#keys")).to_be_hidden()


def test_g_and_a_letter_go_to_a_place(visitor: NewVisitor, site: Site) -> None:
    who = visitor()
    who.open("/home/")
    who.page.keyboard.press("g")
    who.page.keyboard.press("u")
    expect(who.page).to_have_url(site.at("/people/"))


def test_the_help_lists_only_keys_of_this_page(visitor: NewVisitor) -> None:
    who = visitor()
    who.open("/profile/")
    who.page.keyboard.press("?")
    expect(who.page.locator("#keys")).to_be_visible()
    expect(who.page.locator("#keys [data-key='j']")).to_be_hidden()
    assert who.axe() == []
    who.open("/people/")
    who.page.keyboard.press("?")
    expect(who.page.locator("#keys [data-key='j']")).to_be_visible()


def test_single_keys_can_be_switched_off(visitor: NewVisitor) -> None:
    who = visitor("compliance")
    who.open("/profile/")
    who.page.locator("#id_shortcuts").uncheck()
    who.page.locator("form.card button[type=submit]").first.click()
    expect(who.page.locator("html")).to_have_attribute("data-keys", "off")
    who.open("/people/")
    who.page.keyboard.press("j")
    expect(who.page.locator("tr.at")).to_have_count(0)
    who.page.keyboard.press("Control+k")
    expect(who.page.locator("#palette")).to_be_visible()
    # The same person goes by keys in other tests.
    who.open("/profile/")
    who.page.locator("#id_shortcuts").check()
    who.page.locator("form.card button[type=submit]").first.click()
    expect(who.page.locator("html")).not_to_have_attribute("data-keys", "off")


def test_the_theme_is_switched_and_stays(visitor: NewVisitor) -> None:
    who = visitor()
    who.open("/home/")
    html = who.page.locator("html")
    who.page.get_by_role("button", name="外观").click()
    who.page.locator("[data-set-theme=dark]").click()
    expect(html).to_have_attribute("data-bs-theme", "dark")
    who.page.reload()
    expect(html).to_have_attribute("data-bs-theme", "dark")
    who.page.emulate_media(media="print")
    who.page.evaluate("() => window.dispatchEvent(new Event('beforeprint'))")
    expect(html).to_have_attribute("data-bs-theme", "light")


def test_the_menu_of_a_phone_opens_and_leads_on(visitor: NewVisitor, site: Site) -> None:
    who = visitor(viewport=PHONE)
    who.open("/home/")
    people = who.page.locator("#side-nav a[href$='/people/']")
    expect(people).to_be_hidden()
    who.page.locator("[data-nav-toggle]").click()
    who.page.locator("[data-nav-group=organisation] > summary").click()
    expect(people).to_be_visible()
    assert who.axe() == []
    assert who.overflow() == []
    people.click()
    expect(who.page).to_have_url(site.at("/people/"))


def test_the_first_tab_skips_to_the_content(visitor: NewVisitor) -> None:
    who = visitor()
    who.open("/home/")
    who.page.keyboard.press("Tab")
    expect(who.page.locator(".skip")).to_be_focused()
    who.page.keyboard.press("Enter")
    expect(who.page.locator("#main")).to_be_focused()
