"""A web server of the site in a process of its own, and what it answers."""

import http.client
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

from carloan.supervisor.children import PACED
from carloan.supervisor.process import end, spawn, wait_until
from tests.e2e.site import free_port
from tests.supervisor.places import ROOT


def serving(folder: Path, application: str, given: dict[str, str], *, threads: int, well: bool = True) -> Iterator[int]:
    """The site's own web server; where all parts are `well`, nothing in it may have broken in the end."""
    port = free_port()
    environment = {
        **os.environ, "DJANGO_SETTINGS_MODULE": "carloan.settings", "CARLOAN_STATIC": str(folder), **given
    }  # fmt: skip
    command = [sys.executable, "-m", "gunicorn", application, "--bind", f"127.0.0.1:{port}", *PACED]
    with (folder / "log").open("wb") as log:
        process = spawn(
            [*command, "--threads", str(threads)], env=environment, cwd=ROOT, log=log, on_parent_death=signal.SIGTERM
        )
    try:
        assert wait_until(lambda: _answers(port), seconds=60), (folder / "log").read_text()
        yield port
        assert not well or "Traceback" not in (folder / "log").read_text()
    finally:
        end(process, signal.SIGTERM, patience=10)


def _answers(port: int) -> bool:
    try:
        return ask(port)[0] > 0
    except OSError:
        return False


def ask(
    port: int, path: str = "/api/v1/nothing/", body: bytes | None = None, *, patience: float = 30, **headers: str
) -> tuple[int, bytes]:
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=patience)
    try:
        link.request("POST" if body is not None else "GET", path, body=body, headers={"Host": "localhost", **headers})
        answer = link.getresponse()
        return answer.status, answer.read()
    finally:
        link.close()
