"""The fences one at a time: what either one alone must hold."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import pytest
from django.db import connections, models
from psycopg2.extensions import parse_dsn

from carloan.core.models import TenantManager
from tests.plugin import owner_urls

ADDRESSES = {"default": "DATABASE_URL", "keystore": "KEYSTORE_URL"}


@contextmanager
def superuser(alias: str = "default") -> Iterator[Any]:
    """Django's own connection of a database, signed in as the one role that row-level security does not bind.

    All that happens on it is rolled back.
    """
    database: Any = connections[alias]
    address = parse_dsn(owner_urls[ADDRESSES[alias]])
    fenced = database.connection
    bypass = database.get_new_connection({**database.get_connection_params(), **address})
    bypass.autocommit = False
    database.connection = bypass
    try:
        database.init_connection_state()
        yield bypass
    finally:
        database.connection = fenced
        bypass.rollback()
        bypass.close()


@pytest.fixture(params=["both fences", "only the application", "only the database"])
def fences(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, db: None) -> Iterator[str]:
    """Run the test three times: as built, with row-level security bypassed, and with the managers' scope removed.

    In both databases. Ask for it before the fixtures that write, which must write where the test reads.
    """
    with ExitStack() as stack:
        if request.param == "only the application":
            for alias in ADDRESSES:
                stack.enter_context(superuser(alias))
        elif request.param == "only the database":
            monkeypatch.setattr(TenantManager, "get_queryset", models.Manager.get_queryset)
        yield request.param
