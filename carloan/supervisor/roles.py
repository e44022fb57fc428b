"""Makes the database, its roles and their rights from an administrator's address; safe to run again at any time.

| role | logs in | what for |
|---|---|---|
| owner | no | owns the schema and every table; set-up commands act as it (`SET ROLE owner`) |
| app, worker | yes | web and workers: rows only, no tables of their own, bound by row-level security |
| sealer | yes | seals the ledger |
| sign_in | no | owns the function that tells a person's lenders; the only role that row-level security does not bind |
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlsplit, urlunsplit

import psycopg2
from psycopg2 import errorcodes, sql

from carloan import env
from carloan.supervisor.process import SupervisorError

LOGINS = ("app", "worker", "sealer")
ROLES = {
    "owner": "NOLOGIN NOSUPERUSER NOBYPASSRLS",
    **dict.fromkeys(LOGINS, "LOGIN NOSUPERUSER NOBYPASSRLS NOINHERIT NOCREATEDB NOCREATEROLE"),
    "sign_in": "NOLOGIN NOSUPERUSER BYPASSRLS",
}
# What earlier versions called a role. Their installations and their backups know it by this name.
FORMER = {"sign_in": "search"}
# The first search index of the migrations stood on it.
EXTENSIONS = ("btree_gin",)
OLDEST = 150_000  # server_version_num of PostgreSQL 15
# One number for all copies of this program: two set-ups of one server must not race for the shared roles.
SETUP_LOCK = 7_226_171


def with_database(url: str, database: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{quote(database)}"))


def database_name(url: str) -> str:
    return unquote(urlsplit(url).path.lstrip("/")) or "carloan"


def with_login(url: str, user: str, password: str) -> str:
    """The same server and database, for another login."""
    parts = urlsplit(url)
    address = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{quote(user)}:{quote(password, safe='')}@{address}"))


def role_password(role: str, secrets: Path) -> str:
    """A role's password: CARLOAN_DB_<ROLE>, CARLOAN_DB_<ROLE>_FILE or secrets/db_<role>, made when absent."""
    return env.secret(f"db_{role}", secrets)


def role_url(admin_url: str, role: str, *, secrets: Path) -> str:
    """The address at which `role` logs in to the database that `admin_url` names."""
    if role not in LOGINS:
        raise ValueError(f"{role} does not log in")
    return with_login(admin_url, role, role_password(role, secrets))


def prepare_database(admin_url: str, *, secrets: Path) -> None:
    """Make the database that `admin_url` names (`carloan` if it names none), the roles, rights and extensions.

    `admin_url` is the login of a superuser, or of a role with CREATEDB and CREATEROLE where a hosted PostgreSQL gives
    no superuser; what such a role cannot do is reported with the statement an administrator must run once.
    """
    name = database_name(admin_url)
    with _connection(admin_url, "postgres") as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [SETUP_LOCK])
        _check_version(cursor)
        for role, former in FORMER.items():
            _rename(cursor, former, role)
        for role, attributes in ROLES.items():
            _ensure_role(cursor, role, attributes)
        for role in LOGINS:
            password = role_password(role, secrets)
            cursor.execute(
                sql.SQL("ALTER ROLE {} PASSWORD %s").format(sql.Identifier(role)),
                [password],
            )
        for role in ("owner", "sign_in"):
            _ensure_member(cursor, role)
        # Migrations act as owner and hand that function over; BYPASSRLS itself is never inherited.
        cursor.execute("GRANT sign_in TO owner")
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        if cursor.fetchone() is None:
            # template0 is the only template that every server lets us choose the encoding from.
            cursor.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'").format(sql.Identifier(name))
            )
    prepare_rights(with_database(admin_url, name))


def prepare_rights(admin_url: str) -> None:
    """Schema, rights and extensions inside an existing database, for example a test database made by Django."""
    database = sql.Identifier(database_name(admin_url))
    logins = sql.SQL(", ").join(map(sql.Identifier, LOGINS))
    with _connection(admin_url) as cursor:
        for statement in (
            "REVOKE ALL ON DATABASE {database} FROM PUBLIC",
            "GRANT CONNECT ON DATABASE {database} TO {logins}",
            "GRANT CONNECT, CREATE, TEMPORARY ON DATABASE {database} TO owner",
        ):
            cursor.execute(sql.SQL(statement).format(database=database, logins=logins))
        for extension in EXTENSIONS:
            _ensure_extension(cursor, extension)
        for statement in (
            "ALTER SCHEMA public OWNER TO owner",
            "REVOKE ALL ON SCHEMA public FROM PUBLIC",
            "GRANT USAGE ON SCHEMA public TO {logins}",
            # A function can only be given to a role that may create in its schema.
            "GRANT USAGE, CREATE ON SCHEMA public TO sign_in",
        ):
            cursor.execute(sql.SQL(statement).format(logins=logins))


