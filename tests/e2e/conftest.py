"""One site and one browser for the session; signing in through the form happens once a role and is kept."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

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
