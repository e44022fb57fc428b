"""What lies in the broker is data: reading it back never runs anything."""

import pickle
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
import redis
from allauth.core.internal.ratelimit import consume
from axes.utils import reset
from django.conf import settings
from django.core.cache import cache
from django.test import Client, RequestFactory

from carloan.core import bursts

pytestmark = pytest.mark.usefixtures("clean_cache")


@pytest.mark.parametrize("value", [7, True, None, "十", 1.5, [1.5, 2], {"a": [1, None]}])
def test_what_is_stored_comes_back(value: Any) -> None:
    cache.set("tests", value)
    assert cache.get("tests", "nothing") == value
    assert type(cache.get("tests")) is type(value)


def test_numbers_are_counted_by_the_broker() -> None:
    cache.set("tests", 1)
    assert cache.incr("tests") == 2
    assert cache.add("tests", 9) is False


class Bomb:
    ran = False

    def __reduce__(self) -> Any:
        return (setattr, (Bomb, "ran", True))


def test_a_pickle_in_the_broker_runs_nothing() -> None:
    with redis.Redis.from_url(settings.REDIS_URL) as broker:
        broker.set(cache.make_key("tests"), pickle.dumps(Bomb()))
    assert cache.get("tests", "nothing") == "nothing"
    assert not Bomb.ran
    with pytest.raises(TypeError):
        cache.set("tests", Bomb())


def _write(text: str, broker: redis.Redis, key: str) -> None:
    broker.set(key, text)


# What somebody put in the place of a value of ours.
PUT: dict[str, Callable[[redis.Redis, str], object]] = {
    **{
        text[:20]: partial(_write, text)
        for text in (
            "x", "", '"x"', "5", "null", "true", "{}", '["x"]', "[null]", "[[1]]", "[true]", "[1e999]", "[NaN]", "[-1]",
            "[99999999999999]", "9" * 5_000, "[" * 100_000,
        )
    },
    "no UTF-8": lambda broker, key: broker.set(key, b"\xff\xfe"),
    "a list": lambda broker, key: broker.rpush(key, "x"),
    "a set": lambda broker, key: broker.sadd(key, "x"),
    "a hash": lambda broker, key: broker.hset(key, "x", "x"),
    "an ordered set": lambda broker, key: broker.zadd(key, {"x": float("inf")}),
    "a stream": lambda broker, key: broker.xadd(key, {"x": "x"}),
}  # fmt: skip


@pytest.fixture
def broker() -> Any:
    with redis.Redis.from_url(settings.REDIS_URL) as connection:
        yield connection


@pytest.mark.django_db
def test_junk_in_the_place_of_a_limit_counts_as_no_tries(broker: redis.Redis, client: Client) -> None:
    sent = {"login": "nobody", "password": "wrong"}
    assert client.post("/accounts/login/", sent).status_code == 200
    names = [name.decode() for name in broker.scan_iter("*:allauth:rl:*")]
    assert names
    for what, put in PUT.items():
        for name in names:
            broker.delete(name)
            put(broker, name)
        # So many wrong passwords would lock the name itself.
        reset()
        assert client.post("/accounts/login/", sent).status_code == 200, what
        for name in names:
            (tried,) = cache.get(name.split(":", 2)[2])
            assert abs(tried - time.time()) < 30, what


def test_a_lock_that_never_ends_is_nobodys(broker: redis.Redis) -> None:
    request = RequestFactory().post("/")
    limit = {"app": "tests", "action": "try", "config": {"try": "2/m/ip"}}
    assert consume(request, **limit)
    (name,) = [name.decode() for name in broker.scan_iter("*:allauth:rl:tests:*")]
    for put in PUT.values():
        broker.delete(name)
        put(broker, f"{name}:lock")
        assert consume(request, **limit)
    assert consume(request, **limit)
    # Junk gives nobody more tries than there are, once it is gone.
    assert not consume(request, **limit)


def test_what_is_no_number_is_counted_from_none(broker: redis.Redis) -> None:
    for what, put in PUT.items():
        cache.delete("counted")
        put(broker, cache.make_key("counted"))
        assert bursts._count("counted", 60) == 1, what
        assert cache.get_many(["counted", "nothing"]) == {"counted": 1}


def test_a_lock_in_use_is_kept() -> None:
    assert cache.add("held", 1, 10)
    assert not cache.add("held", 1, 10)
    cache.set("for-ever", 1, None)
    assert not cache.add("for-ever", 1, None)
