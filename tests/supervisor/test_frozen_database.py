"""A database that hangs, with its connections open and its port listening: pages come to an end and say so."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from carloan.core.postgres.patience import SECONDS
from carloan.supervisor.embedded import Embedded
from carloan.supervisor.process import wait_until
from carloan.supervisor.roles import role_url
from tests.cast import Lender
from tests.plugin import owner_urls, servers
from tests.supervisor.places import ROOT
from tests.supervisor.webs import ask, serving

AWAY = "部分服务暂时无响应".encode()


@pytest.fixture(scope="module")
def port(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    secrets = Path(os.environ["CARLOAN_HOME"]) / "secrets"
    given = {name: role_url(url, "app", secrets=secrets) for name, url in owner_urls.items()}
    folder = tmp_path_factory.mktemp("web")
    given["CARLOAN_STATIC"] = str(folder / "static")
    collect = [sys.executable, "manage.py", "collectstatic", "--noinput", "-v", "0"]
    subprocess.run(collect, cwd=ROOT, env={**os.environ, **given}, check=True)
    yield from serving(folder, "carloan.wsgi:application", given, threads=4, well=False)


@contextmanager
def frozen(server: Embedded) -> Iterator[None]:
    """Each process of the server stands still, as on a machine that hangs."""
    assert server.process is not None
    stopped = [server.process.pid]
    os.kill(server.process.pid, signal.SIGSTOP)
    for entry in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            if int(entry.read_text().rpartition(")")[2].split()[1]) == server.process.pid:
                stopped.append(int(entry.parent.name))
                os.kill(stopped[-1], signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in stopped:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)


@pytest.mark.skipif("database" not in servers, reason="the server is not ours to stop")
def test_a_page_of_a_database_that_hangs_answers_503_in_time(port: int, committed: Lender) -> None:
    page, headers = _signed_in(committed)
    assert ask(port, page, **headers)[0] == 200
    with frozen(servers["database"]):
        began = time.monotonic()
        status, body = ask(port, page, patience=60, **headers)
        assert (status, AWAY in body) == (503, True)
        assert time.monotonic() - began < SECONDS + 10
        began = time.monotonic()
        assert ask(port, page, patience=60, **headers)[0] == 503
        assert time.monotonic() - began < 10, "whoever comes then does not wait as long once more"
    assert wait_until(lambda: ask(port, page, **headers)[0] == 200, seconds=20, pause=0.2)


def _signed_in(lender: Lender) -> tuple[str, dict[str, Any]]:
    browser = Client()
    browser.force_login(lender.users["admin"], backend="django.contrib.auth.backends.ModelBackend")
    name = settings.SESSION_COOKIE_NAME
    return f"/t/{lender.tenant.slug}/loans/", {"Cookie": f"{name}={browser.cookies[name].value}"}
