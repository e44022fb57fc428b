"""One short conversation with the broker beside its lanes: counters, alarms, signs of life."""

import redis
from django.conf import settings


def open_broker() -> redis.Redis:
    """A connection for a `with`; one that does not answer within two seconds raises redis.RedisError."""
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=2)
