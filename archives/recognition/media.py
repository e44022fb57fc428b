"""What a file really is, by its first bytes. The name and the browser's claim decide nothing."""

import io
import zipfile
from typing import Final

PDF: Final = "application/pdf"
JPEG: Final = "image/jpeg"
PNG: Final = "image/png"
TIFF: Final = "image/tiff"
GIF: Final = "image/gif"
BMP: Final = "image/bmp"
WEBP: Final = "image/webp"
HEIC: Final = "image/heic"
ZIP: Final = "application/zip"
OFD: Final = "application/ofd"
SVG: Final = "image/svg+xml"
HTML: Final = "text/html"
OFFICE: Final = "application/vnd.openxmlformats"
OLE: Final = "application/x-ole-storage"
PROGRAM: Final = "application/x-executable"
UNKNOWN: Final = "application/octet-stream"

IMAGES: Final = frozenset({JPEG, PNG, TIFF, GIF, BMP, WEBP, HEIC})
PAPERS: Final = IMAGES | {PDF, OFD}

_MAGIC: Final = (
    (b"\xff\xd8\xff", JPEG),
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"II*\x00", TIFF),
    (b"MM\x00*", TIFF),
    (b"GIF87a", GIF),
    (b"GIF89a", GIF),
    (b"PK\x03\x04", ZIP),
    (b"PK\x05\x06", ZIP),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", OLE),
    (b"MZ", PROGRAM),
    (b"\x7fELF", PROGRAM),
    (b"#!", PROGRAM),
)
_HEIF_BRANDS: Final = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})


def sniff(data: bytes) -> str:
    """The media type of these bytes, `UNKNOWN` when nothing known fits."""
    for magic, media in _MAGIC:
        if data.startswith(magic):
            return _inside_zip(data) if media == ZIP else media
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return WEBP
    if data[4:8] == b"ftyp" and data[8:12] in _HEIF_BRANDS:
        return HEIC
    if data[:2] == b"BM" and len(data) > 26 and data[14] in (12, 40, 52, 56, 64, 108, 124):
        return BMP
    # Readers accept a PDF header anywhere in the first kilobyte, so a header there counts.
    if b"%PDF-" in data[:1024]:
        return PDF
    return _text(data[:4096])


def _inside_zip(data: bytes) -> str:
    """By the archive's own names: an archive of papers beside which an office file lies is still an archive."""
    try:
        names = set(zipfile.ZipFile(io.BytesIO(data)).NameToInfo)
    except (zipfile.BadZipFile, ValueError, OverflowError, NotImplementedError):
        return ZIP
    if "OFD.xml" in names:
        return OFD
    return OFFICE if "[Content_Types].xml" in names else ZIP


def _text(head: bytes) -> str:
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if text.startswith((b"<!doctype html", b"<html", b"<script", b"<?php")):
        return HTML
    if b"<svg" in text:
        return SVG
    return UNKNOWN
