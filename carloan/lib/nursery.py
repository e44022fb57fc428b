"""The sandbox's other end: a process with the decoders loaded that forks one limited child for each file.

Runs without Django and without our environment. Each message on the socket is a JSON request with two file
descriptors, the file to read and the pipe to answer on.
"""

import contextlib
import ctypes
import json
import os
import resource
import signal
import socket
from collections.abc import Callable, Iterator, Mapping
from typing import IO, Any

from .frames import LENGTH, write_frame

CLONE_NEWUSER = 0x10000000
CLONE_NEWNET = 0x40000000
PR_SET_NO_NEW_PRIVS = 38
PR_SET_DUMPABLE = 4

RESERVE = 4 << 20

Frame = tuple[dict[str, Any], bytes]
Tasks = Mapping[str, Callable[..., Iterator[Frame]]]


class Unreadable(Exception):
    """The child's word for a refusal; it cannot import the translated one."""

    def __init__(self, code: str, **data: Any) -> None:
        super().__init__(code)
        self.code = code
        self.data = data


class _Spent(BaseException):
    """The child's time is over. No decoder's `except Exception` may swallow it."""


# Made beforehand: a child without memory cannot even build the tuple.
_EXCEEDED = (MemoryError, RecursionError, _Spent)


def serve(control: socket.socket, tasks: Tasks) -> None:
    """Fork a child for each request until the other end of the socket closes. A task takes the open file first."""
    # Children are reaped by the kernel; nobody here waits for them.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _leave_the_network()
    while True:
        length, handles, _flags, _address = socket.recv_fds(control, LENGTH.size, 2)
        if not length:
            return
        (size,) = LENGTH.unpack(length)
        message = control.recv(size, socket.MSG_WAITALL)
        child = os.fork()
        if child == 0:
            control.close()
            _live(tasks, json.loads(message), *handles)
        for handle in handles:
            os.close(handle)
        control.sendall(str(child).encode())


def _leave_the_network() -> None:
    """No network for any decoder, where the platform lets us (Linux; as root or with user namespaces)."""
    with contextlib.suppress(OSError, AttributeError):
        libc = ctypes.CDLL(None, use_errno=True)
        libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
        libc.prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)
        if libc.unshare(CLONE_NEWNET) != 0:
            libc.unshare(CLONE_NEWUSER | CLONE_NEWNET)


def _live(tasks: Tasks, request: dict[str, Any], given: int, answer: int) -> None:
    """The whole life of a child; never returns."""
    status = 1
    try:
        _limit(request["memory_bytes"], request["cpu_seconds"])
        with os.fdopen(given, "rb") as file:
            _answer(tasks[request["task"]], file, request["options"], answer)
        status = 0
    finally:
        os._exit(status)


def _answer(task: Callable[..., Iterator[Frame]], file: IO[bytes], options: dict[str, Any], answer: int) -> None:
    # Whoever has used up the memory needs a little to say so.
    reserve = bytearray(RESERVE)
    try:
        for head, body in task(file, **options):
            write_frame(answer, head, body)
        write_frame(answer, {"end": True})
    except Unreadable as refused:
        write_frame(answer, {"refused": refused.code, "data": refused.data})
    except _EXCEEDED:
        del reserve
        write_frame(answer, {"refused": "too_heavy"})
    except BrokenPipeError:
        pass
    except Exception:  # noqa: BLE001
        # Decoders raise whatever they like on a hostile file; all of it means the same to the sender.
        write_frame(answer, {"refused": "damaged"})


def _spent(*_signal: object) -> None:
    raise _Spent


def _limit(memory: int, seconds: int) -> None:
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    # A decoder in C that never comes back to us is ended by the hard limit a second later.
    signal.signal(signal.SIGXCPU, _spent)
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (32, 32))