def answer_to_former_names(admin_url: str, script: str) -> None:
    """Before the dump of an earlier version is loaded, whose `script` names roles by what they were called then: they
    take these names back until prepare_database runs again."""
    with _connection(admin_url) as cursor:
        for role, former in FORMER.items():
            if re.search(rf"\bTO {former};", script):
                _rename(cursor, role, former)


def identity(admin_url: str) -> str:
    """Names this database among all that ever were: the cluster's own number and the database's in it."""
    with _connection(admin_url) as cursor:
        cursor.execute(
            "SELECT system_identifier::text || '/' || oid::text"
            " FROM pg_control_system(), pg_database WHERE datname = current_database()"
        )
        return str(cursor.fetchone()[0])


@contextmanager
def _connection(url: str, database: str | None = None) -> Iterator[Any]:
    """A cursor in autocommit mode: roles and databases are made one statement at a time."""
    try:
        link = psycopg2.connect(with_database(url, database) if database else url, connect_timeout=10)
    except psycopg2.OperationalError as error:
        host = urlsplit(url).netloc.rpartition("@")[2]
        raise SupervisorError(f"cannot log in to PostgreSQL at {host}: {str(error).strip()}") from error
    link.autocommit = True
    try:
        with link.cursor() as cursor:
            yield cursor
    finally:
        link.close()


def _check_version(cursor: Any) -> None:
    cursor.execute("SHOW server_version_num")
    if int(cursor.fetchone()[0]) < OLDEST:
        cursor.execute("SHOW server_version")
        raise SupervisorError(f"PostgreSQL {cursor.fetchone()[0]} is too old: 15 or newer is needed")


def _ensure_role(cursor: Any, role: str, attributes: str) -> None:
    cursor.execute(
        "SELECT rolcanlogin, rolsuper, rolbypassrls, rolinherit FROM pg_roles WHERE rolname = %s",
        [role],
    )
    found = cursor.fetchone()
    words = attributes.split()
    wanted = ("LOGIN" in words, False, "BYPASSRLS" in words, "NOINHERIT" not in words)
    if found == wanted:
        return
    verb = "CREATE" if found is None else "ALTER"
    _administer(cursor, role, f"{verb} ROLE {role} {attributes}")


def _rename(cursor: Any, name: str, wanted: str) -> None:
    """What the role owns and may stays with it, in every database of the server. Nothing where there is nothing to
    rename, or where both names are there: an earlier version that shares the server may have made its own anew."""
    cursor.execute("SELECT array_agg(rolname::text) FROM pg_roles WHERE rolname IN (%s, %s)", [name, wanted])
    if cursor.fetchone()[0] == [name]:
        _administer(cursor, wanted, f"ALTER ROLE {name} RENAME TO {wanted}")


def _administer(cursor: Any, role: str, statement: str) -> None:
    try:
        cursor.execute(statement)
    except psycopg2.Error as error:
        if error.pgcode == errorcodes.DUPLICATE_OBJECT:
            return
        if error.pgcode == errorcodes.INSUFFICIENT_PRIVILEGE:
            raise SupervisorError(
                f"the administrator of DATABASE_URL may not set up the role {role}. "
                f"Let a superuser run this once and start again: {statement};"
            ) from error
        raise


def _ensure_member(cursor: Any, role: str) -> None:
    """Let the administrator act as `role`; a superuser may anyway."""
    cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
    if cursor.fetchone()[0]:
        return
    try:
        cursor.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(sql.Identifier(role)))
    except psycopg2.Error as error:
        cursor.execute("SELECT pg_has_role(current_user, %s, 'MEMBER')", [role])
        if not cursor.fetchone()[0]:
            cursor.execute("SELECT current_user")
            raise SupervisorError(
                f"let a superuser run this once and start again: GRANT {role} TO {cursor.fetchone()[0]};"
            ) from error


def _ensure_extension(cursor: Any, extension: str) -> None:
    try:
        cursor.execute(
            sql.SQL("CREATE EXTENSION IF NOT EXISTS {} WITH SCHEMA public").format(sql.Identifier(extension))
        )
    except psycopg2.Error as error:
        raise SupervisorError(
            f"the PostgreSQL extension {extension} cannot be made ({str(error).strip()}). It is part of "
            f"postgresql-contrib; install that, or let a superuser run: CREATE EXTENSION {extension};"
        ) from error
