"""A joiner gets an account and a role, works, and leaves; the matrix changes after its difference was seen."""

import re

from playwright.sync_api import expect

from .browser import Visitor, sign_in
from .conftest import NewVisitor
from .site import PASSWORD, Site


def _choose_own(who: Visitor, first: str) -> None:
    """Whoever has a first password meets nothing but the page that replaces it."""
    expect(who.page).to_have_url(re.compile(r"/accounts/password/change/"))
    expect(who.page.locator(".note-warn")).to_be_visible()
    assert who.axe() == []
    # No other page opens, and what does not fit is told before it is taken.
    who.page.goto(who.site.at("/home/"))
    expect(who.page).to_have_url(re.compile(r"/accounts/password/change/"))
    who.page.locator("#id_oldpassword").fill(first)
    who.page.locator("#id_password1").fill("own-lantern-52-meadow")
    who.page.locator("#id_password2").fill("own-lantern-53-meadow")
    who.page.locator("main button[type=submit]").click()
    expect(who.page.locator(".errors")).to_be_focused()
    who.page.locator("#id_oldpassword").fill(first)
    for field in ("password1", "password2"):
        who.page.locator(f"#id_{field}").fill("own-lantern-52-meadow")
    who.page.locator("main button[type=submit]").click()


def _just_signed_in(visitor: NewVisitor, site: Site) -> Visitor:
    """An administrator who is not asked for the password again."""
    admin = visitor("")
    sign_in(admin, site.users["admin"])
    return admin


def test_a_joiner_enters_with_the_first_password_and_leaves(visitor: NewVisitor, site: Site) -> None:
    admin = _just_signed_in(visitor, site)
    admin.open("/people/new/")
    admin.page.locator("#id_display_name").fill("李新")
    admin.page.locator("#id_username").fill("li.xin")
    admin.page.locator("#id_role").select_option(label="客服")
    admin.page.locator("main form button[type=submit]").click()
    password = admin.page.locator("#password").inner_text()
    assert re.fullmatch(r"[a-z2-9]{4}(-[a-z2-9]{4}){3}", password)
    assert admin.axe() == []
    admin.expected_status.add(422)
    admin.page.reload()
    assert password not in admin.page.content()

    joiner = visitor("")
    sign_in(joiner, f"li.xin@{site.slug}", password)
    _choose_own(joiner, password)
    expect(joiner.page).to_have_url(site.at("/home/"))
    joiner.open("/people/", status=403)

    admin.open("/people/?q=li.xin")
    admin.page.locator("tbody a").click()
    assert admin.axe() == []
    admin.page.get_by_role("link", name="办理离职").click()
    assert admin.axe() == []
    admin.page.get_by_role("button", name="确认离职").click()
    expect(admin.page.locator(".note-ok")).to_contain_text("李新")
    joiner.expected_status.add(404)
    joiner.page.goto(site.at("/home/"))
    expect(joiner.page.locator("h1")).to_have_text("页面不存在")


def test_a_taken_sign_in_name_is_refused_where_it_was_typed(visitor: NewVisitor, site: Site) -> None:
    admin = _just_signed_in(visitor, site)
    admin.expected_status.add(422)
    admin.open("/people/new/")
    admin.page.locator("#id_display_name").fill("重名")
    admin.page.locator("#id_username").fill(site.users["officer"])
    admin.page.locator("#id_role").select_option(label="客服")
    admin.page.locator("main form button[type=submit]").click()
    expect(admin.page.locator(".errors")).to_be_focused()
    expect(admin.page.locator("#id_username_error")).to_contain_text("已被使用")
    expect(admin.page.locator("#id_display_name")).to_have_value("重名")
    assert admin.axe() == []
    admin.page.locator(".errors a").click()
    expect(admin.page.locator("#id_username")).to_be_focused()


