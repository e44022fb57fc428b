"""`script/bench NAME`: a benchmark with databases, broker and, where it asks for them, web and workers of its own."""

import importlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from carloan.supervisor.children import Children, parts
from carloan.supervisor.embedded import PORTS, port_is_free
from carloan.supervisor.home import ROOT, Home
from carloan.supervisor.outsiders import Outsiders
from carloan.supervisor.process import SupervisorError
from carloan.supervisor.roles import identity
from carloan.supervisor.server import manage, prepare_tables, wait_until_healthy
from carloan.supervisor.services import Services, running_services


@dataclass(frozen=True)
class Stage:
    """The services of a benchmark, for one that stops and kills them itself, and the site on top of them."""

    services: Services
    home: Home

    @contextmanager
    def site(self) -> Iterator[Children]:
        """All parts of a site, healthy; they end with the block. From the main thread only."""
        port = next(port for port in PORTS if port_is_free(port))
        outsiders = Outsiders.of(self.home)
        services = self.services.seen_by(outsiders.environment)
        children = Children([*parts(port), *outsiders.parts], services=services, home=self.home, port=port)
        try:
            children.start()
            wait_until_healthy(children, port)
            yield children
        finally:
            children.stop()


def bench(name: str, *, scale: str, as_json: bool) -> int:
    """Run one benchmark in a throw-away home and return its exit status (0: every claim met its target)."""
    module = name.replace("-", "_")
    if module.startswith("_") or not _source(module).exists():
        known = sorted(
            path.stem
            for path in (ROOT / "benchmarks").iterdir()
            if not path.stem.startswith("_") and _source(path.stem).exists()
        )
        raise SupervisorError(f"there is no benchmark {name}. There are: {', '.join(known)}")
    with throwaway_home() as home, home.held(), ExitStack() as stack:
        services = stack.enter_context(running_services(home, given=False))
        services.prepare()
        prepare_tables(services, home, identity(services.addresses.database))
        environment = services.environment("worker")
        # Some floors are measured beside the fences or need COPY into the same tables.
        environment["CARLOAN_ADMIN_URL"] = services.addresses.database
        if _says(module, "STAGE"):
            os.environ.update(environment)
            runner: Any = importlib.import_module("benchmarks.__main__")
            return int(runner.measure(module, scale, as_json=as_json, stage=Stage(services, home)))
        if _says(module, "SITE"):
            # A browser asks for pages, and pages name their sheets and scripts by what collectstatic wrote.
            manage(services, home, "app", "collectstatic", "--noinput")
            environment["PORT"] = str(stack.enter_context(Stage(services, home).site()).port)
        command = [sys.executable, "-m", "benchmarks", module, "--scale", scale, *(["--json"] if as_json else [])]
        return subprocess.run(command, env=environment, cwd=ROOT, check=False).returncode


def _source(module: str) -> Path:
    """The file of a benchmark, which may be a package."""
    package = ROOT / "benchmarks" / module / "__init__.py"
    return package if package.exists() else ROOT / "benchmarks" / f"{module}.py"


def _says(module: str, what: str) -> bool:
    """What a benchmark asks for: `SITE = True` (web and workers) or `STAGE = True` (it works in this very process)."""
    return any(line.startswith(f"{what} = True") for line in _source(module).read_text().splitlines())


@contextmanager
def throwaway_home() -> Iterator[Home]:
    """A home that goes at the end, on the disk of the usual one, so that its speed counts."""
    parent = Path(os.environ.get("CARLOAN_HOME") or ROOT / "var").absolute() / "bench"
    parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=parent) as name:
        Path(name).chmod(0o711)
        yield Home(Path(name))
