"""The files in a bundle, which may be hostile."""

import base64
import zipfile
import zlib

from carloan.compliance.proofs.carloan_verify.words import Unreadable

EVENTS, CHECKPOINT = "events.jsonl", "checkpoint.txt"
LONGEST_LINE, LONGEST_NOTE = 1 << 20, 1 << 16
# What files that mean nothing break, in this program or in Python's own readers.
UNFIT = (
    ArithmeticError, AttributeError, EOFError, LookupError, OSError, RuntimeError, TypeError, ValueError,
    zipfile.BadZipFile, zlib.error,
)  # fmt: skip


def names_once(archive: zipfile.ZipFile) -> None:
    """Refuse two files of one name, of which different readers take different ones, and packings of which readers know
    different ones."""
    names = archive.namelist()
    if len(set(names)) < len(names):
        raise Unreadable("twice")
    if any(info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for info in archive.infolist()):
        raise Unreadable("odd_packing")


def text_of(archive: zipfile.ZipFile, name: str) -> str:
    return bytes_of(archive, name).decode()


def bytes_of(archive: zipfile.ZipFile, name: str) -> bytes:
    if archive.getinfo(name).file_size > LONGEST_NOTE:
        raise Unreadable("too_long", name=name)
    return archive.read(name)


def hashes(encoded: list[str]) -> list[bytes]:
    return [base64.b64decode(one, validate=True) for one in encoded]


def recorded_at(canon: bytes) -> str:
    return canon.partition(b'"at":"')[2].partition(b'"')[0].decode("ascii", "replace")
