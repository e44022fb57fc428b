"""Pages of the kernel by their answers: who may, what bad input meets, what errors say."""

import re
import time
from typing import Any

import pytest
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.urls import reverse
from django.utils import translation

from carloan.core import stepup
from carloan.core.answers import respond, server_error
from carloan.core.errors import AppError, Conflict, Forbidden
from carloan.core.models import AuditEvent, Membership, Role, RoleAssignment, RoleCapability, User
from carloan.core.services import sign_in
from tests.cast import Lender

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])


@pytest.fixture
def admin(client_of: Any, bank: Lender) -> Any:
    """Signed in long ago."""
    return client_of(bank, "admin")


@pytest.fixture
def confirmed(admin: Any) -> Any:
    """The administrator, who has just given the password."""
    return admin.confirmed()


def text(response: Any) -> str:
    return str(response.content.decode())


# Ways in --------------------------------------------------------------------------------------------------------------


def test_the_front_page_leads_to_sign_in_and_then_home(client: Client, admin: Any, bank: Lender) -> None:
    assert client.get("/").headers["Location"] == "/accounts/login/"
    assert admin.get("/").headers["Location"] == f"/t/{bank.tenant.slug}/home/"


def test_sign_up_and_mail_pages_of_the_library_do_not_exist(client: Client) -> None:
    for path in ("/accounts/signup/", "/accounts/email/", "/accounts/password/reset/", "/accounts/confirm-email/"):
        assert client.get(path).status_code == 404


def test_the_language_is_kept_in_cookie_and_with_the_person(admin: Any, bank: Lender) -> None:
    answer = admin.post("/language/", {"language": "en", "next": f"/t/{bank.tenant.slug}/people/"})
    assert answer.headers["Location"] == f"/t/{bank.tenant.slug}/people/"
    assert answer.cookies["django_language"].value == "en"
    assert User.objects.get(pk=bank.users["admin"].pk).language == "en"
    assert ">People<" in text(admin.get("/people/"))


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_the_language_switch_leads_nowhere_else(admin: Any, back: str) -> None:
    answer = admin.post("/language/", {"language": "xx", "next": back})
    assert "evil" not in answer.headers["Location"]
    assert "javascript" not in answer.headers["Location"]
    assert "django_language" not in answer.cookies


def test_a_session_of_somebody_else_cannot_be_ended(client_of: Any, bank: Lender, client: Client) -> None:
    client.force_login(bank.users["officer"], backend="django.contrib.auth.backends.ModelBackend")
    client.get("/profile/")
    session = UserSession.objects.get(user=bank.users["officer"])
    assert client_of(bank, "admin").post(f"/profile/sessions/{session.pk}/end/").status_code == 404
    assert UserSession.objects.filter(pk=session.pk).exists()


def test_every_account_page_has_its_template(admin: Any) -> None:
    """A page of the library whose template is not ours would bring its own markup, script and words."""
    admin.get("/profile/")
    for name in ("mfa_index", "mfa_list_webauthn", "account_logout", "usersessions_list"):
        page = admin.get(reverse(name))
        assert page.status_code == 200, name
        assert 'class="shell"' in text(page) or 'class="plain"' in text(page), name
        assert "style=" not in text(page), name


# People --------------------------------------------------------------------------------------------------------------


def test_readers_see_people_and_change_nothing(client_of: Any, bank: Lender) -> None:
    reader = client_of(bank, "compliance")
    person = bank.members["officer"]
    page = text(reader.get(f"/people/{person.id}/"))
    assert "张" in page
    assert "deactivate" not in page
    assert reader.post(f"/people/{person.id}/deactivate/").status_code == 403
    with bank.open():
        assert Membership.objects.get(id=person.id).is_active


def test_people_of_another_lender_are_not_there(stranger: Any, bank: Lender) -> None:
    assert stranger.get(f"/people/{bank.members['officer'].id}/").status_code == 404
    assert stranger.post(f"/people/{bank.members['officer'].id}/password/").status_code == 404


