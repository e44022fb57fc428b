#!/usr/bin/env python3
"""Verify a bundle of a ledger (哈希账本证明包) without Carloan, without a network and without any package: Python 3.9+.

    python3 carloan_verify.py BUNDLE.zip --key 'ledger.example/t/…+0a1b2c3d+AQ…'
    python3 carloan_verify.py BUNDLE.zip --key … --since EARLIER_CHECKPOINT.txt

The key is the ledger's public key as you were given it, by another way than the bundle. A bundle holds every event up
to a checkpoint; the events' hashes must give the root that it signs (RFC 6962), so that nothing was changed,
dropped, moved or added. With --since the same is asked of a checkpoint that you kept from an earlier bundle: the ledger
must go on from it. Exit status 0: everything holds. 1: it does not, and what is said is why. 2: it cannot be read.

What it does not tell: whether an event was recorded at all, and what was sealed after the bundle's checkpoint.
"""

from __future__ import annotations

import argparse
import base64
import binascii
import hashlib
import json
import sys
import zipfile
from typing import IO

FORMAT = "carloan-ledger-bundle/1"
EVENTS, CHECKPOINT = "events.jsonl", "checkpoint.txt"
LONGEST_LINE = 1 << 20
LONGEST_NOTE = 1 << 16


class Refused(Exception):
    """The bundle does not prove what it claims."""


class Unreadable(Exception):
    """No bundle, no checkpoint, no key."""


# Signed notes (C2SP signed-note, tlog-checkpoint) --------------------------------------------------------------------


def read_key(text: str) -> tuple[str, bytes, bytes]:
    """A public key `name+hash+base64(type, key)` as (name, hash, key)."""
    try:
        name, key_hash, blob = text.strip().split("+", 2)
        whole = base64.b64decode(blob, validate=True)
        digest = hashlib.sha256(name.encode() + b"\n" + whole).digest()[:4]
        if whole[0] != 1 or len(whole) != 33 or digest != bytes.fromhex(key_hash):
            raise ValueError
    except (ValueError, IndexError, binascii.Error):
        raise Unreadable("this is no Ed25519 key of a ledger") from None
    return name, digest, whole[1:]


def open_checkpoint(note: str, key: tuple[str, bytes, bytes]) -> tuple[int, bytes]:
    """(size, root) of a checkpoint that this key signed."""
    name = key[0]
    body, gap, lines = note.rpartition("\n\n")
    if not gap or not lines.endswith("\n"):
        raise Unreadable("this is no signed checkpoint")
    body += "\n"
    parts = body.split("\n")
    if parts[0] != name:
        raise Refused(f"the checkpoint is one of {parts[0]!r}, not of {name!r}")
    if not any(_signed_by(line, body, key) for line in lines.splitlines()):
        raise Refused(f"the checkpoint is not signed by the key of {name!r}")
    try:
        size, root = int(parts[1]), base64.b64decode(parts[2], validate=True)
        if str(size) != parts[1] or size < 0 or len(root) != 32:
            raise ValueError
    except (ValueError, IndexError, binascii.Error):
        raise Unreadable("this is no signed checkpoint") from None
    return size, root


def _signed_by(line: str, body: str, key: tuple[str, bytes, bytes]) -> bool:
    name, key_hash, public = key
    words = line.split(" ")
    if len(words) != 3 or words[0] != "\N{EM DASH}" or words[1] != name:
        return False
    try:
        blob = base64.b64decode(words[2], validate=True)
    except binascii.Error:
        return False
    return blob[:4] == key_hash and ed25519_holds(public, blob[4:], body.encode())


