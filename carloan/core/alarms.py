"""Findings that a person must look into, as /healthz shows them: a name and how many lenders or files have it.

They stand in the broker, because whoever asks for the health of a copy has no tenant. What was found stands in the
lender's trail; an alarm that the broker lost is raised again by the next nightly check.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import redis

from .broker_link import open_broker

PREFIX = "carloan:alarm:"
# Lenders, and files of them.
ROWS_WITHOUT_KEY, FILES_LOST = "rows-without-key", "files-lost"
# What the sealer meets while it seals, and what the nightly look finds.
LEDGER_BROKEN, LEDGER_FINDINGS = "ledger-broken", "ledger-findings"
# Lenders and witnesses.
LEDGER_FORKED, LEDGER_UNWITNESSED = "ledger-forked", "ledger-unwitnessed"
# Lenders whose archive has no backup of this quarter in time, or whose last one failed or missed files.
ARCHIVE_BACKUP = "archive-backup"
# Of the whole installation; they stand for no lender.
LEDGER_UNSTAMPED, LEDGER_WAITS = "ledger-unstamped", "ledger-waits"
INSTALLATION = UUID(int=0)
NAMES = (
    *(ROWS_WITHOUT_KEY, FILES_LOST, LEDGER_BROKEN, LEDGER_FINDINGS),
    *(LEDGER_FORKED, LEDGER_UNWITNESSED, LEDGER_UNSTAMPED, LEDGER_WAITS),
    ARCHIVE_BACKUP,
)

logger = logging.getLogger(__name__)


def raise_alarm(name: str, tenant_id: UUID, thing_id: UUID | None = None, *, count: int = 1) -> None:
    """Let it stand for a lender, or for one thing of a lender; raised again it is the same one."""
    with _told(name), open_broker() as broker:
        broker.hset(PREFIX + name, _whose(tenant_id, thing_id), str(count))


def end_alarm(name: str, tenant_id: UUID, thing_id: UUID | None = None) -> None:
    with _told(name), open_broker() as broker:
        broker.hdel(PREFIX + name, _whose(tenant_id, thing_id))


def things_of(name: str, tenant_id: UUID) -> list[UUID]:
    """The things of a lender for which an alarm stands; none when the broker is away."""
    beginning = f"{tenant_id} "
    found: list[str] = []
    with _told(name), open_broker() as broker:
        found += [field.decode() for field, _count in broker.hscan_iter(PREFIX + name, match=f"{beginning}*")]
    return [UUID(field.removeprefix(beginning)) for field in found]


def standing() -> dict[str, int]:
    """For how many lenders or things each alarm stands; nothing when the broker is away, which /healthz says itself."""
    lengths: dict[str, Any] = {}
    for name in NAMES:
        with _told(name), open_broker() as broker:
            lengths[name] = broker.hlen(PREFIX + name)
    return {name: int(length) for name, length in lengths.items() if length}


def _whose(tenant_id: UUID, thing_id: UUID | None) -> str:
    return f"{tenant_id} {thing_id}" if thing_id else str(tenant_id)


@contextmanager
def _told(name: str) -> Iterator[None]:
    """What the broker does not take stands in the log: no act fails because of it."""
    try:
        yield
    except redis.RedisError as error:
        logger.warning("the alarm %s is not shown by /healthz: %s", name, type(error).__name__)
