"""What is given."""

import io
import json
import re
import zipfile
import zlib
from typing import Any

from carloan.compliance.proofs import carloan_verify as ledger

FORMAT = "carloan-destruction-certificate/1"
CERTIFICATE, PDF = "certificate.json", "certificate.pdf"
# What the ledger says of certificate, PDF and notary, in a zip of proofs.
CERTIFIED, FILED, NOTARY = "certified.json", "filed.json", "notary.json"
LONGEST = 1 << 26
# So much of a stream shows how it begins. A PDF of ours holds one certificate; many that look like one are a trap.
BEGINNING, MOST_LOOKED_AT = 1024, 4


def canonical(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


class Given:
    """The files that were given: the certificate's bytes, and beside it what a zip of proofs brings."""

    def __init__(self, path: str) -> None:
        with open(path, "rb") as file:
            data = file.read(LONGEST)
        self.pdf = self.certified = self.filed = self.notary = None
        if data.startswith(b"PK"):
            held = _unzipped(data)
            self.body = held[CERTIFICATE]
            self.pdf = held.get(PDF)
            self.certified, self.filed, self.notary = (held.get(name) for name in (CERTIFIED, FILED, NOTARY))
            if self.pdf is not None and embedded(self.pdf) != self.body:
                raise ledger.Refused("other_in_pdf")
        elif data.startswith(b"%PDF"):
            self.body, self.pdf = embedded(data), data
        else:
            self.body = data


def _unzipped(data: bytes) -> dict[str, bytes]:
    """The files of a zip of proofs by name; others in it are left alone."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        ledger.names_once(archive)
        names = {CERTIFICATE, PDF, CERTIFIED, FILED, NOTARY} & set(archive.namelist())
        if any(archive.getinfo(name).file_size > LONGEST for name in names):
            raise ledger.Unreadable("long_in_zip")
        return {name: archive.read(name) for name in names}


def embedded(pdf: bytes) -> bytes:
    """The certificate that lies in a PDF. A PDF may hold one only: different readers could be shown different ones."""
    found, looked_at = [], 0
    for match in re.finditer(rb"stream\r?\n", pdf):
        start = match.end()
        if not _inflated(pdf[start : start + BEGINNING]).startswith(b"{"):
            continue
        looked_at += 1
        if looked_at > MOST_LOOKED_AT:
            raise ledger.Unreadable("many_in_pdf")
        data = _inflated(pdf[start:])
        if FORMAT.encode() in data:
            found.append(data)
    if len(found) != 1 or FORMAT.encode() in pdf:
        raise ledger.Unreadable("none_in_pdf")
    return found[0]


def _inflated(packed: bytes) -> bytes:
    """What comes out of a stream, as far as it reaches; nothing of what is packed in no known way."""
    try:
        return zlib.decompressobj().decompress(packed, LONGEST)
    except zlib.error:
        return b""
