"""The months of the trail: partitions made ahead of time, and the way out of the one that catches what has none.

Only the owner of the tables may make them, so running processes can but say that few are left; every start and every
upgrade makes more.
"""

import re
from datetime import UTC, datetime
from typing import Any

from django.db import connection, transaction

from .migration_operations import month_bounds, month_partitions, next_months, partition_fence

TABLE = "core_auditevent"
DEFAULT = f"{TABLE}_default"
MONTHS_AHEAD = 24
# With fewer ahead somebody must look: a year and a half went by without a start.
FEWEST_AHEAD = 6
_MONTH = re.compile(rf"{TABLE}_(\d{{4}})_(\d{{2}})")
# The time in a version 7 id, as months of UTC.
_MONTHS_OF_ROWS = f"""
SELECT DISTINCT date_trunc('month', to_timestamp(
    ('x' || lpad(left(replace(id::text, '-', ''), 12), 16, '0'))::bit(64)::bigint / 1000.0) AT TIME ZONE 'UTC')
FROM {DEFAULT}
"""


def months_make(now: datetime) -> int:
    """Make the partitions of this month and the next ones, as owner; returns how many rows had waited without one."""
    with transaction.atomic(), connection.cursor() as cursor:
        moved = _empty_the_default(cursor)
        for statement in month_partitions(TABLE, next_months(now, MONTHS_AHEAD + 1)):
            cursor.execute(statement)
    return moved


def months_left(now: datetime) -> int:
    """For how many months after this one, without a gap, partitions are there."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_inherits JOIN pg_class ON oid = inhrelid WHERE inhparent = %s::regclass", [TABLE]
        )
        names = [_MONTH.fullmatch(name) for (name,) in cursor.fetchall()]
    there = {(int(found[1]), int(found[2])) for found in names if found}
    following = next_months(now, MONTHS_AHEAD + 1)[1:]
    return next((count for count, month in enumerate(following) if month not in there), MONTHS_AHEAD)


def _empty_the_default(cursor: Any) -> int:
    """Give rows that came when their month had no partition one of their own; byte by byte, and none may be missing.

    Rows of the trail can be neither changed nor removed: the default partition is taken off, copied and dropped.
    """
    cursor.execute("SELECT pg_relation_size(%s::regclass)", [DEFAULT])
    if cursor.fetchone()[0] == 0:  # never a row, and no lock taken to find out
        return 0
    cursor.execute(f"ALTER TABLE {TABLE} DETACH PARTITION {DEFAULT}")
    # The fence binds the owner too: behind it he would see no row, copy none and drop all.
    cursor.execute(f"ALTER TABLE {DEFAULT} DISABLE ROW LEVEL SECURITY")
    cursor.execute(f"SELECT count(*) FROM {DEFAULT}")
    waiting, moved = cursor.fetchone()[0], 0
    cursor.execute(_MONTHS_OF_ROWS)
    for (month,) in cursor.fetchall():
        moved += _month_out_of_default(cursor, month.replace(tzinfo=UTC))
    if moved != waiting:
        raise RuntimeError(f"{waiting - moved} of {waiting} events would be lost on their way out of {DEFAULT}")
    cursor.execute(f"DROP TABLE {DEFAULT}")
    cursor.execute(f"CREATE TABLE {DEFAULT} PARTITION OF {TABLE} DEFAULT")
    for statement in partition_fence(DEFAULT):
        cursor.execute(statement)
    return int(moved)


def _month_out_of_default(cursor: Any, month: datetime) -> int:
    name, start, end = month_bounds(TABLE, month.year, month.month)
    # Filled before it belongs to the trail, whose triggers would give the rows the time and transaction of this moment.
    cursor.execute(f"CREATE TABLE {name} (LIKE {TABLE} INCLUDING ALL)")
    cursor.execute(f"INSERT INTO {name} SELECT * FROM {DEFAULT} WHERE id >= %s AND id < %s", [start, end])
    moved = cursor.rowcount
    cursor.execute(f"ALTER TABLE {TABLE} ATTACH PARTITION {name} FOR VALUES FROM ('{start}') TO ('{end}')")
    for statement in partition_fence(name):
        cursor.execute(statement)
    return int(moved)
