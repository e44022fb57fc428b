"""Public ids: UUID version 7 (RFC 9562, 5.7), made here so that PostgreSQL 15 serves and rows sort by age."""

import os
import time
from datetime import UTC, datetime
from uuid import UUID


def uuid7(at: datetime | None = None) -> UUID:
    """A new id whose first 48 bits are the milliseconds of `at` (now by default) and whose rest is random."""
    milliseconds = int(at.timestamp() * 1000) if at else time.time_ns() // 1_000_000
    random = int.from_bytes(os.urandom(10), "big")
    value = (milliseconds & 0xFFFF_FFFF_FFFF) << 80 | random
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return UUID(int=value)


def moment(identity: UUID) -> datetime:
    """When a version 7 id was made, to the millisecond, UTC."""
    return datetime.fromtimestamp((identity.int >> 80) / 1000, UTC)


def first_at(at: datetime) -> UUID:
    """The smallest version 7 id of a moment: a bound for ranges, never an id of a row."""
    return UUID(int=(int(at.timestamp() * 1000) & 0xFFFF_FFFF_FFFF) << 80)
