#!/usr/bin/env python3
"""Verify a bundle of a ledger (哈希账本证明包) without Carloan, a network or any package: Python 3.11+.

    python3 carloan_verify.py verify-all BUNDLE.zip --key 'ledger.example/t/…+0a1b2c3d+AQ…' --witness 'bank.example+…'
    python3 carloan_verify.py verify-all BUNDLE.zip --key … --since EARLIER_CHECKPOINT.txt
    python3 carloan_verify.py verify-inclusion PROOF.json --key …      one event lies in the ledger
    python3 carloan_verify.py verify-consistency PROOF.json --key …    the ledger went on from an earlier checkpoint

Keys are public keys as you were given them, by another way than the bundle: the ledger's, and those of witnesses that
you trust. A bundle holds every event up to a checkpoint; the events' hashes must give the root that it signs (RFC
6962), so that nothing was changed, dropped, moved or added. With --since the same is asked of a checkpoint that you
kept, with --witness of what that witness co-signed: the ledger must go on from it. Where a day's time stamp is in the
bundle, its way to this ledger is checked, and how the stamp itself is checked with openssl is said. What was not
checked is said too. Exit status 0: everything holds. 1: it does not, and what is said is why. 2: it cannot be read.
"""

from __future__ import annotations

import argparse
import base64
import binascii
import hashlib
import io
import json
import sys
import zipfile
import zlib
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import IO, Any

FORMAT = "carloan-ledger-bundle/1"
EVENT_FORMAT, GROWTH_FORMAT = "carloan-ledger-proof/1", "carloan-ledger-growth/1"
EVENTS, CHECKPOINT = "events.jsonl", "checkpoint.txt"
# What each witness co-signed last, and what the last stamped day says.
WITNESSES = "witnesses/"
DAY_CHECKPOINT, DAY_BODY, DAY_PROOF, DAY_TOKEN = "day/checkpoint.txt", "day/body.txt", "day/proof.json", "day/token.tsr"
LEDGER_KEY, WITNESS_KEY = 1, 4
COMMANDS = ("verify-all", "verify-inclusion", "verify-consistency")
# Name, the first bytes of the hash that signatures carry, and the key itself.
Key = tuple[str, bytes, bytes]
# A size and the root that the tree must have had there, and what it does not go on from where it had not.
Way = tuple[int, bytes, str]
LONGEST_LINE, LONGEST_NOTE = 1 << 20, 1 << 16
# What no honest bundle comes near, and what a hostile one would keep this program busy with.
MOST_WITNESSES, MOST_SIGNATURES = 100, 16
# What files that mean nothing break, in this program or in Python's own readers.
UNFIT = (
    ArithmeticError, AttributeError, EOFError, LookupError, OSError, RuntimeError, TypeError, ValueError,
    zipfile.BadZipFile, zlib.error,
)  # fmt: skip


class Refused(Exception):
    """The bundle does not prove what it claims."""


class Unreadable(Exception):
    """No bundle, no checkpoint, no key."""


# Signed notes (C2SP signed-note, tlog-checkpoint) --------------------------------------------------------------------


def read_key(text: str, kind: int = LEDGER_KEY) -> Key:
    """A public key `name+hash+base64(type, key)` as (name, hash, key)."""
    try:
        name, key_hash, blob = text.strip().split("+", 2)
        whole = base64.b64decode(blob, validate=True)
        digest = hashlib.sha256(name.encode() + b"\n" + whole).digest()[:4]
        if whole[0] != kind or len(whole) != 33 or digest != bytes.fromhex(key_hash):
            raise ValueError
    except (ValueError, IndexError, binascii.Error):
        whose = "ledger" if kind == LEDGER_KEY else "witness"
        raise Unreadable(f"this is no Ed25519 key of a {whose}") from None
    return name, digest, whole[1:]


