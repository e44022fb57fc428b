"""Acts that ask who does them: approvals by passkey, a look in its own dialog, an act at the lender's provider."""

import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connections
from playwright.sync_api import expect

from carloan.core.access import actor_of_person
from carloan.core.models import Tenant, User
from carloan.core.services.sign_on import sign_on_link, sign_on_set
from carloan.core.tenancy import tenant_atomic
from tests.core.providers.liar import real_provider

from .browser import Visitor, sign_in
from .conftest import NewVisitor
from .site import PASSWORD, Site

DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def give_device(who: Visitor) -> None:
    devices = who.context.new_cdp_session(who.page)
    devices.send("WebAuthn.enable")
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})


def add_passkey(who: Visitor) -> None:
    """From the page that adds one, after the password."""
    if who.page.locator("#id_password").count():
        who.page.locator("#id_password").fill(PASSWORD)
        who.page.locator("main button[type=submit]").click()
    who.page.locator("#id_name").fill("办公室笔记本")
    who.page.locator("form[data-passkey] button[type=submit]").click()
    expect(who.page.locator(".codes li")).to_have_count(10)


def test_an_approval_leads_to_the_first_passkey_and_back_to_what_was_chosen(visitor: NewVisitor, site: Site) -> None:
    who = visitor("")
    give_device(who)
    strict = f"{site.url}/t/{site.slug}-strict"
    sign_in(who, f"security_admin@{site.slug}-strict")
    page = who.page
    page.goto(f"{strict}/roles/?role=service")
    page.locator("select[name='service:people.view']").select_option("all")
    page.get_by_role("button", name="查看变更").click()
    note = page.locator("[role=alert]")
    expect(note).to_contain_text("通行密钥")
    assert who.axe() == []
    back = note.get_by_role("link", name="返回刚才的操作").get_attribute("href")
    page.locator("a[href$='/2fa/webauthn/add/']").first.click()
    add_passkey(who)
    page.goto(f"{site.url}{back}")
    expect(page.locator("h1")).to_contain_text("1 项变更")
    page.locator("#id_reason").fill("客服查看同事")
    page.get_by_role("button", name="保存").click()
    # The password, by which the passkey was added, is no passkey.
    expect(page).to_have_url(re.compile("/2fa/webauthn/reauthenticate/"))
    assert page.get_by_text("密码").count() == 0
    assert who.axe() == []
    page.locator("form[data-passkey] button[type=submit]").click()
    expect(page.locator("h1")).to_contain_text("1 项变更")
    expect(page.locator("#id_reason")).to_have_value("客服查看同事")
    page.get_by_role("button", name="保存").click()
    expect(page).to_have_url(f"{strict}/roles/")
    expect(page.get_by_text("已保存 1 项变更")).to_be_visible()


def test_a_look_is_confirmed_in_its_dialog(visitor: NewVisitor, site: Site, long_ago: Callable[[str], None]) -> None:
    who = visitor("")
    give_device(who)
    sign_in(who, site.users["release_officer"])
    who.open("/accounts/2fa/webauthn/add/")
    add_passkey(who)
    for by in ("password", "passkey"):
        long_ago(site.users["release_officer"])
        who.open("/loans/{loan}/")
        who.page.locator("a.copy[hx-get]").first.click()
        sheet = who.page.locator("#sheet")
        expect(sheet).to_be_visible()
        assert who.axe() == []
        sheet.locator("select[name=reason_code]").select_option("other")
        sheet.locator("[name=reason]").fill("核对还款人身份")
        if by == "password":
            who.expected_status.add(422)
            sheet.locator("input[name=password]").fill("not-this-one")
            sheet.locator("button[type=submit]").click()
            expect(sheet.locator(".field-error")).to_contain_text("密码错误")
            expect(sheet.locator("[name=reason]")).to_have_value("核对还款人身份")
            sheet.locator("input[name=password]").fill(PASSWORD)
            sheet.locator("button[type=submit]").click()
        else:
            sheet.locator("button[data-passkey-confirm]").click()
        expect(sheet.locator("[data-revealed]")).to_have_text(re.compile(r"^[^*]+$"))


@pytest.fixture
def provider(site: Site, settings: Any, django_db_blocker: Any) -> Iterator[str]:
    """A real provider of the strict lender, where its system administrator is linked."""
    slug = f"{site.slug}-strict"
    settings.SIGN_ON_HOSTS = ["127.0.0.1"]

    def set_up(issuer: str) -> None:
        with django_db_blocker.unblock():
            tenant = Tenant.objects.get(slug=slug)
            with tenant_atomic(tenant.id):
                security, system = (
                    actor_of_person(User.objects.get(username=f"{role}@{slug}"), tenant_id=tenant.id)
                    for role in ("security_admin", "system_admin")
                )
                assert security is not None
                assert system is not None
                sign_on_set(
                    actor=security, issuer=issuer, client_id="carloan", client_secret="a secret with : and +%",
                    is_active=True, passwords_closed=False, break_glass=None,
                )  # fmt: skip
                sign_on_link(actor=system, issuer=issuer, claims={"sub": "system"})
            connections.close_all()

    with real_provider(f"{site.url}/t/{slug}/accounts/sign-on/back/") as issuer:
        with ThreadPoolExecutor(1) as thread:
            thread.submit(set_up, issuer).result()
        yield issuer


def test_a_form_that_asks_who_acts_leads_to_the_provider_and_back(
    visitor: NewVisitor, site: Site, provider: str, long_ago: Callable[[str], None]
) -> None:
    """Browsers let no form lead to another host, not by redirects either."""
    who = visitor("")
    page, strict = who.page, f"{site.url}/t/{site.slug}-strict"

    # The provider's own page asks for letters from elsewhere.
    page.route("https://fonts.googleapis.com/**", lambda route: route.fulfill(content_type="text/css", body=""))

    def confirm_there() -> None:
        expect(page).to_have_url(re.compile(re.escape(provider)))
        page.locator("[name=login]").fill("system")
        page.locator("[name=password]").fill("any")
        page.locator("[type=submit]").click()
        if provider in page.url:
            page.locator("[type=submit]").click()

    page.goto(f"{strict}/accounts/sign-on/?next=/t/{site.slug}-strict/api-keys/")
    confirm_there()
    expect(page).to_have_url(f"{strict}/api-keys/")
    long_ago(f"system_admin@{site.slug}-strict")
    page.locator("#id_name").fill("核心系统")
    page.locator("#id_role").select_option(index=1)
    page.get_by_role("button", name="创建密钥").click()
    confirm_there()
    expect(page).to_have_url(f"{strict}/api-keys/")
    expect(page.locator("#id_name")).to_have_value("核心系统")
