"""The site's own processes: which there are, how each is started and ended, and what happens when one dies."""

import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from carloan.supervisor.home import ROOT, Home
from carloan.supervisor.process import SupervisorError, end, spawn
from carloan.supervisor.services import Services

PATIENCE = 30
PACED = ("--worker-class", "carloan.web_worker.PacedWorker", "--worker-connections", "500")
LONGEST_PAUSE = 30.0
STEADY_SECONDS = 60.0


@dataclass(frozen=True)
class Part:
    """One process: `ending` asks it to finish what it does, `dropping` to let go at once (its work comes back).

    `orphaned` is what the kernel sends it when the supervisor was killed hard.
    """

    name: str
    role: str
    command: tuple[str, ...]
    ending: signal.Signals
    dropping: signal.Signals
    orphaned: signal.Signals


def web(port: int) -> Part:
    binds = [
        word for host in bind_hosts() for word in ("--bind", f"[{host}]:{port}" if ":" in host else f"{host}:{port}")
    ]
    # Threads mostly wait for databases; each holds a connection to both (postgres.py gives 120).
    command = ("-m", "gunicorn", "carloan.wsgi:application", *binds, "--workers", "2", "--threads", "16")
    # No access log: addresses of pages carry what people searched for.
    return Part(
        "web",
        "app",
        (*command, *PACED, "--timeout", "120", "--max-requests", "5000"),
        signal.SIGTERM,
        signal.SIGQUIT,
        signal.SIGQUIT,
    )


def bind_hosts() -> list[str]:
    """CARLOAN_BIND (0.0.0.0 serves other machines), else both addresses that browsers may take `localhost` for."""
    if given := os.environ.get("CARLOAN_BIND"):
        return [given]
    try:
        interfaces = [line.split()[-1] for line in Path("/proc/net/if_inet6").read_text().splitlines()]
    except OSError:
        interfaces = []
    return ["127.0.0.1", *(["::1"] if "lo" in interfaces else [])]


def worker(name: str, lanes: str, concurrency: int) -> Part:
    command = ("-m", "celery", "-A", "carloan.celery", "worker", "-n", f"{name}@%h", "-Q", lanes)
    options = (
        "--concurrency",
        str(concurrency),
        "--without-gossip",
        "--without-mingle",
        "--without-heartbeat",
        "--loglevel",
        "INFO",
    )
    # The broker dies with the supervisor too, and a worker that loses both hangs in its own shutdown.
    return Part(f"worker-{name}", "worker", (*command, *options), signal.SIGTERM, signal.SIGQUIT, signal.SIGKILL)


def beat() -> Part:
    command = ("-m", "celery", "-A", "carloan.celery", "beat", "--loglevel", "INFO", "--pidfile=")
    return Part("beat", "worker", command, signal.SIGTERM, signal.SIGTERM, signal.SIGKILL)


def sealer() -> Part:
    return Part("sealer", "sealer", ("-m", "carloan.sealer"), signal.SIGTERM, signal.SIGTERM, signal.SIGKILL)


def parts(port: int) -> list[Part]:
    # One recognition at a time: the engine takes a gigabyte and all cores.
    workers = [worker("main", "interactive,deliver,sweep", 2), worker("recognise", "recognise", 1)]
    return [web(port), *workers, beat(), sealer()]


@dataclass
class Running:
    part: Part
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    deaths: int = 0
    resume_at: float = 0.0


class Children:
    """Starts the parts, starts a dead one again after a growing pause, ends all of them.

    Use it from the main thread: the kernel binds a child's life to the thread that started it.
    """

    def __init__(self, parts: Iterable[Part], *, services: Services, home: Home, port: int) -> None:
        self.services, self.home, self.port = services, home, port
        self.all = [Running(part) for part in parts]

    def start(self) -> None:
        for child in self.all:
            self._start(child)

    def _start(self, child: Running) -> None:
        with self.home.open_log(child.part.name) as log:
            child.process = spawn(
                [sys.executable, *child.part.command],
                env=self.services.environment(child.part.role, self.port),
                cwd=ROOT,
                log=log,
                on_parent_death=child.part.orphaned,
            )
        child.started = time.monotonic()
        self.home.remember_children({each.part.name: each.process.pid for each in self.all if each.process})

    def tend(self, seconds: float) -> None:
        """Wait up to `seconds` for a death; mend what died, services first."""
        watched = [(each, each.process) for each in self.all if each.process]
        servers = [(server, server.process) for server in self.services.embedded.values() if server.process]
        pause = min([seconds, *(max(0.0, each.resume_at - time.monotonic()) for each in self.all if not each.process)])
        _wait_for_a_death([process for _, process in (*watched, *servers)], pause)
        for name, server in self.services.embedded.items():
            if not server.running:
                print(f"{server.what} ({name}) ended; starting it again", flush=True)
                server.restart()
        for child, process in watched:
            if process.poll() is not None:
                self._note_death(child, process)
        for child in self.all:
            if child.process is None and child.resume_at <= time.monotonic():
                self._start(child)

    def _note_death(self, child: Running, process: subprocess.Popen[bytes]) -> None:
        # What is left of its group holds the port or the queue: pool processes of a parent that was killed hard.
        status = end(process, patience=0)
        steady = time.monotonic() - child.started > STEADY_SECONDS
        child.deaths = 1 if steady else child.deaths + 1
        pause = min(LONGEST_PAUSE, 0.5 * 2 ** (child.deaths - 1))
        child.process, child.resume_at = None, time.monotonic() + pause
        print(f"{child.part.name} ended (status {status}); again in {pause:.1f} s", flush=True)

    def give_up_on(self, deaths: int) -> None:
        """Raise when a part died this often since the start: then it is no accident, and its log says why."""
        for child in self.all:
            if child.deaths >= deaths:
                path = self.home.logs / f"{child.part.name}.log"
                tail = path.read_bytes()[-3000:].decode(errors="replace").strip()
                raise SupervisorError(f"{child.part.name} does not start, log {path}:\n{tail}")

    def stop(self) -> None:
        """Ask all at once, then wait for each: running tasks and requests finish, or come back at the next start."""
        for child in self.all:
            if child.process and child.process.poll() is None:
                child.process.send_signal(child.part.ending)
        deadline = time.monotonic() + PATIENCE
        for child in self.all:
            if child.process:
                with suppress(subprocess.TimeoutExpired):
                    child.process.wait(max(0.1, deadline - time.monotonic()))
                end(child.process, child.part.dropping, patience=5)
                child.process = None
        self.home.remember_children({})


def _wait_for_a_death(processes: list[subprocess.Popen[bytes]], seconds: float) -> None:
    poll = select.poll()
    handles: list[int] = []
    try:
        for process in processes:
            if process.poll() is not None:
                return
            try:
                handles.append(os.pidfd_open(process.pid))
            except ProcessLookupError:
                return
            poll.register(handles[-1], select.POLLIN)
        poll.poll(seconds * 1000)
    finally:
        for handle in handles:
            os.close(handle)