def test_a_joiner_whose_role_cannot_be_given_is_not_added_by_half(confirmed: Any, bank: Lender) -> None:
    with bank.open():
        role = Role.objects.get(key="service").id
    wrong = confirmed.post("/people/new/", {"display_name": "甲", "username": "jia ya", "role": role})
    assert wrong.status_code == 422
    answer = confirmed.post("/people/new/", {"display_name": "甲", "username": "jia", "role": role})
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    with bank.open():
        member = Membership.objects.get(user__username="jia@bank")
        assert [each.role_id for each in member.assignments.all()] == [role]
    password = re.search(r'id="password">([^<]+)<', text(answer))
    assert password is not None
    assert User.objects.get(username="jia@bank").check_password(password[1])


def test_the_whole_sign_in_name_is_told_before_and_after_it_is_made(confirmed: Any, bank: Lender) -> None:
    with bank.open():
        role = Role.objects.get(key="service").id
    form = {"display_name": "甲", "username": "jia", "role": role}
    assert "登录名即为 chen.li@bank" in text(confirmed.get("/people/new/"))
    made = text(confirmed.post("/people/new/", form))
    assert 'id="sign-in-name">jia@bank<' in made
    assert "登录时须输入完整登录名" in made
    again = confirmed.post("/people/new/", {**form, "display_name": "乙"})
    assert again.status_code == 422
    assert "登录名 jia@bank 已被使用" in text(again)
    assert "如 chen.li@huaxin" in text(Client().get(reverse("account_login")))


def test_a_role_that_the_person_has_there_is_refused_in_the_form(confirmed: Any, bank: Lender) -> None:
    person = bank.members["officer"]
    with bank.open():
        role = Role.objects.get(key="officer").id
    answer = confirmed.post(f"/people/{person.id}/assign/", {"role": role})
    assert answer.status_code == 422
    assert "该人员在此网点已有该角色" in text(answer)
    with bank.open():
        assert RoleAssignment.objects.filter(membership=person).count() == 1


def test_a_new_password_asks_first_who_asks(admin: Any, bank: Lender) -> None:
    person = bank.members["officer"]
    answer = admin.post(f"/people/{person.id}/password/")
    assert answer.status_code == 302
    assert "/accounts/reauthenticate/?next=" in answer.headers["Location"]
    with bank.open():
        assert not AuditEvent.objects.filter(action="core.password.renewed").exists()


def test_a_new_password_is_refused_for_oneself_leavers_and_people_of_two_lenders(bank: Lender, other: Lender) -> None:
    with bank.open():
        actor, member = bank.actor("admin"), bank.members["officer"]
        with pytest.raises(Conflict):
            sign_in.password_renew(actor=actor, membership=bank.members["admin"])
        with pytest.raises(Forbidden):
            sign_in.password_renew(actor=bank.actor("officer"), membership=member)
        before = bank.users["officer"].password
    with other.open():
        Membership.objects.create(
            user=bank.users["officer"], display_name="兼职", audit_event_id=other.members["admin"].audit_event_id
        )
    with bank.open():
        with pytest.raises(Forbidden):
            sign_in.password_renew(actor=actor, membership=member)
        assert User.objects.get(pk=bank.users["officer"].pk).password == before


def test_lost_second_factors_are_removed_and_told_by_the_trail(bank: Lender) -> None:
    user = bank.users["officer"]
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": "x"})
    Authenticator.objects.create(user=bank.users["admin"], type=Authenticator.Type.TOTP, data={"secret": "x"})
    with bank.open():
        assert sign_in.factors_remove(actor=bank.actor("admin"), membership=bank.members["officer"]) == 1
        with pytest.raises(Conflict):
            sign_in.factors_remove(actor=bank.actor("admin"), membership=bank.members["admin"])
        assert AuditEvent.objects.filter(action="core.factors.removed").count() == 1
    assert not Authenticator.objects.filter(user=user).exists()
    assert Authenticator.objects.filter(user=bank.users["admin"]).exists()


def test_first_passwords_are_strong_and_never_alike() -> None:
    made = {sign_in.first_password() for _attempt in range(200)}
    assert len(made) == 200
    assert all(re.fullmatch(r"[a-hj-km-np-z2-9]{4}(-[a-hj-km-np-z2-9]{4}){3}", each) for each in made)


@pytest.mark.parametrize(("age", "recent"), [(10, True), (299, True), (301, False), (None, False)])
def test_step_up_counts_minutes_since_the_last_proof(rf: Any, bank: Lender, age: int | None, recent: bool) -> None:
    request = rf.get("/")
    request.user, request.session = bank.users["admin"], {}
    if age is not None:
        record_authentication(request, request.user, "password")
        request.session[AUTHENTICATION_METHODS_SESSION_KEY][0]["at"] = time.time() - age
    assert stepup.recently_authenticated(request) is recent


