"""The door: what a file is, and whether it may come in. Cheap checks here, decoding only in the sandbox."""

import re
from dataclasses import dataclass
from typing import Any

from carloan.archives.recognition import media, sandbox, scanner
from carloan.archives.recognition.limits import LIMITS, MEGABYTE, Limits
from carloan.archives.recognition.refusals import Refused

_REFUSED_TYPES = {
    media.SVG: "type_svg",
    media.HTML: "type_html",
    media.OFFICE: "type_office",
    media.OLE: "type_office",
    media.PROGRAM: "type_program",
    media.UNKNOWN: "type_unknown",
}
# A picture that holds these is meant for somebody's browser or server.
_SCRIPT_MARKS = (b"<script", b"<?php", b"<html", b"<iframe")
# One photograph in some ten thousand holds a mark by chance. A script goes on as one: with a delimiter, and in text.
_SCRIPT = re.compile(rb"(?:<(?:script|html|iframe)(?=[\s>/])|<\?php(?=\s))(?:[\t\n\r -~]{8}|[\t\n\r -~]*\Z)")
_PDF_HEADER = b"%PDF-"


@dataclass(frozen=True, slots=True)
class Examined:
    """An accepted file: its real type, and its pages when they could be counted within the time of an upload."""

    media: str
    size: int
    pages: int | None


def examine(data: bytes, *, limits: Limits = LIMITS, patience: float | None = None) -> Examined:
    """What this file is, or `Refused` with the reason. An archive comes back as `media.ZIP`, not yet looked into.

    `patience` (seconds) bounds the look inside: a file too slow to open while somebody waits is accepted here and
    judged by the worker under the full limits.
    """
    kind = admit(data, limits=limits)
    if kind == media.ZIP:
        return Examined(kind, len(data), None)
    try:
        found = sandbox.inspect(data, kind, limits=limits, patience=patience)
    except Refused as refused:
        if refused.code == "too_heavy" and patience is not None:
            return Examined(kind, len(data), None)
        raise
    return Examined(kind, len(data), _judge(found, limits))


def admit(data: bytes, *, limits: Limits = LIMITS) -> str:
    """The media type, after the checks that need no decoding."""
    if not data:
        raise Refused("empty")
    if len(data) > limits.file_bytes:
        raise Refused("too_large", limit=limits.file_bytes // MEGABYTE)
    scanner.check(data)
    kind = media.sniff(data)
    if code := _REFUSED_TYPES.get(kind):
        raise Refused(code)
    if is_polyglot(data, kind):
        raise Refused("polyglot")
    return kind


def is_polyglot(data: bytes, kind: str) -> bool:
    """True when a second format hides in the file: an archive at its end, a script in a picture, a PDF behind one.

    An archive is never kept as it is: what lies in it is looked at by itself.
    """
    if kind == media.ZIP:
        return False
    if kind == media.OFD:
        return _reads_as_pdf(data)
    if _ends_as_archive(data):
        return True
    if kind == media.PDF:
        return media.sniff(data[:64] + b" " * 64) not in (media.PDF, media.UNKNOWN)
    return _reads_as_pdf(data) or _carries_script(data) or (kind == media.GIF and data[6:8] in (b"/*", b"=1"))


def _reads_as_pdf(data: bytes) -> bool:
    """Readers of PDF pass over whatever stands before its header, and would show something else than what was read."""
    return _PDF_HEADER in data[:1024]


def _carries_script(data: bytes) -> bool:
    lowered = data.lower()
    return any(mark in lowered for mark in _SCRIPT_MARKS) and _SCRIPT.search(lowered) is not None


def _ends_as_archive(data: bytes) -> bool:
    at = data.rfind(b"PK\x05\x06", max(0, len(data) - 65_557))
    # The record names the length of the comment that follows it; only a real archive ends exactly there.
    return at >= 0 and len(data) >= at + 22 and at + 22 + int.from_bytes(data[at + 20 : at + 22], "little") == len(data)


def _judge(found: dict[str, Any], limits: Limits) -> int:
    pages = int(found["pages"])
    if pages > limits.pages:
        raise Refused("too_many_pages", limit=limits.pages)
    if found["pixels"] > limits.page_pixels:
        raise Refused("too_many_pixels", pixels=found["pixels"] // 1_000_000, limit=limits.page_pixels // 1_000_000)
    return pages
