"""Second factors and sessions: sealed at rest, told in the trail."""

import json
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.signals import authenticator_reset
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from allauth.mfa.totp.internal.auth import yield_hotp_counters_from_time as counters
from django.core.cache import cache
from django.test import Client

from carloan.core.ids import uuid7
from carloan.core.keys import Tampered
from carloan.core.models import AuditEvent, Membership, User
from carloan.core.pages.second_factors import MFAAdapter
from tests.cast import Cast, Lender

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])
PASSWORD = "long-enough-for-2fa"


@pytest.fixture(autouse=True)
def _fresh_counts() -> Any:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def secret(bank: Lender) -> str:
    """The officer has an authenticator app with this secret, and recovery codes."""
    user = User.objects.get(pk=bank.users["officer"].pk)
    user.set_password(PASSWORD)
    user.save(update_fields=["password"])
    found = generate_totp_secret()
    TOTP.activate(user, found)
    RecoveryCodes.activate(user)
    return str(found)


def code_of(secret: str) -> str:
    return str(format_hotp_value(hotp_value(secret, next(iter(counters())))))


def wrong(secret: str) -> str:
    return "000000" if code_of(secret) != "000000" else "000001"


def at_the_code(user: User, address: str = "10.0.0.1") -> Client:
    client = Client(REMOTE_ADDR=address)
    client.post("/accounts/login/", {"login": user.username, "password": PASSWORD})
    return client


def signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def actions(lender: Lender) -> list[str]:
    with lender.open():
        return list(AuditEvent.objects.order_by("id").values_list("action", flat=True))


def test_secrets_stand_sealed_in_the_database_and_open_the_door(bank: Lender, secret: str) -> None:
    user = bank.users["officer"]
    stored = json.dumps(list(Authenticator.objects.filter(user=user).values_list("data", flat=True)))
    assert secret not in stored
    assert stored.count("A1.") == 2
    client = at_the_code(user)
    client.post("/accounts/2fa/authenticate/", {"code": code_of(secret)})
    assert signed_in(client)


def test_a_secret_that_was_changed_or_written_in_clear_opens_nothing() -> None:
    token = MFAAdapter().encrypt("JBSWY3DPEHPK3PXP")
    assert MFAAdapter().decrypt(token) == "JBSWY3DPEHPK3PXP"
    for other in ("JBSWY3DPEHPK3PXP", token[:-8] + "AAAAAAA="):
        with pytest.raises(Tampered):
            MFAAdapter().decrypt(other)


def test_a_wrong_code_is_told(bank: Lender, secret: str) -> None:
    client = at_the_code(bank.users["officer"])
    assert client.post("/accounts/2fa/authenticate/", {"code": wrong(secret)}).status_code == 200
    assert not signed_in(client)
    assert actions(bank)[-1] == "core.factor.failed"


def test_the_code_that_set_up_an_app_opens_no_sign_in(bank: Lender) -> None:
    user = User.objects.get(pk=bank.users["officer"].pk)
    user.set_password(PASSWORD)
    user.save(update_fields=["password"])
    client = at_the_code(user)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    found = client.get("/accounts/2fa/totp/activate/").context["form"].secret
    code = code_of(found)
    assert client.post("/accounts/2fa/totp/activate/", {"code": code}).status_code == 302
    assert Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists()
    again = at_the_code(user)
    answer = again.post("/accounts/2fa/authenticate/", {"code": code})
    assert answer.status_code == 200
    assert answer.context["form"].errors["code"].as_data()[0].code == "incorrect_code"
    assert not signed_in(again)


def test_who_confirms_before_the_file_of_codes_stays_at_no_question(bank: Lender, secret: str) -> None:
    client = at_the_code(bank.users["officer"])
    client.post("/accounts/2fa/authenticate/", {"code": code_of(secret)})
    asked = client.get("/accounts/2fa/recovery-codes/download/")
    assert asked.status_code == 302
    assert asked["Location"].startswith("/accounts/reauthenticate/?")
    there = client.post(asked["Location"], {"password": PASSWORD})
    assert there["Location"] == "/accounts/2fa/recovery-codes/"
    codes = client.get(there["Location"]).context["unused_codes"]
    file = client.get("/accounts/2fa/recovery-codes/download/")
    assert file["Content-Disposition"] == 'attachment; filename="recovery-codes.txt"'
    assert codes[0] in file.content.decode()


def test_new_codes_that_were_asked_for_too_late_are_made_after_the_confirmation(bank: Lender, secret: str) -> None:
    client = at_the_code(bank.users["officer"])
    client.post("/accounts/2fa/authenticate/", {"code": code_of(secret)})
    before = Authenticator.objects.get(user=bank.users["officer"], type=Authenticator.Type.RECOVERY_CODES).pk
    asked = client.post("/accounts/2fa/recovery-codes/generate/")
    assert asked["Location"].startswith("/accounts/reauthenticate/?")
    there = client.post(asked["Location"], {"password": PASSWORD})
    assert there["Location"] == "/accounts/2fa/recovery-codes/"
    after = Authenticator.objects.get(user=bank.users["officer"], type=Authenticator.Type.RECOVERY_CODES).pk
    assert after != before


def test_codes_beyond_the_limit_are_told_with_a_wait(settings: Any, bank: Lender, secret: str) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": "2/5m/key"}
    client = at_the_code(bank.users["officer"])
    for _number in range(2):
        assert client.post("/accounts/2fa/authenticate/", {"code": wrong(secret)}).status_code == 200
    answer = client.post("/accounts/2fa/authenticate/", {"code": wrong(secret)})
    assert answer.status_code == 429
    assert answer["Retry-After"] == "300"
    assert "5 分钟后重试" in answer.content.decode()
    assert client.post("/accounts/2fa/authenticate/", {"code": code_of(secret)}).status_code == 429
    assert not signed_in(client)


def test_new_recovery_codes_and_sessions_ended_elsewhere_are_told(bank: Lender, secret: str) -> None:
    user = bank.users["officer"]
    clients = []
    for code in RecoveryCodes.activate(user).get_unused_codes()[:2]:
        clients.append(at_the_code(user))
        clients[-1].post("/accounts/2fa/authenticate/", {"code": code})
    authenticator_reset.send(sender=Authenticator, request=None, user=user, authenticator=None)
    clients[0].post("/accounts/sessions/")
    told = actions(bank)
    assert "core.factor.renewed" in told
    assert told.count("core.session.ended") == 1
    assert not signed_in(clients[1])


def test_somebody_of_two_lenders_signs_out_below_the_address_of_one(cast: Cast) -> None:
    user = cast.bank.users["officer"]
    with cast.other.open():
        Membership.objects.create(user=user, display_name="two", audit_event_id=uuid7())
    client = Client()
    client.force_login(user)
    client.get(f"/t/{cast.bank.tenant.slug}/home/")
    assert client.post(f"/t/{cast.bank.tenant.slug}/accounts/logout/").status_code == 302
    assert not signed_in(client)
    for lender in (cast.bank, cast.other):
        assert actions(lender)[-1] == "core.sign_in.ended"
