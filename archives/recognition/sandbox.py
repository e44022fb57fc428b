"""Untrusted files are opened in a child process that may crash, hang or swell without hurting anybody.

A warm *nursery* (nursery.py) keeps the decoders loaded and forks one child a file, so that isolation costs
milliseconds. The nursery starts without our environment: a decoder that is taken over finds no secret there.
"""

import atexit
import contextlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

from carloan.archives.recognition.frames import HEADER
from carloan.archives.recognition.limits import LIMITS, Limits
from carloan.archives.recognition.refusals import MESSAGES, Refused

ROOT = Path(__file__).resolve().parents[2]
LARGEST_FRAME = 1 << 30

Frame = tuple[dict[str, Any], bytes]


class Nursery:
    """The process that forks the children of this process. Ends when our end of its socket closes, however we die."""

    def __init__(self, module: str = "carloan.archives.recognition.nursery") -> None:
        self.owner = os.getpid()
        self.socket, theirs = socket.socketpair()
        self.process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
            [sys.executable, "-m", module, str(theirs.fileno())],
            cwd=ROOT,
            env={"PATH": os.defpath, "LANG": "C.UTF-8", "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"},
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
        )
        theirs.close()

    def birth(self, request: dict[str, Any], given: int, answer: int) -> int:
        """Start a child on the file `given`, which writes to `answer`; its process id."""
        self.socket.settimeout(30)
        socket.send_fds(self.socket, [json.dumps(request).encode()], [given, answer])
        reply = self.socket.recv(16)
        if not reply:
            raise BrokenPipeError("the nursery has died")
        return int(reply)

    def close(self) -> None:
        self.socket.close()
        if self.owner == os.getpid():
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(timeout=2)


class _Home:
    """Where this process keeps its nursery."""

    lock = threading.Lock()
    nursery: Nursery | None = None


def _birth(request: dict[str, Any], given: int, answer: int) -> int:
    with _Home.lock:
        for attempt in (1, 2):
            # A forked worker must not share its parent's socket: answers would cross.
            if _Home.nursery is None or _Home.nursery.owner != os.getpid():
                _Home.nursery = Nursery()
            try:
                return _Home.nursery.birth(request, given, answer)
            except OSError:
                _Home.nursery.close()
                _Home.nursery = None
                if attempt == 2:
                    raise
    raise AssertionError("unreachable")


@atexit.register
def shut_down() -> None:
    """End the nursery of this process, if it has one."""
    if _Home.nursery is not None:
        _Home.nursery.close()
        _Home.nursery = None


def inspect(data: bytes, media: str, *, limits: Limits = LIMITS, patience: float | None = None) -> dict[str, Any]:
    """`{"pages", "pixels"}` of a file (pixels of its largest page), by its headers only."""
    for head, _ in run("inspect", data, {"media": media}, limits=limits, patience=patience):
        return head
    raise Refused("damaged")


def pages(data: bytes, media: str, *, limits: Limits = LIMITS, **options: Any) -> Iterator[Frame]:
    """Each page as `({"number", "width", "height", "lines"}, RGB bytes)`, while the child renders the next one."""
    yield from run("pages", data, {"media": media, **options}, limits=limits)


def run(
    task: str, data: bytes, options: dict[str, Any], *, limits: Limits = LIMITS, patience: float | None = None
) -> Generator[Frame, None, None]:
    """Frames of one task on one file. Whatever the child does, the outcome is frames or `Refused`.

    `patience` is the longest wait for the whole task, otherwise each frame may take `limits.frame_seconds`.
    """
    request = {"task": task, "options": options, "limits": limits.as_dict()}
    reader, writer = os.pipe()
    try:
        with _in_memory(data) as given:
            child = _birth(request, given, writer)
        os.close(writer)
        writer = -1
        yield from _frames(reader, child, limits, patience)
    finally:
        if writer >= 0:
            os.close(writer)
        # A child that still writes ends by its broken pipe.
        os.close(reader)


def _frames(reader: int, child: int, limits: Limits, patience: float | None) -> Iterator[Frame]:
    deadline = None if patience is None else time.monotonic() + patience
    try:
        while True:
            until = deadline if deadline is not None else time.monotonic() + limits.frame_seconds
            head_size, body_size = HEADER.unpack(_exactly(reader, HEADER.size, until))
            if max(head_size, body_size) > LARGEST_FRAME:
                raise Refused("damaged")
            head = json.loads(_exactly(reader, head_size, until))
            body = _exactly(reader, body_size, until)
            if head.get("end"):
                return
            if code := head.get("refused"):
                raise Refused(code if code in MESSAGES else "damaged", **head.get("data", {}))
            yield head, body
    except TimeoutError as error:
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
        raise Refused("too_heavy") from error
    except EOFError as error:
        # Ended by its limits or by a crash inside a decoder: for the sender it is the same.
        raise Refused("damaged") from error


def _exactly(reader: int, size: int, until: float) -> bytes:
    parts: list[bytes] = []
    while size:
        left = until - time.monotonic()
        if left <= 0 or not select.select([reader], [], [], left)[0]:
            raise TimeoutError
        part = os.read(reader, min(size, 1 << 20))
        if not part:
            raise EOFError
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


@contextlib.contextmanager
def _in_memory(data: bytes) -> Iterator[int]:
    """A file descriptor on these bytes that never touches a disk."""
    if hasattr(os, "memfd_create"):
        handle = os.memfd_create("paper", os.MFD_CLOEXEC)
    else:
        with tempfile.TemporaryFile() as file:
            handle = os.dup(file.fileno())
    try:
        view = memoryview(data)
        while view:
            view = view[os.write(handle, view) :]
        os.lseek(handle, 0, os.SEEK_SET)
        yield handle
    finally:
        os.close(handle)
