"""Homes and processes for the tests of the supervisor."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@contextmanager
def open_folder() -> Iterator[Path]:
    """A temporary folder that PostgreSQL's user can pass through, unlike pytest's own."""
    with tempfile.TemporaryDirectory(prefix="carloan-supervisor-", ignore_cleanup_errors=True) as name:
        Path(name).chmod(0o711)
        yield Path(name)


def processes_of(home: Path) -> dict[int, str]:
    """Living processes that work in this home or name it in their command line or environment."""
    found = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            try:
                command = (entry / "cmdline").read_bytes()
                # PostgreSQL and Valkey write their state over both, but they work in their data folders.
                text = command + (entry / "environ").read_bytes() + os.readlink(entry / "cwd").encode()
            except OSError:
                continue
            if str(home).encode() in text:
                found[int(entry.name)] = command.replace(b"\0", b" ").decode(errors="replace")
    return found
