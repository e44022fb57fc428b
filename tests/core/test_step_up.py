"""Acts that give away much ask for the password again, and nobody has to fill in twice."""

import base64
import re
from typing import Any

import pytest
from django.core.cache import cache
from redis.exceptions import RedisError

from carloan.core.models import ApiKey, AuditEvent, Membership, Role, RoleAssignment, RoleCapability, User
from carloan.core.stepup import TYPED
from carloan.loans.models import LoanGrant
from tests.cast import Lender
from tests.loans.book import open_loan
from tests.test_layout import ROOT, tracked

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])
PASSWORD = "a-long-password-1"


@pytest.fixture
def admin(client_of: Any, bank: Lender) -> Any:
    """Signed in long ago."""
    user = User.objects.get(pk=bank.users["admin"].pk)
    user.set_password(PASSWORD)
    user.save(update_fields=["password"])
    client = client_of(bank, "admin")
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def role(lender: Lender, key: str) -> Role:
    with lender.open():
        return Role.objects.get(key=key)


def asked(answer: Any) -> str:
    """Where the person is sent to confirm who they are."""
    assert answer.status_code == 302
    assert "/accounts/reauthenticate/?next=" in answer["Location"]
    return str(answer["Location"])


def confirm(client: Any, answer: Any) -> Any:
    """Give the password again, and come back."""
    way = asked(answer)
    back = client.post(way, {"password": PASSWORD, "next": client.get(way).context["redirect_field_value"]})
    assert back.status_code == 302
    return client.get(back["Location"])


def test_a_key_is_made_after_the_password_was_given_again(admin: Any, bank: Lender) -> None:
    wanted = {"name": "bank core", "role": role(bank, "service").id, "days": "30"}
    page = confirm(admin, admin.post("/api-keys/", wanted))
    with bank.open():
        assert not ApiKey.objects.filter(name="bank core").exists()
    assert page.context["form"]["name"].value() == "bank core"
    assert 'value="bank core"' in page.content.decode()
    assert admin.post("/api-keys/", wanted).status_code == 200
    with bank.open():
        assert ApiKey.objects.filter(name="bank core").exists()


def test_the_matrix_changes_after_the_password_was_given_again(admin: Any, bank: Lender) -> None:
    page = confirm(admin, admin.post("/roles/", {"service:people.view": "branch"}))
    assert "1 项变更" in page.content.decode()
    cell = {"service:people.view": "branch", "was": "service:people.view="}
    admin.post("/roles/", {**cell, "confirm": "yes", "reason": "复核"})
    with bank.open():
        assert RoleCapability.objects.get(role__key="service", capability="people.view").scope == "branch"


def test_the_confirmed_difference_is_not_saved_without_the_password(admin: Any, bank: Lender) -> None:
    asked(admin.post("/roles/", {"service:people.view": "all", "was": "service:people.view=", "confirm": "yes"}))
    with bank.open():
        assert not RoleCapability.objects.filter(role__key="service", capability="people.view").exists()


def test_a_role_is_given_after_the_password_was_given_again(admin: Any, bank: Lender) -> None:
    person, given = bank.members["officer"], role(bank, "archivist")
    page = confirm(admin, admin.post(f"/people/{person.id}/assign/", {"role": given.id}))
    with bank.open():
        assert not RoleAssignment.objects.filter(membership=person, role=given).exists()
    assert str(page.context["form"]["role"].value()) == str(given.id)
    assert admin.post(f"/people/{person.id}/assign/", {"role": given.id}).status_code == 302
    with bank.open():
        assert RoleAssignment.objects.filter(membership=person, role=given).exists()


def test_a_joiner_is_added_after_the_password_was_given_again(admin: Any, bank: Lender) -> None:
    wanted = {"display_name": "甲", "username": "jia", "role": role(bank, "service").id}
    page = confirm(admin, admin.post("/people/new/", wanted))
    assert page.context["form"]["display_name"].value() == "甲"
    with bank.open():
        assert not Membership.objects.filter(user__username="jia@bank").exists()


# What opens a lender to somebody, and the one page each from which it is done; the command line has no session.
GIVING = {
    "api_key_make": {"carloan/core/pages/api_keys.py"},
    "member_add": {"carloan/core/pages/people.py"},
    "role_assign": {"carloan/core/pages/people.py"},
    "password_renew": {"carloan/core/pages/people.py"},
    "factors_remove": {"carloan/core/pages/people.py"},
    "batch_propose": {"compliance/views/destruction.py", "compliance/views/person_request.py"},
    "batch_speak": {"compliance/views/destruction.py"},
    "hold_place": {"compliance/views/holds.py"},
    "hold_release": {"compliance/views/holds.py"},
    "opening_decide": {"compliance/views/openings.py"},
    "opening_use": {"compliance/views/openings.py"},
    "policy_publish": {"compliance/views/retention.py"},
}


@pytest.mark.parametrize("service", GIVING)
def test_no_other_door_leads_to_what_asks_for_the_password(service: str) -> None:
    """No page, no API: a new one that gives as much has to ask as well, and then stands here."""
    called = {
        path.relative_to(ROOT).as_posix()
        for path in tracked("*.py")
        if not {"tests", "benchmarks", "demonstration", "services", "commands"} & set(path.relative_to(ROOT).parts)
        and re.search(rf"\b{service}\(", path.read_text())
    }
    assert called == GIVING[service]


