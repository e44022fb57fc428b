"""Before a session ends for want of use its page asks; whoever typed meanwhile stays, and nothing typed is lost."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Response, expect

from .browser import Visitor, sign_in
from .conftest import NewVisitor
from .site import Site

UNTIL_IT_ASKS = "28:00"
JOINER = "#id_display_name"


@pytest.fixture
def typing(visitor: NewVisitor, site: Site) -> Visitor:
    """Somebody who has begun to fill in a form, in a session of their own and by a clock that can be moved."""
    who = visitor("")
    who.page.clock.install()
    sign_in(who, site.users["admin"])
    who.open("/people/new/")
    who.page.locator(JOINER).fill("新来的同事")
    return who


def seconds_left(who: Visitor) -> int:
    answer = who.context.request.get(f"{who.site.url}/session/", headers={"X-Unattended": "1"})
    return int(answer.json()["left"])


def says_somebody_is_there(answer: Response) -> bool:
    return answer.url.endswith("/session/") and answer.request.method == "POST"


def key_of(who: Visitor) -> str:
    return next(str(each["value"]) for each in who.context.cookies() if each["name"] == "sessionid")


def test_who_types_is_there_and_who_does_nothing_is_asked(typing: Visitor, unused: Callable[[str, int], None]) -> None:
    who, box = typing, typing.page.locator("#session-end")
    unused(key_of(who), 28 * 60)
    with who.page.expect_response(says_somebody_is_there):
        who.page.clock.fast_forward(UNTIL_IT_ASKS)
    expect(box).to_be_hidden()
    assert seconds_left(who) > 29 * 60

    unused(key_of(who), 28 * 60 + 30)
    who.page.clock.fast_forward(UNTIL_IT_ASKS)
    expect(box).to_be_visible()
    expect(box).to_contain_text("即将自动退出")
    expect(box.locator("[data-session-clock]")).to_have_text(re.compile(r"^1:[0-2]\d$"))
    expect(box.get_by_role("button", name="继续使用")).to_be_focused()
    assert who.axe() == []
    assert seconds_left(who) < 2 * 60, "asking is no use of it"
    with who.page.expect_response(says_somebody_is_there):
        who.page.keyboard.press("Escape")
    expect(box).to_be_hidden()
    assert seconds_left(who) > 29 * 60
    expect(who.page.locator(JOINER)).to_have_value("新来的同事")


def test_what_was_typed_is_covered_and_sent_after_signing_in_again(
    typing: Visitor, site: Site, unused: Callable[[str, int], None]
) -> None:
    who, box = typing, typing.page.locator("#session-end")
    who.expected_status = {401}
    unused(key_of(who), 31 * 60)
    who.page.clock.fast_forward(UNTIL_IT_ASKS)
    expect(box).to_contain_text("已退出登录")
    assert who.axe() == []
    cover = box.evaluate("box => getComputedStyle(box, '::backdrop').backgroundColor")
    assert re.fullmatch(r"rgb\(\d+, \d+, \d+\)", cover), "nobody reads on behind it"
    with who.page.expect_response("**/session/"):
        who.page.keyboard.press("Escape")
    expect(box).to_be_visible()

    with who.context.expect_page() as opened:
        box.get_by_role("link", name="在新页面登录").click()
    page = opened.value
    expect(page.locator("main")).to_contain_text("连续 30 分钟未操作")
    page.locator("#id_login").fill(site.users["admin"])
    page.locator("#id_password").fill("e2e-goldfish-84-harbour")
    page.locator("#id_password").press("Enter")
    expect(page).to_have_url(re.compile("/home/"))
    page.close()

    box.get_by_role("button", name="我已重新登录").click()
    expect(box).to_be_hidden()
    expect(who.page.locator(JOINER)).to_have_value("新来的同事")
    who.page.locator("#id_username").fill("newcomer")
    who.page.locator("#id_role").select_option(index=1)
    who.page.locator("main button[type=submit]").last.click()
    expect(who.page.locator("#password")).to_be_visible()


def test_a_page_without_typed_text_leads_to_sign_in_and_says_why(
    visitor: NewVisitor, site: Site, unused: Callable[[str, int], None]
) -> None:
    who = visitor("", language="en")
    who.page.clock.install()
    sign_in(who, site.users["admin"])
    who.open("/people/")
    who.expected_status = {401}
    unused(key_of(who), 31 * 60)
    who.page.clock.fast_forward(UNTIL_IT_ASKS)
    expect(who.page).to_have_url(re.compile("/accounts/login/"))
    expect(who.page.locator("main")).to_contain_text("You were signed out after 30 minutes without use.")
    assert who.axe() == []


def test_the_hours_of_a_sign_in_are_told_before_they_end(typing: Visitor, unused: Callable[..., None]) -> None:
    who, box = typing, typing.page.locator("#session-end")
    unused(key_of(who), 0, began=12 * 3600 - 90)
    who.page.reload()
    expect(box).to_contain_text("最长 12 小时")
    box.get_by_role("button", name="知道了").click()
    expect(box).to_be_hidden()
    assert seconds_left(who) < 2 * 60
