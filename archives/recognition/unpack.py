"""An uploaded archive becomes single files, under limits that hold whatever its directory claims."""

import io
import lzma
import stat
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from carloan.archives.recognition import media
from carloan.archives.recognition.limits import LIMITS, Limits
from carloan.archives.recognition.refusals import Refused
from carloan.lib.file_names import given_name, shown_name

_UTF8_NAME = 0x800
_ENCRYPTED = 0x1
_SHOWN = 80
_LITTER = frozenset({".ds_store", "thumbs.db", "desktop.ini"})


@dataclass(frozen=True, slots=True)
class Member:
    """One file of an archive: its bytes, or why they were not taken."""

    name: str
    data: bytes = b""
    refused: Refused | None = None


def unpack(data: bytes, *, limits: Limits = LIMITS) -> Iterator[Member]:
    """The files of a zip in its order, one at a time in memory, after the whole directory was checked.

    A trick in any name, a bomb or too many files refuse the whole archive here, before the first file is opened.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, OverflowError) as error:
        raise Refused("zip_damaged") from error
    entries = [entry for entry in archive.infolist() if not entry.is_dir() and not _is_litter(entry.filename)]
    _check_directory(entries, len(data), limits)
    return _read(archive, entries, limits)


def _check_directory(entries: list[zipfile.ZipInfo], size: int, limits: Limits) -> None:
    if len(entries) > limits.zip_members:
        raise Refused("zip_too_many", limit=limits.zip_members, count=len(entries))
    if sum(e.file_size for e in entries) > limits.zip_bytes:
        raise Refused("zip_bomb")
    # Entries that share bytes (the quine bombs) claim more than the file holds.
    if sum(e.compress_size for e in entries) > size:
        raise Refused("zip_bomb")
    for entry in entries:
        shown = shown_name(readable_name(entry)[:_SHOWN])
        if stat.S_ISLNK(entry.external_attr >> 16):
            raise Refused("zip_link", name=shown)
        if _is_unsafe(entry):
            raise Refused("zip_unsafe", name=shown)
        if entry.file_size > limits.zip_ratio * max(entry.compress_size, 1024):
            raise Refused("zip_bomb")
    if entries and all(entry.flag_bits & _ENCRYPTED for entry in entries):
        raise Refused("zip_encrypted")


def _is_unsafe(entry: zipfile.ZipInfo) -> bool:
    """A name that would leave the folder into which somebody unpacks it."""
    name = entry.filename.replace("\\", "/")
    return name.startswith("/") or ".." in name.split("/") or ":" in name[:3] or "\0" in entry.orig_filename


def _is_litter(name: str) -> bool:
    """What Macs and Windows put beside people's files without telling them."""
    *folders, last = name.replace("\\", "/").split("/")
    return "__MACOSX" in folders or last.lower() in _LITTER


def _read(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo], limits: Limits) -> Iterator[Member]:
    total = 0
    for entry in entries:
        name = given_name(readable_name(entry))
        if entry.flag_bits & _ENCRYPTED:
            yield Member(name, refused=Refused("zip_encrypted"))
            continue
        if entry.file_size > limits.file_bytes:
            yield Member(name, refused=Refused("too_large", limit=limits.file_bytes // (1 << 20)))
            continue
        try:
            with archive.open(entry) as file:
                content = file.read(limits.file_bytes + 1)
        except NotImplementedError:
            yield Member(name, refused=Refused("zip_method"))
            continue
        except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, ValueError):
            yield Member(name, refused=Refused("damaged"))
            continue
        total += len(content)
        if total > limits.zip_bytes or len(content) > limits.file_bytes:
            # The directory lied. Members before this one are papers already; nothing more of it is taken.
            yield Member(name, refused=Refused("zip_bomb"))
            return
        if media.sniff(content) == media.ZIP:
            yield Member(name, refused=Refused("zip_nested"))
            continue
        yield Member(name, content)


def readable_name(entry: zipfile.ZipInfo) -> str:
    """The name as its maker saw it: archives made on Chinese Windows write GBK where the format says cp437."""
    if entry.flag_bits & _UTF8_NAME:
        return entry.filename
    try:
        raw = entry.filename.encode("cp437")
    except UnicodeEncodeError:
        return entry.filename
    for encoding in ("utf-8", "gb18030"):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if all(unicodedata.category(character) != "Cn" for character in text):
            return text
    return entry.filename
