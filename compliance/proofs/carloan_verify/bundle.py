"""The bundle."""

import json
import zipfile
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import IO, Any

from carloan.compliance.proofs.carloan_verify.changes import lines_of, what_changed
from carloan.compliance.proofs.carloan_verify.files import (
    CHECKPOINT,
    UNFIT,
    bytes_of,
    hashes,
    names_once,
    recorded_at,
    text_of,
)
from carloan.compliance.proofs.carloan_verify.notes import Key, open_checkpoint, seen_at, tree_of
from carloan.compliance.proofs.carloan_verify.tree import WIDTH, Growing, includes, leaf_hash, tile_name
from carloan.compliance.proofs.carloan_verify.words import Refused, Said, Unreadable

FORMAT = "carloan-ledger-bundle/1"
# What each witness co-signed last, and what the last stamped day says.
WITNESSES = "witnesses/"
DAY_CHECKPOINT, DAY_BODY, DAY_PROOF, DAY_TOKEN = "day/checkpoint.txt", "day/body.txt", "day/proof.json", "day/token.tsr"
# What no honest bundle comes near, and what a hostile one would keep this program busy with.
MOST_WITNESSES = 100
# A size and the root that the tree must have had there, and what it does not go on from where it had not.
Way = tuple[int, bytes, Said]


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
            about = json.loads(text_of(archive, "bundle.json"))
            if not isinstance(about, dict) or about.get("format") != FORMAT:
                raise Unreadable("no_bundle")
            size, root = open_checkpoint(text_of(archive, CHECKPOINT), key)
            ways: list[Way] = []
            if since is not None:
                ways.append((*open_checkpoint(since, key), Said("way_earlier")))
            seen = [_witnessed(archive, key, witness, seen_since, ways) for witness in witnesses]
            day = _day(archive, key, ways)
            for early, _root, what in ways:
                if early > size:
                    raise Refused("older", before=early, what=what, now=size)
            first, last = _events(archive, key[0], (size, root), ways)
        if key_until and last and datetime.fromisoformat(last) > key_until:
            raise Refused("key_ended", until=key_until, last=last)
    except UNFIT as error:
        raise Unreadable("broken_bundle", error=error) from None
    return {
        "ledger": key[0], "events": size, "root": root.hex(), "first": first, "last": last,
        "since": ways[0][0] if since is not None else None, "witnesses": seen, "day": day,
        "unchecked": _unchecked(bool(seen), day),
    }  # fmt: skip


def _witnessed(
    archive: zipfile.ZipFile, key: Key, witness: Key, seen_since: datetime | None, ways: list[Way]
) -> dict[str, Any]:
    """The newest checkpoint that this witness co-signed."""
    found: list[tuple[int, int, bytes]] = []
    names = [name for name in archive.namelist() if name.startswith(WITNESSES) or name == CHECKPOINT]
    if len(names) > MOST_WITNESSES:
        raise Unreadable("many_witnesses", count=len(names))
    for name in names:
        note = text_of(archive, name)
        if (seconds := seen_at(note, witness)) is not None:
            size, root = open_checkpoint(note, key)
            found.append((size, seconds, root))
    if not found:
        raise Refused("not_witnessed", name=witness[0])
    size, seconds, root = max(found)
    at = datetime.fromtimestamp(seconds, UTC)
    if seen_since and at < seen_since:
        raise Refused("seen_long_ago", name=witness[0], at=at)
    ways.append((size, root, Said("way_witness", name=witness[0])))
    return {"name": witness[0], "events": size, "seen": at.isoformat()}


