"""The web server itself: more half-sent requests than it has threads, and everybody else is served."""

import http.client
import json
import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from carloan.supervisor.children import PACED, web
from carloan.supervisor.roles import role_url
from tests.cast import Lender
from tests.plugin import owner_urls
from tests.supervisor.places import ROOT
from tests.supervisor.webs import ask, serving

THREADS = 2
SECONDS = 2
HASTE = {"CARLOAN_HEAD_SECONDS": str(SECONDS), "CARLOAN_BODY_SECONDS": str(SECONDS)}
LOGIN = (
    b"POST /accounts/login/ HTTP/1.1\r\nHost: localhost\r\nAccept: application/json\r\n"
    b"Content-Type: application/x-www-form-urlencoded\r\n"
)
# What is read by a thread: it answers nothing before all of it is there.
ECHO = """
def application(environ, start_response):
    size = int(environ.get("CONTENT_LENGTH") or 0)
    try:
        body = environ["wsgi.input"].read(size)
    except TimeoutError:
        start_response("408 Request Timeout", [("Content-Length", "0")])
        return []
    told = str(len(body)).encode()
    start_response("200 OK", [("Content-Length", str(len(told)))])
    return [told]
"""


@pytest.fixture(scope="module")
def port(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The site's own web process with fewer threads and a shorter patience."""
    folder = tmp_path_factory.mktemp("web")
    secrets = Path(os.environ["CARLOAN_HOME"]) / "secrets"
    given = {name: role_url(url, "app", secrets=secrets) for name, url in owner_urls.items()}
    yield from serving(folder, "carloan.wsgi:application", {**given, **HASTE}, threads=THREADS)


@pytest.fixture(scope="module")
def echo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """A web process that tells how much it was sent."""
    folder = tmp_path_factory.mktemp("echo")
    (folder / "echoes.py").write_text(ECHO)
    yield from serving(folder, "echoes:application", {"PYTHONPATH": str(folder), **HASTE}, threads=THREADS)


def dripping(port: int, first: bytes, stack: ExitStack) -> socket.socket:
    """A request of which one byte comes each tenth of a second."""
    link = stack.enter_context(socket.create_connection(("127.0.0.1", port), timeout=30))
    link.sendall(first)
    stop = threading.Event()

    def drip() -> None:
        while not stop.wait(0.1):
            try:
                link.send(b"x")
            except OSError:
                return

    thread = threading.Thread(target=drip, daemon=True)
    thread.start()
    stack.callback(thread.join)
    stack.callback(stop.set)
    return link


def status_of(link: socket.socket) -> bytes:
    try:
        return link.recv(100).partition(b"\r\n")[0]
    except ConnectionError:
        return b""


@pytest.mark.parametrize(
    "half",
    [
        b"",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ",
        LOGIN + b"Content-Length: 60000\r\n\r\nlogin=",
        LOGIN + b"Content-Length: 4000000\r\n\r\nlogin=",
        LOGIN + b"Transfer-Encoding: chunked\r\n\r\n5\r\nlogin",
        LOGIN + b"Expect: 100-continue\r\nContent-Length: 60000\r\n\r\n",
    ],
    ids=["nothing", "head", "small body", "large body", "chunks", "expecting"],
)
def test_half_requests_of_strangers_hold_nobody_up_and_end(port: int, half: bytes) -> None:
    with ExitStack() as stack:
        links = [dripping(port, half, stack) for _number in range(4 * THREADS)]
        began = time.monotonic()
        assert ask(port)[0] == 404
        assert time.monotonic() - began < SECONDS / 2, "nobody waits for what others do not send"
        for link in links:
            while status_of(link):
                pass  # to the end
        assert time.monotonic() - began < 3 * SECONDS + 2


def test_a_body_that_a_thread_reads_must_come_at_a_pace(echo: int) -> None:
    with ExitStack() as stack:
        links = [
            dripping(echo, b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4000000\r\n\r\n", stack)
            for _number in range(THREADS)
        ]
        began = time.monotonic()
        assert ask(echo)[0] == 200
        assert SECONDS - 1 < time.monotonic() - began < 3 * SECONDS
        assert {status_of(link) for link in links} == {b"HTTP/1.1 408 Request Timeout"}


def test_who_is_slow_and_steady_arrives(echo: int) -> None:
    """Longer than the patience in all, and never slower than the pace."""
    piece, pieces = b"x" * 30_000, 10
    with socket.create_connection(("127.0.0.1", echo), timeout=30) as link:
        link.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % (len(piece) * pieces))
        for _number in range(pieces):
            time.sleep(0.4)
            link.sendall(piece)
        answer = link.recv(1000)
        while not answer.endswith(b"300000"):
            answer += (part := link.recv(1000))
            assert part, answer
    assert answer.startswith(b"HTTP/1.1 200 OK")


def test_requests_behind_each_other_on_one_connection(echo: int) -> None:
    link = http.client.HTTPConnection("127.0.0.1", echo, timeout=30)
    for size in (10, 100_000, 0, 3_000_000):
        link.request("POST", "/", body=b"x" * size)
        assert link.getresponse().read() == b"%d" % size
    link.close()
    both = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello" * 2
    with socket.create_connection(("127.0.0.1", echo), timeout=30) as raw:
        raw.sendall(both + b"POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        heard = b""
        while part := raw.recv(1000):
            heard += part
    assert heard.count(b"200 OK") == 3


def test_a_client_that_does_not_hang_up_stops_nobody(echo: int) -> None:
    with ExitStack() as stack:
        for _number in range(10):
            link = stack.enter_context(socket.create_connection(("127.0.0.1", echo), timeout=30))
            link.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        began = time.monotonic()
        assert ask(echo)[0] == 200
        assert time.monotonic() - began < 1.5


def test_a_body_without_a_length_is_refused_in_words(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=30) as link:
        link.sendall(
            b"POST /api/v1/papers/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
            b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"
        )
        heard = b""
        while part := link.recv(4000):
            heard += part
    assert heard.startswith(b"HTTP/1.1 411 ")
    assert b'"length_required"' in heard


@pytest.fixture
def member(committed: Lender) -> dict[str, Any]:
    """What the browser of somebody signed in sends with a form."""
    browser = Client()
    browser.force_login(committed.users["admin"], backend="django.contrib.auth.backends.ModelBackend")
    token = "a" * 32
    session = browser.cookies[settings.SESSION_COOKIE_NAME].value
    return {
        "X-CSRFToken": token,
        "Cookie": f"{settings.SESSION_COOKIE_NAME}={session}; {settings.CSRF_COOKIE_NAME}={token}",
        "Accept": "application/json",
        "Accept-Language": "zh-hans",
    }


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=b"])
@pytest.mark.parametrize("megabytes", [10, 40])
def test_a_form_that_is_too_large_is_told_so_once_it_is_sent(
    port: int, member: dict[str, Any], kind: str, megabytes: int
) -> None:
    """A browser reads the answer behind its last byte: closing before would show an error of the line."""
    parts = "multipart" in kind
    before = b'--b\r\nContent-Disposition: form-data; name="theme"\r\n\r\n' if parts else b"theme="
    body = before + b"x" * (megabytes << 20) + (b"\r\n--b--\r\n" if parts else b"")
    headers = {**member, "Content-Type": kind}
    status, answer = ask(port, "/profile/", body, **headers)
    told = json.loads(answer)["error"]
    assert (status, told["code"]) == (413, "too_large")
    assert "文件以外的内容超过 5 MB" in told["message"]


def test_a_stranger_who_sends_much_is_told_so(port: int) -> None:
    headers: dict[str, Any] = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
    status, answer = ask(port, "/accounts/login/", b"login=" + b"x" * (10 << 20), **headers)
    assert (status, "64 KB" in json.loads(answer)["error"]["message"]) == (413, True)


def test_what_is_sent_behind_an_answer_is_not_taken_for_ever(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=30) as link:
        link.sendall(LOGIN + b"Content-Length: 900000000\r\n\r\n")
        sent, piece = 0, b"x" * (1 << 20)
        with pytest.raises(ConnectionError):
            while sent < 900:
                link.sendall(piece)
                sent += 1
        assert 60 <= sent < 100


def test_the_site_and_the_image_start_this_worker() -> None:
    image = (ROOT / "Dockerfile").read_text()
    words = web(8000).command
    assert all(word in words for word in PACED)
    assert all(f'"{word}"' in image for word in PACED)
