"""From a request to an actor: who is let in where, and what strangers learn."""

from typing import Any

import pytest
from django.test import Client

from carloan.core.models import AuditEvent, Membership, RoleAssignment, User
from tests.cast import Lender, as_platform, lender_changes

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])


def test_a_page_asks_a_stranger_to_sign_in(bank: Lender) -> None:
    answer = Client().get("/t/bank/compliance/trail/")
    assert answer.status_code == 302
    assert answer["Location"] == "/accounts/login/?next=/t/bank/compliance/trail/"


def test_an_unknown_lender_looks_like_a_known_one_to_strangers(bank: Lender) -> None:
    known, unknown = Client().get("/t/bank/compliance/trail/"), Client().get("/t/nobody/compliance/trail/")
    assert known.status_code == unknown.status_code == 302


def test_a_member_of_another_lender_finds_nothing(stranger: Any) -> None:
    answer = stranger.get("/t/bank/compliance/trail/")
    assert answer.status_code == 404
    unknown = stranger.get("/t/nobody/compliance/trail/")
    assert unknown.status_code == 404


def test_a_member_without_the_right_is_refused_and_the_refusal_is_in_the_trail(client_of: Any, bank: Lender) -> None:
    answer = client_of(bank, "collector").get("/compliance/trail/")
    assert answer.status_code == 403
    with bank.open():
        event = AuditEvent.objects.filter(outcome="refused").latest("id")
        assert event.actor_id == bank.members["collector"].id
        assert event.object_type == "compliance:trail"


def test_a_member_with_the_right_gets_the_page_uncached(client_of: Any, bank: Lender) -> None:
    answer = client_of(bank, "compliance").get("/compliance/trail/")
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    assert answer["X-Request-ID"]


def test_links_inside_a_lender_carry_it(client_of: Any, bank: Lender) -> None:
    body = client_of(bank, "compliance").get("/compliance/trail/").content.decode()
    assert 'href="/t/bank/compliance/trail/' in body


def test_the_first_entry_of_a_session_is_recorded_once(client_of: Any, bank: Lender) -> None:
    client = client_of(bank, "compliance")
    client.get("/compliance/trail/")
    client.get("/compliance/trail/")
    with bank.open():
        assert (
            AuditEvent.objects.filter(action="core.session.opened", actor_id=bank.members["compliance"].id).count() == 1
        )


def test_a_withdrawn_role_and_a_leaver_count_at_once(client_of: Any, bank: Lender) -> None:
    client = client_of(bank, "compliance")
    with bank.open():
        RoleAssignment.objects.filter(membership=bank.members["compliance"]).delete()
    assert client.get("/compliance/trail/").status_code == 403
    with bank.open():
        Membership.objects.filter(id=bank.members["compliance"].id).update(is_active=False)
    assert client.get("/compliance/trail/").status_code == 404


def test_a_disabled_lender_is_closed(client_of: Any, bank: Lender) -> None:
    client = client_of(bank, "compliance")
    lender_changes(bank, state="disabled")
    assert client.get("/compliance/trail/").status_code == 404


def test_a_lender_that_requires_a_second_factor_waits_for_it(client_of: Any, bank: Lender) -> None:
    client = client_of(bank, "compliance")
    lender_changes(bank, require_mfa=True)
    answer = client.get("/compliance/trail/")
    assert answer.status_code == 302
    assert "/accounts/2fa/" in answer["Location"]


def test_a_mapped_host_leads_to_its_lender(bank: Lender, client_of: Any, settings: Any) -> None:
    from carloan.core.models import TenantHost

    settings.ALLOWED_HOSTS = ["loans.bank.example"]
    with as_platform():
        TenantHost.objects.create(host="loans.bank.example", lender=bank.tenant)
    client = Client(SERVER_NAME="loans.bank.example")
    client.force_login(bank.users["compliance"], backend="django.contrib.auth.backends.ModelBackend")
    answer = client.get("/compliance/trail/")
    assert answer.status_code == 200
    assert "/t/bank/" not in answer.content.decode()
    assert client.get("/t/bank/compliance/trail/").status_code == 200