def open_checkpoint(note: str, key: Key) -> tuple[int, bytes]:
    """(size, root) of a checkpoint that this key signed."""
    name = key[0]
    body, gap, lines = note.rpartition("\n\n")
    if not gap or not lines.endswith("\n"):
        raise Unreadable("this is no signed checkpoint")
    body += "\n"
    parts = body.split("\n")
    if parts[0] != name:
        raise Refused(f"the checkpoint is one of {parts[0]!r}, not of {name!r}")
    if not any(ed25519_holds(key[2], blob, body.encode()) for blob in _blobs(lines, key)):
        raise Refused(f"the checkpoint is not signed by the key of {name!r}")
    return _tree_of(body)


def seen_at(note: str, witness: Key) -> int | None:
    """Until when (seconds since 1970) a witness saw nothing against this checkpoint; None where it did not sign."""
    body, _gap, lines = note.rpartition("\n\n")
    times = []
    for blob in _blobs(lines, witness):
        seconds = int.from_bytes(blob[:8], "big")
        if ed25519_holds(witness[2], blob[8:], f"cosignature/v1\ntime {seconds}\n{body}\n".encode()):
            times.append(seconds)
    return max(times, default=None)


def _tree_of(body: str) -> tuple[int, bytes]:
    """(size, root) of a checkpoint's body."""
    try:
        _origin, text, encoded = body.split("\n")[:3]
        size, root = int(text), base64.b64decode(encoded, validate=True)
        if str(size) != text or size < 0 or len(root) != 32:
            raise ValueError
    except (ValueError, binascii.Error):
        raise Unreadable("this is no signed checkpoint") from None
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
        raise Unreadable(f"a checkpoint bears {len(found)} signatures of one key")
    return found


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


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


class Growing:
    """A tree of which only the roots of its full powers of two are kept."""

    def __init__(self) -> None:
        self.size = 0
        self.nodes: list[bytes] = []

    def append(self, data: bytes) -> None:
        node, size = hashlib.sha256(b"\x00" + data).digest(), self.size
        while size & 1:
            node = _node(self.nodes.pop(), node)
            size >>= 1
        self.nodes.append(node)
        self.size += 1

    def root(self) -> bytes:
        found = self.nodes[-1] if self.nodes else hashlib.sha256(b"").digest()
        for node in reversed(self.nodes[:-1]):
            found = _node(node, found)
        return found


def is_consistent(place: tuple[int, int, int], proof: list[bytes], part: bytes, root: bytes) -> bool:
    """Whether the leaves [start, end) of `place`, whose root is `part`, lie in the tree of `root`."""
    start, end, size = place
    if not 0 <= start <= end <= size or any(len(found) != 32 for found in proof):
        return False
    if start == end:
        return not proof and part == hashlib.sha256(b"").digest()
    if start % (1 << (end - start - 1).bit_length()):
        return False
    first, last, top = start, end - 1, size - 1
    while first != last and (last == top or last & 1):
        first, last, top = first >> 1, last >> 1, top >> 1
    path = [part, *proof] if first == last else list(proof)
    if not path:
        return False
    inner = outer = path[0]
    for found in path[1:]:
        if top == 0:
            return False
        if last & 1 or last == top:
            inner = _node(found, inner) if first < last else inner
            outer = _node(found, outer)
            while not last & 1:
                first, last, top = first >> 1, last >> 1, top >> 1
        else:
            outer = _node(outer, found)
        first, last, top = first >> 1, last >> 1, top >> 1
    return top == 0 and (inner, outer) == (part, root)


def includes(leaf: bytes, index: int, size: int, proof: list[bytes], root: bytes) -> bool:
    """Whether the leaf hash stands at `index` of the tree."""
    return len(leaf) == 32 and is_consistent((index, index + 1, size), proof, leaf, root)


def only_grew(old_size: int, size: int, proof: list[bytes], old_root: bytes, root: bytes) -> bool:
    """Whether the tree of `size` leaves goes on from the one of `old_size`; what goes on from nothing shows nothing."""
    return old_size > 0 and is_consistent((0, old_size, size), proof, old_root, root)


# The bundle ----------------------------------------------------------------------------------------------------------


