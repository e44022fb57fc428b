"""The proxy's configuration of docker-compose.yml in a real Caddy before a web server that tells what it hears."""

import http.client
import json
import re
import shutil
import signal
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import yaml

from carloan.loans.uploads import LARGEST_FILE
from carloan.supervisor.home import ROOT
from carloan.supervisor.process import end, spawn, wait_until
from tests.e2e.site import free_port

CADDY = shutil.which("caddy")


class Telling(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        missing = size = int(self.headers.get("Content-Length") or 0)
        while missing and (part := self.rfile.read(min(missing, 1 << 20))):
            missing -= len(part)
        size -= missing
        body = json.dumps(
            {"headers": {name.lower(): value for name, value in self.headers.items()}, "size": size}
        ).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        """Nothing on the suite's output."""


def configuration(site: int, web: int, admin: int) -> str:
    """What compose mounts, with other ports, without TLS, and with a shorter patience for headers."""
    content = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["configs"]["caddyfile"]["content"]
    changes = {
        "{$$CARLOAN_SITE}": f"http://127.0.0.1:{site}",
        "{$$CARLOAN_MORE_SITES}": "{$CARLOAN_MORE_SITES}",
        "web:8000": f"127.0.0.1:{web}",
        "admin 127.0.0.1:2019": f"admin 127.0.0.1:{admin}",
        "read_header 10s": "read_header 1s",
    }
    version = subprocess.run([str(CADDY), "version"], capture_output=True, text=True, check=True).stdout
    found = re.search(r"(\d+)\.(\d+)", version)
    if found and (int(found[1]), int(found[2])) < (2, 7):  # Debian's; it knows the same under older names
        changes["request_buffers 1MB"] = "buffer_requests\nmax_buffer_size 1MB"
    for old, new in changes.items():
        assert content.count(old) == 1, old
        content = content.replace(old, new)
    return str(content)


@pytest.fixture(scope="module")
def more_sites() -> list[int]:
    """The ports of two lenders' own sites."""
    ports: list[int] = []
    while len(ports) < 2:
        ports = list({free_port(), *ports})
    return ports


@pytest.fixture(scope="module")
def proxy(tmp_path_factory: pytest.TempPathFactory, more_sites: list[int]) -> Iterator[int]:
    """The port of the proxy."""
    if not CADDY:
        pytest.skip("no Caddy here: apt-get install caddy")
    folder: Path = tmp_path_factory.mktemp("proxy")
    web = ThreadingHTTPServer(("127.0.0.1", 0), Telling)
    threading.Thread(target=web.serve_forever, daemon=True).start()
    port = free_port()
    (folder / "Caddyfile").write_text(configuration(port, web.server_address[1], free_port()))
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]["proxy"]["command"]
    command = [str(CADDY), *compose[1:]]
    command[command.index("/etc/caddy/Caddyfile")] = str(folder / "Caddyfile")
    environment = {
        "HOME": str(folder),
        "XDG_DATA_HOME": str(folder),
        "XDG_CONFIG_HOME": str(folder),
        "CARLOAN_MORE_SITES": ", ".join(f"http://127.0.0.1:{each}" for each in more_sites),
    }
    with open(folder / "log", "wb") as log:
        process = spawn(command, env=environment, cwd=folder, log=log, on_parent_death=signal.SIGTERM)
    try:
        assert wait_until(lambda: _listens(port) or process.poll() is not None, seconds=60)
        assert process.poll() is None, (folder / "log").read_text()
        yield port
    finally:
        end(process, signal.SIGTERM, patience=10)
        web.shutdown()
        web.server_close()


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_what_a_client_claims_about_its_address_ends_at_the_proxy(proxy: int) -> None:
    link = http.client.HTTPConnection("127.0.0.1", proxy, timeout=30)
    lies = {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "http"}
    link.request("POST", "/", body=b"x" * 3_000_000, headers=lies)
    heard = json.load(link.getresponse())
    link.close()
    assert heard["headers"]["x-forwarded-for"] == "127.0.0.1"
    assert heard["headers"]["x-forwarded-proto"] == "https"
    assert heard["size"] == 3_000_000


def test_further_sites_are_served_like_the_first(proxy: int, more_sites: list[int]) -> None:
    for port in more_sites:
        link = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        link.request("POST", "/", body=b"x")
        heard = json.load(link.getresponse())
        link.close()
        assert heard["headers"]["host"] == f"127.0.0.1:{port}"
        assert heard["headers"]["x-forwarded-for"] == "127.0.0.1"


def test_without_further_sites_there_is_one(tmp_path: Path) -> None:
    if not CADDY:
        pytest.skip("no Caddy here: apt-get install caddy")
    (tmp_path / "Caddyfile").write_text(configuration(4711, 4712, 4713))
    command = [CADDY, "adapt", "--config", str(tmp_path / "Caddyfile"), "--adapter", "caddyfile"]
    environment = {"HOME": str(tmp_path), "CARLOAN_MORE_SITES": ""}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    (server,) = json.loads(done.stdout)["apps"]["http"]["servers"].values()
    assert server["listen"] == [":4711"]


def test_a_half_request_is_dropped_instead_of_holding_a_place(proxy: int) -> None:
    with socket.create_connection(("127.0.0.1", proxy), timeout=30) as link:
        link.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nX-Slow: ")
        assert b"200" not in link.recv(1000)  # returns when the proxy has closed


MEGABYTE = b"x" * 1_000_000


def _send(proxy: int, size: int) -> bytes:
    """Send a body of so many bytes as far as the proxy takes it, and return what it answers."""
    with socket.create_connection(("127.0.0.1", proxy), timeout=60) as link, suppress(OSError):
        link.sendall(b"POST / HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nContent-Length: %d\r\n\r\n" % (proxy, size))
        with suppress(OSError):  # the proxy closes before the end
            for _ in range(size // len(MEGABYTE)):
                link.sendall(MEGABYTE)
            link.sendall(MEGABYTE[: size % len(MEGABYTE)])
        return link.recv(1000)
    return b""


def test_the_largest_import_file_passes_in_its_form(proxy: int) -> None:
    form = 100_000
    answer = _send(proxy, LARGEST_FILE + form)
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert b'"size": %d' % (LARGEST_FILE + form) in answer


def test_a_body_beyond_the_bound_is_refused(proxy: int) -> None:
    assert b" 200 " not in _send(proxy, LARGEST_FILE + 40_000_000)
