"""Databases and broker of one copy: embedded ones where no address is given, and the environment of each process."""

import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from carloan import env
from carloan.supervisor.embedded import Embedded
from carloan.supervisor.home import Home
from carloan.supervisor.postgres import EmbeddedPostgres
from carloan.supervisor.roles import prepare_database, role_url, with_database
from carloan.supervisor.valkey import EmbeddedValkey

# Commands that make or change tables act as the role that owns them; every other one is bound by the fences.
OWNER_COMMANDS = {
    "maintain",
    "migrate",
    "rotate_root_key",
    "showmigrations",
    "sqlmigrate",
    "sqlflush",
    "makemigrations",
    "flush",
    "dbshell",
    "inspectdb",
}
# The tables of both databases. The key store holds tables of one app: walking through everybody's migrations to find
# nothing to do would take as long there as it takes to make all the others.
MIGRATE = (
    ("migrate", "--noinput", "--database", "default"),
    ("migrate", "keystore", "--noinput", "--database", "keystore"),
)
GIVEN = ("DATABASE_URL", "KEYSTORE_URL", "REDIS_URL")
GIVEN_PREFIXES = tuple(f"{name.removesuffix('_URL')}_{part}" for name in GIVEN for part in ("URL", "PASSWORD"))


@dataclass(frozen=True)
class Addresses:
    """Administrators' addresses of both databases, and the broker's."""

    database: str
    keystore: str
    broker: str


@dataclass(frozen=True)
class Services:
    addresses: Addresses
    home: Path
    secrets: Path
    embedded: Mapping[str, Embedded] = field(default_factory=dict)
    # What the site's processes are told of those who look at the ledger from outside.
    outsiders: Mapping[str, str] = field(default_factory=dict)

    def environment(self, role: str, port: int | None = None) -> dict[str, str]:
        """What a process of ours needs; `role` is app, worker, sealer, or owner for set-up commands.

        An outsider has no database: it is told of none.
        """
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(GIVEN_PREFIXES)}
        if role == "outsider":
            return inherited
        given = {
            **inherited,
            "CARLOAN_HOME": str(self.home),
            "CARLOAN_SECRETS": str(self.secrets),
            "DATABASE_URL": self._login(self.addresses.database, role),
            "KEYSTORE_URL": self._login(self.addresses.keystore, role),
            "REDIS_URL": self.addresses.broker,
            "DJANGO_SETTINGS_MODULE": "carloan.settings",
            "PYTHONUNBUFFERED": "1",
        }
        if role == "owner":
            given["CARLOAN_DB_ROLE"] = "owner"
        given |= self.outsiders
        if port is not None:
            given["PORT"] = str(port)
        return given

    def seen_by(self, outsiders: Mapping[str, str]) -> "Services":
        """The same, with somebody who looks at the ledger from outside."""
        return replace(self, outsiders=outsiders)

    def prepare(self) -> None:
        """Databases, roles and rights; 40 ms when there is nothing to do."""
        for address in (self.addresses.database, self.addresses.keystore):
            prepare_database(address, secrets=self.secrets)

    def published(self) -> dict[str, str]:
        return asdict(self.addresses)

    def _login(self, address: str, role: str) -> str:
        return address if role == "owner" else role_url(address, role, secrets=self.secrets)


@contextmanager
def running_services(home: Home, *, fast: bool = False, given: bool = True) -> Iterator[Services]:
    """Start what is not given by DATABASE_URL, KEYSTORE_URL or REDIS_URL and stop it at the end.

    `given=False` ignores those variables: throw-away services for tests and benchmarks.
    """
    database, keystore, broker = (env.address(name) if given else "" for name in GIVEN)
    embedded: dict[str, Embedded] = {}
    with ExitStack() as stack:
        if not broker:
            valkey = EmbeddedValkey(home.path / "broker", fast=fast, password_file=home.secrets / "broker")
            embedded["broker"] = stack.enter_context(valkey)
            broker = valkey.url
        if not keystore:
            keystore = _postgres(stack, embedded, home, "keystore", fast=fast)
        if not database:
            database = _postgres(stack, embedded, home, "database", fast=fast)
        yield Services(Addresses(database, keystore, broker), home.path, home.secrets, embedded)


def _postgres(stack: ExitStack, embedded: dict[str, Embedded], home: Home, name: str, *, fast: bool) -> str:
    server = EmbeddedPostgres(home.path / name, fast=fast, password_file=home.secrets / f"{name}_admin")
    embedded[name] = stack.enter_context(server)
    return with_database(server.admin_url, "carloan")
