"""Operations that migrations of several apps need."""

from collections.abc import Iterable
from datetime import UTC, datetime
from uuid import UUID

from django.db.migrations.operations import RunSQL

from .ids import first_at
from .postgres.schema import SERVICE_ROLES, fence_sql

REFUSE = """
CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: corrections are new rows', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$
"""


def append_only(table: str) -> RunSQL:
    """Rows of this table are facts: nobody may change or remove them, the owner included; corrections are new rows."""
    revoke = ", ".join(SERVICE_ROLES)
    call = f"EXECUTE FUNCTION {table}_refuse()"
    return RunSQL(
        [
            REFUSE.format(name=f"{table}_refuse"),
            f"CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW {call}",
            f"CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT {call}",
            f"REVOKE UPDATE, DELETE ON {table} FROM {revoke}",
        ],
        [
            f"DROP TRIGGER refuse_change ON {table}",
            f"DROP TRIGGER refuse_truncate ON {table}",
            f"DROP FUNCTION {table}_refuse()",
            f"GRANT UPDATE, DELETE ON {table} TO {revoke}",
        ],
    )


def month_partitions(table: str, months: Iterable[tuple[int, int]]) -> list[str]:
    """Statements for monthly partitions, with fences of their own, of a table partitioned by version 7 ids."""
    statements = []
    for year, month in months:
        name, start, end = month_bounds(table, year, month)
        statements.append(
            f"CREATE TABLE IF NOT EXISTS {name} PARTITION OF {table} FOR VALUES FROM ('{start}') TO ('{end}')"
        )
        statements += partition_fence(name)
    return statements


def month_bounds(table: str, year: int, month: int) -> tuple[str, UUID, UUID]:
    """The name of a month's partition, its first id and the first one behind it."""
    start = first_at(datetime(year, month, 1, tzinfo=UTC))
    end = first_at(datetime(year + month // 12, month % 12 + 1, 1, tzinfo=UTC))
    return f"{table}_{year}_{month:02d}", start, end


def partition_fence(name: str) -> list[str]:
    """Partitions are tables: without a fence and with grants of their own they would be a way around the parent's."""
    return [
        f"DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_policy WHERE polrelid = '{name}'::regclass) THEN "
        + "; ".join(fence_sql(name))
        + "; END IF; END $$"
    ]


def next_months(start: datetime, count: int) -> list[tuple[int, int]]:
    first = start.year * 12 + start.month - 1
    return [((first + step) // 12, (first + step) % 12 + 1) for step in range(count)]
