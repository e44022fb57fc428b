"""The months of the trail: made ahead, counted, and given to rows that came when there was none."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import psycopg2
import pytest
from django.core.management import call_command
from django.db import connections, transaction
from django.utils import timezone
from psycopg2.extras import register_uuid

from carloan.core import audit
from carloan.core.models import AuditEvent
from carloan.core.trail_months import DEFAULT, MONTHS_AHEAD, months_left
from tests.cast import Lender
from tests.plugin import owner_urls

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])


@contextmanager
def as_owner() -> Iterator[Any]:
    """The suite's connection is the owner's for a while; all of it is rolled back."""
    link = psycopg2.connect(owner_urls["DATABASE_URL"])
    register_uuid(conn_or_curs=link)  # type: ignore[no-untyped-call]
    database = connections["default"]
    fenced, database.connection = database.connection, link
    try:
        with link.cursor() as cursor:
            cursor.execute("SET ROLE owner")
            yield cursor
    finally:
        database.connection = fenced
        link.rollback()
        link.close()


def month_of(moment: datetime) -> str:
    return f"core_auditevent_{moment.astimezone(UTC):%Y_%m}"


def rows_of(cursor: Any, table: str) -> list[Any]:
    cursor.execute(f"SELECT id, created_at, xid::text, canon, leaf, detail FROM {table} ORDER BY id")
    return [tuple(bytes(value) if isinstance(value, memoryview) else value for value in row) for row in cursor]


def test_every_start_makes_two_years(bank: Lender) -> None:
    now = timezone.now()
    with as_owner() as cursor:
        cursor.execute(f"DROP TABLE {month_of(now + timedelta(days=300))}")
        assert months_left(now) < 10
        call_command("maintain", stdout=(said := StringIO()))
        assert months_left(now) == MONTHS_AHEAD
    assert "Tenant fences: whole." in said.getvalue()


def test_a_gap_is_where_the_months_end() -> None:
    with as_owner() as cursor:
        cursor.execute("DROP TABLE core_auditevent_2027_05")
        assert months_left(datetime(2027, 1, 31, 23, tzinfo=UTC)) == 3
        assert months_left(datetime(2027, 4, 1, tzinfo=UTC)) == 0
        assert months_left(datetime(2027, 5, 1, tzinfo=UTC)) > 3


def test_events_that_came_without_a_month_get_it_and_stay_as_they_were(bank: Lender) -> None:
    """A copy that nobody started anew for years: the month of today has no partition."""
    month = month_of(timezone.now())
    with as_owner() as cursor:
        cursor.execute(f"DROP TABLE {month}")
        with bank.open():
            ids = [
                audit.record(
                    actor=bank.system, action="core.session.opened", object_type="core.tenant", object_id=bank.tenant.id
                )
                for _ in range(3)
            ]
            before = rows_of(cursor, DEFAULT)
        assert [row[0] for row in before] == ids

        call_command("maintain", stdout=(said := StringIO()))
        assert "3 events had come without one" in said.getvalue()
        assert "Tenant fences: whole." in said.getvalue()
        with bank.open():
            assert rows_of(cursor, month) == before
            assert rows_of(cursor, DEFAULT) == []
            assert set(AuditEvent.objects.values_list("id", flat=True)) >= set(ids)
            with pytest.raises(psycopg2.errors.RestrictViolation, match="append-only"), transaction.atomic():
                cursor.execute(f"UPDATE {month} SET reason_code = 'x' WHERE id = %s", [ids[0]])
            later = audit.record(
                actor=bank.system, action="core.session.opened", object_type="core.tenant", object_id=bank.tenant.id
            )
            assert [row[0] for row in rows_of(cursor, month)] == [*ids, later]
        # Behind the fence of the new partition nobody sees another lender's events.
        assert rows_of(cursor, month) == []

        call_command("maintain", stdout=(again := StringIO()))
        assert "had come without" not in again.getvalue()
