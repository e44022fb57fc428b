"""One site and one browser for the session; signing in through the form happens once a role and is kept."""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import connections
from django.utils import timezone
from playwright.sync_api import Browser, expect, sync_playwright

from carloan.core.models import User
from tests.cast import Lender

from .browser import ARGUMENTS, Visitor, save_state, sign_in, visit
from .seed import seed
from .site import Site, running_site

CHROMIUM = Path(os.environ.get("CHROMIUM", "/usr/bin/chromium"))
SLUG = "e2e"

NewVisitor = Callable[..., Visitor]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.e2e)


@pytest.fixture(scope="session")
def seeded(django_db_setup: None, django_db_blocker: Any) -> tuple[Lender, dict[str, str]]:
    """Seeded before the browser starts: its event loop would forbid the database in this thread."""
    if not CHROMIUM.exists():
        pytest.skip(f"no Chromium at {CHROMIUM}: apt-get install chromium, or name another one in CHROMIUM")
    with django_db_blocker.unblock():
        return seed(SLUG)


@pytest.fixture(scope="session")
def site(seeded: tuple[Lender, dict[str, str]], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with running_site(tmp_path_factory.mktemp("site"), SLUG) as running:
        lender, running.ids = seeded
        running.users = {role: user.username for role, user in lender.users.items()}
        yield running


@pytest.fixture(scope="session")
def browser(site: Site) -> Iterator[Browser]:
    expect.set_options(timeout=10_000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def states(browser: Browser, site: Site, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """The signed-in state of a role, made through the sign-in form the first time it is asked for."""
    folder = tmp_path_factory.mktemp("states")

    def state_of(role: str) -> Path:
        path = folder / f"{role}.json"
        if not path.exists():
            visitor = visit(browser, site)
            sign_in(visitor, site.users[role])
            save_state(visitor.context, path)
            visitor.context.close()
        return path

    return state_of


@pytest.fixture
def visitor(browser: Browser, site: Site, states: Callable[[str], Path]) -> Iterator[NewVisitor]:
    """`visitor("officer", theme="dark")`; role "" is nobody. At the end nothing may have gone wrong in any window."""
    with ExitStack() as stack:
        opened: list[Visitor] = []

        def new(role: str = "admin", **options: Any) -> Visitor:
            found = visit(browser, site, storage_state=str(states(role)) if role else None, **options)
            stack.callback(found.context.close)
            opened.append(found)
            return found

        yield new
        assert [problem for each in opened for problem in each.problems] == []


@pytest.fixture
def long_ago(seeded: tuple[Lender, dict[str, str]], django_db_blocker: Any) -> Callable[[str], None]:
    """`long_ago(username)`: in all their sessions they confirmed who they are hours ago. In a thread of its own: the
    browser's event loop forbids the database in this one."""

    def age(username: str) -> None:
        with django_db_blocker.unblock():
            user_id = str(User.objects.get(username=username).pk)
            for row in Session.objects.all():
                known = row.get_decoded()
                if known.get("_auth_user_id") == user_id:
                    for record in known.get("account_authentication_methods", []):
                        record["at"] -= 4 * 3600
                    row.session_data = Session.objects.encode(known)
                    row.save(update_fields=["session_data"])
            connections.close_all()

    def aged(username: str) -> None:
        with ThreadPoolExecutor(1) as thread:
            thread.submit(age, username).result()

    return aged


@pytest.fixture
def unused(seeded: tuple[Lender, dict[str, str]], django_db_blocker: Any) -> Callable[..., None]:
    """`unused(key, seconds, began=seconds)`: nobody has used the session so long, or it began so long ago."""

    def age(key: str, seconds: int, began: int) -> None:
        with django_db_blocker.unblock():
            row = UserSession.objects.get(session_key=key)
            row.last_seen_at = timezone.now() - timedelta(seconds=seconds)
            row.created_at -= timedelta(seconds=began)
            row.save()
            connections.close_all()

    def aged(key: str, seconds: int, *, began: int = 0) -> None:
        with ThreadPoolExecutor(1) as thread:
            thread.submit(age, key, seconds, began).result()

    return aged
