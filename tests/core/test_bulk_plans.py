"""A check of foreign keys that the server planned while a table was tiny is no plan for many rows."""

from collections.abc import Iterator
from typing import Any

import psycopg2
import pytest
from django.db import connection, models, transaction
from django.test.utils import isolate_apps

from carloan.core.postgres.bulk import insert_rows
from tests.plugin import owner_urls

ROWS = 6_000


@pytest.fixture
def tables(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Two tables of this test's own; the planner knows that the first is tiny."""
    link = psycopg2.connect(owner_urls["DATABASE_URL"])
    link.autocommit = True
    with link.cursor() as cursor:
        cursor.execute("CREATE TABLE bulk_parent (id bigint PRIMARY KEY)")
        cursor.execute("CREATE TABLE bulk_child (id bigint PRIMARY KEY, parent_id bigint REFERENCES bulk_parent)")
        cursor.execute("GRANT SELECT, INSERT ON bulk_parent, bulk_child TO app")
        cursor.execute("INSERT INTO bulk_parent VALUES (0)")
        cursor.execute("ANALYZE bulk_parent")
        with django_db_blocker.unblock():
            yield
            connection.close()
        cursor.execute("DROP TABLE bulk_child, bulk_parent")
    link.close()


@isolate_apps("carloan.core")
def test_many_rows_are_checked_by_the_index_whatever_was_planned_before(tables: None) -> None:
    class Parent(models.Model):  # noqa: DJ008
        class Meta:
            app_label = "core"
            db_table = "bulk_parent"

    class Child(models.Model):  # noqa: DJ008
        parent = models.ForeignKey(Parent, models.CASCADE)

        class Meta:
            app_label = "core"
            db_table = "bulk_child"

    with transaction.atomic(), connection.cursor() as cursor:
        # The server keeps a plan from the sixth time on.
        for number in range(10):
            insert_rows(Child, ["id", "parent_id"], [(-number, 0)])
        insert_rows(Parent, ["id"], ((number,) for number in range(1, ROWS)))
        insert_rows(Child, ["id", "parent_id"], ((number, number) for number in range(1, ROWS)))
        cursor.execute("SELECT seq_tup_read FROM pg_stat_xact_user_tables WHERE relname = 'bulk_parent'")
        read = cursor.fetchone()[0]
    assert read < ROWS