def test_a_right_is_given_after_the_difference_was_seen(visitor: NewVisitor, site: Site) -> None:
    admin, clerk = _just_signed_in(visitor, site), visitor("service")
    clerk.open("/people/", status=403)
    admin.open("/roles/?role=service")
    admin.page.locator("select[name='service:people.view']").select_option("all")
    expect(admin.page.locator("[data-changes]")).to_have_text("1 项已修改")
    admin.page.get_by_role("button", name="查看变更").click()
    expect(admin.page.locator("h1")).to_have_text("1 项变更")
    assert admin.axe() == []
    clerk.open("/people/", status=403)
    admin.page.locator("#id_reason").fill("客服需查询通讯录")
    admin.page.locator("main form button[type=submit]").click()
    expect(admin.page).to_have_url(site.at("/roles/"))
    clerk.open("/people/")


def test_a_forgotten_password_is_renewed_and_the_old_one_is_dead(visitor: NewVisitor, site: Site) -> None:
    admin = _just_signed_in(visitor, site)
    admin.open("/people/?q=forgetful")
    admin.page.locator("tbody a").first.click()
    admin.page.get_by_role("button", name="重置密码").click()
    expect(admin.page.locator("#password")).to_have_text(re.compile("-"))
    again = visitor("")
    first = admin.page.locator("#password").inner_text()
    sign_in(again, f"forgetful@{site.slug}", first)
    _choose_own(again, first)
    expect(again.page).to_have_url(site.at("/home/"))
    wrong = visitor("")
    wrong.open("//accounts/login/")
    wrong.page.locator("#id_login").fill(f"forgetful@{site.slug}")
    wrong.page.locator("#id_password").fill(PASSWORD)
    wrong.page.locator("#id_password").press("Enter")
    expect(wrong.page.locator(".errors")).to_contain_text("登录名或密码错误")


def test_the_matrix_goes_by_keys_and_sends_what_was_changed(visitor: NewVisitor, site: Site) -> None:
    admin = _just_signed_in(visitor, site)
    admin.open("/roles/?role=officer&also=service&q=people.")
    first = admin.page.locator("select[name='officer:people.view']")
    first.focus()
    admin.page.keyboard.press("ArrowRight")
    expect(admin.page.locator("select[name='service:people.view']")).to_be_focused()
    admin.page.keyboard.press("Enter")
    expect(admin.page.locator("select[name='service:people.manage']")).to_be_focused()
    admin.page.keyboard.press("Shift+Enter")
    admin.page.keyboard.press("ArrowLeft")
    expect(first).to_be_focused()
    first.select_option("own")
    with admin.page.expect_request(lambda request: request.method == "POST") as sent:
        admin.page.get_by_role("button", name="查看变更").click()
    body = sent.value.post_data or ""
    assert "officer%3Apeople.view=own" in body
    assert "people.manage" not in body


def test_a_preview_is_marked_on_every_page_until_it_ends(visitor: NewVisitor, site: Site) -> None:
    admin = _just_signed_in(visitor, site)
    admin.open("/roles/?role=service")
    admin.page.get_by_role("button", name="开始预览").click()
    expect(admin.page.locator(".preview")).to_contain_text("客服")
    assert admin.axe() == []
    admin.open("/roles/new/", status=403)
    expect(admin.page.locator(".preview")).to_be_visible()
    admin.open("/home/")
    admin.page.get_by_role("button", name="结束预览").click()
    expect(admin.page).to_have_url(site.at("/roles/"))
    expect(admin.page.locator(".preview")).to_have_count(0)


def test_a_review_goes_by_keys(visitor: NewVisitor, site: Site) -> None:
    reader = visitor("compliance")
    reader.open("/reviews/")
    reader.page.locator("tbody a").first.click()
    count = reader.page.locator(".list-head .count")
    before = int((count.inner_text()).split()[0])
    reader.page.wait_for_load_state("load")  # keys work once the scripts are there
    reader.page.keyboard.press("y")
    expect(reader.page.locator(".note-ok")).to_contain_text("已保留 1 项权限")
    expect(count).to_have_text(f"{before - 1} 项权限")
