"""Ways in: password, second step, passkey, the choice of the lender, and what a wrong password meets."""

import re

import pyotp
from playwright.sync_api import expect

from .browser import Visitor, sign_in
from .conftest import NewVisitor
from .seed import TWO_LENDERS
from .site import PASSWORD, Site


def test_a_person_of_one_lender_is_led_home(visitor: NewVisitor, site: Site) -> None:
    who = visitor("")
    sign_in(who, site.users["service"])
    expect(who.page).to_have_url(site.at("/home/"))
    expect(who.page.locator("h1")).to_have_text("工作台")


def test_a_person_of_two_lenders_chooses(visitor: NewVisitor, site: Site) -> None:
    who = visitor("")
    sign_in(who, f"{TWO_LENDERS}@{site.slug}")
    expect(who.page).to_have_url(f"{site.url}/lenders/")
    assert who.axe() == []
    choices = who.page.locator(".choose a")
    expect(choices).to_have_count(2)
    choices.filter(has=who.page.locator(f"xpath=self::a[@href='/t/{site.slug}/home/']")).click()
    expect(who.page).to_have_url(site.at("/home/"))


def test_a_lender_that_asks_for_a_second_step_stays_closed_without_one(visitor: NewVisitor, site: Site) -> None:
    who = visitor("")
    sign_in(who, f"{TWO_LENDERS}@{site.slug}")
    who.page.goto(f"{site.url}/t/{site.slug}-two/home/")
    expect(who.page).to_have_url(re.compile(r"/accounts/2fa/\?required=1"))
    expect(who.page.locator("[role=alert]")).to_contain_text("两步验证")
    who.open("/home/")


def test_a_wrong_password_says_so_and_after_five_the_name_is_locked(visitor: NewVisitor, site: Site) -> None:
    who = visitor("", language="en")
    who.expected_status = {429}
    for _attempt in range(5):
        who.open("//accounts/login/")
        who.page.locator("#id_login").fill(f"clumsy@{site.slug}")
        who.page.locator("#id_password").fill("wrong")
        who.page.locator("#id_password").press("Enter")
        who.page.wait_for_load_state()
    expect(who.page.locator("[data-message]")).to_contain_text("Wait 15 minutes")
    who.open("//accounts/login/")
    who.page.locator("#id_login").fill(f"clumsy@{site.slug}")
    who.page.locator("#id_password").fill(PASSWORD)
    who.page.locator("#id_password").press("Enter")
    expect(who.page.locator("[data-message]")).to_contain_text("Wait 15 minutes")


def test_an_authenticator_app_is_set_up_and_asked_for(visitor: NewVisitor, site: Site) -> None:
    who = visitor("")
    name = f"careful@{site.slug}"
    elsewhere = visitor("")
    sign_in(elsewhere, name)
    sign_in(who, name)
    who.open("/accounts/2fa/totp/activate/")
    who.page.locator("#id_password").fill(PASSWORD)
    who.page.locator("main button[type=submit]").click()
    assert who.axe() == []
    secret = who.page.locator("#secret").inner_text()
    who.page.locator("#id_code").fill(pyotp.TOTP(secret).now())
    who.page.locator("main button[type=submit]").click()
    codes = who.page.locator(".codes li").all_inner_texts()
    assert len(codes) == 10
    assert who.axe() == []
    for page in ("recovery-codes/", "recovery-codes/generate/", "totp/deactivate/", "reauthenticate/", ""):
        who.open(f"/accounts/2fa/{page}")
        _whole(who)
    file = who.context.request.get(site.at("/accounts/2fa/recovery-codes/download/"))
    assert codes[0] in file.text()
    # It began without a second step.
    elsewhere.page.goto(site.at("/home/"))
    expect(elsewhere.page.locator("main")).to_contain_text("密码或第二步验证")
    _sign_out(who)

    who.page.locator("#id_login").fill(name)
    who.page.locator("#id_password").fill(PASSWORD)
    who.page.locator("#id_password").press("Enter")
    expect(who.page).to_have_url(re.compile("/accounts/2fa/authenticate/"))
    assert who.axe() == []
    who.page.locator("#id_code").fill(codes[0])
    who.page.locator("#id_code").press("Enter")
    expect(who.page).to_have_url(site.at("/home/"))

    # Behind a file the browser would stay at the question who one is.
    who.open("/accounts/2fa/recovery-codes/download/")
    who.page.locator("#id_password").fill(PASSWORD)
    who.page.locator("main button[type=submit]").first.click()
    expect(who.page.locator(".codes li")).to_have_count(9)

    sign_in(elsewhere, name)
    elsewhere.page.locator("#id_code").fill(codes[1])
    elsewhere.page.locator("#id_code").press("Enter")
    expect(elsewhere.page).to_have_url(site.at("/home/"))
    who.open("/accounts/2fa/recovery-codes/generate/")
    who.page.locator("main form button[type=submit]").first.click()
    asks = who.page.locator(".note-warn", has_text="登录方式已变更")
    expect(asks).to_be_visible()
    _whole(who)
    asks.get_by_role("button", name="结束其他全部会话").click()
    expect(who.page.locator("main")).to_contain_text("登录设备")
    expect(asks).to_have_count(0)
    elsewhere.page.goto(site.at("/home/"))
    expect(elsewhere.page).to_have_url(re.compile("/accounts/login/"))


