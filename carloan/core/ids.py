"""Public ids: UUID version 7 (RFC 9562, 5.7), made here so that PostgreSQL 15 serves and rows sort by age.

The 12 bits after the version carry the fraction of the millisecond (RFC 9562, 6.2, method 3), kept rising within the
process: two acts of one request never change places, however fast they follow each other.
"""

import os
import threading
import time
from datetime import UTC, datetime
from uuid import UUID

_lock = threading.Lock()
_last = 0


def uuid7(at: datetime | None = None) -> UUID:
    """A new id: 60 bits of time (`at`, or now and rising within the process), the rest random."""
    ticks = _now() if at is None else int(at.timestamp() * 1000) << 12
    return _assemble(ticks, int.from_bytes(os.urandom(8), "big"))


def _now() -> int:
    global _last  # noqa: PLW0603 - the process's clock
    milliseconds, rest = divmod(time.time_ns(), 1_000_000)
    with _lock:
        _last = max(milliseconds << 12 | rest * 4096 // 1_000_000, _last + 1)
        return _last


def _assemble(ticks: int, random: int) -> UUID:
    high = (ticks >> 12 & 0xFFFF_FFFF_FFFF) << 16 | 0x7 << 12 | ticks & 0xFFF
    return UUID(int=high << 64 | 0b10 << 62 | random & (1 << 62) - 1)


def moment(identity: UUID) -> datetime:
    """When a version 7 id was made, to the millisecond, UTC."""
    return datetime.fromtimestamp((identity.int >> 80) / 1000, UTC)


def first_at(at: datetime) -> UUID:
    """The smallest version 7 id of a moment: a bound for ranges, never an id of a row."""
    return UUID(int=(int(at.timestamp() * 1000) & 0xFFFF_FFFF_FFFF) << 80)
