"""The state folder of one copy (CARLOAN_HOME): who holds it, what runs in it, what an earlier crash left in it."""

import fcntl
import json
import os
import signal
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from carloan.supervisor.embedded import FolderInUseError, lock_folder, write_private
from carloan.supervisor.process import wait_until
from carloan.supervisor.setup import Stamps

ROOT = Path(__file__).resolve().parent.parent.parent
LOG_LIMIT = 16 * 1024 * 1024


class Home:
    """`lock` is held by the process that runs the services; `run/` tells other processes where they are."""

    def __init__(self, path: Path) -> None:
        self.path = path.absolute()
        self.secrets = Path(os.environ.get("CARLOAN_SECRETS") or self.path / "secrets")
        self.run = self.path / "run"
        self.logs = self.path / "logs"
        self.stamps = Stamps(self.path / "stamps")

    @classmethod
    def from_environment(cls) -> "Home":
        return cls(Path(os.environ.get("CARLOAN_HOME") or ROOT / "var"))

    @contextmanager
    def held(self) -> Iterator[None]:
        """Be the one process that runs services here; FolderInUseError when another is."""
        self.path.mkdir(parents=True, exist_ok=True)
        with lock_folder(self.path, "Carloan"):
            for folder in (self.run, self.logs):
                folder.mkdir(exist_ok=True, mode=0o700)
            self._end_leftovers()
            try:
                yield
            finally:
                (self.run / "services.json").unlink(missing_ok=True)

    @property
    def is_held(self) -> bool:
        try:
            with open(self.path / "lock") as handle:
                fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except FileNotFoundError:
            return False
        except BlockingIOError:
            return True
        return False

    def publish_services(self, addresses: Mapping[str, str]) -> None:
        write_private(self.run / "services.json", json.dumps(addresses))

    @contextmanager
    def borrowed_services(self) -> Iterator[dict[str, str]]:
        """The addresses of the services another process runs here; it does not end them before we are through.

        Raises FolderInUseError when that process does not publish them within two minutes (it is still setting up).
        """
        with self._guests(fcntl.LOCK_SH):
            published = self.run / "services.json"
            if not wait_until(lambda: published.exists() or not self.is_held, seconds=120, pause=0.2):
                raise FolderInUseError(f"Carloan in {self.path} is still starting: try again in a moment")
            yield json.loads(published.read_text())

    def wait_for_guests(self) -> None:
        """Return when no borrower is left; nobody can become one once `services.json` is gone."""
        (self.run / "services.json").unlink(missing_ok=True)
        with self._guests(fcntl.LOCK_EX):
            pass

    @contextmanager
    def _guests(self, mode: int) -> Iterator[None]:
        self.run.mkdir(parents=True, exist_ok=True, mode=0o700)
        with open(self.run / "guests", "w") as handle:
            fcntl.flock(handle, mode)
            yield

    def open_log(self, name: str) -> IO[bytes]:
        path = self.logs / f"{name}.log"
        if path.exists() and path.stat().st_size > LOG_LIMIT:
            path.replace(path.with_suffix(".log.1"))
        return open(path, "ab")

    def remember_children(self, pids: Mapping[str, int]) -> None:
        known = {name: [pid, _started(pid)] for name, pid in pids.items()}
        write_private(self.run / "children.json", json.dumps(known))

    def _end_leftovers(self) -> None:
        """Children outlive a killed supervisor by moments at most (see `leash`): end the ones that are still at it.

        A process id is believed only together with its start time, since the kernel gives numbers out again.
        """
        try:
            known = json.loads((self.run / "children.json").read_text())
        except (FileNotFoundError, ValueError):
            return
        alive = [pid for pid, started in known.values() if started and _started(pid) == started]
        for pid in alive:
            try:
                os.killpg(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        wait_until(lambda: not any(_started(pid) for pid in alive), seconds=10)
        (self.run / "children.json").unlink(missing_ok=True)


def _started(pid: int) -> str:
    """The start time of a living process in clock ticks since boot, '' when it is gone."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return ""
    return "" if fields[0] == "Z" else fields[19]
