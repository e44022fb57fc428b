"""The nursery of papers: their decoders, loaded once (carloan/lib/nursery.py forks the children)."""

import socket
import sys
from collections.abc import Callable, Iterator
from typing import IO, Any

from carloan.archives.recognition import pages
from carloan.lib import nursery
from carloan.lib.nursery import Tasks


def serve(control: socket.socket, tasks: Tasks) -> None:
    """Like the general one, for tasks that take the whole file: a paper is small."""
    nursery.serve(control, {name: _on_bytes(task) for name, task in tasks.items()})


def _on_bytes(task: Callable[..., Iterator[nursery.Frame]]) -> Callable[..., Iterator[nursery.Frame]]:
    def read(file: IO[bytes], **options: Any) -> Iterator[nursery.Frame]:
        return task(file.read(), **options)

    return read


if __name__ == "__main__":
    serve(socket.socket(fileno=int(sys.argv[1])), pages.TASKS)
