"""Gives the suite real databases and a real broker before Django reads its settings.

Started here unless the environment names others (DATABASE_URL, KEYSTORE_URL, REDIS_URL), and ended with the process.
Loaded by `-p tests.plugin` in pyproject.toml, because pytest-django reads the settings before any conftest. In a run of
several lanes (pytest-xdist) each has its own; the process that hands out the tests runs none and needs none.
"""

import atexit
import os
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from carloan.supervisor.embedded import Embedded
from carloan.supervisor.postgres import EmbeddedPostgres
from carloan.supervisor.roles import prepare_database, role_url, with_database
from carloan.supervisor.services import Addresses, Services
from carloan.supervisor.valkey import EmbeddedValkey

running = ExitStack()
owner_urls: dict[str, str] = {}
# Those that are ours to stop: "database", "keystore", "broker".
servers: dict[str, Embedded] = {}
NOWHERE = dict.fromkeys(("DATABASE_URL", "KEYSTORE_URL"), "postgresql://nobody@127.0.0.1:1/nothing")


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Iterator[None]:
    """A wrapper comes before pytest-django, which reads the settings in the same hook."""
    if "PYTEST_XDIST_WORKER" in os.environ or not early_config.known_args_namespace.numprocesses:
        start()
        return (yield)
    # Lanes inherit the environment: what stands there afterwards would be theirs.
    os.environ.update(NOWHERE)
    yield
    for name in NOWHERE:
        del os.environ[name]
    return None


def start() -> None:
    atexit.register(running.close)
    home = Path(running.enter_context(tempfile.TemporaryDirectory(prefix="carloan-tests-", ignore_cleanup_errors=True)))
    home.chmod(0o755)  # PostgreSQL runs as another account and must pass through
    os.environ["CARLOAN_HOME"] = str(home)
    os.environ.setdefault("CARLOAN_BASE_URL", "http://testserver")
    os.environ.setdefault("CARLOAN_HOSTS", "testserver,localhost,127.0.0.1")
    for name in ("DATABASE_URL", "KEYSTORE_URL"):
        if not (admin_url := os.environ.get(name)):
            part = name.removesuffix("_URL").lower()
            server = running.enter_context(EmbeddedPostgres(home / part, fast=True))
            servers[part] = server
            admin_url = with_database(server.admin_url, "carloan")
        prepare_database(admin_url, secrets=home / "secrets")
        owner_urls[name] = admin_url
        os.environ[name] = role_url(admin_url, "app", secrets=home / "secrets")
    if not os.environ.get("REDIS_URL"):
        broker = running.enter_context(EmbeddedValkey(home / "broker", fast=True))
        servers["broker"] = broker
        os.environ["REDIS_URL"] = broker.url


def services() -> Services:
    """The session's own services, as the supervisor gives them to the parts of a site."""
    home = Path(os.environ["CARLOAN_HOME"])
    addresses = Addresses(owner_urls["DATABASE_URL"], owner_urls["KEYSTORE_URL"], os.environ["REDIS_URL"])
    return Services(addresses, home, home / "secrets", servers)


def worker_urls() -> dict[str, str]:
    """The addresses for a process of the command line, as `script/manage` gives them."""
    secrets = Path(os.environ["CARLOAN_HOME"]) / "secrets"
    return {name: role_url(url, "worker", secrets=secrets) for name, url in owner_urls.items()}