def verify(
    bundle: str | IO[bytes], key: Key, since: str | None = None, *, witnesses: Sequence[Key] = (),
    seen_since: datetime | None = None, key_until: datetime | None = None,
) -> dict[str, Any]:  # fmt: skip
    """What a bundle proves, as a dictionary. Raises Refused or Unreadable.

    `since` is an earlier checkpoint's text; each of `witnesses` must have co-signed, at `seen_since` or later; nothing
    may be recorded after `key_until`, when the key ended.
    """
    try:
        with zipfile.ZipFile(bundle) as archive:
            names_once(archive)
            about = json.loads(_text(archive, "bundle.json"))
            if not isinstance(about, dict) or about.get("format") != FORMAT:
                raise Unreadable("this is no bundle of a ledger, or one of a newer version")
            size, root = open_checkpoint(_text(archive, CHECKPOINT), key)
            ways: list[Way] = []
            if since is not None:
                ways.append((*open_checkpoint(since, key), "the earlier checkpoint"))
            seen = [_witnessed(archive, key, witness, seen_since, ways) for witness in witnesses]
            day = _day(archive, key, ways)
            for early, _root, what in ways:
                if early > size:
                    raise Refused(f"the ledger had {early} events at {what} and has {size} in this bundle")
            # A zip's own way of reading lines is a slow one.
            with archive.open(EVENTS) as packed, io.BufferedReader(packed, 1 << 16) as lines:  # type: ignore[type-var]
                first, last = _events(lines, key[0], (size, root), ways)
        if key_until and last and datetime.fromisoformat(last) > key_until:
            raise Refused(f"the key ended at {key_until}, and events of {last} are signed with it")
    except UNFIT as error:
        raise Unreadable(f"the bundle cannot be read: {error}") from None
    return {
        "ledger": key[0], "events": size, "root": root.hex(), "first": first, "last": last,
        "since": ways[0][0] if since is not None else None, "witnesses": seen, "day": day,
        "unchecked": _unchecked(bool(seen), day),
    }  # fmt: skip


def names_once(archive: zipfile.ZipFile) -> None:
    """Refuse two files of one name, of which different readers take different ones, and packings of which readers know
    different ones."""
    names = archive.namelist()
    if len(set(names)) < len(names):
        raise Unreadable("two files in it have one name: different readers could be shown different ones")
    if any(info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for info in archive.infolist()):
        raise Unreadable("a file in it is packed in a way that not every reader knows")


def _witnessed(
    archive: zipfile.ZipFile, key: Key, witness: Key, seen_since: datetime | None, ways: list[Way]
) -> dict[str, Any]:
    """The newest checkpoint that this witness co-signed."""
    found: list[tuple[int, int, bytes]] = []
    names = [name for name in archive.namelist() if name.startswith(WITNESSES) or name == CHECKPOINT]
    if len(names) > MOST_WITNESSES:
        raise Unreadable(f"it holds {len(names)} checkpoints of witnesses")
    for name in names:
        note = _text(archive, name)
        if (seconds := seen_at(note, witness)) is not None:
            size, root = open_checkpoint(note, key)
            found.append((size, seconds, root))
    if not found:
        raise Refused(f"no witness {witness[0]!r} of this key co-signed this ledger")
    size, seconds, root = max(found)
    at = datetime.fromtimestamp(seconds, UTC)
    if seen_since and at < seen_since:
        raise Refused(f"the witness {witness[0]!r} saw it at {at} last: an old state may have been shown anew")
    ways.append((size, root, f"the checkpoint that {witness[0]!r} co-signed"))
    return {"name": witness[0], "events": size, "seen": at.isoformat()}


def _day(archive: zipfile.ZipFile, key: Key, ways: list[Way]) -> dict[str, Any] | None:
    """What the last stamped day says of this ledger; None where the bundle has none."""
    if DAY_BODY not in archive.namelist():
        return None
    note, body, proof = (_text(archive, name) for name in (DAY_CHECKPOINT, DAY_BODY, DAY_PROOF))
    size, root = open_checkpoint(note, key)
    count, day_root = _tree_of(body)
    said = json.loads(proof)
    leaf = hashlib.sha256(b"\x00" + f"{note.rpartition(chr(10) * 2)[0]}\n".encode()).digest()
    if not includes(leaf, said["index"], count, _hashes(said["proof"]), day_root):
        raise Refused("the day that was stamped does not hold this ledger")
    ways.append((size, root, "the day that was stamped"))
    return {"of": body.partition("\n")[0], "events": size, "ledgers": count}


