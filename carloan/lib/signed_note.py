"""Signed notes and checkpoints of logs (C2SP signed-note, tlog-checkpoint and tlog-cosignature, Ed25519).

A note is text that ends in a line break, an empty line, and lines of signatures: `— name base64(key id, signature)`.
Lines by keys that a reader does not know say nothing to that reader, so that suites can change and stand side by side.
"""

import re
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from .merkle import LARGEST, SIZE

ED25519: Final = 0x01
COSIGNATURE: Final = 0x04
KEY_ID: Final = 4
TIME: Final = 8
# Longer than any checkpoint with its witnesses; a note is read by whoever gets one.
LONGEST: Final = 64 * 1024
_LINE: Final = re.compile(r"— (?P<name>[^\s+]+) (?P<blob>[A-Za-z0-9+/]+={0,2})")


class NoteError(ValueError):
    """No note, no checkpoint, or not signed by the key that was asked for."""


@dataclass(frozen=True, slots=True)
class Key:
    """A public key with the name under which it signs; a witness's key signs cosignatures, with a time."""

    name: str
    public: bytes
    kind: int = ED25519

    @property
    def id(self) -> bytes:
        return sha256(self.name.encode() + b"\n" + bytes([self.kind]) + self.public).digest()[:KEY_ID]

    def text(self) -> str:
        """As keys are handed over: `name+hex id+base64(kind, key)`."""
        return f"{self.name}+{self.id.hex()}+{b64encode(bytes([self.kind]) + self.public).decode()}"

    @classmethod
    def parse(cls, text: str) -> "Key":
        """Raises NoteError for what is no key, or whose id is another one's."""
        try:
            name, key_id, blob = text.strip().split("+", 2)
            whole = b64decode(blob, validate=True)
            key = cls(name, whole[1:], whole[0])
        except (ValueError, IndexError, NotBase64) as error:
            raise NoteError("no key") from error
        if key.kind not in {ED25519, COSIGNATURE} or len(key.public) != SIZE or key.id.hex() != key_id:
            raise NoteError("no key")
        return key


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a log says of itself: whose it is, how many leaves it has and their root."""

    origin: str
    size: int
    root: bytes

    def body(self) -> str:
        return f"{self.origin}\n{self.size}\n{b64encode(self.root).decode()}\n"

    @classmethod
    def parse(cls, body: str) -> "Checkpoint":
        """Reads the three lines that count; further ones are extensions. Raises NoteError for what is none."""
        try:
            origin, size, root, *_rest = body.split("\n")
            found = cls(origin, int(size), b64decode(root, validate=True))
        except (ValueError, NotBase64) as error:
            raise NoteError("no checkpoint") from error
        if not origin or str(found.size) != size or not 0 <= found.size < LARGEST or len(found.root) != SIZE:
            raise NoteError("no checkpoint")
        return found


def sign(body: str, name: str, key: Ed25519PrivateKey) -> str:
    """The line by which the log of `name` signs a body."""
    return _line(Key(name, key.public_key().public_bytes_raw()), key.sign(body.encode()))


def cosign(body: str, name: str, key: Ed25519PrivateKey, *, seconds: int) -> str:
    """The line by which a witness says that it saw this checkpoint, and nothing that contradicts it, until then."""
    signature = key.sign(_seen(body, seconds))
    return _line(Key(name, key.public_key().public_bytes_raw(), COSIGNATURE), seconds.to_bytes(TIME) + signature)


def note(body: str, lines: Iterable[str]) -> str:
    return f"{body}\n{''.join(line + chr(10) for line in lines)}"


def opened(text: str, key: Key) -> str:
    """The body of a note that this key signed. Raises NoteError."""
    body, lines = _parts(text)
    if not any(_is_by(key, body, signature) for signature in _signatures(lines, key)):
        raise NoteError(f"not signed by {key.name}")
    return body


def seen_at(text: str, key: Key) -> int:
    """Until when the witness saw nothing that contradicts a note (seconds since 1970). Raises NoteError."""
    body, lines = _parts(text)
    times = [int.from_bytes(found[:TIME]) for found in _signatures(lines, key) if _is_by(key, body, found)]
    if key.kind != COSIGNATURE or not times:
        raise NoteError(f"not witnessed by {key.name}")
    return max(times)


def _parts(text: str) -> tuple[str, list[str]]:
    body, gap, tail = text.rpartition("\n\n")
    if (
        not gap
        or not tail.endswith("\n")
        or len(text) > LONGEST
        or any(ord(sign) < 32 for sign in text if sign != "\n")
    ):
        raise NoteError("no note")
    return f"{body}\n", tail.removesuffix("\n").split("\n")


def _signatures(lines: Iterable[str], key: Key) -> list[bytes]:
    found = []
    for line in lines:
        match = _LINE.fullmatch(line)
        if match is None:
            raise NoteError("no note")
        if match["name"] == key.name:
            try:
                blob = b64decode(match["blob"], validate=True)
            except NotBase64 as error:
                raise NoteError("no note") from error
            if blob[:KEY_ID] == key.id:
                found.append(blob[KEY_ID:])
    return found


def _is_by(key: Key, body: str, signature: bytes) -> bool:
    signed = body.encode()
    if key.kind == COSIGNATURE:
        signed, signature = _seen(body, int.from_bytes(signature[:TIME])), signature[TIME:]
    try:
        Ed25519PublicKey.from_public_bytes(key.public).verify(signature, signed)
    except InvalidSignature:
        return False
    return True


def _seen(body: str, seconds: int) -> bytes:
    return f"cosignature/v1\ntime {seconds}\n{body}".encode()


def _line(key: Key, signature: bytes) -> str:
    return f"— {key.name} {b64encode(key.id + signature).decode()}"
