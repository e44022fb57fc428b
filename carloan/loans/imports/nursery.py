"""Inside the sandbox: files of loans are parsed here, without Django, our secrets or the network (lib/nursery.py).

Run as a module by carloan/loans/imports/opening.py.
"""

import json
import socket
import sys
import time
from collections.abc import Iterator, Sequence
from typing import IO, Any

from carloan.lib.nursery import Frame, Tasks, serve

from . import reading

ROWS_A_FRAME = 500
# Whoever waits looks at the clock with each frame: one comes this often, also where the file holds nothing.
FRAME_SECONDS = 0.25


def sniff(file: IO[bytes], *, known_names: Sequence[str]) -> Iterator[Frame]:
    """One frame: the file's shape."""
    yield reading.sniff(file, known_names).as_json(), b""


def rows(file: IO[bytes], *, shape: dict[str, Any]) -> Iterator[Frame]:
    """The rows behind the header, at most some hundred a frame: [number, cells, [[column, code]], {column: refused}].
    A frame without any says that the child still reads."""
    told: list[Any] = []
    sent = time.monotonic()
    for row in reading.all_rows(file, reading.Shape(**shape)):
        if row is not None:
            told.append((row.number, row.cells, [(fault.column, fault.code) for fault in row.faults], row.refused))
        if len(told) == ROWS_A_FRAME or time.monotonic() - sent > FRAME_SECONDS:
            yield {}, json.dumps(told, ensure_ascii=False).encode()
            told, sent = [], time.monotonic()
    yield {}, json.dumps(told, ensure_ascii=False).encode()


def count(file: IO[bytes], *, shape: dict[str, Any]) -> Iterator[Frame]:
    """How many rows there are so far, now and then, and in the end."""
    number, sent = 0, time.monotonic()
    for row in reading.all_rows(file, reading.Shape(**shape)):
        number += row is not None
        if time.monotonic() - sent > FRAME_SECONDS:
            yield {"rows": number}, b""
            sent = time.monotonic()
    yield {"rows": number}, b""


TASKS: Tasks = {"sniff": sniff, "rows": rows, "count": count}

if __name__ == "__main__":
    serve(socket.socket(fileno=int(sys.argv[1])), TASKS)
