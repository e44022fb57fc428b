"""Every route and method, walked from the resolver: strangers learn nothing, and a new route without coverage fails."""

import inspect
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from carloan.core.doors import Door, door_of
from carloan.core.middleware import OPEN_MODULES, _module
from tests.cast import Lender
from tests.tenancy.routes import ARGUMENTS, EVERYBODYS

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
# Pages that ask for the person, not for a lender: they send strangers to sign in instead.
PERSONAL = {"core:chooser", "core:profile", "core:session-end"}


@dataclass(frozen=True)
class Route:
    name: str
    template: str
    arguments: tuple[str, ...]
    door: Door | None
    module: str
    methods: tuple[str, ...]

    @property
    def answers_get(self) -> bool:
        return "GET" in self.methods

    @property
    def is_api(self) -> bool:
        return self.template.startswith("api/")

    def path(self, values: dict[str, Any]) -> str:
        path = "/" + self.template
        for name in self.arguments:
            path = path.replace(f"<{name}>", str(values[name]))
        return path


def routes(resolver: Any = None, prefix: str = "", space: str = "") -> Iterator[Route]:
    for pattern in (resolver or get_resolver()).url_patterns:
        text = prefix + str(pattern.pattern).lstrip("^")
        if isinstance(pattern, URLResolver):
            yield from routes(pattern, text, f"{space}{pattern.namespace}:" if pattern.namespace else space)
        elif isinstance(pattern, URLPattern):
            arguments = tuple(pattern.pattern.converters)
            for name, converter in pattern.pattern.converters.items():
                kind = next(key for key, known in _converters().items() if isinstance(converter, known))
                text = text.replace(f"<{kind}:{name}>", f"<{name}>")
            view = pattern.callback
            methods = tuple(_methods(view))
            yield Route(f"{space}{pattern.name}", text, arguments, door_of(view), _module(view), methods)


def _methods(view: Any) -> Sequence[str]:
    """What `require_safe` and its like let through, and all methods where nobody asked for them."""
    while view is not None:
        asked = inspect.getclosurevars(view).nonlocals.get("request_method_list") if inspect.isfunction(view) else None
        if asked is not None:
            return list(asked)
        view = getattr(view, "__wrapped__", None)
    return METHODS


def _converters() -> dict[str, type]:
    from django.urls.converters import IntConverter, PathConverter, SlugConverter, StringConverter, UUIDConverter

    return {
        "int": IntConverter,
        "path": PathConverter,
        "slug": SlugConverter,
        "uuid": UUIDConverter,
        "str": StringConverter,
    }


def guarded() -> list[Route]:
    return [route for route in routes() if route.door is not None and route.door.capabilities is not None]


ALL = list(routes())
GUARDED = guarded()


def test_every_route_has_a_door_or_belongs_to_a_known_library() -> None:
    without = [route.name for route in ALL if route.door is None and not route.module.startswith(OPEN_MODULES)]
    assert without == []


def test_what_can_be_got_can_be_asked_for_its_head() -> None:
    assert [route.name for route in ALL if route.answers_get and "HEAD" not in route.methods] == []


def test_a_head_is_the_page_without_its_body(client_of: Any, bank: Lender) -> None:
    for path in ("/home/", "/loans/", "/compliance/trail/", "/people/new/"):
        answers = [getattr(client_of(bank, "admin").confirmed(), method)(path) for method in ("get", "head")]
        assert [answer.status_code for answer in answers] == [200, 200], path
        assert answers[1].content == b""


def test_open_doors_say_why() -> None:
    assert [
        route.name for route in ALL if route.door and route.door.capabilities is None and len(route.door.reason) < 10
    ] == []


def test_every_argument_of_a_path_is_covered() -> None:
    missing = sorted(
        {f"{name} ({route.name})" for route in GUARDED for name in route.arguments if name not in ARGUMENTS}
    )
    assert missing == [], "tell tests/tenancy/routes.py where to find one"


def test_every_capability_on_a_door_is_known() -> None:
    from carloan.core.capabilities import is_known

    unknown = {code for route in GUARDED for code in (route.door.capabilities or ()) if not is_known(code)}  # type: ignore[union-attr]
    assert unknown == set()


@pytest.fixture
def path_of(bank: Lender) -> Any:
    """The path of a route with ids of the bank."""

    def build(route: Route) -> str:
        with bank.open():
            return route.path({name: ARGUMENTS[name](bank) for name in route.arguments})

    return build


@pytest.mark.parametrize("route", GUARDED, ids=lambda route: route.name)
def test_nobody_gets_in_without_signing_in(route: Route, path_of: Any, bank: Lender) -> None:
    path = path_of(route)
    for method in METHODS:
        answer = Client().generic(method, path if route.is_api else f"/t/bank{path}")
        if route.is_api:
            assert answer.status_code in {401, 405}, (method, answer.status_code)
        else:
            assert answer.status_code == 302, (method, answer.status_code)
            assert answer["Location"].startswith("/accounts/login/"), (method, answer["Location"])


@pytest.mark.parametrize("route", GUARDED, ids=lambda route: route.name)
def test_the_other_lenders_administrator_finds_nothing_behind_the_banks_address(
    route: Route, path_of: Any, other: Lender
) -> None:
    path = path_of(route)
    client = Client()
    client.force_login(other.users["admin"], backend="django.contrib.auth.backends.ModelBackend")
    for method in METHODS:
        answer = client.generic(method, f"/t/bank{path}")
        assert answer.status_code in {404, 405, 401}, (method, answer.status_code)


@pytest.mark.parametrize(
    "route", [route for route in GUARDED if set(route.arguments) - EVERYBODYS], ids=lambda route: route.name
)
def test_the_banks_ids_mean_nothing_in_the_other_lender(
    route: Route, fences: str, path_of: Any, other: Lender, bank: Lender
) -> None:
    """The administrator and every other role of the other lender, in their own place, with the bank's ids.

    With one fence the administrator alone: whoever has every right learns whatever there is to learn.
    """
    path = path_of(route)
    for role in ("admin", "officer", "compliance", "archivist") if fences == "both fences" else ("admin",):
        if route.is_api:
            client, prefix, headers = Client(), "", {"Authorization": other.key(role)}
        else:
            client, prefix, headers = Client(), "/t/other", {}
            client.force_login(other.users[role], backend="django.contrib.auth.backends.ModelBackend")
        for method in METHODS:
            if method == "OPTIONS" and not route.is_api:
                continue
            answer = client.generic(method, f"{prefix}{path}", headers=headers)
            assert answer.status_code in {403, 404, 405}, (role, method, answer.status_code)
            if answer.status_code == 403:
                assert not any(other_can(other, role, code) for code in route.door.asked_by(method)), (role, method)  # type: ignore[union-attr]


def other_can(lender: Lender, role: str, code: str) -> bool:
    with lender.open():
        return lender.actor(role).can(code)


@pytest.mark.parametrize("route", GUARDED, ids=lambda route: route.name)
def test_a_colleague_without_the_right_is_refused(route: Route, path_of: Any, bank: Lender) -> None:
    from carloan.core.models import RoleAssignment

    with bank.open():
        RoleAssignment.objects.filter(membership=bank.members["service"]).delete()
    client = Client()
    client.force_login(bank.users["service"], backend="django.contrib.auth.backends.ModelBackend")
    path = path_of(route)
    for method in ("GET", "POST", "DELETE"):
        answer = client.generic(method, f"/t/bank{path}")
        assert answer.status_code in {403, 405}, (method, answer.status_code)
