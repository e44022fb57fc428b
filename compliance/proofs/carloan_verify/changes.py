"""What was done to the events of a bundle, where their leaves lie beside them as the checkpoint signs them."""

import io
import itertools
import json
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from carloan.compliance.proofs.carloan_verify.files import EVENTS, LONGEST_LINE, bytes_of
from carloan.compliance.proofs.carloan_verify.tree import WIDTH, Growing, leaf_hash, tile_name
from carloan.compliance.proofs.carloan_verify.words import Refused

# Of an event that was altered or added: it is shown, and may be hostile.
MOST_SHOWN = 300


def lines_of(archive: zipfile.ZipFile) -> Iterator[bytes]:
    """The lines of the events, each with its end where it has one. A zip's own way of reading lines is a slow one."""
    with archive.open(EVENTS) as packed, io.BufferedReader(packed, 1 << 16) as lines:  # type: ignore[type-var]
        while line := lines.readline(LONGEST_LINE):
            yield line


def what_changed(archive: zipfile.ZipFile, size: int, root: bytes) -> Refused | None:
    """The first event that is not the one that was sealed, and how it differs. None where the bundle holds no leaves
    that give the signed root, and where all events are those."""
    sealed = _sealed_leaves(archive, size, root)
    if sealed is None:
        return None
    wrong: list[tuple[int, bytes]] = []
    count = held = 0
    for number, line in enumerate(itertools.islice(lines_of(archive), size + 1)):
        canon, held = line.removesuffix(b"\n"), number + 1
        if number >= size or leaf_hash(canon) != sealed[number]:
            count += 1
            if len(wrong) < 2:
                wrong.append((number, canon))
    if wrong:
        return _difference(sealed, wrong, count)
    if held < size:
        return Refused("end_dropped", count=size - held, number=held, sealed=sealed[held].hex())
    return None


def _difference(sealed: list[bytes], wrong: list[tuple[int, bytes]], count: int) -> Refused:
    """What became of the first event that differs, judged by the one behind it."""
    number, canon = wrong[0]
    found, behind = leaf_hash(canon), wrong[1:] and wrong[1][0] == number + 1 and leaf_hash(wrong[1][1])
    own, following = (*sealed[number : number + 2], None, None)[:2]
    if own is None or behind == own != found != following:
        return Refused("added", number=number, told=_told(canon))
    if found == following:
        if behind == own:
            return Refused("swapped", number=number, next=number + 1)
        return Refused("dropped", number=number, sealed=own.hex())
    values: dict[str, Any] = {"found": found.hex(), "sealed": own.hex(), "told": _told(canon)}
    return Refused("altered", number=number, count=count, events=len(sealed), **values)


def _sealed_leaves(archive: zipfile.ZipFile, size: int, root: bytes) -> list[bytes] | None:
    """The leaves in the bundle's tiles, if they give the signed root."""
    names, tree, found = set(archive.namelist()), Growing(), []
    for number in range(-(-size // WIDTH)):
        name = tile_name(number, size)
        if name not in names:
            return None
        whole = bytes_of(archive, name)
        leaves = [whole[at : at + 32] for at in range(0, len(whole), 32)]
        if len(whole) != 32 * min(WIDTH, size - number * WIDTH):
            return None
        for leaf in leaves:
            tree.append(leaf)
        found += leaves
    return found if tree.root() == root else None


def _told(canon: bytes) -> str:
    """An event in few words: its id, its act and its time, or its first bytes where it is none any more."""
    with suppress(ValueError, RecursionError, AttributeError):
        event = json.loads(canon)
        told = [str(event[name]) for name in ("id", "action", "at") if event.get(name)]
        if told:
            return " ".join(told)[:MOST_SHOWN]
    return canon[:MOST_SHOWN].decode("utf-8", "replace")
