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
import sys
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from carloan.archives.recognition import pages
from carloan.archives.recognition.frames import write_frame

CLONE_NEWUSER = 0x10000000
CLONE_NEWNET = 0x40000000
PR_SET_NO_NEW_PRIVS = 38
PR_SET_DUMPABLE = 4

Tasks = Mapping[str, Callable[..., Iterator[pages.Frame]]]


def serve(control: socket.socket, tasks: Tasks) -> None:
    """Fork a child for each request until the other end of the socket closes."""
    # Children are reaped by the kernel; nobody here waits for them.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _leave_the_network()
    while True:
        message, handles, _flags, _address = socket.recv_fds(control, 1 << 16, 2)
        if not message:
            return
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
        _limit(request["limits"])
        with os.fdopen(given, "rb") as file:
            data = file.read()
        try:
            for head, body in tasks[request["task"]](data, **request["options"]):
                write_frame(answer, head, body)
            write_frame(answer, {"end": True})
        except pages.Unreadable as refused:
            write_frame(answer, {"refused": refused.code, "data": refused.data})
        except (MemoryError, RecursionError):
            write_frame(answer, {"refused": "too_heavy"})
        except BrokenPipeError:
            pass
        except Exception:  # noqa: BLE001
            # Decoders raise whatever they like on a hostile file; all of it means the same to the sender.
            write_frame(answer, {"refused": "damaged"})
        status = 0
    finally:
        os._exit(status)


def _limit(limits: dict[str, int]) -> None:
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    signal.signal(signal.SIGXCPU, signal.SIG_DFL)
    memory, seconds = limits["memory_bytes"], limits["cpu_seconds"]
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (32, 32))


if __name__ == "__main__":
    serve(socket.socket(fileno=int(sys.argv[1])), pages.TASKS)
