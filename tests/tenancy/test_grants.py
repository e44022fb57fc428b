"""What the logins of web and workers may do to the tables that decide who anybody is, on connections of their own."""

from collections.abc import Iterator
from os import environ
from typing import Any

import psycopg2
import pytest
from django.core.management import call_command
from django.db import connections

from carloan.core.access import actor_again
from carloan.core.catalog import findings
from carloan.core.models import User
from carloan.core.services.people import member_add
from tests.cast import Lender, as_platform
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


@pytest.mark.parametrize(
    "column",
    ["password", "is_active", "is_superuser", "username", "email", "must_change_password", "last_login", "language"],
)
def test_workers_change_nothing_of_a_person(as_worker: Any, column: str) -> None:
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        as_worker.execute(f"UPDATE core_user SET {column} = DEFAULT")


def test_workers_give_a_password_to_who_has_none_and_replace_nobodys(as_worker: Any, as_app: Any) -> None:
    as_worker.execute(
        "INSERT INTO core_user (id, username, password, is_superuser, is_staff, is_active, first_name, last_name,"
        " email, date_joined, language, theme, shortcuts, must_change_password) VALUES"
        " (gen_random_uuid(), 'new', '!', false, false, true, '', '', '', now(), '', 'auto', true, false)"
    )

    def give(name: str) -> bool:
        as_worker.execute("SELECT core_user_first_password(%s, 'scrypt$')", [name])
        return bool(as_worker.fetchone()[0])

    assert [give("new"), give("new"), give("nobody")] == [True, False, False]
    as_worker.execute("SELECT core_users_with_password(ARRAY['new'])")
    assert as_worker.fetchall() == [("new",)]
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        as_app.execute("SELECT core_user_first_password('new', 'x')")


@pytest.fixture
def as_worker() -> Iterator[Any]:
    link = psycopg2.connect(worker_urls()["DATABASE_URL"])
    with link.cursor() as cursor:
        yield cursor
    link.rollback()
    link.close()


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT password FROM core_user",
        "SELECT * FROM core_user",
        "SELECT id FROM core_user WHERE password LIKE 'scrypt%'",
        "SELECT session_data FROM django_session",
        "SELECT session_key FROM django_session",
        "UPDATE django_session SET expire_date = now()",
        "SELECT data FROM mfa_authenticator",
        "DELETE FROM mfa_authenticator",
        "INSERT INTO usersessions_usersession (session_key) VALUES ('x')",
        "SELECT session_key FROM usersessions_usersession",
        "SELECT id FROM axes_accessattempt",
        "SELECT id FROM account_emailaddress",
    ],
)
def test_workers_read_nothing_by_which_people_sign_in(as_worker: Any, statement: str) -> None:
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        as_worker.execute(statement)


def test_workers_do_their_work_without(bank: Lender) -> None:
    with bank.open():
        member = bank.members["officer"]
        with as_platform():
            call_command("clearsessions")
            actor = actor_again("person", member.id, name="worker")
            made = member_add(actor=bank.system, username="first", display_name="管理员", password="long-enough-17")
            with connections["default"].cursor() as cursor:
                cursor.execute(
                    "SELECT core_users_with_password(%s::text[])", [[made.user.username, member.user.username]]
                )
                assert cursor.fetchall() == [("first",)]
        assert actor is not None
        assert actor.membership_id == member.id
        assert made.user.check_password("long-enough-17")


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
            cursor.execute("GRANT UPDATE (email) ON core_user TO worker")
            cursor.execute("GRANT UPDATE ON core_user TO worker")
            cursor.execute("GRANT SELECT ON mfa_authenticator TO worker")
            cursor.execute("GRANT SELECT (password) ON core_user TO worker")
            cursor.execute("GRANT UPDATE ON usersessions_usersession TO worker")
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
        "worker may update core_user.email",
        "worker may update core_user as a whole",
        "worker may read mfa_authenticator as a whole",
        "worker may read core_user.password",
        "worker may update usersessions_usersession as a whole",
    ):
        assert line in found
    assert findings("default") == []
