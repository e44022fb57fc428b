"""What lies in the broker is data: reading it back never runs anything."""

import json
import pickle
from typing import Any

import pytest
import redis
from django.conf import settings
from django.core.cache import cache

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
    with pytest.raises((UnicodeDecodeError, json.JSONDecodeError)):
        cache.get("tests")
    assert not Bomb.ran
    with pytest.raises(TypeError):
        cache.set("tests", Bomb())
