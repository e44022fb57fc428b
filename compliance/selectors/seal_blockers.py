"""Who keeps the seal waiting: an event is sealed once every transaction as old as its own has ended."""

from dataclasses import dataclass
from typing import Final

from django.db import connection

# Whoever holds the lock on its own transaction number is the one that has not ended. The database tells everybody who
# connects for whom; what a session is doing it tells only its own role, and nobody here needs to know.
_OLDEST: Final = """
SELECT pg_snapshot_xmin(s)::text::bigint, pg_snapshot_xmax(s)::text::bigint FROM pg_current_snapshot() s
"""
_HOLDER: Final = """
SELECT l.pid, coalesce(a.usename, ''), coalesce(a.application_name, '')
FROM pg_locks l LEFT JOIN pg_stat_activity a ON a.pid = l.pid
WHERE l.locktype = 'transactionid' AND l.granted AND l.mode = 'ExclusiveLock' AND l.transactionid::text = %s
"""


@dataclass(frozen=True, slots=True)
class Holder:
    """A session of the database: its process there, its login and the name that it gave itself. `pid` is None for a
    transaction that was prepared and left behind by its session."""

    pid: int | None
    role: str
    application: str


def oldest_transaction() -> int | None:
    """The number of the oldest transaction that has not ended and may have written; None while there is none."""
    with connection.cursor() as cursor:
        cursor.execute(_OLDEST)
        oldest, following = cursor.fetchone()
    return int(oldest) if oldest < following else None


def holder_of(transaction: int) -> Holder | None:
    """Who has not ended it; None when it just did."""
    with connection.cursor() as cursor:
        cursor.execute(_HOLDER, [str(transaction % 2**32)])
        row = cursor.fetchone()
    return Holder(*row) if row else None
