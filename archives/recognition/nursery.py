"""The nursery of papers: their decoders, loaded once (carloan/lib/nursery.py forks the children)."""

import io
import socket
import sys
from collections.abc import Callable, Iterator
from typing import IO, Any, Final

import cv2
import numpy as np
from PIL import Image

from carloan.archives.recognition import media, pages
from carloan.archives.watermark.leak import leak
from carloan.lib import nursery
from carloan.lib.nursery import Tasks

# Pillow's names of the formats whose decoders make ready at the first file.
_FIRST: Final = {media.PNG: "PNG", media.JPEG: "JPEG", media.PDF: "PDF"}


def serve(control: socket.socket, tasks: Tasks) -> None:
    """Like the general one, for tasks that take the whole file: a paper is small."""
    nursery.serve(control, {name: _on_bytes(task) for name, task in tasks.items()})


def make_ready() -> None:
    """Read a paper of our own, so that no child loads plug-ins and reckons tables of colours again.

    They took 0.1 s a paper, as much as opening it. Threads do not live on in a child, so none may be started here.
    """
    cv2.setNumThreads(1)
    table = np.full((600, 450, 3), 60, np.uint8)
    table[60:540, 45:405] = 245
    for kind, name in _FIRST.items():
        file = io.BytesIO()
        Image.fromarray(table).save(file, name)
        for task in pages.TASKS.values():
            for _ in task(file.getvalue(), media=kind):
                pass


def _on_bytes(task: Callable[..., Iterator[nursery.Frame]]) -> Callable[..., Iterator[nursery.Frame]]:
    def read(file: IO[bytes], **options: Any) -> Iterator[nursery.Frame]:
        return task(file.read(), **options)

    return read


if __name__ == "__main__":
    make_ready()
    serve(socket.socket(fileno=int(sys.argv[1])), {**pages.TASKS, "leak": leak})
