"""Child processes that never outlive their parent and never keep more rights than they need."""

import os
import pwd
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from carloan.lifeline import leash


class SupervisorError(Exception):
    """Something a person has to mend; the text says what and how."""


@dataclass(frozen=True)
class Account:
    """The user a server runs as."""

    name: str
    uid: int
    gid: int


def service_account() -> Account | None:
    """`postgres`, else `nobody`, when we are root (PostgreSQL refuses to run as root); None when we are not."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(name, entry.pw_uid, entry.pw_gid)
    raise SupervisorError("running as root needs a user `postgres` or `nobody` to drop to, and neither exists")


def reachable(path: Path, account: Account | None) -> bool:
    """Whether `account` may enter every folder above `path` and the path itself."""
    if account is None:
        return True
    real = path.resolve()
    return all(_may(step, account, 0o1) for step in (real, *real.parents))


def _may(path: Path, account: Account, bits: int) -> bool:
    status = path.stat()
    if status.st_uid == account.uid:
        return (status.st_mode >> 6) & bits == bits
    if status.st_gid == account.gid:
        return (status.st_mode >> 3) & bits == bits
    return status.st_mode & bits == bits


def spawn(
    command: Sequence[str | Path],
    *,
    env: Mapping[str, str],
    cwd: Path,
    log: IO[bytes] | int,
    on_parent_death: signal.Signals,
    account: Account | None = None,
) -> subprocess.Popen[bytes]:
    """Start `command` as leader of a new session, as `account`, bound to this process's life."""
    return subprocess.Popen(
        [str(part) for part in command],
        env=dict(env),
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=[] if account else None,
        preexec_fn=leash(on_parent_death),  # noqa: PLW1509 - allocates nothing and takes no lock
    )


def end(process: subprocess.Popen[bytes], *signals: signal.Signals, patience: float) -> int:
    """Send each signal in turn, waiting `patience` seconds after each, then SIGKILL; also ends its process group."""
    for number in signals:
        if process.poll() is not None:
            break
        process.send_signal(number)
        try:
            process.wait(patience)
        except subprocess.TimeoutExpired:
            continue
    sweep_group(process.pid)
    return process.wait()


def sweep_group(pid: int) -> None:
    """Kill what is left of a session leader's group: pool children of a server that was killed hard."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)


def wait_until(condition: Callable[[], bool], *, seconds: float, pause: float = 0.02) -> bool:
    """Ask `condition` until it holds; False when `seconds` have passed."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(pause)
    return True
