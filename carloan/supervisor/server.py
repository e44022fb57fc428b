"""`script/server`: starts everything of one copy in order, watches it, ends it in order."""

import http.client
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

from carloan.lifeline import leash
from carloan.supervisor.children import Children, bind_hosts, parts
from carloan.supervisor.embedded import FolderInUseError, port_is_free, write_private
from carloan.supervisor.home import ROOT, Home
from carloan.supervisor.outsiders import Outsiders
from carloan.supervisor.process import SupervisorError, end
from carloan.supervisor.roles import identity
from carloan.supervisor.services import MIGRATE, Addresses, Services, running_services
from carloan.supervisor.setup import Progress, digest, files_below

HEALTHY_SECONDS = 180
DEATHS_BEFORE_HEALTHY = 3
OUR_FOLDERS = ("carloan", "archives", "collections", "compliance", "release")


class Ended(BaseException):
    """SIGINT, SIGTERM or SIGHUP arrived: unwind, ending everything that was started."""


@contextmanager
def ending_by_signal() -> Iterator[None]:
    """Turn the first such signal into `Ended` in the main thread; later ones do not disturb the unwinding."""

    def raise_once(number: int, frame: object) -> None:
        for each in signals:
            signal.signal(each, signal.SIG_IGN)
        raise Ended(signal.Signals(number).name)

    signals = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {each: signal.signal(each, raise_once) for each in signals}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


def serve(home: Home, *, port: int, once: bool, demonstration: bool = True, began: float | None = None) -> None:
    """Run until a signal; with `once` until everything is healthy. `began` (time.time()) is when the person started."""
    began = began or time.time()
    with home.held(), ExitStack() as stack:
        _require_port(port)
        progress = Progress("Start", 5 if demonstration else 4)
        with progress.step("Databases and broker"):
            services = stack.enter_context(running_services(home))
        outsiders = Outsiders.of(home, demonstration=demonstration)
        services = services.seen_by(outsiders.environment)
        prepare(services, home, progress, demonstration=demonstration)
        children = Children([*parts(port), *outsiders.parts], services=services, home=home, port=port)
        stack.callback(children.stop)
        with progress.step("Web, workers and clock"):
            children.start()
            wait_until_healthy(children, port)
        home.publish_services(services.published())
        print(f"Healthy after {time.time() - began:.0f} s at {address(port)}", flush=True)
        if once:
            return
        if demonstration:
            greet(home)
        print(f"Logs: {home.logs}. Ctrl-C ends everything.", flush=True)
        try:
            while True:
                children.tend(3600)
        except Ended:
            print("\nEnding web, workers and databases …", flush=True)
            raise


def address(port: int) -> str:
    return os.environ.get("CARLOAN_BASE_URL") or f"http://localhost:{port}"


def _require_port(port: int) -> None:
    if not all(port_is_free(port, host) for host in bind_hosts()):
        raise SupervisorError(
            f"port {port} is taken by another program. Choose another one: PORT={port + 1} script/server"
        )


# What the code must bring into the databases ------------------------------------------------------------------------


def prepare(services: Services, home: Home, progress: Progress, *, demonstration: bool) -> None:
    """Roles, tables, static files and the demonstration; each only when its inputs changed."""
    with progress.step("Roles and tables"):
        services.prepare()
        # Another server, or one made anew, gets its tables and its demonstration again.
        databases = f"{identity(services.addresses.database)} {identity(services.addresses.keystore)}"
        prepare_tables(services, home, databases)
    with progress.step("Static files"):
        static = digest(_static_files(), digest([ROOT / "requirements.lock"]))
        if not home.stamps.holds("static", static):
            manage(services, home, "app", "collectstatic", "--noinput")
            home.stamps.set("static", static)
    if demonstration:
        with progress.step("Demonstration"):
            if not home.stamps.holds("demonstration", databases):
                manage(services, home, "worker", "seed_demonstration", "--if-empty")
                write_private(home.run / "logins.json", manage(services, home, "worker", "demo_credentials", "--json"))
                home.stamps.set("demonstration", databases)


