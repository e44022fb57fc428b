"""One copy of the program as a process of its own, for the tests of the whole."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from random import sample
from typing import Any

from carloan.supervisor.embedded import PORTS, port_is_free
from carloan.supervisor.process import wait_until
from tests.supervisor.places import ROOT, processes_of

# A little longer than carloan.health believes one look at the parts.
GOOD_FOR = 2.3


@dataclass
class Copy:
    """One copy of the program: a home, a port and, while it runs, its supervisor."""

    home: Path
    port: int
    supervisor: subprocess.Popen[str] | None = None

    @property
    def environment(self) -> dict[str, str]:
        return {
            **{name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ},
            "CARLOAN_HOME": str(self.home),
            "PORT": str(self.port),
            "CARLOAN_DEMONSTRATION": "off",
        }

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "carloan.supervisor", *arguments]
        return subprocess.run(
            command, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False, timeout=300
        )

    def start(self) -> None:
        self.home.mkdir(exist_ok=True)
        with open(self.home / "output", "a") as output:
            self.supervisor = subprocess.Popen(
                [sys.executable, "-m", "carloan.supervisor", "server"],
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                text=True,
            )

    def wait_until_healthy(self) -> None:
        """Until every look at the parts has been good for longer than one look is believed (`carloan.health`)."""
        since = 0.0

        def settled() -> bool:
            nonlocal since
            assert self.supervisor is not None
            if self.supervisor.poll() is not None:
                return True
            if self.health()[0] != 200:
                since = 0.0
                return False
            since = since or time.monotonic()
            return time.monotonic() - since > GOOD_FOR

        assert wait_until(settled, seconds=240, pause=0.1), self.health()
        assert self.supervisor is not None
        assert self.supervisor.poll() is None, (self.home / "output").read_text()

    def health(self) -> tuple[int, dict[str, Any]]:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=15) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as refusal:
            return refusal.code, json.load(refusal)
        except OSError:
            return 0, {}

    def end(self, number: signal.Signals) -> int:
        assert self.supervisor is not None
        self.supervisor.send_signal(number)
        return self.supervisor.wait(60)

    def pid_of(self, words: str) -> int:
        """The oldest process of this copy whose command line contains `words`."""
        return min(pid for pid, command in processes_of(self.home).items() if words in command)

    def is_gone(self) -> bool:
        return wait_until(lambda: not processes_of(self.home), seconds=15, pause=0.1)


def free_port(taken: int = 0) -> int:
    """One of many, so that lanes that look at the same time do not find the same one."""
    tried = sample(PORTS, len(PORTS))
    return next(port for port in tried if port != taken and port_is_free(port) and port_is_free(port, "::1"))
