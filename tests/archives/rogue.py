"""A nursery whose children misbehave on request, for the tests of the sandbox."""

import ctypes
import os
import socket
import sys
import tempfile
from collections.abc import Iterator

from carloan.archives.recognition import nursery, pages
from carloan.lib.nursery import Frame, Tasks


def hang(data: bytes) -> Iterator[Frame]:
    ours, theirs = socket.socketpair()
    ours.recv(1)
    theirs.close()
    yield {}, b""


def burn(data: bytes) -> Iterator[Frame]:
    while data:
        pass
    yield {}, b""


def crash(data: bytes) -> Iterator[Frame]:
    ctypes.string_at(0)
    yield {}, b""


def probe(data: bytes) -> Iterator[Frame]:
    """What a decoder that was taken over could do."""
    yield {"file": _can_write(), "network": _can_reach(), "environment": list(os.environ)}, b""


def _can_write() -> bool:
    try:
        with tempfile.TemporaryFile() as file:
            file.write(b"x" * 10_000)
            file.flush()
    except OSError:
        return False
    return True


def _can_reach() -> bool:
    """Anything beyond the empty loopback of a network of its own."""
    return any(name != "lo" for _, name in socket.if_nameindex())


if __name__ == "__main__":
    tasks: Tasks = {**pages.TASKS, "hang": hang, "burn": burn, "crash": crash, "probe": probe}
    nursery.serve(socket.socket(fileno=int(sys.argv[1])), tasks)