def _day(archive: zipfile.ZipFile, key: Key, ways: list[Way]) -> dict[str, Any] | None:
    """What the last stamped day says of this ledger; None where the bundle has none."""
    if DAY_BODY not in archive.namelist():
        return None
    note, body, proof = (text_of(archive, name) for name in (DAY_CHECKPOINT, DAY_BODY, DAY_PROOF))
    size, root = open_checkpoint(note, key)
    count, day_root = tree_of(body)
    said = json.loads(proof)
    leaf = leaf_hash(f"{note.rpartition(chr(10) * 2)[0]}\n".encode())
    if not includes(leaf, said["index"], count, hashes(said["proof"]), day_root):
        raise Refused("other_day")
    ways.append((size, root, Said("way_day")))
    return {"of": body.partition("\n")[0], "events": size, "ledgers": count}


def _unchecked(witnessed: bool, day: dict[str, Any] | None) -> list[Said]:
    """What somebody who reads only "proven" might believe and this program did not see."""
    stamp = Said("unchecked_no_stamp")
    if day:
        ask = f"openssl ts -verify -data {DAY_BODY} -in {DAY_TOKEN} -token_in -CAfile ROOTS_OF_THE_AUTHORITY.pem"
        stamp = Said("unchecked_stamp", day=day["of"], ask=ask)
    recorded = Said("unchecked_recorded")
    return [recorded, stamp] if witnessed else [recorded, Said("unchecked_others"), stamp]


def _events(archive: zipfile.ZipFile, ledger: str, signed: tuple[int, bytes], ways: list[Way]) -> tuple[str, str]:
    """When the first and the last event were recorded; every one of them hashed.

    Where something does not hold, what was done to which event is said, if the bundle tells it.
    """
    first, canon = "", b""
    tenant = b'"tenant":"%s"' % ledger.rpartition("/t/")[2].encode()
    count = _Count(archive, signed, ways)
    for line in lines_of(archive):
        if not line.endswith(b"\n"):
            raise Refused("cut", number=count.tree.size)
        canon = line[:-1]
        first = first or recorded_at(canon)
        if tenant not in canon:
            raise Refused("other_lender", number=count.tree.size)
        if not count.takes(canon):
            break
    if problem := count.problem():
        raise what_changed(archive, *signed) or problem
    if count.odd_tile:
        raise Refused("other_tile", name=count.odd_tile)
    return first, recorded_at(canon)


class _Count:
    """The tree of the events as it grows, held against what it must have been on the way."""

    def __init__(self, archive: zipfile.ZipFile, signed: tuple[int, bytes], ways: list[Way]) -> None:
        self.archive, self.signed, self.tree = archive, signed, Growing()
        self.names, self.odd_tile = set(archive.namelist()), ""
        self.row: list[bytes] = []
        self.stops: dict[int, list[tuple[bytes, Said]]] = {}
        for early, early_root, what in ways:
            self.stops.setdefault(early, []).append((early_root, what))
        self.first: Refused | None = None
        self._look()

    def takes(self, canon: bytes) -> bool:
        """Whether there was room for one more event."""
        if self.tree.size == self.signed[0]:
            self.first = Refused("too_many", signed=self.signed[0])
            return False
        leaf = leaf_hash(canon)
        self.tree.append(leaf)
        self.row.append(leaf)
        if len(self.row) == WIDTH or self.tree.size == self.signed[0]:
            self._compare()
        if self.tree.size in self.stops:
            self._look()
        return True

    def problem(self) -> Refused | None:
        """The first thing that does not hold."""
        size, root = self.signed
        if self.first:
            return self.first
        if self.tree.size != size:
            return Refused("too_few", signed=size, found=self.tree.size)
        return None if self.tree.root() == root else Refused("other_root")

    def _compare(self) -> None:
        name = tile_name((self.tree.size - 1) // WIDTH, self.signed[0])
        if name in self.names and bytes_of(self.archive, name) != b"".join(self.row):
            self.odd_tile = self.odd_tile or name
        self.row = []

    def _look(self) -> None:
        for root, what in self.stops.get(self.tree.size, []):
            if self.tree.root() != root:
                self.first = self.first or Refused("forked", what=what, size=self.tree.size)
