"""Connections that many clients share, tortured through a real PgBouncer in transaction mode: whatever went wrong, the
next client finds no lender open on it and sees its own rows alone."""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random
from typing import Any

import psycopg2
import pytest

from carloan.supervisor.roles import LOGINS, role_password, role_url
from tests.cast import Lender, new_lender
from tests.loans.book import open_loan
from tests.operations.pooler import POOL, PROGRAM, pooled
from tests.plugin import owner_urls
from tests.supervisor.places import open_folder

ROUNDS, CLIENTS = 60, 8


@pytest.fixture(scope="module")
def lenders(django_db_setup: None, django_db_blocker: Any) -> list[Lender]:
    if not PROGRAM:
        pytest.skip("no PgBouncer here: apt-get install pgbouncer")
    with django_db_blocker.unblock():
        found = [new_lender(), new_lender()]
        for lender, count in zip(found, (2, 3), strict=True):
            with lender.open():
                for serial in range(1, count + 1):
                    open_loan(lender.actor("officer"), serial)
    return found


@pytest.fixture(scope="module")
def url(lenders: list[Lender]) -> Iterator[str]:
    secrets = Path(os.environ["CARLOAN_HOME"]) / "secrets"
    with open_folder() as folder:
        (place := folder / "pooler").mkdir()
        passwords = {role: role_password(role, secrets) for role in LOGINS}
        with pooled(place, {"DATABASE_URL": owner_urls["DATABASE_URL"]}, passwords) as found:
            yield role_url(found["DATABASE_URL"], "app", secrets=secrets)


def _an_error(cursor: Any) -> None:
    with pytest.raises(psycopg2.errors.DivisionByZero):
        cursor.execute("SELECT 1 / 0")


def _a_timeout(cursor: Any) -> None:
    cursor.execute("SET LOCAL statement_timeout = '5ms'")
    with pytest.raises(psycopg2.errors.QueryCanceled):
        cursor.execute("SELECT pg_sleep(1)")


def _a_cancelled_statement(cursor: Any) -> None:
    cursor.execute("SELECT pg_cancel_backend(pg_backend_pid())")


def _back_to_a_savepoint(cursor: Any) -> None:
    cursor.execute("SAVEPOINT here; SELECT set_config('app.tenant_id', gen_random_uuid()::text, true)")
    cursor.execute("ROLLBACK TO SAVEPOINT here")


def _a_hard_end(cursor: Any) -> None:
    """The client is gone in the middle of its transaction."""
    cursor.connection.close()


def _nothing(cursor: Any) -> None:
    cursor.execute("SELECT 1")


MISHAPS = (_an_error, _a_timeout, _a_cancelled_statement, _back_to_a_savepoint, _a_hard_end, _nothing)


def _client(url: str, lender: Lender, number: int) -> set[str]:
    """One client's transactions, each ending in a mishap by lot; the lenders that it saw rows of, and what it found
    open before it opened its own."""
    chance, seen = Random(number), set()
    link: Any = None
    for _round in range(ROUNDS):
        if link is None or link.closed:
            link = psycopg2.connect(url)
        try:
            with link.cursor() as cursor:
                cursor.execute("SELECT current_setting('app.tenant_id', true), count(*) FROM loans_loan")
                before, rows = cursor.fetchone()
                seen |= {before or ""} | ({"rows without a lender"} if rows else set())
                cursor.execute(f"SET LOCAL app.tenant_id = '{lender.tenant.id}'")
                cursor.execute("SELECT DISTINCT tenant_id::text FROM loans_loan")
                seen |= {tenant for (tenant,) in cursor.fetchall()}
                chance.choice(MISHAPS)(cursor)
                if not link.closed:
                    link.rollback()
        except psycopg2.errors.QueryCanceled:
            link.rollback()
    if not link.closed:
        link.close()
    return seen


def test_what_went_wrong_on_a_shared_connection_leaves_no_lender_behind(url: str, lenders: list[Lender]) -> None:
    assert CLIENTS > POOL, "connections are shared"
    with ThreadPoolExecutor(CLIENTS) as many:
        found = list(many.map(lambda number: _client(url, lenders[number % 2], number), range(CLIENTS)))
    for number, seen in enumerate(found):
        assert seen == {"", str(lenders[number % 2].tenant.id)}
