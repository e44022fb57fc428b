"""Attacks on sign-in, sessions and what is sent: nobody learns who exists, is let in as another, or writes what is not
theirs to write."""

import json
import re
import statistics
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings as site
from django.contrib.auth.hashers import get_hasher
from django.test import Client

from carloan.core import jobs
from carloan.core.models import User
from carloan.loans.models import Loan
from tests.cast import Lender

pytestmark = [pytest.mark.django_db(databases=["default", "keystore"]), pytest.mark.usefixtures("clean_cache")]

PASSWORD = "a-long-password-1"


@pytest.fixture
def somebody(bank: Lender) -> User:
    user = User.objects.get(pk=bank.users["officer"].pk)
    user.set_password(PASSWORD)
    user.save(update_fields=["password"])
    return user


def sign_in(name: str, password: str = "wrong-password-1", **more: Any) -> Any:
    return Client(**more).post("/accounts/login/", {"login": name, "password": password})


def words(answer: Any, name: str) -> str:
    """What the page says, without what is different on every page: what was typed, tokens, the request's number."""
    text = answer.content.decode().replace(name, "NAME")
    return re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|[\w-]{40,}|nonce-\S+|nonce=\"[^\"]*\"", "", text)


def test_sign_in_costs_and_says_the_same_for_everybody(
    bank: Lender, somebody: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody with a password, somebody without one, and nobody: the page has the same words and one hash is made."""
    hasher = type(get_hasher())
    hashed: list[int] = []
    encode: Callable[..., str] = hasher.encode

    def counted(self: Any, *given: Any, **named: Any) -> str:
        hashed.append(1)
        return encode(self, *given, **named)

    monkeypatch.setattr(hasher, "encode", counted)
    without = bank.users["collector"]
    assert not without.has_usable_password()
    hashed.clear()
    said, costs = set(), []
    for name in (somebody.username, without.username, "nobody@nowhere"):
        before = len(hashed)
        answer = sign_in(name)
        assert answer.status_code == 200
        said.add(words(answer, name))
        costs.append(len(hashed) - before)
    assert len(said) == 1
    assert len(set(costs)) == 1
    assert statistics.mean(costs) >= 1


def test_a_claimed_address_gives_no_new_tries(somebody: User) -> None:
    """A lock is by name and address; the address is the one that the proxy saw, never the one that is claimed."""
    answers = [
        Client().post(
            "/accounts/login/",
            {"login": somebody.username, "password": "wrong-password-1"},
            headers={"X-Forwarded-For": f"192.0.2.{number}", "X-Real-Ip": f"192.0.2.{number}"},
        )
        for number in range(8)
    ]
    assert [answer.status_code for answer in answers[5:]] == [429] * 3


def test_a_name_that_looks_like_anothers_signs_in_as_nobody(somebody: User) -> None:
    for name in (
        somebody.username.replace("o", "о"),
        somebody.username.replace("o", "o\u200b"),
        "\u202e" + somebody.username[::-1],
    ):
        assert name != somebody.username
        client = Client()
        client.post("/accounts/login/", {"login": name, "password": PASSWORD})
        assert "_auth_user_id" not in client.session


def test_a_session_that_was_planted_is_not_the_one_that_signs_in(bank: Lender, somebody: User) -> None:
    client = Client()
    client.get("/accounts/login/")
    client.session.save()
    planted = client.session.session_key
    client.post("/accounts/login/", {"login": somebody.username, "password": PASSWORD})
    assert client.session.get("_auth_user_id") == str(somebody.pk)
    assert client.session.session_key != planted
    thief = Client()
    thief.cookies[site.SESSION_COOKIE_NAME] = str(planted)
    assert thief.get("/t/bank/home/").status_code == 302


def test_cookies_are_for_this_site_alone(somebody: User, settings: Any) -> None:
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    answer = sign_in(somebody.username, PASSWORD)
    session = answer.cookies[settings.SESSION_COOKIE_NAME]
    assert (session["secure"], session["httponly"], session["samesite"]) == (True, True, "Lax")
    assert session["domain"] == ""
    assert settings.CSRF_COOKIE_SAMESITE == "Lax"


@pytest.mark.parametrize(
    "way",
    ["//evil.example/", "https://evil.example/", r"/\evil.example", "javascript:alert(1)", "/x\r\nSet-Cookie: a=1"],
)
def test_signing_in_leads_nowhere_else(somebody: User, way: str) -> None:
    answer = Client().post("/accounts/login/", {"login": somebody.username, "password": PASSWORD, "next": way})
    assert answer.status_code == 302
    assert answer["Location"].startswith("/")
    assert not answer["Location"].startswith(("//", "/\\"))
    assert "evil" not in answer["Location"].partition("?")[0]
    assert "a" not in answer.cookies


def send(lender: Lender, body: str) -> Any:
    return Client().generic(
        "POST", "/api/v1/loans/", body, content_type="application/json",
        headers={"Authorization": lender.key("officer")},
    )  # fmt: skip


LOAN = {"principal": 10_000_000, "rate_ppm": 68_700, "term": 36}


@pytest.mark.parametrize(
    "field",
    ["tenant", "tenant_id", "id", "state", "status", "approved_by", "audit_event_id", "is_superuser", "outstanding",
     "retention_policy", "created_at"],
)  # fmt: skip
def test_a_loan_takes_no_field_that_is_not_the_callers_to_write(bank: Lender, field: str) -> None:
    answer = send(bank, json.dumps({**LOAN, field: "00000000-0000-0000-0000-000000000001"}))
    assert answer.status_code == 422
    assert list(answer.json()["error"]["fields"]) == [field]
    with bank.open():
        assert not Loan.objects.filter(principal=LOAN["principal"]).exists()


@pytest.mark.parametrize(
    "number",
    ["NaN", "Infinity", "-Infinity", "1e999", "1e400", "1.5", "-1", "0", "9" * 400, '"1e3"', "true", "[1]", "{}"],
)
def test_numbers_that_are_none_are_told_by_field(bank: Lender, number: str) -> None:
    answer = send(bank, f'{{"principal": {number}, "rate_ppm": 68700, "term": 36}}')
    assert answer.status_code in (400, 422)
    error = answer.json()["error"]
    assert error["message"] or error["fields"]["principal"]
    with bank.open():
        assert not Loan.objects.exists()


def test_the_work_of_one_person_is_not_there_for_another(bank: Lender, other: Lender, client_of: Any) -> None:
    with bank.open():
        job = jobs.start(actor=bank.actor("admin"), kind="sweep")
    for path in (f"/jobs/{job.id}/", f"/api/v1/jobs/{job.id}/"):
        assert client_of(bank, "admin").get(path).status_code == 200
        assert client_of(bank, "officer").get(path).status_code == 404
        assert client_of(other, "admin").get(path).status_code == 404
