"""What the web's database login may do to the tables that decide who anybody is, tried over a connection of its own."""

from collections.abc import Iterator
from os import environ
from typing import Any

import psycopg2
import pytest
from django.db import connections

from carloan.core.catalog import findings
from carloan.core.models import User
from tests.cast import Lender
from tests.plugin import owner_urls, worker_urls

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])


@pytest.fixture
def as_app() -> Iterator[Any]:
    with psycopg2.connect(environ["DATABASE_URL"]) as link, link.cursor() as cursor:
        yield cursor
        link.rollback()
    link.close()


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO core_tenant (id) VALUES (gen_random_uuid())",
        "UPDATE core_tenant SET state = 'active'",
        "UPDATE core_tenant SET require_mfa = false",
        "DELETE FROM core_tenant",
        "INSERT INTO core_tenanthost (id) VALUES (gen_random_uuid())",
        "UPDATE core_tenanthost SET host = 'x'",
        "DELETE FROM core_tenanthost",
        "UPDATE core_user SET is_superuser = true",
        "UPDATE core_user SET is_active = true",
        "UPDATE core_user SET username = 'x'",
        "UPDATE core_user SET id = gen_random_uuid()",
        "DELETE FROM core_user",
        "INSERT INTO core_user_groups (user_id) SELECT id FROM core_user",
        "INSERT INTO auth_group (name) VALUES ('x')",
    ],
)
def test_the_web_is_refused(bank: Lender, as_app: Any, statement: str) -> None:
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        as_app.execute(statement)


@pytest.mark.parametrize("statement", ["DELETE FROM core_tenant", "DELETE FROM core_user"])
def test_the_command_line_deletes_neither_lenders_nor_people(statement: str) -> None:
    link = psycopg2.connect(worker_urls()["DATABASE_URL"])
    try:
        with link.cursor() as cursor, pytest.raises(psycopg2.errors.InsufficientPrivilege):
            cursor.execute(statement)
    finally:
        link.close()


def test_the_web_may_do_what_signing_in_needs(bank: Lender, as_app: Any) -> None:
    as_app.execute(
        "UPDATE core_user SET password = password, last_login = now(), language = 'en', theme = 'dark',"
        " shortcuts = true, must_change_password = false WHERE id = %s",
        [str(bank.users["officer"].pk)],
    )
    assert as_app.rowcount == 1


def test_nobody_is_made_a_superuser_by_anybody(bank: Lender, as_app: Any) -> None:
    with pytest.raises(psycopg2.errors.CheckViolation):
        as_app.execute(
            "INSERT INTO core_user (id, username, password, is_superuser, is_staff, is_active, first_name, last_name,"
            " email, date_joined, language, theme, shortcuts, must_change_password) VALUES"
            " (gen_random_uuid(), 'root', '!', true, true, true, '', '', '', now(), '', 'auto', true, false)"
        )
    with pytest.raises(Exception, match="core_user_no_superuser"):
        User.objects.create_superuser("root", password="long-enough-1")


def test_the_linter_sees_a_grant_that_is_too_wide() -> None:
    link = psycopg2.connect(owner_urls["DATABASE_URL"])
    try:
        with link.cursor() as cursor:
            cursor.execute("GRANT INSERT ON core_tenant TO app")
            cursor.execute("GRANT UPDATE (is_active) ON core_user TO app")
            cursor.execute("GRANT DELETE ON core_user TO worker")
        database = connections["default"]
        fenced, database.connection = database.connection, link
        try:
            found = "\n".join(findings("default"))
        finally:
            database.connection = fenced
    finally:
        link.rollback()
        link.close()
    for line in (
        "app may insert core_tenant as a whole",
        "app may update core_user.is_active",
        "worker may delete core_user as a whole",
    ):
        assert line in found
    assert findings("default") == []
