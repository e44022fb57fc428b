"""Refusals that come in bursts: told once a minute, so that nobody outside fills a trail that nobody can empty.

The first of a source is told at once. Those of the next minute are counted in the broker, and what an event of them
needs waits there sealed: the next refusal behind that minute tells their number, or else the sweep does.
"""

import hashlib
import json
import logging
import time
from base64 import b64decode, b64encode
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.cache import cache
from redis import RedisError

from . import audit, suites
from .actors import Actor
from .broker_link import open_broker
from .errors import TooMany
from .keys import Tampered, derive, open_bytes, seal_bytes
from .locks import hold
from .root_keys import with_any_root
from .tenancy import current_tenant_id, tenant_atomic, tenant_scope

logger = logging.getLogger(__name__)
TOLD_EVERY = 60
# How long a number that was not told is kept when no sweep runs.
UNTOLD_FOR = 86_400
UNTOLD = "carloan:untold"
WRONG_A_MINUTE = 30


def refuse(
    *,
    actor: Actor,
    action: str,
    object_type: str,
    object_id: UUID | None = None,
    reason_code: str = "",
    source: tuple[object, ...],
) -> None:
    """Record a refusal that its `source` may repeat without end: one event a minute at most, with a count.

    Without the broker each is told: an event too many is better than one too few.
    """
    name = _name("burst", actor.tenant_id, *source)
    facts = {"action": action, "object_type": object_type, "reason_code": reason_code}
    try:
        times = 0
        if cache.add(name, 1, TOLD_EVERY):
            times = 1 + _untold(name)
            cache.delete(f"{name}|untold")
        else:
            _count(f"{name}|untold", UNTOLD_FOR)
            _keep(name, actor, {**facts, "object_id": str(object_id) if object_id else None})
    except RedisError as error:
        logger.warning("bursts are not counted: %s", error)
        times = 1
    if times:
        audit.refuse(actor=actor, object_id=object_id, count=times if times > 1 else None, **facts)


def tenants_with_untold() -> set[UUID]:
    """The lenders of which refusals wait to be told. Raises RedisError without the broker."""
    with open_broker() as broker:
        return {UUID(name.decode().partition("|")[0]) for name in broker.hkeys(UNTOLD)}


def tell_untold() -> int:
    """One event for each burst of the tenant at work that ended more than a minute ago; returns how many.

    Raises RedisError without the broker: the next turn tells them.
    """
    told = 0
    with tenant_atomic(), open_broker() as broker:
        # Two sweeps at once tell nothing twice.
        hold("bursts")
        prefix = f"{current_tenant_id()}|"
        for field, sealed in broker.hscan_iter(UNTOLD, match=f"{prefix}*"):
            name = field.decode().removeprefix(prefix)
            if cache.get(name) is not None:
                continue
            if times := _untold(name):
                actor, facts = _opened(name, sealed)
                audit.refuse(actor=actor, count=times if times > 1 else None, **facts)
                told += 1
            cache.delete(f"{name}|untold")
            broker.hdel(UNTOLD, field)
    return told


def wrong_key(address: str, *, of: str = "key") -> TooMany | None:
    """Count a token that opened nothing; the refusal once there were too many of its sort (`of`) from this address
    within a minute.

    Only wrong ones are counted and refused: behind one address others work with living ones.
    """
    minute, second = divmod(int(time.time()), 60)
    try:
        tries = _count(_name(f"wrong {of}", address, minute), 120)
    except RedisError as error:
        logger.warning("wrong keys are not counted: %s", error)
        return None
    return TooMany(code="rate_limited", retry_after=60 - second) if tries > WRONG_A_MINUTE else None


def _untold(name: str) -> int:
    found = cache.get(f"{name}|untold", 0)
    return found if type(found) is int else 0


def _keep(name: str, actor: Actor, facts: dict[str, str | None]) -> None:
    """Put down what an event needs, once a burst; sealed, because it says who and from where."""
    who = {
        "kind": actor.kind, "name": actor.name, "id": actor.id and str(actor.id), "address": actor.address,
        "user_id": actor.user_id and str(actor.user_id),
        "membership_id": actor.membership_id and str(actor.membership_id),
    }  # fmt: skip
    with tenant_scope(actor.tenant_id), open_broker() as broker:
        plain = json.dumps([who, facts]).encode()
        # Not the lender's suite: the key store may be what is away.
        sealed = seal_bytes(_key(settings.ROOT_KEY), plain, name, suite=suites.A)
        broker.hsetnx(UNTOLD, f"{actor.tenant_id}|{name}", b64encode(sealed).decode())


def _opened(name: str, sealed: bytes) -> tuple[Actor, dict[str, Any]]:
    who, facts = json.loads(with_any_root(lambda root: open_bytes(_key(root), b64decode(sealed), name), Tampered))
    for part in ("id", "user_id", "membership_id"):
        who[part] = UUID(who[part]) if who[part] else None
    object_id = facts.pop("object_id")
    actor = Actor(tenant_id=current_tenant_id(), **who)
    return actor, {**facts, "object_id": UUID(object_id) if object_id else None}


def _key(root: bytes) -> bytes:
    return derive(root, "bursts")


def _count(name: str, seconds: int) -> int:
    cache.add(name, 0, seconds)
    try:
        return cache.incr(name)
    except ValueError:
        # It ended between the two, or something else than a number lay there and is deleted.
        cache.add(name, 0, seconds)
        return cache.incr(name)


def _name(*parts: object) -> str:
    # Addresses and ids of people stand in no broker in clear.
    return hashlib.sha256("|".join(map(str, parts)).encode()).hexdigest()
