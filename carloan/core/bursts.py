"""Refusals that come in bursts: told once a minute, so that nobody outside fills a trail that nobody can empty."""

import hashlib
import logging
import time

from django.core.cache import cache
from redis import RedisError

from .errors import TooMany

logger = logging.getLogger(__name__)
TOLD_EVERY = 60
# How long what was not told waits for the next refusal from the same source.
UNTOLD_FOR = 86_400
WRONG_KEYS_A_MINUTE = 30


def to_tell(*source: object) -> int:
    """How many refusals of this kind from this source an event must tell now; 0 when a later one will.

    The first is told at once, those of the next minute together with the first one after it. Without the broker each
    is told: an event too many is better than one too few.
    """
    name = _name("burst", *source)
    try:
        if cache.add(name, 1, TOLD_EVERY):
            untold = cache.get(f"{name}|untold", 0)
            cache.delete(f"{name}|untold")
            return 1 + int(untold)
        _count(f"{name}|untold", UNTOLD_FOR)
    except RedisError as error:
        logger.warning("bursts are not counted: %s", error)
        return 1
    return 0


def wrong_key(address: str) -> TooMany | None:
    """Count a token that opened nothing; the refusal once there were too many from this address within a minute.

    Only wrong ones are counted and refused: behind one address others work with living keys.
    """
    minute, second = divmod(int(time.time()), 60)
    try:
        tries = _count(_name("wrong key", address, minute), 120)
    except RedisError as error:
        logger.warning("wrong keys are not counted: %s", error)
        return None
    return TooMany(code="rate_limited", retry_after=60 - second) if tries > WRONG_KEYS_A_MINUTE else None


def _count(name: str, seconds: int) -> int:
    cache.add(name, 0, seconds)
    return cache.incr(name)


def _name(*parts: object) -> str:
    # Addresses and ids of people stand in no broker in clear.
    return hashlib.sha256("|".join(map(str, parts)).encode()).hexdigest()