@pytest.mark.usefixtures("clean_cache")
def test_a_key_opens_nothing_below_the_address_of_another_lender(bank: Lender, other: Lender, settings: Any) -> None:
    from carloan.core.models import TenantHost

    settings.ALLOWED_HOSTS = ["loans.other.example", "testserver"]
    with as_platform():
        TenantHost.objects.create(host="loans.other.example", lender=other.tenant)
    headers = {"Authorization": bank.key("officer")}
    elsewhere = [
        Client().get("/t/other/api/v1/loans/", headers=headers),
        Client().get("/t/nobody/api/v1/loans/", headers=headers),
        Client(SERVER_NAME="loans.other.example").get("/api/v1/loans/", headers=headers),
    ]
    for answer in elsewhere:
        assert answer.status_code == 404
        assert answer.json()["error"]["code"] == "not_found"
    with other.open():
        told = AuditEvent.objects.filter(action="core.entry.refused", reason_code="not_a_member", actor_kind="key")
        # The second within a minute is told with the next one (core/bursts.py).
        assert told.count() == 1
    for path in ("/api/v1/loans/", "/t/bank/api/v1/loans/"):
        assert Client().get(path, headers=headers).status_code == 200


def test_a_mapped_host_leads_to_no_other_lender(bank: Lender, other: Lender, settings: Any) -> None:
    """Neither for a member of the other one alone nor for somebody of both, who elsewhere chooses."""
    from carloan.core.models import TenantHost

    settings.ALLOWED_HOSTS = ["loans.bank.example", "testserver"]
    with as_platform():
        TenantHost.objects.create(host="loans.bank.example", lender=bank.tenant)
    with other.open():
        Membership.objects.create(
            user=bank.users["compliance"], display_name="both", audit_event_id=other.members["admin"].audit_event_id
        )
    for user in (bank.users["compliance"], other.users["admin"]):
        client = Client(SERVER_NAME="loans.bank.example")
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        assert client.get("/t/other/compliance/trail/").status_code == 404
    client = Client(SERVER_NAME="loans.bank.example")
    client.force_login(bank.users["compliance"], backend="django.contrib.auth.backends.ModelBackend")
    assert "/t/other/" not in client.get("/lenders/", follow=True).content.decode()
    assert "/t/other/" in client.get("/lenders/", SERVER_NAME="testserver").content.decode()


@pytest.mark.parametrize(
    "header", [{"HTTP_X_TENANT": "bank"}, {"HTTP_HOST": "bank.testserver"}, {"HTTP_X_FORWARDED_HOST": "bank"}]
)
def test_no_header_chooses_the_lender(stranger: Any, header: dict[str, str]) -> None:
    answer = stranger.get("/t/other/compliance/trail/", **header)
    assert answer.status_code in {200, 400}
    assert 'href="/t/bank/' not in answer.content.decode()


