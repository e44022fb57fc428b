"""Candidates of the blind index: for each segment the pages its words may stand on, newest papers first."""

import heapq
from collections.abc import Iterator
from typing import Final
from uuid import UUID

import numpy as np
import numpy.typing as npt
from django.db import connection

from carloan.archives.models import SearchSegment, SearchSlot
from carloan.archives.policies import postings
from carloan.archives.policies.grams import Hasher, is_exact
from carloan.archives.policies.query import All, AnyOf, Not, Query, Word, words
from carloan.core.keys import index_key
from carloan.core.tenancy import current_tenant_id

# Slots are read few at a time at first; a search that finds nothing among them takes more.
BATCH: Final = 60
MOST_BATCH: Final = 2_000

Flags = npt.NDArray[np.bool_]
Pages = npt.NDArray[np.uint16]
# The pages of a paper, by number, on which each word may stand.
PagesOfWords = dict[str, list[int]]


def hasher() -> Hasher:
    """The hasher of the tenant at work, for one query or one batch of pages."""
    return Hasher(index_key("grams"))


def edges_of(segment: SearchSegment) -> npt.NDArray[np.int64]:
    """The first page of each place of a segment, and behind them the number of its pages."""
    starts = np.frombuffer(bytes(segment.starts), dtype=np.uint16)
    return np.append(starts, segment.pages).astype(np.int64)


def candidates(query: Query) -> Iterator[tuple[UUID, PagesOfWords]]:
    """Papers that may satisfy the query, newest first, each once. Who may see them is the caller's question."""
    segments = [
        _Segment(row, blocks, query) for row, blocks in _blocks({*words(query), *words(query, wanted=False)}).values()
    ]
    last = None
    for paper_id, segment, place in heapq.merge(*(segment.newest() for segment in segments), key=_by_age):
        if paper_id != last:
            yield paper_id, segment.pages_at(place)
        last = paper_id


def _by_age(found: "tuple[UUID, _Segment, int]") -> int:
    return -found[0].int


def _blocks(asked: set[str]) -> dict[UUID, tuple[SearchSegment, dict[str, list[Pages]]]]:
    """Each living segment with the pages of every gram of every word."""
    segments = {segment.id: segment for segment in SearchSegment.objects.filter(retired_at=None)}
    hashes = hasher()
    of_word = {word: hashes.of_word(word) for word in asked}
    wanted = sorted({gram for found in of_word.values() for gram in found})
    bodies: dict[tuple[UUID, int], Pages] = {}
    with connection.cursor() as cursor:
        cursor.execute(_NEAREST, [list(segments), wanted, current_tenant_id()])
        for segment_id, gram, body in cursor:
            bodies[segment_id, gram] = postings.pick(bytes(body), gram)
    nothing = np.empty(0, dtype=np.uint16)
    return {
        segment_id: (
            segment,
            {word: [bodies.get((segment_id, gram), nothing) for gram in found] for word, found in of_word.items()},
        )
        for segment_id, segment in segments.items()
    }


# The one block of a segment in which a gram can lie. Only equality and order of plain columns: row-level security lets
# the primary key be used.
_NEAREST: Final = """
SELECT s.id, g.gram, b.body
FROM unnest(%s::uuid[]) AS s(id) CROSS JOIN unnest(%s::bigint[]) AS g(gram) CROSS JOIN LATERAL (
    SELECT body FROM archives_searchblock
    WHERE tenant_id = %s AND segment_id = s.id AND first <= g.gram ORDER BY first DESC LIMIT 1) AS b
"""


class _Segment:
    """What one segment says about a query."""

    def __init__(self, row: SearchSegment, found: dict[str, list[Pages]], query: Query) -> None:
        self._row = row
        self._edges = edges_of(row)
        self._pages = {word: _together(lists) for word, lists in found.items()}
        _, possible = self._bounds(query)
        self._places = np.flatnonzero(possible)[::-1]

    def newest(self) -> "Iterator[tuple[UUID, _Segment, int]]":
        """The candidates, newest first; slots are read some at a time."""
        size = BATCH
        at = 0
        while at < self._places.size:
            places = self._places[at : at + size].tolist()
            slots = SearchSlot.objects.filter(segment=self._row, place__in=places).order_by("-place")
            for place, paper_id in slots.values_list("place", "paper_id"):
                yield paper_id, self, place
            at, size = at + size, min(2 * size, MOST_BATCH)

    def pages_at(self, place: int) -> PagesOfWords:
        """The numbers of a paper's pages on which each word may stand."""
        first, behind = int(self._edges[place]), int(self._edges[place + 1])
        return {
            word: (pages[slice(*np.searchsorted(pages, [first, behind]))].astype(np.int64) - first + 1).tolist()
            for word, pages in self._pages.items()
        }

    def _bounds(self, query: Query) -> tuple[Flags, Flags]:
        """Which places satisfy the query for certain, and which perhaps."""
        match query:
            case Word(text):
                flags = np.zeros(self._row.papers, dtype=bool)
                flags[np.searchsorted(self._edges, self._pages[text], side="right") - 1] = True
                return (flags if is_exact(text) else np.zeros_like(flags)), flags
            case Not(part):
                certain, possible = self._bounds(part)
                return ~possible, ~certain
            case All(parts) | AnyOf(parts):
                join = np.logical_and if isinstance(query, All) else np.logical_or
                sides = tuple(zip(*(self._bounds(part) for part in parts), strict=True))
                return join.reduce(sides[0]), join.reduce(sides[1])


def _together(lists: list[Pages]) -> Pages:
    """The pages that are in all of the lists."""
    shortest, *rest = sorted(lists, key=lambda pages: pages.size)
    for pages in rest:
        if not shortest.size:
            break
        shortest = np.intersect1d(shortest, pages, assume_unique=True)
    return shortest
