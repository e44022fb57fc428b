"""Each page is opened by some test that would see it broken: a new one without such a test fails here."""

import ast
import re
from pathlib import Path
from uuid import UUID

from django.urls import resolve

from tests.e2e.pages import ELSEWHERE, PAGES
from tests.tenancy.test_routes import ALL

ROOT = Path(__file__).resolve().parent.parent
ANY_ID = str(UUID(int=0))


def walked() -> set[str]:
    """The view names of the pages that the browser walks."""
    found = set()
    for page in PAGES:
        path = re.sub(r"\{\w+\}", ANY_ID, page.path).removeprefix("/").removeprefix("/").partition("?")[0]
        if page.status == 200:
            found.add(resolve(f"/{path}").view_name)
    return found


def test_every_page_is_walked_or_names_the_test_that_opens_it() -> None:
    pages = {route.name for route in ALL if route.answers_get and not route.is_api}
    assert len(pages) > 50
    assert sorted(pages - walked() - ELSEWHERE.keys()) == [], "add it to PAGES in tests/e2e/pages.py"
    assert sorted(ELSEWHERE.keys() - pages) == []
    assert sorted(ELSEWHERE.keys() & walked()) == []


def test_the_named_tests_exist() -> None:
    missing = []
    for place in set(ELSEWHERE.values()):
        path, _, name = place.partition("::")
        tree = ast.parse((ROOT / path).read_text())
        if name not in {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}:
            missing.append(place)
    assert missing == []


def test_no_page_is_named_twice() -> None:
    names = [page.name for page in PAGES]
    assert sorted({name for name in names if names.count(name) > 1}) == []
