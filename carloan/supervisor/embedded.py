"""What the embedded PostgreSQL and the embedded Valkey have in common: a folder, a lock, a port, one process."""

import fcntl
import importlib.metadata
import importlib.util
import os
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import IO, ClassVar, Self

from carloan.supervisor.process import (
    Account,
    SupervisorError,
    end,
    reachable,
    service_account,
    spawn,
    wait_until,
)

# Ports from 32768 on are handed to outgoing connections by the kernel and may be taken at any moment.
PORTS = range(20_000, 32_768)
SHELTER = Path("/var/lib/carloan")
LOG_LIMIT = 16 * 1024 * 1024
PORT_TRIES = 8


class FolderInUseError(SupervisorError):
    """Another process holds the lock of this folder."""


class PortTakenError(Exception):
    """The server found its port taken between our look and its own bind."""


def lock_folder(folder: Path, what: str) -> IO[str]:
    """Hold `folder`/lock until the returned file is closed or this process ends, however it ends."""
    handle = open(folder / "lock", "a+")  # noqa: SIM115 - lives as long as the lock

    def taken() -> bool:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    # A moment's patience: somebody may just be looking whether it is held, and a killed holder takes time to vanish.
    if not wait_until(taken, seconds=1):
        handle.seek(0)
        holder = handle.read().strip() or "unknown"
        handle.close()
        raise FolderInUseError(f"{what} in {folder} is already running (process {holder})")
    handle.truncate(0)
    handle.write(str(os.getpid()))
    handle.flush()
    return handle


def port_is_free(port: int, host: str = "127.0.0.1") -> bool:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def package_folder(package: str) -> Path:
    """Where an installed package lies, without running any of its code."""
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise SupervisorError(f"the Python package {package} is not installed: run script/setup")
    return Path(spec.submodule_search_locations[0])


def write_private(path: Path, content: str, account: Account | None = None) -> None:
    """Replace `path` by `content` in one step, readable by its owner only."""
    draft = path.with_name(path.name + ".tmp")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    if account:
        os.chown(draft, account.uid, account.gid)
    draft.rename(path)


