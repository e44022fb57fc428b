"""Inside the sandbox: files of loans are parsed here, without Django, our secrets or the network (lib/nursery.py).

Run as a module by carloan/loans/imports/opening.py.
"""

import json
import socket
import sys
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import IO, Any

from carloan.lib.nursery import Frame, Tasks, serve

from . import reading

ROWS_A_FRAME = 500
ROWS_A_COUNT = 5_000


def sniff(file: IO[bytes], *, known_names: Sequence[str]) -> Iterator[Frame]:
    """One frame: the file's shape."""
    yield reading.sniff(file, known_names).as_json(), b""


def rows(file: IO[bytes], *, shape: dict[str, Any]) -> Iterator[Frame]:
    """The rows behind the header, some hundred a frame: [number, cells, [[column, code]], {column: refused}]."""
    found = reading.rows(file, reading.Shape(**shape))
    while some := list(islice(found, ROWS_A_FRAME)):
        told = [
            (row.number, row.cells, [(fault.column, fault.code) for fault in row.faults], row.refused) for row in some
        ]
        yield {}, json.dumps(told, ensure_ascii=False).encode()


def count(file: IO[bytes], *, shape: dict[str, Any]) -> Iterator[Frame]:
    """How many rows there are so far, now and then, and in the end."""
    number = 0
    for number, _row in enumerate(reading.rows(file, reading.Shape(**shape)), start=1):
        if number % ROWS_A_COUNT == 0:
            yield {"rows": number}, b""
    yield {"rows": number}, b""


TASKS: Tasks = {"sniff": sniff, "rows": rows, "count": count}

if __name__ == "__main__":
    serve(socket.socket(fileno=int(sys.argv[1])), TASKS)
