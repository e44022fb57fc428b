"""Untrusted files are opened in a child process that may crash, hang or swell without hurting anybody.

A warm *nursery* (nursery.py) keeps the decoders loaded and forks one child a file, so that isolation costs
milliseconds. The nursery starts without our environment: a decoder that is taken over finds no secret there.
"""

import atexit
import contextlib
import fcntl
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
from typing import IO, Any, Protocol

from .frames import HEADER, LENGTH
from .nursery import Frame

ROOT = Path(__file__).resolve().parents[2]
LARGEST_FRAME = 1 << 30
BLOCK = 1 << 20


class Bounds(Protocol):
    """What a child may use of the machine."""

    @property
    def cpu_seconds(self) -> int: ...
    @property
    def memory_bytes(self) -> int: ...
    @property
    def frame_seconds(self) -> int: ...


class Refused(Exception):
    """Why a child did not answer: its own code, `too_heavy` for its limits in time, `damaged` for a crash."""

    def __init__(self, code: str, **data: Any) -> None:
        super().__init__(code)
        self.code = code
        self.data = data


class Nursery:
    """The process that forks the children of this process. Ends when our end of its socket closes, however we die."""

    def __init__(self, module: str) -> None:
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
        message = json.dumps(request).encode()
        socket.send_fds(self.socket, [LENGTH.pack(len(message))], [given, answer])
        self.socket.sendall(message)
        reply = self.socket.recv(16)
        if not reply:
            raise BrokenPipeError("the nursery has died")
        return int(reply)

    def close(self) -> None:
        self.socket.close()
        if self.owner == os.getpid():
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(timeout=2)


class Sandbox:
    """The decoders of one module: its nursery starts with the first file, and once more when it has died."""

    def __init__(self, module: str) -> None:
        self.module = module
        self.nursery: Nursery | None = None
        self._lock = threading.Lock()
        atexit.register(self.shut_down)

    def shut_down(self) -> None:
        """End the nursery of this process, if it has one."""
        if self.nursery is not None:
            self.nursery.close()
            self.nursery = None

    def run(
        self,
        task: str,
        data: bytes | IO[bytes],
        options: dict[str, Any],
        *,
        bounds: Bounds,
        patience: float | None = None,
    ) -> Generator[Frame, None, None]:
        """Frames of one task on one file. Whatever the child does, the outcome is frames or `Refused`.

        `patience` is the longest wait for the whole task, otherwise each frame may take `bounds.frame_seconds`.
        """
        request = {
            "task": task,
            "options": options,
            "memory_bytes": bounds.memory_bytes,
            "cpu_seconds": bounds.cpu_seconds,
        }
        reader, writer = os.pipe()
        with contextlib.suppress(OSError, AttributeError):
            # The child works ahead while we are busy with what it has sent.
            fcntl.fcntl(writer, fcntl.F_SETPIPE_SZ, BLOCK)
        try:
            with _in_memory(data) as given:
                child = self._birth(request, given, writer)
            os.close(writer)
            writer = -1
            yield from _frames(reader, child, bounds, patience)
        finally:
            if writer >= 0:
                os.close(writer)
            # A child that still writes ends by its broken pipe.
            os.close(reader)

    def _birth(self, request: dict[str, Any], given: int, answer: int) -> int:
        with self._lock:
            for attempt in (1, 2):
                # A forked worker must not share its parent's socket: answers would cross.
                if self.nursery is None or self.nursery.owner != os.getpid():
                    self.nursery = Nursery(self.module)
                try:
                    return self.nursery.birth(request, given, answer)
                except OSError:
                    self.nursery.close()
                    self.nursery = None
                    if attempt == 2:
                        raise
        raise AssertionError("unreachable")


def _frames(reader: int, child: int, bounds: Bounds, patience: float | None) -> Iterator[Frame]:
    deadline = None if patience is None else time.monotonic() + patience
    try:
        while True:
            until = deadline if deadline is not None else time.monotonic() + bounds.frame_seconds
            head_size, body_size = HEADER.unpack(_exactly(reader, HEADER.size, until))
            if max(head_size, body_size) > LARGEST_FRAME:
                raise Refused("damaged")
            head = json.loads(_exactly(reader, head_size, until))
            body = _exactly(reader, body_size, until)
            if head.get("end"):
                return
            if code := head.get("refused"):
                raise Refused(code, **head.get("data", {}))
            yield head, body
    except TimeoutError as error:
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
        raise Refused("too_heavy") from error
    except (EOFError, ValueError) as error:
        # Ended by its limits or by a crash inside a decoder: for the sender it is the same.
        raise Refused("damaged") from error


def _exactly(reader: int, size: int, until: float) -> bytes:
    parts: list[bytes] = []
    while size:
        left = until - time.monotonic()
        if left <= 0 or not select.select([reader], [], [], left)[0]:
            raise TimeoutError
        part = os.read(reader, min(size, BLOCK))
        if not part:
            raise EOFError
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


@contextlib.contextmanager
def _in_memory(data: bytes | IO[bytes]) -> Iterator[int]:
    """A file descriptor on these bytes that never touches a disk."""
    if hasattr(os, "memfd_create"):
        handle = os.memfd_create("file", os.MFD_CLOEXEC)
    else:
        with tempfile.TemporaryFile() as file:
            handle = os.dup(file.fileno())
    try:
        for block in [data] if isinstance(data, bytes) else iter(lambda: data.read(BLOCK), b""):
            view = memoryview(block)
            while view:
                view = view[os.write(handle, view) :]
        os.lseek(handle, 0, os.SEEK_SET)
        yield handle
    finally:
        os.close(handle)