def _unchecked(witnessed: bool, day: dict[str, Any] | None) -> list[str]:
    """What somebody who reads only "proven" might believe and this program did not see."""
    others = "whether somebody else was shown another history: no witness's key was given (--witness)"
    stamp = "when it was signed: no time stamp is in the bundle"
    if day:
        ask = f"openssl ts -verify -data {DAY_BODY} -in {DAY_TOKEN} -token_in -CAfile ROOTS_OF_THE_AUTHORITY.pem"
        stamp = f"the time stamp on {day['of']}: unzip the bundle and ask {ask}"
    recorded = "whether everything that happened was recorded, and what was sealed later"
    return [recorded, stamp] if witnessed else [recorded, others, stamp]


def _events(lines: IO[bytes], ledger: str, signed: tuple[int, bytes], ways: list[Way]) -> tuple[str, str]:
    """When the first and the last event were recorded; every one of them hashed."""
    tree, first, canon = Growing(), "", b""
    size, root = signed
    tenant = b'"tenant":"%s"' % ledger.rpartition("/t/")[2].encode()
    stops: dict[int, list[tuple[bytes, str]]] = {}
    for early, early_root, what in ways:
        stops.setdefault(early, []).append((early_root, what))
    _look(tree, stops)
    while line := lines.readline(LONGEST_LINE):
        if not line.endswith(b"\n"):
            raise Refused(f"event {tree.size} is cut off")
        canon = line[:-1]
        first = first or _at(canon)
        if tenant not in canon:
            raise Refused(f"event {tree.size} is of another lender")
        if tree.size == size:
            raise Refused(f"the checkpoint signs {size} events and the bundle holds more")
        tree.append(canon)
        if tree.size in stops:
            _look(tree, stops)
    if tree.size != size:
        raise Refused(f"the checkpoint signs {size} events and the bundle holds {tree.size}")
    if tree.root() != root:
        raise Refused("the events do not give the root that the checkpoint signs: some were changed, moved or replaced")
    return first, _at(canon)


def _look(tree: Growing, stops: dict[int, list[tuple[bytes, str]]]) -> None:
    for root, what in stops.get(tree.size, []):
        if tree.root() != root:
            raise Refused(f"the ledger does not go on from {what} at {tree.size}")


# Proofs of one thing -------------------------------------------------------------------------------------------------


def verify_inclusion(text: str, key: Key) -> dict[str, Any]:
    """That one event stands in the ledger. Raises Refused or Unreadable."""
    try:
        said = _proof(text, EVENT_FORMAT)
        event, index = str(said["event"]).encode(), said["index"]
        size, root = open_checkpoint(said["checkpoint"], key)
        proof = _hashes(said["proof"])
    except UNFIT as error:
        raise Unreadable(f"this is no proof of an event: {error}") from None
    if b'"tenant":"%s"' % key[0].rpartition("/t/")[2].encode() not in event:
        raise Refused("the event is of another lender")
    if type(index) is not int or not includes(hashlib.sha256(b"\x00" + event).digest(), index, size, proof, root):
        raise Refused("the event does not stand in the ledger as it is shown here")
    at = _at(event)
    return {"ledger": key[0], "events": size, "root": root.hex(), "index": index, "first": at, "last": at}


def verify_consistency(text: str, key: Key) -> dict[str, Any]:
    """That the ledger of one checkpoint went on from the one of another. Raises Refused or Unreadable."""
    try:
        said = _proof(text, GROWTH_FORMAT)
        old_size, old_root = open_checkpoint(said["old"], key)
        size, root = open_checkpoint(said["new"], key)
        proof = _hashes(said["proof"])
    except UNFIT as error:
        raise Unreadable(f"this is no proof of growth: {error}") from None
    if not only_grew(old_size, size, proof, old_root, root):
        raise Refused(f"the ledger of {size} events does not go on from the one of {old_size}")
    return {"ledger": key[0], "events": size, "root": root.hex(), "since": old_size}