@contextmanager
def services_at_hand(home: Home, *, tables: bool = True) -> Iterator[Services]:
    """The services of this home: the running ones, else embedded ones for as long as it takes, with their tables."""
    with ExitStack() as stack:
        try:
            stack.enter_context(home.held())
        except FolderInUseError:
            addresses = stack.enter_context(home.borrowed_services())
            services = Services(Addresses(**addresses), home.path, home.secrets)
        else:
            services = stack.enter_context(running_services(home))
            services.prepare()
            if tables:
                databases = f"{identity(services.addresses.database)} {identity(services.addresses.keystore)}"
                prepare_tables(services, home, databases)
            home.publish_services(services.published())
            stack.callback(home.wait_for_guests)
        yield services


def prepare_tables(services: Services, home: Home, databases: str) -> None:
    schema = digest((path for path in files_below(OUR_FOLDERS, {".py"}) if _shapes_tables(path)), databases)
    if not home.stamps.holds("schema", schema):
        for arguments in MIGRATE:
            manage(services, home, "owner", *arguments)
        home.stamps.set("schema", schema)
    # At every start: months of the trail ahead, and a look at the fences as they stand in the catalogue.
    manage(services, home, "owner", "maintain")


def _shapes_tables(path: Path) -> bool:
    return not {"migrations", "postgres"}.isdisjoint(path.parts) or path.name == "migration_operations.py"


def _static_files() -> Iterator[Path]:
    for folder in ("static", "static_build"):
        yield from (path for path in (ROOT / folder).rglob("*") if path.is_file())


def manage(services: Services, home: Home, role: str, *arguments: str) -> str:
    """Run a management command to its end and return its output; it dies with us."""
    with home.open_log("setup") as log, TemporaryFile() as output:
        log.write(f"--- manage.py {' '.join(arguments)}\n".encode())
        log.flush()
        log_from = log.tell()
        process = subprocess.Popen(
            [sys.executable, "manage.py", *arguments],
            env=services.environment(role),
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=log,
            start_new_session=True,
            preexec_fn=leash(signal.SIGKILL),  # noqa: PLW1509 - set-up runs before any thread exists
        )
        try:
            status = process.wait()
        finally:
            end(process, patience=0)
        output.seek(0)
        text = output.read().decode(errors="replace")
    if status != 0:
        path = home.logs / "setup.log"
        tail = f"{text[-1000:]}\n{path.read_bytes()[log_from:][-3000:].decode(errors='replace')}".strip()
        raise SupervisorError(f"manage.py {arguments[0]} ended with {status}, log {path}:\n{tail}")
    return text


# Health and greeting -------------------------------------------------------------------------------------------------


def health(port: int, seconds: float = 10) -> tuple[int, dict[str, Any]]:
    """Status and body of /healthz; (0, {}) when nothing answers."""
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=seconds)
    try:
        link.request("GET", "/healthz", headers={"Host": f"localhost:{port}"})
        answer = link.getresponse()
        body = answer.read()
        return answer.status, json.loads(body) if body.startswith(b"{") else {}
    except (OSError, http.client.HTTPException, ValueError):
        return 0, {}
    finally:
        link.close()


def wait_until_healthy(children: Children, port: int) -> None:
    deadline = time.monotonic() + HEALTHY_SECONDS
    while True:
        status, body = health(port)
        if status == 200:
            return
        children.give_up_on(DEATHS_BEFORE_HEALTHY)
        if time.monotonic() > deadline:
            failing = [f"{name}: {state}" for name, state in body.get("components", {}).items() if state != "ok"]
            raise SupervisorError(
                f"not healthy after {HEALTHY_SECONDS} s ({'; '.join(failing) or f'no answer from port {port}'}). "
                f"The logs are in {children.home.logs}"
            )
        children.tend(0.2)


def greet(home: Home) -> None:
    """The demonstration's logins as a table."""
    try:
        tenants = json.loads((home.run / "logins.json").read_text())["tenants"]
    except (FileNotFoundError, ValueError, KeyError):
        return
    for tenant in tenants:
        print(f"\n{tenant['name']}  (/t/{tenant['slug']}/)")
        for user in tenant["users"]:
            print(f"  {user['role']:<18} {user['username']:<28} {user['password']}")
    print(flush=True)