class TestApiKeys:
    def test_a_key_carries_its_lender(self, bank: Lender) -> None:
        answer = Client().get("/api/v1/search/?q=x1", headers={"Authorization": bank.key("officer")})
        assert answer.status_code == 200, answer.content

    @pytest.mark.parametrize("token", ["", "nonsense", "clk_a_b_c", "clk_" + "a" * 26 + "_" + "b" * 26 + "_secret"])
    def test_a_wrong_key_is_refused(self, token: str) -> None:
        answer = Client().get("/api/v1/search/?q=x1", headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code == 401
        assert answer.json()["error"]["code"] == "sign_in_required"
        assert "密钥" in answer.json()["error"]["message"], "whoever holds a key has no page to sign in on"
        assert answer["WWW-Authenticate"] == "Bearer"

    def test_a_key_with_another_secret_is_refused(self, bank: Lender) -> None:
        token = bank.tokens["officer"].rpartition("_")[0] + "_" + "x" * 43
        assert Client().get("/api/v1/search/?q=x1", headers={"Authorization": f"Bearer {token}"}).status_code == 401

    def test_a_key_of_one_lender_with_the_lender_of_another_is_refused(self, bank: Lender, other: Lender) -> None:
        prefix, _, key, secret = bank.tokens["officer"].split("_", 3)
        forged = "_".join([prefix, other.tokens["officer"].split("_")[1], key, secret])
        assert Client().get("/api/v1/search/?q=x1", headers={"Authorization": f"Bearer {forged}"}).status_code == 401

    def test_a_revoked_and_an_expired_key_are_refused(self, bank: Lender) -> None:
        from datetime import timedelta

        from django.utils import timezone

        from carloan.core.models import ApiKey
        from carloan.core.services.api_keys import api_key_revoke

        with bank.open():
            key = ApiKey.objects.get(name="officer")
            api_key_revoke(actor=bank.system, key_id=key.id)
            ApiKey.objects.filter(name="admin").update(expires_at=timezone.now() - timedelta(seconds=1))
        for role in ("officer", "admin"):
            assert Client().get("/api/v1/search/?q=x1", headers={"Authorization": bank.key(role)}).status_code == 401

    def test_a_key_opens_no_pages(self, bank: Lender) -> None:
        answer = Client().get("/t/bank/compliance/trail/", headers={"Authorization": bank.key("compliance")})
        assert answer.status_code == 302

    def test_the_stored_row_does_not_hold_the_key(self, bank: Lender) -> None:
        from carloan.core.models import ApiKey

        with bank.open():
            row = ApiKey.objects.get(name="officer")
        secret = bank.tokens["officer"].split("_", 3)[3]
        assert secret.encode() not in bytes(row.digest)

    def test_a_session_needs_a_csrf_token_to_write(self, bank: Lender) -> None:
        client = Client(enforce_csrf_checks=True)
        client.force_login(bank.users["officer"], backend="django.contrib.auth.backends.ModelBackend")
        answer = client.post("/t/bank/api/v1/papers/", {})
        assert answer.status_code == 403


def test_errors_have_one_shape(bank: Lender) -> None:
    for path, status in (("/api/v1/nowhere/", 404), ("/api/v1/jobs/not-a-uuid/", 404), ("/api/v1/search/", 401)):
        answer = Client().get(path)
        assert answer.status_code == status
        assert set(answer.json()["error"]) >= {"code", "message", "request_id"}
    lost = Client()
    lost.force_login(bank.users["admin"], backend="django.contrib.auth.backends.ModelBackend")
    answer = lost.get("/t/bank/calendar/import/")
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")
    assert "<h1" in answer.content.decode()
    answer = Client().delete("/api/v1/search/", headers={"Authorization": bank.key("officer")})
    assert answer.status_code == 405
    assert answer.json()["error"]["code"] == "method_not_allowed"


def test_the_openapi_description_is_served_and_has_no_errors(bank: Lender) -> None:
    answer = Client().get("/api/v1/schema/")
    assert answer.status_code == 200
    assert b"/api/v1/search/" in answer.content


@pytest.mark.usefixtures("clean_cache")
class TestTheTrailOfSignIn:
    def events(self, lender: Lender, action: str) -> list[AuditEvent]:
        with lender.open():
            return list(AuditEvent.objects.filter(action=action).order_by("id"))

    def test_a_sign_in_and_a_failed_one_are_told(self, bank: Lender) -> None:
        user = User.objects.get(pk=bank.users["officer"].pk)
        user.set_password("a-long-password-1")
        user.save(update_fields=["password"])
        for password in ("wrong-password-1", "a-long-password-1"):
            Client().post("/accounts/login/", {"login": user.username, "password": password})
        failed, done = self.events(bank, "core.sign_in.failed"), self.events(bank, "core.sign_in.done")
        assert [event.outcome for event in failed] == ["refused"]
        assert done
        assert done[-1].actor_id == bank.members["officer"].id

    def test_a_stranger_at_the_door_is_told_to_the_lender(self, stranger: Any, bank: Lender, other: Lender) -> None:
        assert stranger.get("/t/bank/compliance/trail/").status_code == 404
        (event,) = self.events(bank, "core.entry.refused")
        assert event.actor_id == other.users["admin"].pk
        assert event.outcome == "refused"

    def test_a_key_that_does_not_count_is_told(self, bank: Lender) -> None:
        token = bank.tokens["officer"].rpartition("_")[0] + "_" + "x" * 43
        Client().get("/api/v1/search/?q=x1", headers={"Authorization": f"Bearer {token}"})
        assert [event.actor_kind for event in self.events(bank, "core.entry.refused")] == ["key"]


def test_a_browser_at_the_api_needs_the_second_factor_too(client_of: Any, bank: Lender) -> None:
    client = client_of(bank, "officer")
    assert client.get("/api/v1/search/?q=x1").status_code == 200
    lender_changes(bank, require_mfa=True)
    assert client.get("/api/v1/search/?q=x1").status_code == 403


def test_today_is_the_lenders_day(client_of: Any, bank: Lender, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.utils import timezone

    from carloan.compliance.selectors.trail import Page

    seen: list[str] = []

    def page(*args: Any, **kwargs: Any) -> Any:
        seen.append(timezone.get_current_timezone_name())
        return Page([], None, None)

    monkeypatch.setattr("carloan.compliance.views.trail.trail_page", page)
    lender_changes(bank, time_zone="America/New_York")
    client_of(bank, "compliance").get("/compliance/trail/")
    assert seen == ["America/New_York"]


class TestWhatAnAttackerTried:
    @pytest.mark.parametrize(
        "path",
        [
            "/t/a%00b/loans/",
            "/t/%00/",
            "/api/v1/loans/?state=%00",
            "/t/bank/loans/?q=%00",
            "/t/A B/",
            "/t/" + "x" * 500 + "/",
        ],
    )
    def test_nul_and_nonsense_are_never_an_error_of_ours(self, bank: Lender, path: str) -> None:
        answer = Client().get(path, headers={"Authorization": bank.key("officer")})
        assert answer.status_code in {302, 400, 401, 404}

    def test_deep_json_is_a_wrong_input(self, bank: Lender) -> None:
        for body in ("[" * 100_000, '{"contract_no": "a\\u0000b"}'):
            answer = Client().post(
                "/api/v1/loans/", body, content_type="application/json", headers={"Authorization": bank.key("officer")}
            )
            assert answer.status_code == 400, answer.content

    def test_the_end_of_the_calendar(self, client_of: Any, bank: Lender) -> None:
        assert client_of(bank, "compliance").get("/compliance/trail/?until=9999-12-31").status_code == 200

    def test_a_name_is_locked_however_it_is_spelled(self, bank: Lender) -> None:
        user = User.objects.get(pk=bank.users["collector"].pk)
        user.set_password("a-long-password-1")
        user.save(update_fields=["password"])
        spellings = [
            user.username,
            user.username.upper(),
            f" {user.username}",
            f"{user.username} ",
            user.username.title(),
        ]
        for name in spellings:
            Client().post("/accounts/login/", {"login": name, "password": "wrong-password-1"})
        answer = Client().post("/accounts/login/", {"login": user.username, "password": "a-long-password-1"})
        assert answer.status_code == 429

    def test_the_way_back_after_sign_in_is_whole(self, bank: Lender) -> None:
        answer = Client().get("/t/bank/loans/?q=abc&state=servicing")
        assert answer["Location"] == "/accounts/login/?next=/t/bank/loans/%3Fq%3Dabc%26state%3Dservicing"
