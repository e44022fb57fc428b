"""Signed notes (C2SP signed-note, tlog-checkpoint, tlog-cosignature)."""

import base64
import binascii
import hashlib
from contextlib import suppress

from carloan.compliance.proofs.carloan_verify.ed25519 import ed25519_holds
from carloan.compliance.proofs.carloan_verify.words import Refused, Unreadable

LEDGER_KEY, WITNESS_KEY = 1, 4
# What no honest checkpoint comes near, and what a hostile one would keep this program busy with.
MOST_SIGNATURES = 16
# Name, the first bytes of the hash that signatures carry, and the key itself.
Key = tuple[str, bytes, bytes]


def read_key(text: str, kind: int = LEDGER_KEY) -> Key:
    """A public key `name+hash+base64(type, key)` as (name, hash, key)."""
    try:
        name, key_hash, blob = text.strip().split("+", 2)
        whole = base64.b64decode(blob, validate=True)
        digest = hashlib.sha256(name.encode() + b"\n" + whole).digest()[:4]
        if whole[0] != kind or len(whole) != 33 or digest != bytes.fromhex(key_hash):
            raise ValueError
    except (ValueError, IndexError, binascii.Error):
        raise Unreadable("no_ledger_key" if kind == LEDGER_KEY else "no_witness_key") from None
    return name, digest, whole[1:]


def open_checkpoint(note: str, key: Key) -> tuple[int, bytes]:
    """(size, root) of a checkpoint that this key signed."""
    name = key[0]
    body, gap, lines = note.rpartition("\n\n")
    if not gap or not lines.endswith("\n"):
        raise Unreadable("no_checkpoint")
    body += "\n"
    parts = body.split("\n")
    if parts[0] != name:
        raise Refused("other_ledger", found=parts[0], wanted=name)
    if not any(ed25519_holds(key[2], blob, body.encode()) for blob in _blobs(lines, key)):
        raise Refused("not_signed", name=name)
    return tree_of(body)


def seen_at(note: str, witness: Key) -> int | None:
    """Until when (seconds since 1970) a witness saw nothing against this checkpoint; None where it did not sign."""
    body, _gap, lines = note.rpartition("\n\n")
    times = []
    for blob in _blobs(lines, witness):
        seconds = int.from_bytes(blob[:8], "big")
        if ed25519_holds(witness[2], blob[8:], f"cosignature/v1\ntime {seconds}\n{body}\n".encode()):
            times.append(seconds)
    return max(times, default=None)


def tree_of(body: str) -> tuple[int, bytes]:
    """(size, root) of a checkpoint's body."""
    try:
        _origin, text, encoded = body.split("\n")[:3]
        size, root = int(text), base64.b64decode(encoded, validate=True)
        if str(size) != text or size < 0 or len(root) != 32:
            raise ValueError
    except (ValueError, binascii.Error):
        raise Unreadable("no_checkpoint") from None
    return size, root


def _blobs(lines: str, key: Key) -> list[bytes]:
    """What stands in the lines of signature that name this key."""
    found = []
    for line in lines.splitlines():
        dash, _gap, rest = line.partition(" ")
        name, _gap, encoded = rest.partition(" ")
        if dash == "\N{EM DASH}" and name == key[0]:
            with suppress(ValueError):
                blob = base64.b64decode(encoded, validate=True)
                found += [blob[4:]] if blob[:4] == key[1] else []
    if len(found) > MOST_SIGNATURES:
        raise Unreadable("many_signatures", count=len(found))
    return found
