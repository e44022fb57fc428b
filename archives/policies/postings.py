"""Posting lists of the text index, packed: for each gram the pages of a segment that have it, in blocks of few bytes.

A segment numbers its pages from 0 to at most 65,535. A block holds neighbouring grams: their number, the grams (int64,
ascending), how many pages each has (uint16), and the pages (uint16). A gram on more than 4,096 pages lies alone in a
block, as one bit a page, its count written as 0.
"""

from collections.abc import Iterable, Iterator
from typing import Final

import numpy as np
import numpy.typing as npt

MOST_PAGES: Final = 1 << 16
# A row of about this size stays inside the table's page; larger ones would be stored out of line.
BLOCK_BYTES: Final = 1_800
_MANY: Final = 4_096
_PER_GRAM: Final = 10

Grams = npt.NDArray[np.int64]
Pages = npt.NDArray[np.uint16]
Flags = npt.NDArray[np.bool_]


def pack(grams: Grams, pages: Pages) -> Iterator[tuple[int, bytes]]:
    """Blocks as (first gram, bytes) from pairs sorted by gram, then page, each pair once."""
    if not grams.size:
        return
    starts = np.flatnonzero(np.concatenate(([True], grams[1:] != grams[:-1])))
    counts = np.diff(np.append(starts, grams.size))
    named = grams[starts]
    many = counts > _MANY
    weights = np.where(many, BLOCK_BYTES, counts * 2 + _PER_GRAM)
    at = 0
    while at < named.size:
        if many[at]:
            yield int(named[at]), _bits(named[at], pages[starts[at] : starts[at] + counts[at]])
            at += 1
            continue
        filled = np.cumsum(weights[at : at + BLOCK_BYTES // _PER_GRAM])
        end = at + max(int(np.searchsorted(filled, BLOCK_BYTES, side="right")), 1)
        if many[at:end].any():
            end = at + int(np.argmax(many[at:end]))
        last = starts[end - 1] + counts[end - 1]
        body = (
            np.uint16(end - at).tobytes() + named[at:end].tobytes() + counts[at:end].astype(np.uint16).tobytes()
            + pages[starts[at] : last].tobytes()
        )  # fmt: skip
        yield int(named[at]), body
        at = end


def _bits(gram: np.int64, pages: Pages) -> bytes:
    flags = np.zeros(MOST_PAGES, dtype=bool)
    flags[pages] = True
    return np.uint16(1).tobytes() + gram.tobytes() + np.uint16(0).tobytes() + np.packbits(flags).tobytes()


def pick(body: bytes, gram: int) -> Pages:
    """The pages of one gram in the block it would lie in; empty when the block does not have it."""
    grams, counts, payload = _parts(body)
    at = int(np.searchsorted(grams, gram))
    if at == grams.size or grams[at] != gram:
        return np.empty(0, dtype=np.uint16)
    if counts[at] == 0:
        return _set_bits(payload)
    start = int(counts[:at].sum(dtype=np.int64))
    return np.frombuffer(payload, dtype=np.uint16)[start : start + int(counts[at])]


def unpack(body: bytes) -> tuple[Grams, Pages]:
    """The pairs of a block, sorted by gram, then page."""
    grams, counts, payload = _parts(body)
    if counts[0] == 0:
        pages = _set_bits(payload)
        return np.repeat(grams, pages.size), pages
    return np.repeat(grams, counts), np.frombuffer(payload, dtype=np.uint16)


def _parts(body: bytes) -> tuple[Grams, Pages, memoryview]:
    number = int(np.frombuffer(body, dtype=np.uint16, count=1)[0])
    grams = np.frombuffer(body, dtype=np.int64, count=number, offset=2)
    counts = np.frombuffer(body, dtype=np.uint16, count=number, offset=2 + 8 * number)
    return grams, counts, memoryview(body)[2 + 10 * number :]


def _set_bits(payload: memoryview) -> Pages:
    return np.flatnonzero(np.unpackbits(np.frombuffer(payload, dtype=np.uint8))).astype(np.uint16)


def sort_pairs(parts: Iterable[tuple[Grams, npt.NDArray[np.int64]]]) -> tuple[Grams, Pages]:
    """Pairs of several sources in one order; pages numbered -1 are gone and left out."""
    kept = [(grams[pages >= 0], pages[pages >= 0]) for grams, pages in parts]
    if not kept:
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.uint16)
    grams, pages = (np.concatenate(column) for column in zip(*kept, strict=True))
    order = np.lexsort((pages, grams))
    return grams[order], pages[order].astype(np.uint16)


def merge_choice(sizes: list[int], *, width: int = 8) -> list[int]:
    """Which segments (indices into `sizes`, their numbers of pages) to merge into one now, or none.

    Segments of like size are merged `width` at a time, so that each page is rewritten about as often as the logarithm
    of the archive's size, and a search looks at few segments.
    """
    tiers: dict[int, list[int]] = {}
    for index, size in enumerate(sizes):
        tiers.setdefault(max(size - 1, 1).bit_length() // 3, []).append(index)
    for tier in sorted(tiers):
        chosen: list[int] = []
        total = 0
        for index in tiers[tier]:
            if len(chosen) < 2 * width and total + sizes[index] <= MOST_PAGES:
                chosen.append(index)
                total += sizes[index]
        if len(chosen) >= width or (len(tiers[tier]) >= width and len(chosen) > 1):
            return chosen
    return []
