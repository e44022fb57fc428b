"""Findings that a person must look into, as /healthz shows them: a name and how many lenders have it.

They stand in the broker, because whoever asks for the health of a copy has no tenant. What was found stands in the
lender's trail; an alarm that the broker lost is raised again by the next nightly check.
"""

from typing import Any
from uuid import UUID

import redis

from .broker_link import open_broker

PREFIX = "carloan:alarm:"
NAMES = ("rows-without-key",)


def raise_alarm(name: str, tenant_id: UUID, count: int) -> None:
    with open_broker() as broker:
        broker.hset(PREFIX + name, str(tenant_id), str(count))


def end_alarm(name: str, tenant_id: UUID) -> None:
    with open_broker() as broker:
        broker.hdel(PREFIX + name, str(tenant_id))


def standing() -> dict[str, int]:
    """The lenders behind each alarm that stands; nothing when the broker is away, which /healthz says by itself."""
    try:
        with open_broker() as broker:
            lengths: dict[str, Any] = {name: broker.hlen(PREFIX + name) for name in NAMES}
    except redis.RedisError:
        return {}
    return {name: int(length) for name, length in lengths.items() if length}
