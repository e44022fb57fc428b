"""Sealed papers: containers of chunks of a suite's cipher (suites.py) on any Django storage, complete or not there.

    header   "CLP1" | suite 1 | chunk size 4 | salt 16 | nonce prefix 7 | key commitment 16          (48 bytes)
    chunk    ciphertext of chunk size + tag 16, the last one shorter (also empty)

The file's key is HKDF(paper key, salt, info = tenant | paper | version) with the suite's hash: the container belongs to
one paper of one tenant and one version; it does not name the loan, whose key wraps the paper key (keys.wrap_paper_key),
so that a paper is filed and re-filed without touching its bytes. Chunk i is sealed with nonce = prefix | i | last?, so
that chunks cannot be reordered, dropped or cut off at the end; the header, and so the suite, is their associated data.
The commitment stops a container that opens under two keys, and one whose suite byte was changed.
"""

import hashlib
import hmac
import io
import logging
import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.core.files.storage import FileSystemStorage
from django.utils.deconstruct import deconstructible
from django.utils.translation import gettext_lazy as _

from .errors import AppError
from .keys import Tampered, suite_at_work
from .store import StoreAway, Streamed, answering, papers_store, require_mark
from .suites import TAG, Suite, suite_marked
from .tenancy import current_tenant_id

logger = logging.getLogger(__name__)

MAGIC = b"CLP1"
CHUNK = 256 * 1024
HEADER = 48


class FileLost(AppError):
    """The store is ours and answers, but this file is not in it."""

    status = 503
    code = "file_lost"
    audited = True
    default = _(
        "This file is missing in the store. Send the same file again and it is stored anew, or have the store brought "
        "back from a backup."
    )


class FileDamaged(FileLost, Tampered):
    """A container that was changed, cut, or belongs elsewhere."""

    code = "file_damaged"
    default = _(
        "This file was damaged in the store. Send the same file again and it is stored anew, or have the store brought "
        "back from a backup."
    )


@dataclass(frozen=True)
class Sealed:
    """What was written: the name in the storage, the clear size in bytes and the SHA-256 of the clear bytes (hex)."""

    name: str
    size: int
    sha256: str


@deconstructible
class SealedFolder(FileSystemStorage):
    """A folder whose files exist completely or not at all, also after `kill -9` and power loss.

    It is made once, by whoever marks it: writing makes folders in it, never the folder itself.
    """

    def make(self) -> None:
        folder = Path(self.location)
        folder.parent.mkdir(parents=True, exist_ok=True)
        _make_folder(folder, below=folder.parent)

    def _save(self, name: str, content: Any) -> str:
        target = Path(self.path(name))
        _make_folder(target.parent, below=Path(self.location))
        # By chance, not by process or thread: containers that share the folder count theirs alike. The sweep takes what
        # a crash left.
        temporary = target.with_name(f".{target.name}.{secrets.token_hex(8)}.tmp")
        try:
            with open(temporary, "xb", opener=lambda path, flags: os.open(path, flags, 0o600)) as file:
                for chunk in content.chunks():
                    file.write(chunk)
                file.flush()
                os.fsync(file.fileno())
            os.link(temporary, target)  # refuses to replace, unlike rename
        finally:
            temporary.unlink(missing_ok=True)
        _to_disk(target.parent)
        return name


def _make_folder(folder: Path, *, below: Path) -> None:
    """Make a folder and those above it, up to `below`; each is an entry of the one above, which must be on the disk as
    well. Raises FileNotFoundError when `below` is not there."""
    if folder.is_dir() or folder == below:
        return
    _make_folder(folder.parent, below=below)
    folder.mkdir(exist_ok=True, mode=0o700)
    _to_disk(folder.parent)