# Roles ---------------------------------------------------------------------------------------------------------------


def cell(lender: Lender, role: str, capability: str) -> str:
    with lender.open():
        row = RoleCapability.objects.filter(role__key=role, capability=capability).first()
        return row.scope if row else ""


def test_a_change_is_shown_before_it_is_saved(confirmed: Any, bank: Lender) -> None:
    asked = confirmed.post("/roles/", {"service:people.view": "branch"})
    assert "1 项变更" in text(asked)
    assert cell(bank, "service", "people.view") == ""
    saved = confirmed.post(
        "/roles/", {"service:people.view": "branch", "was": "service:people.view=", "confirm": "yes", "reason": "复核"}
    )
    assert saved.status_code == 302
    assert cell(bank, "service", "people.view") == "branch"
    with bank.open():
        assert AuditEvent.objects.filter(action="core.roles.changed").count() == 1


def test_a_change_that_somebody_overtook_is_refused(confirmed: Any, bank: Lender) -> None:
    answer = confirmed.post(
        "/roles/", {"officer:people.view": "all", "was": "officer:people.view=own", "confirm": "yes", "reason": "复核"}
    )
    assert answer.status_code == 409
    assert cell(bank, "officer", "people.view") == ""


@pytest.mark.parametrize(
    "data", [{"service:no.such": "all"}, {"nobody:people.view": "all"}, {"service:people.view": "x"}]
)
def test_unknown_cells_are_refused(confirmed: Any, bank: Lender, data: dict[str, str]) -> None:
    answer = confirmed.post("/roles/", {**data, "confirm": "yes", "reason": "复核"})
    assert answer.status_code == 422
    assert cell(bank, "service", "people.view") == ""


def test_the_last_one_who_can_manage_roles_cannot_give_it_away(confirmed: Any, bank: Lender) -> None:
    cell_now = {"admin:roles.manage": "", "was": "admin:roles.manage=all"}
    answer = confirmed.post("/roles/", {**cell_now, "confirm": "yes", "reason": "复核"})
    assert answer.status_code == 409
    assert "无人可长期管理角色" in text(answer)
    assert cell(bank, "admin", "roles.manage") == "all"


def test_readers_of_the_matrix_get_no_controls(client_of: Any, bank: Lender) -> None:
    reader = client_of(bank, "compliance")
    page = text(reader.get("/roles/"))
    assert "data-was" not in page
    assert reader.post("/roles/", {"service:people.view": "all", "confirm": "yes"}).status_code == 403


# Errors --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_missing_page_says_so_in_the_readers_language(admin: Any, language: str) -> None:
    admin.cookies["django_language"] = language
    page = admin.get("/no/such/page/")
    assert page.status_code == 404
    assert ("页面不存在" if language == "zh-hans" else "Nothing here") in text(page)
    assert f'lang="{language}"' in text(page)


def test_the_500_page_needs_neither_database_nor_session(client: Client, django_db_blocker: Any, rf: Any) -> None:
    request = rf.get("/")
    request.id = "01a2"
    with django_db_blocker.block():
        page = server_error(request)
    assert page.status_code == 500
    assert "01a2" in page.content.decode()


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 409, 413, 422, 429, 503])
@pytest.mark.parametrize("inside", [True, False])
def test_every_error_has_a_page_with_a_way_on(rf: Any, bank: Lender, status: int, inside: bool) -> None:
    class Broken(AppError):
        pass

    Broken.status = status
    request = rf.get("/")
    request.id, request.htmx, request.actor, request.tenant, request.user = "01a2", False, None, None, AnonymousUser()
    request.resolver_match = None
    with bank.open(), translation.override("zh-hans"):
        if inside:
            request.actor, request.tenant, request.user = bank.actor("admin"), bank.tenant, bank.users["admin"]
        page = respond(request, Broken())
    assert page.status_code == status
    assert "请检查后重试" in page.content.decode()
    assert 'class="btn' in page.content.decode()


def test_pages_leave_compressed_and_files_do_not(admin: Any) -> None:
    page = admin.get("/people/", headers={"Accept-Encoding": "gzip"})
    assert page.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in page.headers["Vary"]