def test_a_passkey_opens_without_a_password(visitor: NewVisitor, site: Site) -> None:
    who = visitor("")
    devices = who.context.new_cdp_session(who.page)
    devices.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    sign_in(who, f"modern@{site.slug}")
    who.open("/accounts/2fa/webauthn/add/")
    who.page.locator("#id_password").fill(PASSWORD)
    who.page.locator("main button[type=submit]").click()
    expect(who.page.locator("#id_name")).to_have_value("通行密钥 1")  # not the name of a key of the lender
    who.page.locator("#id_name").fill("办公室笔记本")
    assert who.axe() == []
    who.page.locator("form[data-passkey] button[type=submit]").click()
    expect(who.page.locator(".codes li")).to_have_count(10)
    expect(who.page.locator(".note-ok").first).to_contain_text("已添加通行密钥")
    who.open("/accounts/2fa/webauthn/")
    expect(who.page.locator("main tbody")).to_contain_text("办公室笔记本")
    _whole(who)
    for words in ("重命名", "移除"):
        who.page.get_by_role("link", name=words).click()
        expect(who.page.locator("main form button[type=submit]")).to_be_visible()
        _whole(who)
        who.open("/accounts/2fa/webauthn/")
    who.open("/accounts/2fa/webauthn/reauthenticate/")
    _whole(who)
    _sign_out(who)

    who.page.locator("form[data-passkey] button[type=submit]").click()
    expect(who.page).to_have_url(site.at("/home/"))
    # It is taken away by itself as well: whoever removes it shows once more who they are, in the words of this house.
    who.open("/accounts/2fa/webauthn/")
    who.page.get_by_role("link", name="移除").click()
    who.page.get_by_role("link", name="使用通行密钥").click()
    who.page.locator("form[data-passkey] button[type=submit]").click()
    who.page.locator("main form button[type=submit]").click()
    expect(who.page.locator(".note-ok").first).to_contain_text("已移除通行密钥")


def test_one_of_my_other_sessions_is_ended_from_my_profile(visitor: NewVisitor, site: Site) -> None:
    lost, here = visitor(""), visitor("")
    sign_in(lost, f"wanderer@{site.slug}")
    sign_in(here, f"wanderer@{site.slug}")
    here.open("/profile/")
    ends = here.page.locator("form[action*='/sessions/'][action$='/end/'] button")
    while ends.count():
        ends.first.click()
        here.page.wait_for_load_state()
    lost.page.goto(site.at("/home/"))
    expect(lost.page).to_have_url(re.compile("/accounts/login/"))


def test_the_language_stays_with_the_person(visitor: NewVisitor, site: Site) -> None:
    who = visitor("service")
    who.open("/home/")
    who.page.get_by_role("button", name="语言").click()
    who.page.get_by_role("button", name="English").click()
    expect(who.page.locator("h1")).to_have_text("Workplace")
    expect(who.page.locator("html")).to_have_attribute("lang", "en")
    expect(who.page).to_have_url(site.at("/home/"))


def _whole(who: Visitor) -> None:
    assert who.axe() == []
    assert who.overflow() == []


def _sign_out(who: object) -> None:
    page = who.page  # type: ignore[attr-defined]
    page.locator(".dropdown .tool", has=page.locator(".label")).last.click()
    page.locator("form[action$='/accounts/logout/'] button").last.click()
    page.wait_for_url(re.compile("/accounts/login/"))
