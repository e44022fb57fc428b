"""Fixtures of the whole suite: a migrated database, two lenders with equal natural keys, a person in every role."""

import subprocess
import sys
from collections.abc import Iterator
from os import environ
from pathlib import Path
from typing import Any, Self

import psycopg2
import pytest
from allauth.account.internal.flows.login import record_authentication
from django.conf import settings as site
from django.contrib.auth import get_user
from django.core.cache import cache
from django.core.management import call_command
from django.http import HttpRequest
from django.test import Client

from carloan.core import alarms, destroyed, keys
from carloan.core.broker_link import open_broker
from carloan.core.store_mark import write_mark
from carloan.supervisor.services import MIGRATE
from tests.cast import Cast, Lender, build_cast, new_lender
from tests.plugin import owner_urls

# Pages through the test client name assets without a build; the browser suite runs the built ones.
site.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared" / "data"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The browser suite goes last: its event loop forbids the database in this thread from then on."""
    items.sort(key=lambda item: "e2e" in item.path.parts)


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: Any) -> None:
    """Migrate as the owner, as script/server does; the suite itself works as `app`, fenced like production."""
    for arguments in MIGRATE:
        subprocess.run(
            [sys.executable, "manage.py", *arguments, "-v", "0", "--skip-checks"],
            cwd=ROOT,
            env={**environ, **owner_urls, "CARLOAN_DB_ROLE": "owner"},
            check=True,
        )
    for url, others in ((owner_urls["DATABASE_URL"], "worker, sealer, "), (owner_urls["KEYSTORE_URL"], "")):
        with psycopg2.connect(url) as link, link.cursor() as cursor:
            # For tests.cast.as_role, past_the_triggers and key_store_is; `app` inherits nothing by it.
            cursor.execute("CREATE ROLE stagehand NOLOGIN")
            cursor.execute("GRANT SET ON PARAMETER session_replication_role TO stagehand")
            cursor.execute("GRANT USAGE ON SCHEMA public TO stagehand")
            cursor.execute("GRANT SELECT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO stagehand")
            cursor.execute(f"GRANT {others}stagehand TO app")
        link.close()


@pytest.fixture(scope="session", autouse=True)
def _translations() -> None:
    """Catalogues are compiled at set-up and never committed."""
    call_command("messages", "--compile", verbosity=0)


@pytest.fixture(scope="session", autouse=True)
def _store() -> None:
    """The paper store of the session, marked as a start marks it, and the folder of the list of destroyed keys."""
    write_mark()
    destroyed.make_folder()


@pytest.fixture
def store_folder(tmp_path: Path, settings: Any) -> Path:
    """Where the paper store of this test alone is going to lie: nothing is there yet."""
    place = tmp_path / "papers"
    backend = {"BACKEND": "carloan.core.vault.SealedFolder", "OPTIONS": {"location": place}}
    settings.STORAGES = {**settings.STORAGES, "papers": backend}
    return place


@pytest.fixture(scope="session")
def cast(django_db_setup: None, django_db_blocker: Any) -> Cast:
    """Two lenders that share every natural key, committed once; tests change them in transactions that roll back."""
    with django_db_blocker.unblock():
        return build_cast()


@pytest.fixture(autouse=True)
def _forget() -> Iterator[None]:
    """Keys and counters of one test are not those of the next."""
    yield
    keys.forget_keys()


@pytest.fixture
def clean_cache() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def no_alarms() -> None:
    """Those that other tests of this run left in the broker are gone: for a test that counts them."""
    with open_broker() as broker:
        broker.delete(*(alarms.PREFIX + name for name in alarms.NAMES))


@pytest.fixture(scope="session")
def bank(cast: Cast) -> Lender:
    return cast.bank


@pytest.fixture(scope="session")
def other(cast: Cast) -> Lender:
    """The other lender, in whose place strangers come."""
    return cast.other


@pytest.fixture
def committed(django_db_setup: None, django_db_blocker: Any) -> Iterator[Lender]:
    """A lender of this test's own whose rows are really committed: for races, workers and killed processes.

    Nothing is cleaned up, because nobody else sees it.
    """
    with django_db_blocker.unblock():
        yield new_lender()


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Real input that nobody here wrote; it lies beside the checkout."""
    if not SHARED.exists():
        pytest.skip(f"the shared test data are not here: {SHARED}")
    return SHARED


@pytest.fixture
def client_of(db: None) -> Any:
    """`client_of(lender, "officer")`: a browser in which that person has signed in; paths get the lender's prefix."""

    def sign_in(lender: Lender, role: str) -> "TenantClient":
        client = TenantClient(lender.tenant.slug)
        client.force_login(lender.users[role], backend="django.contrib.auth.backends.ModelBackend")
        # The first page of a session costs more than the others, once: budgets are those of the others.
        client.get("http://testserver/session/")
        return client

    return sign_in


class TenantClient(Client):
    """A test client whose paths are written without /t/<slug>, like the URL patterns."""

    def __init__(self, slug: str, **defaults: Any) -> None:
        super().__init__(**defaults)
        self.prefix = f"/t/{slug}"

    def confirmed(self, *, by_passkey: bool = False) -> Self:
        """As if the person had just given the password or used a passkey: acts that give away much ask again."""
        request = HttpRequest()
        request.session = self.session
        if by_passkey:
            record_authentication(request, get_user(request), "mfa", type="webauthn")
        else:
            record_authentication(request, get_user(request), "password")
        request.session.save()
        return self

    def generic(self, method: str, path: Any, *args: Any, **kwargs: Any) -> Any:
        inside = str(path).startswith(("/t/", "/accounts/", "/i18n/", "/healthz", "/static/", "http"))
        return super().generic(method, path if inside else f"{self.prefix}{path}", *args, **kwargs)


@pytest.fixture
def stranger(client_of: Any, other: Lender) -> Any:
    """The administrator of the other lender."""
    return client_of(other, "admin")