def _to_disk(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def name_of(paper_id: UUID, *, version: int = 1, part: str = "original") -> str:
    """Where a container of the tenant at work lies."""
    # The last bits of a version 7 id are random: they spread papers evenly over folders.
    return f"{current_tenant_id()}/{paper_id.hex[-2:]}/{paper_id.hex}.{version}.{part}"


def version_of(name: str) -> int:
    """The version of the container that lies there."""
    return int(name.rpartition("/")[2].split(".")[1])


def paper_of(name: str) -> UUID:
    """Whose container lies there."""
    return UUID(name.rpartition("/")[2].split(".")[0])


def _keys(suite: Suite, paper_key: bytes, salt: bytes, place: str) -> tuple[bytes, bytes]:
    both = HKDF(algorithm=suite.hash(), length=64, salt=salt, info=place.encode()).derive(paper_key)
    return both[:32], both[32:48]


def _place(paper_id: UUID, version: int, part: str) -> str:
    return f"CLP1|{current_tenant_id()}|{paper_id}|{version}|{part}"


def put(source: IO[bytes], *, paper_key: bytes, paper_id: UUID, version: int = 1, part: str = "original") -> Sealed:
    """Seal a stream into the storage and return when it is on disk (fsynced). `part` names renditions of the original.

    Memory stays at a few chunks. Raises StoreAway when what stands there is not our store, Unavailable when the disk is
    full or the storage does not answer, and FileExistsError when this part was stored before; nothing is left behind
    then.
    """
    require_mark()
    clear = _Digested(source)
    writer = _Sealer(clear, paper_key, _place(paper_id, version, part), suite_at_work())
    name = name_of(paper_id, version=version, part=part)
    try:
        with answering():
            stored = papers_store().save(name, writer)
    except FileNotFoundError as error:  # the folder went after its mark was seen
        raise StoreAway from error
    if stored != name:  # a storage that renames instead of refusing
        remove(stored)
        raise FileExistsError(name)
    return Sealed(name, clear.size, clear.digest.hexdigest())


def read(name: str, *, paper_key: bytes, paper_id: UUID, version: int = 1, part: str = "original") -> Iterator[bytes]:
    """The clear bytes, chunk by chunk. Raises FileDamaged at the first chunk that is changed, moved, missing or cut,
    FileLost when nothing lies there, StoreAway when that is so because the store is not in its place, Unavailable when
    it does not answer.
    """
    with open_paper(name, paper_key=paper_key, paper_id=paper_id, version=version, part=part) as reader:
        while chunk := reader.read(CHUNK):
            yield chunk


def open_paper(name: str, *, paper_key: bytes, paper_id: UUID, version: int = 1, part: str = "original") -> "Reader":
    """A seekable reader that opens only the chunks it needs (range requests); raises what `read` raises."""
    try:
        with answering():
            file = papers_store().open(name, "rb")
    except FileNotFoundError as error:
        require_mark()
        logger.error("a file is missing in the store: %s", name)
        raise FileLost from error
    try:
        with answering():
            return Reader(file, paper_key, _place(paper_id, version, part), name)
    except BaseException:
        file.close()
        raise


def reader_of(file: Any, name: str, *, paper_key: bytes) -> "Reader":
    """A reader of a container that lies elsewhere (in a backup), as `name` tells whose it is; raises FileDamaged."""
    part = name.rpartition("/")[2].split(".", 2)[2]
    return Reader(file, paper_key, _place(paper_of(name), version_of(name), part), name)


def remove(name: str) -> None:
    """Remove a container, also one that is gone. Raises StoreAway: it would come back with the store."""
    require_mark()
    with answering():
        papers_store().delete(name)


def bring_back(name: str, pieces: Iterator[bytes]) -> None:
    """Put a container where it lay, byte for byte as a backup holds it; on disk (fsynced) when this returns.

    One that lies there is left as it is. Raises StoreAway, Unavailable.
    """
    require_mark()
    try:
        with answering():
            stored = papers_store().save(name, Streamed(pieces))
    except FileExistsError:
        return  # somebody else brought it back at this moment
    except FileNotFoundError as error:  # the folder went after its mark was seen
        raise StoreAway from error
    if stored != name:  # a storage that renames instead of refusing
        remove(stored)


def digest_of(name: str) -> str | None:
    """The SHA-256 of a container as it lies there, None when none does. Raises StoreAway, Unavailable."""
    require_mark()
    own = hashlib.sha256()
    try:
        with answering(), papers_store().open(name, "rb") as file:
            while piece := file.read(CHUNK):
                own.update(piece)
    except FileNotFoundError:
        return None
    return own.hexdigest()


def exists(name: str) -> bool:
    with answering():
        return bool(papers_store().exists(name))


class _Digested:
    """A clear stream that tells how long it was and its SHA-256, by which equal papers are known."""

    def __init__(self, source: IO[bytes]) -> None:
        self._source = source
        self.digest = hashlib.sha256()
        self.size = 0

    def read(self, size: int) -> bytes:
        block = self._source.read(size)
        self.digest.update(block)
        self.size += len(block)
        return block


def container(source: Any, *, paper_key: bytes, place: str, suite: Suite) -> Iterator[bytes]:
    """The bytes of a container, header first, as `put` writes them."""
    return _Sealer(source, paper_key, place, suite).chunks()


class _Sealer(Streamed):
    """The ciphertext of a clear stream."""

    def __init__(self, source: Any, paper_key: bytes, place: str, suite: Suite) -> None:
        super().__init__(self._produce())
        self.source = source
        salt, self.prefix = os.urandom(16), os.urandom(7)
        key, commitment = _keys(suite, paper_key, salt, place)
        self.cipher = suite.sealer(key)
        self.header = MAGIC + suite.mark + CHUNK.to_bytes(4, "big") + salt + self.prefix + commitment

    def _produce(self) -> Iterator[bytes]:
        yield self.header
        count, block = 0, _exactly(self.source, CHUNK)
        while True:
            following = _exactly(self.source, CHUNK) if len(block) == CHUNK else b""
            last = not following
            yield self.cipher.encrypt(_nonce(self.prefix, count, last=last), block, self.header)
            if last:
                return
            count, block = count + 1, following


class Reader(io.RawIOBase):
    """Clear bytes of a container with random access."""

    def __init__(self, file: Any, paper_key: bytes, place: str, name: str) -> None:
        super().__init__()
        self.file, self._name = file, name
        self.header = file.read(HEADER)
        suite = suite_marked(self.header[4:5])
        if len(self.header) < HEADER or self.header[:4] != MAGIC or suite is None:
            raise self._damaged("not a sealed paper")
        self.chunk = int.from_bytes(self.header[5:9], "big")
        if not 0 < self.chunk <= 1 << 24:
            raise self._damaged("an impossible chunk size")
        key, commitment = _keys(suite, paper_key, self.header[9:25], place)
        if not hmac.compare_digest(commitment, self.header[32:48]):
            raise self._damaged("of another place or key")
        self.cipher = suite.sealer(key)
        body = file.seek(0, io.SEEK_END) - HEADER if file.seekable() else file.size - HEADER
        self.count = max(1, -(-body // (self.chunk + TAG)))
        self.length = body - self.count * TAG
        if self.length < 0:
            raise self._damaged("cut off")
        self.position = 0
        self._at, self._block = -1, b""

    def _damaged(self, how: str) -> FileDamaged:
        logger.error("a file of the store is damaged: %s: %s", self._name, how)
        return FileDamaged()

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self.position, io.SEEK_END: self.length}[whence]
        self.position = min(max(0, base + offset), self.length)
        return self.position

    def tell(self) -> int:
        return self.position

    def readinto(self, buffer: Any) -> int:
        wanted = len(buffer)
        filled = 0
        while filled < wanted and (self.position < self.length or self._at < 0):
            block = self._load(min(self.position // self.chunk, self.count - 1))
            piece = block[self.position % self.chunk :][: wanted - filled]
            if not piece:
                break
            buffer[filled : filled + len(piece)] = piece
            filled += len(piece)
            self.position += len(piece)
        return filled

    def _load(self, index: int) -> bytes:
        if index != self._at:
            with answering():
                self.file.seek(HEADER + index * (self.chunk + TAG))
                sealed = _exactly(self.file, self.chunk + TAG)
            nonce = _nonce(self.header[25:32], index, last=index == self.count - 1)
            try:
                self._block = self.cipher.decrypt(nonce, sealed, self.header)
            except InvalidTag as error:
                raise self._damaged(f"chunk {index} was changed") from error
            self._at = index
        return self._block

    def close(self) -> None:
        if not self.closed:
            self.file.close()
        super().close()


def _nonce(prefix: bytes, index: int, *, last: bool) -> bytes:
    return prefix + index.to_bytes(4, "big") + bytes([last])


def _exactly(source: Any, size: int) -> bytes:
    parts: list[bytes] = []
    missing = size
    while missing and (part := source.read(missing)):
        parts.append(part)
        missing -= len(part)
    return b"".join(parts)
