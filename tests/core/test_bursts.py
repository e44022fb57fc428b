"""Strangers cannot fill a lender's trail, and whoever tries keys without end is told to wait."""

import base64
import json
import time
from types import SimpleNamespace
from typing import Any

import pytest
import redis
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from redis import RedisError

from carloan.core import bursts
from carloan.core.models import AuditEvent, User
from carloan.core.tenancy import tenant_scope
from tests.cast import Lender

pytestmark = [pytest.mark.django_db(databases=["default", "keystore"]), pytest.mark.usefixtures("clean_cache")]
PASSWORD = "a-long-password-1"


def counts(lender: Lender, action: str) -> list[int | None]:
    """How many refusals each event tells, the oldest first."""
    with lender.open():
        events = AuditEvent.objects.filter(action=action).order_by("id")
        return [json.loads(bytes(event.canon)).get("count") for event in events]


def try_key(token: str, **extra: Any) -> Any:
    return Client(**extra).get("/api/v1/search/?q=x1", headers={"Authorization": f"Bearer {token}"})


def wrong(lender: Lender, number: int) -> str:
    return f"{lender.tokens['officer'].rsplit('_', 2)[0]}_{number}_x"


@pytest.fixture
def minute(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Call it and a minute has passed."""

    def pass_by() -> None:
        for name in cache._cache.get_client().scan_iter("*"):  # type: ignore[attr-defined]
            if not name.endswith(b"untold"):
                cache._cache.get_client().delete(name)  # type: ignore[attr-defined]

    return pass_by


def test_keys_of_a_stranger_are_told_once_and_their_number_with_the_next(
    client_of: Any, bank: Lender, minute: Any
) -> None:
    for number in range(20):
        assert try_key(wrong(bank, number)).status_code == 401
    assert counts(bank, "core.entry.refused") == [None]
    try_key(wrong(bank, 1), REMOTE_ADDR="192.0.2.7")
    assert counts(bank, "core.entry.refused") == [None, None], "somebody else is told at once"
    minute()
    try_key(wrong(bank, 1))
    assert counts(bank, "core.entry.refused") == [None, None, 20]
    with bank.open():
        newest = AuditEvent.objects.filter(action="core.entry.refused").latest("id")
    page = client_of(bank, "compliance").get(f"/compliance/trail/{newest.id}/").content.decode()
    assert "<dt>次数</dt><dd>20</dd>" in page
    minute()
    try_key(wrong(bank, 1))
    assert counts(bank, "core.entry.refused") == [None, None, 20, None]


def test_what_stopped_is_told_by_the_sweep(bank: Lender, other: Lender, minute: Any) -> None:
    for number in range(20):
        try_key(wrong(bank, number))
    assert bursts.tenants_with_untold() == {bank.tenant.id}
    with tenant_scope(bank.tenant.id):
        assert bursts.tell_untold() == 0, "the minute is not over"
    minute()
    with tenant_scope(other.tenant.id):
        assert bursts.tell_untold() == 0
    with tenant_scope(bank.tenant.id):
        assert bursts.tell_untold() == 1
        assert bursts.tell_untold() == 0
    assert counts(bank, "core.entry.refused") == [None, 19]
    assert bursts.tenants_with_untold() == set()
    with bank.open():
        first, second = AuditEvent.objects.filter(action="core.entry.refused").order_by("id")
        assert (first.actor_kind, first.address_digest) == (second.actor_kind, second.address_digest)
    try_key(wrong(bank, 1))
    assert counts(bank, "core.entry.refused") == [None, 19, None]


def test_who_waits_to_be_told_stands_in_no_broker_in_clear(bank: Lender) -> None:
    for number in range(2):
        try_key(wrong(bank, number), REMOTE_ADDR="192.0.2.7")
    with redis.Redis.from_url(settings.REDIS_URL) as broker:
        ((name, sealed),) = broker.hgetall(bursts.UNTOLD).items()
    assert b"192.0.2.7" not in name + sealed + base64.b64decode(sealed)


def test_tries_behind_a_lock_that_stopped_are_told_by_the_sweep(bank: Lender, minute: Any) -> None:
    user = User.objects.get(pk=bank.users["officer"].pk)
    user.set_password(PASSWORD)
    user.save(update_fields=["password"])
    for _number in range(9):
        Client().post("/accounts/login/", {"login": user.username, "password": "wrong"})
    minute()
    with tenant_scope(bank.tenant.id):
        assert bursts.tell_untold() == 1
    assert counts(bank, "core.sign_in.failed") == [None] * 5 + [4]
    with bank.open():
        events = AuditEvent.objects.filter(action="core.sign_in.failed")
        assert len(set(events.values_list("actor_id", "object_id", "outcome"))) == 1


def test_a_member_of_another_lender_is_told_once(stranger: Any, bank: Lender) -> None:
    for _number in range(10):
        assert stranger.get("/t/bank/home/").status_code == 404
    assert counts(bank, "core.entry.refused") == [None]


def test_too_many_wrong_keys_are_told_to_wait_and_living_ones_are_not(
    bank: Lender, monkeypatch: pytest.MonkeyPatch
) -> None:
    # All within one minute, however slow the machine is.
    now = time.time()
    monkeypatch.setattr(bursts, "time", SimpleNamespace(time=lambda: now))
    for number in range(bursts.WRONG_A_MINUTE):
        token = wrong(bank, number) if number % 2 else "clk_nobody_x_x"
        assert try_key(token).status_code == 401
    answer = try_key(wrong(bank, 1))
    assert answer.status_code == 429
    assert 1 <= int(answer["Retry-After"]) <= 60
    assert answer.json()["error"]["code"] == "rate_limited"
    assert try_key(bank.tokens["officer"]).status_code == 200
    assert try_key(wrong(bank, 1), REMOTE_ADDR="192.0.2.7").status_code == 401


def test_tries_behind_a_lock_are_told_once(bank: Lender) -> None:
    user = User.objects.get(pk=bank.users["officer"].pk)
    user.set_password(PASSWORD)
    user.save(update_fields=["password"])
    answers = [Client().post("/accounts/login/", {"login": user.username, "password": "wrong"}) for _number in range(9)]
    assert [answer.status_code for answer in answers] == [200] * 4 + [429] * 5
    assert counts(bank, "core.sign_in.failed") == [None] * 5


def test_without_the_broker_each_is_told(bank: Lender, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*args: Any) -> None:
        raise RedisError

    monkeypatch.setattr(cache, "add", away)
    for number in range(2):
        assert try_key(wrong(bank, number)).status_code == 401
    assert counts(bank, "core.entry.refused") == [None, None]
