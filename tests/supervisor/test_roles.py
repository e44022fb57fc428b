"""Database, roles and rights, on the embedded PostgreSQL and on Debian 12's PostgreSQL 15 where it is installed."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, ClassVar

import psycopg2
import pytest

from carloan.supervisor import backup, roles
from carloan.supervisor.postgres import EmbeddedPostgres
from carloan.supervisor.process import SupervisorError

PROGRAMS_15 = Path("/usr/lib/postgresql/15/bin")


class Postgres15(EmbeddedPostgres):
    """The oldest version that is supported, from Debian's package."""

    locale_options: ClassVar[tuple[str, ...]] = ("--locale=C.UTF-8",)

    def program(self, name: str) -> Path:
        return PROGRAMS_15 / name


@pytest.fixture(scope="module", params=["embedded", "15"])
def server(request: pytest.FixtureRequest) -> Iterator[EmbeddedPostgres]:
    if request.param == "15" and not PROGRAMS_15.exists():
        pytest.skip("PostgreSQL 15 is not installed (apt-get install postgresql-15)")
    with (Postgres15 if request.param == "15" else EmbeddedPostgres).temporary() as started:
        yield started


@pytest.fixture(scope="module")
def secrets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("secrets")


@pytest.fixture(scope="module")
def admin_url(server: EmbeddedPostgres, secrets: Path) -> str:
    url = roles.with_database(server.admin_url, "carloan")
    roles.prepare_database(url, secrets=secrets)
    return url


def ask(url: str, *statements: str) -> Any:
    """The first value of the last statement's answer."""
    with closing(psycopg2.connect(url)) as link:
        link.autocommit = True
        with link.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
            row = cursor.fetchone() if cursor.description else None
            return row[0] if row else None


@pytest.mark.parametrize("role", roles.LOGINS)
@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE mine (number int)",
        "CREATE TEMPORARY TABLE mine (number int)",
        "CREATE SCHEMA mine",
        "CREATE ROLE mine",
        "SET ROLE owner",
        "SET ROLE sign_in",
        "ALTER ROLE CURRENT_USER BYPASSRLS",
    ],
)
def test_a_login_role_may_not(role: str, statement: str, admin_url: str, secrets: Path) -> None:
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        ask(roles.role_url(admin_url, role, secrets=secrets), statement)


def test_row_level_security_binds_every_role_but_the_one_that_nobody_logs_in_as(admin_url: str) -> None:
    ours = "ARRAY['" + "','".join(roles.ROLES) + "']"
    unbound = (
        f"SELECT string_agg(rolname, ',') FROM pg_roles WHERE (rolsuper OR rolbypassrls) AND rolname = ANY({ours})"
    )
    assert ask(admin_url, unbound) == "sign_in"
    assert ask(admin_url, "SELECT rolcanlogin FROM pg_roles WHERE rolname = 'sign_in'") is False
    assert ask(admin_url, f"SELECT count(*) FROM pg_roles WHERE rolname = ANY({ours})") == len(roles.ROLES)


def test_the_owner_owns_the_schema_and_hands_functions_to_the_role_of_sign_in(admin_url: str) -> None:
    owner = "SELECT nspowner::regrole::text FROM pg_namespace WHERE nspname = 'public'"
    assert ask(admin_url, owner) == "owner"
    ask(
        admin_url,
        "SET ROLE owner",
        "CREATE FUNCTION look() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'",
        "ALTER FUNCTION look() OWNER TO sign_in",
    )


def test_the_extensions_are_there(admin_url: str) -> None:
    for extension in roles.EXTENSIONS:
        assert ask(admin_url, f"SELECT 1 FROM pg_extension WHERE extname = '{extension}'") == 1


def test_doing_it_again_changes_nothing_and_mends_a_loosened_role(admin_url: str, secrets: Path) -> None:
    before = roles.identity(admin_url)
    ask(admin_url, "ALTER ROLE app BYPASSRLS")
    roles.prepare_database(admin_url, secrets=secrets)
    assert ask(admin_url, "SELECT rolbypassrls FROM pg_roles WHERE rolname = 'app'") is False
    assert roles.identity(admin_url) == before