def _proof(text: str, kind: str) -> dict[str, Any]:
    said = json.loads(text)
    if not isinstance(said, dict) or said.get("format") != kind:
        raise ValueError(f"not of the format {kind}")
    return said


def _hashes(encoded: list[str]) -> list[bytes]:
    return [base64.b64decode(one, validate=True) for one in encoded]


def _at(canon: bytes) -> str:
    return canon.partition(b'"at":"')[2].partition(b'"')[0].decode("ascii", "replace")


def _text(archive: zipfile.ZipFile, name: str) -> str:
    if archive.getinfo(name).file_size > LONGEST_NOTE:
        raise Unreadable(f"{name} is too long")
    return archive.read(name).decode()


def shown(text: Any) -> str:
    """Text of a file for a terminal, which signs that do not show could make tell something else."""
    return "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in str(text))


def _moment(text: str) -> datetime:
    found = datetime.fromisoformat(text.replace("Z", "+00:00"))
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _read(path: str) -> str:
    with open(path, encoding="utf-8", newline="") as file:
        return file.read(LONGEST_LINE)


def main(arguments: list[str] | None = None) -> int:
    given = sys.argv[1:] if arguments is None else arguments
    parser = argparse.ArgumentParser(description=str(__doc__).split("\n\n")[0])
    parser.add_argument("command", choices=COMMANDS)
    parser.add_argument("file", help="a bundle, or the proof of one thing")
    parser.add_argument("--key", required=True, help="the ledger's public key, given to you by another way")
    parser.add_argument("--since", help="a file with a checkpoint that you kept from an earlier bundle")
    parser.add_argument("--witness", action="append", default=[], help="a witness's public key, which must have signed")
    parser.add_argument("--seen-since", type=_moment, help="the witnesses must have seen it then or later (ISO 8601)")
    parser.add_argument("--key-until", type=_moment, help="when the ledger's key ended (ISO 8601)")
    parser.add_argument("--json", action="store_true")
    # Bundles of the first version said it without a command.
    options = parser.parse_args(given if given and given[0] in (*COMMANDS, "-h", "--help") else ["verify-all", *given])
    try:
        key = read_key(options.key)
        if options.command == "verify-inclusion":
            found = verify_inclusion(_read(options.file), key)
        elif options.command == "verify-consistency":
            found = verify_consistency(_read(options.file), key)
        else:
            witnesses = [read_key(text, WITNESS_KEY) for text in options.witness]
            since = _read(options.since) if options.since else None
            times = {"seen_since": options.seen_since, "key_until": options.key_until}
            found = verify(options.file, key, since, witnesses=witnesses, **times)
    except Refused as error:
        print(f"NOT PROVEN 未通过: {shown(error)}", file=sys.stderr)
        return 1
    except (Unreadable, OSError, UnicodeDecodeError) as error:
        print(f"cannot be read 无法读取: {shown(error)}", file=sys.stderr)
        return 2
    if options.json:
        print(json.dumps(found))
    else:
        _say(found)
    return 0


def _say(found: dict[str, Any]) -> None:
    when = f", {shown(found['first'])} … {shown(found['last'])}" if "first" in found else ""
    print(f"PROVEN 通过: {found['events']} events 条记录{when}")
    print(f"ledger 账本 {found['ledger']}\nroot 根哈希 {found['root']}")
    if "index" in found:
        print(f"the event stands at 该记录位于 {found['index']}")
    if found.get("since") is not None:
        print(f"goes on from the earlier checkpoint 承接早先检查点: {found['since']}")
    for witness in found.get("witnesses", []):
        print(f"witness 见证 {witness['name']}: {witness['events']} events 条记录, {witness['seen']}")
    if day := found.get("day"):
        print(f"day 时间戳日 {shown(day['of'])}: {day['events']} events 条记录, {day['ledgers']} ledgers 个账本")
    for what in found.get("unchecked", []):
        print(f"NOT CHECKED 未核查: {shown(what)}")


if __name__ == "__main__":
    sys.exit(main())
