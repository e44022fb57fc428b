"""Walks of those who keep the house: a key is rotated before witnesses, four eyes open what is masked, a role is tried
on, a duty is lent and given back. Each in both languages, to its end, as its people would go."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from .browser import PHONE, Visitor, sign_in
from .conftest import NewVisitor
from .site import PASSWORD, Site

LANGUAGES = pytest.mark.parametrize("language", ["zh-hans", "en"])
ROTATED = 60_000  # so long the rotation of this small lender may take, ms


def enter(visitor: NewVisitor, site: Site, role: str, language: str, **options: object) -> Visitor:
    """Somebody who has just signed in, in a language."""
    who = visitor("", language=language, **options)
    sign_in(who, site.users[role])
    who.speak(language)
    return who


def confirm(who: Visitor) -> None:
    """The page that asks once more who somebody is."""
    expect(who.page).to_have_url(re.compile("/accounts/reauthenticate/"))
    who.page.locator("#id_password").fill(PASSWORD)
    who.page.locator("main form[action*=reauthenticate] button[type=submit]").click()


@LANGUAGES
def test_a_key_is_rotated_before_witnesses_and_the_log_says_so(
    visitor: NewVisitor, site: Site, long_ago: Callable[[str], None], language: str
) -> None:
    admin = enter(visitor, site, "admin", language)
    long_ago(site.users["admin"])
    page = admin.page
    admin.open("/encryption/")
    page.locator("#id_witnesses").fill("周见证\n李见证")
    page.locator("#id_reason").fill(f"年度轮换 {language}")
    page.locator("main form[data-guard] button[type=submit]").click()
    confirm(admin)
    expect(page.locator("#id_witnesses")).to_have_value("周见证\n李见证")
    page.locator("main form[data-guard] button[type=submit]").click()
    begun = {"zh-hans": "密钥轮换已开始", "en": "The rotation has begun"}
    expect(page.locator(".note-ok")).to_contain_text(begun[language])
    assert admin.axe() == []
    # The page asks by itself and is loaded anew at the end, with the form for the next one.
    expect(page.locator("#rotation")).to_have_count(0, timeout=ROTATED)
    expect(page.locator("#id_witnesses")).to_be_visible(timeout=ROTATED)
    reader = enter(visitor, site, "compliance", language, viewport=PHONE, theme="dark")
    reader.open("/encryption/")
    logged = reader.page.locator("tr", has_text=f"年度轮换 {language}")
    expect(logged).to_contain_text("周见证, 李见证")
    expect(reader.page.locator("main form[data-guard]")).to_have_count(0)
    assert reader.overflow() == []
    logged.get_by_role("link").click()
    expect(reader.page).to_have_url(re.compile(r"/compliance/trail/[0-9a-f-]{36}/$"))


@LANGUAGES
def test_four_eyes_refuse_and_grant_and_who_asked_hears_it(
    visitor: NewVisitor, site: Site, long_ago: Callable[[str], None], language: str
) -> None:
    refused, granted = {"zh-hans": ("项被拒绝", "项已批准"), "en": ("refused", "to be opened in time")}[language]
    officer, other = enter(visitor, site, "officer", language), enter(visitor, site, "compliance", language)
    asks, decides = officer.page, other.page
    tile = asks.locator(".tile[href*='/compliance/openings/']")

    def ask() -> str:
        officer.open("/loans/?q=HT-000002")
        asks.locator(".actions [data-bs-toggle=dropdown]").first.click()
        asks.locator("a[href*='/loans/export/ask/']").click()
        asks.locator("#id_reason_code").select_option("legal")
        asks.locator("#id_reason").fill("法院调取")
        asks.locator("main form button[type=submit]").click()
        expect(asks).to_have_url(re.compile(r"/compliance/openings/[0-9a-f-]{36}/$"))
        assert officer.axe() == []
        return asks.url

    where = ask()
    # Who decides finds it from the home page, confirms who they are, and keeps the words that were typed.
    other.open("/home/")
    decides.locator(".tile[href$='/compliance/openings/']").click()
    decides.locator("tbody tr a").first.click()
    expect(decides).to_have_url(where)
    long_ago(site.users["compliance"])
    decides.locator("#id_note").fill("请缩小范围")
    decides.locator("button[value=refuse]").click()
    confirm(other)
    expect(decides.locator("#id_note")).to_have_value("请缩小范围")
    decides.locator("button[value=refuse]").click()
    expect(decides.locator(".note-ok")).to_be_visible()
    # Who asked hears it at home, and why.
    officer.open("/home/")
    expect(tile).to_contain_text(refused)
    officer.open("/compliance/openings/")
    asks.locator("tbody tr a").first.click()
    expect(asks.locator("main")).to_contain_text("请缩小范围")
    where = ask()
    decides.goto(where)
    decides.locator("button[value=approve]").click()
    expect(decides.locator(".note-ok")).to_be_visible()
    officer.open("/home/")
    expect(tile).to_contain_text(granted)
    asks.goto(where)
    with asks.expect_download() as download:
        asks.locator("form[data-takes] button").click()
    assert download.value.suggested_filename.startswith("loans-clear-")
    # The page says at once that it is used up.
    expect(asks.locator("form[data-takes]")).to_have_count(0)
    expect(asks.locator(".facts .st-green")).to_be_visible()
    assert officer.axe() == []
    assert officer.overflow() == []


@LANGUAGES
def test_a_difference_is_seen_before_it_counts_and_heads_stay_on_a_phone(
    visitor: NewVisitor, site: Site, language: str
) -> None:
    admin = enter(visitor, site, "admin", language, viewport=PHONE, theme="dark")
    page = admin.page
    admin.open("/roles/")
    assert admin.overflow() == []
    table = page.locator(".table-wrap.wide")
    table.evaluate("each => { each.scrollLeft = 300; each.scrollTop = 400 }")
    admin.settle()
    # The name of the right and the name of the role stay while the rest goes by.
    frame, right, role = (
        page.locator(where).first.evaluate("each => each.getBoundingClientRect().toJSON()")
        for where in (".table-wrap.wide", "tbody tr:not(.group) th[scope=row]", "thead th:nth-child(3)")
    )
    assert abs(right["left"] - frame["left"]) < 2
    assert role["bottom"] > 0
    assert right["width"] < frame["width"] / 2, "half of the phone is left for what the roles may"
    admin.open("/roles/?role=service&q=calendar")
    page.locator("select[name='service:calendar.manage']").select_option("all")
    page.locator("main form button[type=submit]").last.click()
    expect(page.locator("tbody .st-green")).to_be_visible()
    assert admin.axe() == []
    assert admin.overflow() == []
    page.locator("main .form-actions a.btn").click()
    expect(page).to_have_url(site.at("/roles/"))
    admin.open("/roles/?role=service&q=calendar")
    expect(page.locator("select[name='service:calendar.manage']")).to_have_value("")
    page.locator("form[action$='/roles/preview/'] button").click()
    expect(page.locator(".preview")).to_be_visible()
    assert admin.overflow() == []
    page.locator(".preview form button").click()
    expect(page.locator(".preview")).to_have_count(0)


@LANGUAGES
def test_a_duty_is_lent_seen_by_the_colleague_and_given_back(visitor: NewVisitor, site: Site, language: str) -> None:
    giver, taker = enter(visitor, site, "archivist", language), enter(visitor, site, "service", language)
    giver.open("/duties/")
    page = giver.page
    page.locator("#id_taker").select_option(label=page.locator("#id_taker option", has_text="service").inner_text())
    page.locator("input[name=roles]").first.check()
    page.locator("#id_ends_on").fill(page.locator("#id_begins_on").input_value())
    page.locator("#id_reason").fill(f"休假 {language}")
    page.locator("main form[data-guard] button[type=submit]").click()
    expect(page.locator(".note-ok")).to_be_visible()
    assert giver.axe() == []
    # The colleague hears it at home, has the rights, and gives them back.
    taker.open("/home/")
    taker.page.locator(".tile[href$='/duties/']").click()
    row = taker.page.locator("tbody tr", has_text=f"休假 {language}")
    taker.open("/archives/")
    taker.open("/duties/")
    assert taker.axe() == []
    row.get_by_role("button").click()
    expect(taker.page.locator(".note-ok")).to_be_visible()
    expect(row.get_by_role("button")).to_have_count(0)
    taker.open("/home/")
    expect(taker.page.locator(".tile[href$='/duties/']")).to_have_count(0)
    giver.open("/duties/")
    expect(page.locator("tbody tr", has_text=f"休假 {language}").get_by_role("button")).to_have_count(0)