# Ed25519 (RFC 8032, 5.1.7) -------------------------------------------------------------------------------------------

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT_OF_MINUS_1 = pow(2, (P - 1) // 4, P)


def _point(encoded: bytes) -> tuple[int, int, int, int] | None:
    """A point (X, Y, Z, T) from its 32 bytes; None for what is none."""
    y = int.from_bytes(encoded, "little")
    sign, y = y >> 255, y & (1 << 255) - 1
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    if square == 0:
        return None if sign else (0, y, 1, 0)
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT_OF_MINUS_1 % P
    if (x * x - square) % P:
        return None
    if x & 1 != sign:
        x = P - x
    return x, y, 1, x * y % P


def _add(one: tuple[int, int, int, int], two: tuple[int, int, int, int]) -> tuple[int, int, int, int]:
    a = (one[1] - one[0]) * (two[1] - two[0]) % P
    b = (one[1] + one[0]) * (two[1] + two[0]) % P
    c, d = 2 * one[3] * two[3] * D % P, 2 * one[2] * two[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def _times(number: int, point: tuple[int, int, int, int]) -> tuple[int, int, int, int]:
    found = (0, 1, 1, 0)
    while number:
        if number & 1:
            found = _add(found, point)
        point = _add(point, point)
        number >>= 1
    return found


def ed25519_holds(public: bytes, signature: bytes, message: bytes) -> bool:
    if len(public) != 32 or len(signature) != 64:
        return False
    base = _point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))
    key, r = _point(public), _point(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if base is None or key is None or r is None or s >= L:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % L
    left, right = _times(s, base), _add(r, _times(h, key))
    return (left[0] * right[2] - right[0] * left[2]) % P == 0 and (left[1] * right[2] - right[1] * left[2]) % P == 0


# The tree (RFC 6962, 2.1) --------------------------------------------------------------------------------------------


class Growing:
    """A tree of which only the roots of its full powers of two are kept."""

    def __init__(self) -> None:
        self.size = 0
        self.nodes: list[bytes] = []

    def append(self, data: bytes) -> None:
        node, size = hashlib.sha256(b"\x00" + data).digest(), self.size
        while size & 1:
            node = hashlib.sha256(b"\x01" + self.nodes.pop() + node).digest()
            size >>= 1
        self.nodes.append(node)
        self.size += 1

    def root(self) -> bytes:
        if not self.nodes:
            return hashlib.sha256(b"").digest()
        found = self.nodes[-1]
        for node in reversed(self.nodes[:-1]):
            found = hashlib.sha256(b"\x01" + node + found).digest()
        return found


# The bundle ----------------------------------------------------------------------------------------------------------


def verify(bundle: str | IO[bytes], key: tuple[str, bytes, bytes], since: str | None = None) -> dict[str, object]:
    """What a bundle proves, as a dictionary. Raises Refused or Unreadable. `since` is an earlier checkpoint's text."""
    try:
        with zipfile.ZipFile(bundle) as archive:
            about = json.loads(_text(archive, "bundle.json"))
            if not isinstance(about, dict) or about.get("format") != FORMAT:
                raise Unreadable("this is no bundle of a ledger, or one of a newer version")
            size, root = open_checkpoint(_text(archive, CHECKPOINT), key)
            earlier = open_checkpoint(since, key) if since is not None else None
            if earlier and earlier[0] > size:
                raise Refused(f"the ledger had {earlier[0]} events before and has {size} in this bundle")
            with archive.open(EVENTS) as lines:
                first, last = _events(lines, key[0], (size, root), earlier)
    except (zipfile.BadZipFile, KeyError, OSError, ValueError, EOFError, RuntimeError, NotImplementedError) as error:
        raise Unreadable(f"the bundle cannot be read: {error}") from None
    return {
        "ledger": key[0], "events": size, "root": root.hex(), "first": first, "last": last,
        "since": earlier[0] if earlier else None,
    }  # fmt: skip


def _events(
    lines: IO[bytes], ledger: str, signed: tuple[int, bytes], earlier: tuple[int, bytes] | None
) -> tuple[str, str]:
    """When the first and the last event were recorded; every one of them hashed."""
    tree, first, canon = Growing(), "", b""
    size, root = signed
    tenant = b'"tenant":"%s"' % ledger.rpartition("/t/")[2].encode()
    if earlier and earlier[0] == 0 and earlier[1] != tree.root():
        raise Refused("the earlier checkpoint is another tree's")
    while line := lines.readline(LONGEST_LINE):
        if not line.endswith(b"\n"):
            raise Refused(f"event {tree.size} is cut off")
        canon = line[:-1]
        first = first or _at(canon)
        if tenant not in canon:
            raise Refused(f"event {tree.size} is of another lender")
        tree.append(canon)
        if earlier and tree.size == earlier[0] and tree.root() != earlier[1]:
            raise Refused(f"the ledger does not go on from the earlier checkpoint at {earlier[0]}")
    if tree.size != size:
        raise Refused(f"the checkpoint signs {size} events and the bundle holds {tree.size}")
    if tree.root() != root:
        raise Refused("the events do not give the root that the checkpoint signs: some were changed, moved or replaced")
    return first, _at(canon)


def _at(canon: bytes) -> str:
    return canon.partition(b'"at":"')[2].partition(b'"')[0].decode("ascii", "replace")


def _text(archive: zipfile.ZipFile, name: str) -> str:
    if archive.getinfo(name).file_size > LONGEST_NOTE:
        raise Unreadable(f"{name} is too long")
    return archive.read(name).decode()


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=str(__doc__).split("\n\n")[0])
    parser.add_argument("bundle")
    parser.add_argument("--key", required=True, help="the ledger's public key, given to you by another way")
    parser.add_argument("--since", help="a file with a checkpoint that you kept from an earlier bundle")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    try:
        since = None
        if options.since:
            with open(options.since, encoding="utf-8", newline="") as file:
                since = file.read(LONGEST_NOTE)
        found = verify(options.bundle, read_key(options.key), since)
    except Refused as error:
        print(f"NOT PROVEN 未通过: {error}", file=sys.stderr)
        return 1
    except (Unreadable, OSError) as error:
        print(f"cannot be read 无法读取: {error}", file=sys.stderr)
        return 2
    if options.json:
        print(json.dumps(found))
    else:
        print(f"PROVEN 通过: {found['events']} events 条记录, {found['first']} … {found['last']}")
        print(f"ledger 账本 {found['ledger']}\nroot 根哈希 {found['root']}")
        if found["since"] is not None:
            print(f"goes on from the earlier checkpoint 承接早先检查点: {found['since']}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