def test_what_an_earlier_version_called_search_keeps_its_function_under_the_new_name(
    admin_url: str, secrets: Path
) -> None:
    ask(
        admin_url,
        "ALTER ROLE sign_in RENAME TO search",
        "SET ROLE owner",
        "CREATE FUNCTION earlier() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'",
        "ALTER FUNCTION earlier() OWNER TO search",
    )
    for _start in range(2):
        roles.prepare_database(admin_url, secrets=secrets)
        owner = "SELECT proowner::regrole::text FROM pg_proc WHERE proname = 'earlier'"
        assert ask(admin_url, owner) == "sign_in"
        assert ask(admin_url, "SELECT count(*) FROM pg_roles WHERE rolname = 'search'") == 0


def test_an_earlier_version_on_the_same_server_keeps_the_role_that_it_makes_anew(admin_url: str, secrets: Path) -> None:
    ask(admin_url, "CREATE ROLE search NOLOGIN BYPASSRLS")
    roles.prepare_database(admin_url, secrets=secrets)
    assert ask(admin_url, "SELECT rolbypassrls FROM pg_roles WHERE rolname = 'search'") is True
    ask(admin_url, "DROP ROLE search")


def test_an_administrator_who_may_not_rename_learns_what_a_superuser_must_run(admin_url: str, secrets: Path) -> None:
    ask(admin_url, "CREATE ROLE guest LOGIN CREATEDB PASSWORD 'guest'", "ALTER ROLE sign_in RENAME TO search")
    guest = roles.with_login(roles.with_database(admin_url, "hosted"), "guest", "guest")
    try:
        with pytest.raises(SupervisorError, match="start again: ALTER ROLE search RENAME TO sign_in;"):
            roles.prepare_database(guest, secrets=secrets)
    finally:
        roles.prepare_database(admin_url, secrets=secrets)


@pytest.mark.parametrize("named", ["search", "sign_in"])
def test_a_dump_is_loaded_whichever_name_it_knows_the_role_by(
    server: EmbeddedPostgres, admin_url: str, secrets: Path, tmp_path: Path, named: str
) -> None:
    if isinstance(server, Postgres15):
        pytest.skip("our programs of PostgreSQL load dumps into servers of their own version")
    url, dump = roles.with_database(server.admin_url, f"of_{named}"), tmp_path / "main.dump"
    roles.prepare_database(url, secrets=secrets)
    if named == "search":
        ask(url, "ALTER ROLE sign_in RENAME TO search")
    ask(
        url,
        "SET ROLE owner",
        "CREATE FUNCTION told() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'",
        f"ALTER FUNCTION told() OWNER TO {named}",
    )
    backup._dump(url, dump)
    backup._drop(url)
    roles.prepare_database(url, secrets=secrets)
    backup._load(url, dump)
    roles.prepare_database(url, secrets=secrets)
    assert ask(url, "SELECT proowner::regrole::text FROM pg_proc WHERE proname = 'told'") == "sign_in"
    assert ask(url, "SELECT string_agg(rolname, ',') FROM pg_roles WHERE rolname IN ('search', 'sign_in')") == "sign_in"


def test_two_databases_have_two_identities(admin_url: str, secrets: Path) -> None:
    other = roles.with_database(admin_url, "other")
    roles.prepare_database(other, secrets=secrets)
    assert roles.identity(other) != roles.identity(admin_url)


def test_an_administrator_without_superuser_learns_what_a_superuser_must_run(admin_url: str, secrets: Path) -> None:
    ask(admin_url, "CREATE ROLE chief LOGIN CREATEDB CREATEROLE PASSWORD 'chief'", "ALTER ROLE sign_in NOBYPASSRLS")
    chief = roles.with_login(roles.with_database(admin_url, "hosted"), "chief", "chief")
    try:
        with pytest.raises(SupervisorError, match="Let a superuser run this once and start again: ALTER ROLE sign_in"):
            roles.prepare_database(chief, secrets=secrets)
    finally:
        roles.prepare_database(admin_url, secrets=secrets)


def test_a_server_that_is_away_is_named_without_its_password(secrets: Path) -> None:
    with pytest.raises(SupervisorError, match=r"cannot log in to PostgreSQL at 127\.0\.0\.1:1") as caught:
        roles.prepare_database("postgres://postgres:hidden@127.0.0.1:1/carloan", secrets=secrets)
    assert "hidden" not in str(caught.value)
