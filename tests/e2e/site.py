"""A real site for the browser: gunicorn with built assets, a worker, and the suite's own databases and broker."""

import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from carloan.core import catalogues
from carloan.supervisor.children import PACED
from carloan.supervisor.process import end, spawn, wait_until
from carloan.supervisor.roles import role_url
from tests.plugin import owner_urls

ROOT = Path(__file__).resolve().parent.parent.parent
PASSWORD = "e2e-goldfish-84-harbour"
START_SECONDS = 90


@dataclass
class Site:
    """Where the site answers, its lender's slug, the sign-in name of each role, ids for paths."""

    url: str
    slug: str
    home: Path
    users: dict[str, str] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)

    def at(self, path: str) -> str:
        """The address of a page of the lender."""
        return f"{self.url}/t/{self.slug}{path}"


@contextmanager
def running_site(folder: Path, slug: str, urls: Mapping[str, str] = owner_urls) -> Iterator[Site]:
    """Start web and worker and wait until both answer; ends them whatever happens. `urls` lead to the databases."""
    port = free_port()
    site = Site(f"http://localhost:{port}", slug, folder)
    build_assets()
    catalogues.compile_catalogues(ROOT)
    with ExitStack() as stack:
        web, worker = _environment(site, port, "app", urls), _environment(site, port, "worker", urls)
        subprocess.run(
            [sys.executable, "manage.py", "collectstatic", "--noinput", "-v", "0"],
            cwd=ROOT,
            env=web,
            check=True,
            capture_output=True,
        )
        gunicorn = [
            "-m",
            "gunicorn",
            "carloan.wsgi:application",
            "--bind",
            f"127.0.0.1:{port}",
            "--threads",
            "4",
            *PACED,
        ]
        celery = [
            "-m",
            "celery",
            "-A",
            "carloan.celery",
            "worker",
            "-Q",
            "interactive,recognise,deliver,sweep",
            "-c",
            "1",
        ]
        _start(stack, gunicorn, web, folder / "web.log")
        _start(stack, [*celery, "--without-gossip", "--without-mingle"], worker, folder / "worker.log")
        if not wait_until(lambda: _answers(port), seconds=START_SECONDS, pause=0.1):
            raise RuntimeError(f"the site does not answer:\n{(folder / 'web.log').read_text()[-4000:]}")
        yield site


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def build_assets() -> None:
    """script/test has built them; somebody who calls pytest directly gets today's as well."""
    if node := shutil.which("node"):
        subprocess.run([node, "frontend/build.mjs"], cwd=ROOT, check=True, capture_output=True)


def _start(stack: ExitStack, command: list[str], env: dict[str, str], log: Path) -> None:
    output = stack.enter_context(log.open("wb"))
    process = spawn([sys.executable, *command], env=env, cwd=ROOT, log=output, on_parent_death=signal.SIGTERM)
    stack.callback(end, process, signal.SIGTERM, patience=10)


def _environment(site: Site, port: int, role: str, urls: Mapping[str, str]) -> dict[str, str]:
    home = Path(os.environ["CARLOAN_HOME"])
    return {
        **os.environ,
        **{name: role_url(address, role, secrets=home / "secrets") for name, address in urls.items()},
        "DJANGO_SETTINGS_MODULE": "carloan.settings",
        "CARLOAN_STATIC": str(site.home / "static"),
        "CARLOAN_BASE_URL": site.url,
        "CARLOAN_HOSTS": "localhost,127.0.0.1",
        "CARLOAN_SIGN_ON_HOSTS": "127.0.0.1",
        "PORT": str(port),
    }


def _answers(port: int) -> bool:
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        link.request("GET", "/accounts/login/", headers={"Host": f"localhost:{port}"})
        return link.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        link.close()
