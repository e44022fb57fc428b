"""The cookies of the site over https, as its own web server sends them, and without it."""

import http.client
import os
from collections.abc import Iterator
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode

import pytest

from carloan.core.models import User
from carloan.supervisor.roles import role_url
from tests.cast import Lender
from tests.plugin import owner_urls
from tests.supervisor.webs import serving

PASSWORD = "own-lantern-52-meadow"
SITE = "https://localhost"
PROXIED = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "10.9.8.7", "Referer": f"{SITE}/"}


def _web(folder: Path, **given: str) -> Iterator[int]:
    secrets = Path(os.environ["CARLOAN_HOME"]) / "secrets"
    urls = {name: role_url(url, "app", secrets=secrets) for name, url in owner_urls.items()}
    yield from serving(folder, "carloan.wsgi:application", {**urls, **given}, threads=2)


@pytest.fixture(scope="module")
def secure(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """Behind a proxy of ours that ends TLS."""
    yield from _web(tmp_path_factory.mktemp("secure"), CARLOAN_BASE_URL=SITE, CARLOAN_PROXIES="1")


@pytest.fixture(scope="module")
def plain(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    yield from _web(tmp_path_factory.mktemp("plain"), CARLOAN_BASE_URL="http://localhost")


@pytest.fixture
def user(committed: Lender) -> User:
    found = committed.users["officer"]
    found.set_password(PASSWORD)
    found.save(update_fields=["password"])
    return found


class Visitor:
    """A browser as far as cookies go."""

    def __init__(self, port: int, **headers: str) -> None:
        self.port, self.headers = port, headers
        self.jar: SimpleCookie = SimpleCookie()

    def ask(self, path: str, **form: str) -> http.client.HTTPResponse:
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        sent = "; ".join(f"{name}={morsel.value}" for name, morsel in self.jar.items())
        headers = {"Host": "localhost", "Cookie": sent, **self.headers}
        if form:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        link.request("POST" if form else "GET", path, urlencode(form) if form else None, headers)
        answer = link.getresponse()
        answer.read()
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                self.jar.load(value)
        link.close()
        return answer

    def sign_in(self, user: User, prefix: str = "") -> None:
        """And choose a language and a theme; no page is drawn on the way."""
        token = f"{prefix}csrftoken"
        self.jar[token] = "a" * 32
        answer = self.ask(
            "/accounts/login/", csrfmiddlewaretoken=self.jar[token].value, login=user.username, password=PASSWORD
        )
        assert answer.status == 302
        assert self.ask("/session/").status == 200
        for path, chosen in (("/language/", {"next": "/"}), ("/profile/", {"theme": "dark"})):
            answer = self.ask(path, csrfmiddlewaretoken=self.jar[token].value, language="en", **chosen)
            assert answer.status == 302, path


def test_over_https_every_cookie_belongs_to_exactly_this_host(secure: int, user: User) -> None:
    visitor = Visitor(secure, **PROXIED)
    visitor.sign_in(user, "__Host-")
    assert set(visitor.jar) == {
        "__Host-sessionid", "__Host-csrftoken", "__Host-django_language", "__Host-theme"
    }  # fmt: skip
    for name, cookie in visitor.jar.items():
        assert (bool(cookie["secure"]), cookie["path"], cookie["domain"], cookie["samesite"]) == (
            True, "/", "", "Lax",
        ), name  # fmt: skip
        # The theme is read by a script, before a page is drawn.
        assert bool(cookie["httponly"]) is (name != "__Host-theme"), name


def test_a_cookie_by_the_former_name_opens_nothing_over_https(secure: int, user: User) -> None:
    """Sessions of before an upgrade end: their cookie could have been put there by another host."""
    visitor = Visitor(secure, **PROXIED)
    visitor.sign_in(user, "__Host-")
    visitor.jar["sessionid"] = visitor.jar["__Host-sessionid"].value
    del visitor.jar["__Host-sessionid"]
    assert visitor.ask("/session/").status == 401


def test_signing_out_takes_the_cookie_away(secure: int, user: User) -> None:
    visitor = Visitor(secure, **PROXIED)
    visitor.sign_in(user, "__Host-")
    visitor.ask("/accounts/logout/", csrfmiddlewaretoken=visitor.jar["__Host-csrftoken"].value)
    gone = visitor.jar["__Host-sessionid"]
    assert (gone.value, bool(gone["secure"]), gone["path"]) == ("", True, "/")


def test_without_https_the_names_are_the_ordinary_ones(plain: int, user: User) -> None:
    visitor = Visitor(plain)
    visitor.sign_in(user)
    assert set(visitor.jar) == {"sessionid", "csrftoken", "django_language", "theme"}
    assert not any(cookie["secure"] for cookie in visitor.jar.values())