class Embedded(ABC):
    """One server process with its folder, usable as a context manager.

    `folder` holds everything of it: data, log, lock, the last port and (unless `password_file` is given) the password.
    Start it from a thread that lives as long as the server should.
    """

    what: ClassVar[str]
    package: ClassVar[str]
    stop_signals: ClassVar[tuple[signal.Signals, ...]]
    ready_seconds: ClassVar[float]

    def __init__(self, folder: Path, *, fast: bool = False, password_file: Path | None = None) -> None:
        """`fast` gives up durability for speed: for tests only."""
        self.folder = folder.absolute()
        self.fast = fast
        self.password_file = password_file or self.folder / "password"
        self.port = 0
        self.account = service_account()
        self.process: subprocess.Popen[bytes] | None = None
        self._lock: IO[str] | None = None

    @abstractmethod
    def prepare(self) -> None:
        """Make or mend the data folder; runs under the lock, before each start."""

    @abstractmethod
    def command(self) -> list[str | Path]:
        """The server's command line for `self.port`."""

    @abstractmethod
    def wait_until_ready(self, process: subprocess.Popen[bytes], log_from: int) -> None:
        """Return when the server answers; raise PortTakenError or SupervisorError when it ended."""

    @property
    def state(self) -> Path:
        """Where the data lie: below `folder`, or a shelter that the server's user can reach."""
        return self.folder / "state"

    @property
    def log(self) -> Path:
        return self.folder / "log"

    @property
    def password(self) -> str:
        try:
            return self.password_file.read_text().strip()
        except FileNotFoundError:
            self.password_file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            write_private(self.password_file, secrets.token_hex(32))
            return self.password_file.read_text().strip()

    def start(self) -> Self:
        """Start the server and wait until it answers; mends what an earlier crash left."""
        if self._lock is None:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._lock = lock_folder(self.folder, self.what)
        try:
            self._make_state()
            self.prepare()
            self._launch()
        except BaseException:
            self.stop()
            raise
        return self

    def stop(self) -> None:
        if self.process is not None:
            end(self.process, *self.stop_signals, patience=60)
            self.process = None
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def restart(self) -> None:
        """Start again on the same port after the process died; the lock stays ours."""
        if self.process is not None:
            end(self.process, *self.stop_signals, patience=60)
            self.process = None
        self.prepare()
        self._launch(only=self.port)

    @property
    def running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    @classmethod
    @contextmanager
    def temporary(cls) -> Iterator[Self]:
        """A fast server in a folder of its own that goes with it: for tests."""
        with tempfile.TemporaryDirectory(prefix="carloan-") as name:
            # mkdtemp makes 0700, which the user we drop to could not enter.
            Path(name).chmod(0o711)
            with cls(Path(name) / "server", fast=True) as server:
                yield server

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def log_tail(self, start: int = 0, size: int = 2000) -> str:
        with open(self.log, "rb") as file:
            file.seek(start)
            return file.read()[-size:].decode(errors="replace").strip()

    def installed(self) -> Path:
        """The package's folder as the server's user can reach it: copied beside the data when the original is closed.

        A virtual environment below a home of mode 0700 is closed to the user we drop to. The `.libs` folder beside the
        package holds the shared libraries its programs look for by relative path.
        """
        original = package_folder(self.package)
        if reachable(original, self.account):
            return original
        # By its real place: the link to a shelter lies behind the same closed folders.
        copy = self.state.resolve() / f"binaries-{importlib.metadata.version(self.package)}"
        if not copy.exists():
            draft = copy.with_name("binaries.tmp")
            shutil.rmtree(draft, ignore_errors=True)
            for part in (original, original.with_name(f"{original.name}.libs")):
                if part.exists():
                    shutil.copytree(
                        part,
                        draft / part.name,
                        symlinks=True,
                        ignore=shutil.ignore_patterns("include"),
                    )
            draft.chmod(0o755)
            draft.rename(copy)
        return copy / original.name

    def _make_state(self) -> None:
        """A folder that the server's user can reach; below /root (mode 0700) that is a link to a shelter outside."""
        if not self.state.exists():
            self.state.unlink(missing_ok=True)
            if reachable(self.folder, self.account):
                self.state.mkdir()
            else:
                shelter = SHELTER / f"{self.folder.parent.name}-{self.folder.name}-{secrets.token_hex(4)}"
                shelter.mkdir(parents=True)
                self.state.symlink_to(shelter)
        if not reachable(self.state, self.account):
            closed = next(step for step in self.state.resolve().parents if not reachable(step, self.account))
            name = self.account.name if self.account else ""
            raise SupervisorError(f"{self.what} runs as {name}, which may not enter {closed}: chmod o+rx {closed}")

    def _ports(self, only: int | None) -> Iterator[int]:
        if only is not None:
            yield from [only] * PORT_TRIES
            return
        remembered = self.folder / "port"
        if remembered.exists() and (text := remembered.read_text().strip()).isdigit():
            yield int(text)
        for _ in range(PORT_TRIES):
            yield secrets.choice(PORTS)

    def _launch(self, only: int | None = None) -> None:
        if self.log.exists() and self.log.stat().st_size > LOG_LIMIT:
            self.log.replace(self.log.with_name("log.1"))
        for port in self._ports(only):
            if only is None and not port_is_free(port):
                continue
            self.port = port
            try:
                self._launch_once()
            except PortTakenError:
                continue
            write_private(self.folder / "port", str(port))
            return
        raise SupervisorError(f"{self.what}: no free port found, see {self.log}")

    def _launch_once(self) -> None:
        with open(self.log, "ab") as log:
            log_from = log.tell()
            self.process = spawn(
                self.command(),
                env={"PATH": os.defpath, "LC_ALL": "C.UTF-8", "TZ": "UTC"},
                cwd=self.state.resolve(),
                log=log,
                on_parent_death=self.stop_signals[0],
                account=self.account,
            )
        try:
            self.wait_until_ready(self.process, log_from)
        except PortTakenError:
            self.process.wait()
            self.process = None
            raise
