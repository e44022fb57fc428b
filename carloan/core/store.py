"""The store in which sealed files lie: what it raises when it is away, and the mark by which it is known again.

Whatever is written or removed looks for the mark first. An empty folder where a volume should be mounted would take
every file as willingly as the store does, and hide it when the volume comes back.
"""

import hmac
import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import storages
from django.utils.translation import gettext_lazy as _

from .errors import Unavailable
from .keys import derive
from .root_keys import root_keys

NAME: Final = "carloan-store"


class StoreAway(Unavailable):
    """What stands in the place of the store is not this installation's, or nothing stands there."""

    code = "store_away"
    audited = True
    default = _(
        "The store of papers is not in its place, so nothing was taken and nothing can be opened. Nothing was lost. "
        "Tell whoever runs this installation, and try again later."
    )


def papers_store() -> Any:
    return storages["papers"]


class Streamed(File):  # type: ignore[type-arg]
    """Bytes that are made while they are written, as Django's storages read them."""

    def __init__(self, stream: Iterator[bytes]) -> None:
        super().__init__(io.BytesIO())
        self._stream = stream
        self._rest = b""

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        return self._stream

    def read(self, size: int = -1) -> bytes:
        """For storages that read in sizes of their own (S3 multipart)."""
        while size < 0 or len(self._rest) < size:
            piece = next(self._stream, b"")
            if not piece:
                break
            self._rest += piece
        if size < 0:
            size = len(self._rest)
        found, self._rest = self._rest[:size], self._rest[size:]
        return found

    def seekable(self) -> bool:
        return False


@contextmanager
def answering(store: Any = None) -> Iterator[None]:
    """Turn what a full disk or a store that is away raises into Unavailable; names that are taken or lost stay so.

    Without a `store` it is that of the papers.
    """
    try:
        yield
    except (FileExistsError, FileNotFoundError):
        raise
    except (OSError, *getattr(store or papers_store(), "refusals", ())) as error:
        raise Unavailable from error


def mark() -> bytes:
    """What the mark holds: only this installation's root key gives it."""
    return _mark(settings.ROOT_KEY)


def _mark(root: bytes) -> bytes:
    return derive(root, "paper store").hex().encode()


def is_marked() -> bool:
    """Whether the store bears our mark: one small file read. Raises Unavailable when the store does not answer."""
    try:
        with answering(), papers_store().open(NAME) as file:
            found = file.read()
            return any(hmac.compare_digest(found, _mark(root)) for root in root_keys())
    except FileNotFoundError:
        return False


def require_mark() -> None:
    """Raise StoreAway unless the store is this installation's, Unavailable when it does not answer."""
    if not is_marked():
        raise StoreAway