def test_a_fragment_asks_as_the_page_does(admin: Any, bank: Lender) -> None:
    joiner = {"display_name": "甲", "username": "jia", "role": role(bank, "service").id}
    key = {"name": "bank core", "role": role(bank, "service").id, "days": "30"}
    for path, wanted in (("/people/new/", joiner), ("/api-keys/", key)):
        answer = admin.post(path, wanted, headers={"HX-Request": "true"})
        assert "/accounts/reauthenticate/" in answer.headers["HX-Redirect"]
    with bank.open():
        assert not Membership.objects.filter(user__username="jia@bank").exists()
        assert not ApiKey.objects.filter(name="bank core").exists()


def test_what_was_filled_in_is_shown_once_on_its_own_page_and_not_for_ever(admin: Any, bank: Lender) -> None:
    wanted = {"name": "bank core", "role": role(bank, "service").id, "days": "30"}
    admin.post("/api-keys/", wanted)
    assert not admin.get("/people/new/").context["form"].is_bound
    assert admin.get("/api-keys/").context["form"].is_bound
    assert not admin.get("/api-keys/").context["form"].is_bound
    admin.post("/api-keys/", wanted)
    assert cache.delete(f"typed|{admin.session[TYPED]['key']}")  # as its end in the cache does
    assert not admin.get("/api-keys/").context["form"].is_bound


def test_what_was_filled_in_waits_sealed_and_for_minutes_only(admin: Any, bank: Lender) -> None:
    wanted = {"display_name": "甲", "username": "jia", "email": "jia@bank.example", "role": role(bank, "service").id}
    asked(admin.post("/people/new/", wanted))
    assert "bank.example" not in str(dict(admin.session))
    name = f"typed|{admin.session[TYPED]['key']}"
    client: Any = cache._cache.get_client()  # type: ignore[attr-defined]
    kept = client.get(cache.make_key(name))
    assert b"bank.example" not in base64.b64decode(kept.strip(b'"'))
    assert 0 < client.ttl(cache.make_key(name)) <= 300
    assert admin.get("/people/new/").context["form"]["email"].value() == "jia@bank.example"
    assert client.get(cache.make_key(name)) is None


def test_without_the_cache_people_fill_in_again(admin: Any, bank: Lender, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(*_args: Any, **_options: Any) -> None:
        raise RedisError("gone")

    monkeypatch.setattr("carloan.core.stepup.cache.set", gone)
    asked(admin.post("/api-keys/", {"name": "bank core", "role": role(bank, "service").id, "days": "30"}))
    assert not admin.get("/api-keys/").context["form"].is_bound


def test_an_email_opens_the_door_and_changes_after_the_password_was_given_again(admin: Any, bank: Lender) -> None:
    person = bank.members["officer"]
    path, user = f"/people/{person.id}/change/", bank.users["officer"]
    same = {"display_name": person.display_name, "email": user.email}
    assert admin.post(path, same | {"employee_no": "A-1"}).status_code == 302
    with bank.open():
        assert Membership.objects.get(id=person.id).employee_no == "A-1"
    page = confirm(admin, admin.post(path, same | {"email": "mine@bank.example"}))
    assert User.objects.get(pk=user.pk).email == user.email
    assert page.context["form"]["email"].value() == "mine@bank.example"
    assert admin.post(path, same | {"email": "mine@bank.example"}).status_code == 302
    assert User.objects.get(pk=user.pk).email == "mine@bank.example"


def test_a_role_is_made_after_the_password_was_given_again(admin: Any, bank: Lender) -> None:
    wanted = {"name": "高级信贷员", "key": "senior", "like": role(bank, "officer").id}
    page = confirm(admin, admin.post("/roles/new/", wanted))
    with bank.open():
        assert not Role.objects.filter(key="senior").exists()
    assert page.context["form"]["key"].value() == "senior"
    assert admin.post("/roles/new/", wanted).status_code == 302
    assert role(bank, "senior")


def test_a_leaver_is_let_go_after_the_password_was_given_again(admin: Any, bank: Lender) -> None:
    person = bank.members["officer"]
    path = f"/people/{person.id}/deactivate/"
    page = confirm(admin, admin.post(path))
    assert page.context["person"] == person
    with bank.open():
        assert Membership.objects.get(id=person.id).is_active
    assert admin.post(path).status_code == 302
    with bank.open():
        assert not Membership.objects.get(id=person.id).is_active


def test_access_to_a_loan_is_given_after_the_password_was_given_again(admin: Any, bank: Lender) -> None:
    with bank.open():
        loan = open_loan(bank.actor("admin"), 1)
    path, wanted = f"/loans/{loan.id}/grants/", {"member": str(bank.members["officer"].id), "reason": "协助处理"}
    page = confirm(admin, admin.post(path, wanted))
    with bank.open():
        assert not LoanGrant.objects.exists()
    assert page.context["form"]["reason"].value() == "协助处理"
    assert admin.post(path, wanted).status_code == 302
    with bank.open():
        assert LoanGrant.objects.get().user_id == bank.users["officer"].pk


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_list_with_amounts_leaves_after_the_password_was_given_again(admin: Any, bank: Lender, kind: str) -> None:
    with bank.open():
        open_loan(bank.actor("admin"), 1)
    page = confirm(admin, admin.get(f"/loans/export.{kind}", {"q": "HT-000001"}))
    assert page.request["PATH_INFO"].endswith("/loans/")
    assert page.request["QUERY_STRING"] == "q=HT-000001"
    with bank.open():
        assert not AuditEvent.objects.filter(action="loans.loans.exported").exists()
    assert b"".join(admin.get(f"/loans/export.{kind}", {"q": "HT-000001"}).streaming_content)


def test_a_list_without_amounts_leaves_at_once(client_of: Any, bank: Lender) -> None:
    with bank.open():
        RoleCapability.objects.filter(role__key="officer", capability="loans.details").delete()
    assert client_of(bank, "officer").get("/loans/export.csv").status_code == 200
