"""Values of the cache as JSON: whoever can write into the broker must not thereby run code in the web.

Nor may they break it: what cannot be read, lies there under another type, or is not of the shape that its readers take
for granted, counts as nothing and is deleted.
"""

import json
import logging
import time
from collections.abc import Iterable
from typing import Any, Final

from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis.exceptions import ResponseError

logger = logging.getLogger(__name__)
# How allauth begins the names of its limits, which hold the moments of the last tries; and ends those of its locks.
LIMITS: Final = ":allauth:rl:"
LOCK: Final = ":lock"
# Clocks of several machines differ.
SECONDS_AHEAD: Final = 60
# What the broker says of a key that has no end.
NEVER: Final = -1


class JsonSerializer:
    """For Django's RedisCache. Tuples come back as lists; what JSON does not hold is refused when it is stored."""

    def dumps(self, value: Any) -> int | bytes:
        # Whole numbers stay bare, so that the broker can count.
        return value if type(value) is int else json.dumps(value, allow_nan=False).encode()

    def loads(self, data: bytes) -> Any:
        return json.loads(data)


class JsonCacheClient(RedisCacheClient):
    def get(self, key: Any, default: Any) -> Any:
        nothing = object()
        try:
            found = super().get(key, nothing)
        except (ValueError, RecursionError):
            pass
        except ResponseError as error:
            if "WRONGTYPE" not in str(error):
                raise
        else:
            if found is nothing:
                return default
            if not _is_limit(key) or _are_moments(found):
                return found
        self._throw_away(key)
        return default

    def get_many(self, keys: Iterable[Any]) -> dict[Any, Any]:
        nothing = object()
        found = {key: self.get(key, nothing) for key in keys}
        return {key: value for key, value in found.items() if value is not nothing}

    def add(self, key: Any, value: Any, timeout: Any) -> bool:
        if super().add(key, value, timeout):
            return True
        # What is added for a time only and never ends was not added by anybody here: a lock that nobody frees.
        if timeout is None or self.get_client(key, write=True).ttl(key) != NEVER:
            return False
        self._throw_away(key)
        return bool(super().add(key, value, timeout))

    def incr(self, key: Any, delta: int) -> int:
        """The new number. Raises ValueError for what is none, as for what is not there."""
        try:
            return int(super().incr(key, delta))
        except ResponseError as error:
            if not any(word in str(error) for word in ("WRONGTYPE", "not an integer", "overflow")):
                raise
            self._throw_away(key)
            raise ValueError(f"Key '{key}' holds no number.") from error

    def _throw_away(self, key: Any) -> None:
        # Names of limits hold addresses.
        logger.error("a value of the cache was none of ours")
        self.delete(key)


class JsonCache(RedisCache):
    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = JsonCacheClient


def _is_limit(key: str) -> bool:
    return LIMITS in key and not key.endswith(LOCK)


def _are_moments(found: Any) -> bool:
    return isinstance(found, list) and all(
        type(each) in (int, float) and 0 <= each < time.time() + SECONDS_AHEAD for each in found
    )
