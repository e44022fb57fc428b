"""Candidates of the blind index: for each segment the pages its words may stand on, newest papers first."""

import heapq
from collections.abc import Iterator
from functools import cached_property
from typing import Final
from uuid import UUID

import numpy as np
import numpy.typing as npt
from django.db import connection

from carloan.archives.models import SearchSegment, SearchSlot
from carloan.archives.policies import postings
from carloan.archives.policies.grams import LONGEST, Hasher, is_exact
from carloan.archives.policies.query import All, AnyOf, Not, Query, Word, words
from carloan.core.index_keys import IndexKey, index_keys
from carloan.core.tenancy import current_tenant_id

# Slots are read few at a time at first; a search that finds nothing among them takes more.
BATCH: Final = 60
MOST_BATCH: Final = 2_000
# The newest candidates of every segment are read together: so many in all, and at least so many of each.
FIRST: Final = 120
LEAST: Final = 4
# Where the grams that cover a word leave more pages than this, its other grams are asked for too.
FEW: Final = 40

Flags = npt.NDArray[np.bool_]
Pages = npt.NDArray[np.uint16]
# The pages of a paper, by number, on which each word may stand.
PagesOfWords = dict[str, list[int]]
Slot = tuple[int, UUID]


def hasher(key: IndexKey) -> Hasher:
    """The hasher of a version of the lender's index key, for one query or one batch of pages."""
    return Hasher(key.derived("runs"))


def edges_of(segment: SearchSegment) -> npt.NDArray[np.int64]:
    """The first page of each place of a segment, and behind them the number of its pages."""
    starts = np.frombuffer(bytes(segment.starts), dtype=np.uint16)
    return np.append(starts, segment.pages).astype(np.int64)


def candidates(query: Query) -> Iterator[tuple[UUID, PagesOfWords]]:
    """Papers that may satisfy the query, newest first, each once. Who may see them is the caller's question."""
    segments = _segments(query)
    _slots_first([segment for segment in segments if segment.places.size])
    last = None
    for paper_id, segment, place in heapq.merge(*(segment.newest() for segment in segments), key=_by_age):
        if paper_id != last:
            yield paper_id, segment.pages_at(place)
        last = paper_id


def _by_age(found: "tuple[UUID, _Segment, int]") -> int:
    return -found[0].int


def _segments(query: Query) -> "list[_Segment]":
    """Each living segment with the pages of every word.

    A long word has as many grams as characters, and each costs a block of every segment. Those that cover it come
    first; nearly always they leave few pages, and the rest is asked for only where they do not.
    """
    # The keys first: a segment that lives now may be retired, with the version it stands under, a moment later.
    hashes = {each.version: hasher(each) for each in index_keys(kept=True)}
    rows = list(SearchSegment.objects.filter(retired_at=None))
    if not hashes.keys() >= {row.index_version for row in rows}:
        hashes |= {each.version: hasher(each) for each in index_keys(kept=True, fresh=True)}
    asked = {*words(query), *words(query, wanted=False)}
    grams = {version: {word: each.of_word(word) for word in asked} for version, each in hashes.items()}
    cover = {
        version: {word: [*found[:-1:LONGEST], *found[-1:]] for word, found in by_word.items()}
        for version, by_word in grams.items()
    }
    pages = _pages({row.id: list(cover[row.index_version].items()) for row in rows})
    rest: dict[UUID, list[tuple[str, list[int]]]] = {}
    for row in rows:
        for word, found in grams[row.index_version].items():
            others = [gram for gram in found if gram not in cover[row.index_version][word]]
            if others and pages[row.id, word].size > FEW:
                rest.setdefault(row.id, []).append((word, others))
    for place, fewer in _pages(rest).items() if rest else ():
        pages[place] = _together([pages[place], fewer])
    return [_Segment(row, {word: pages[row.id, word] for word in asked}, query) for row in rows]


def _pages(asked: dict[UUID, list[tuple[str, list[int]]]]) -> dict[tuple[UUID, str], Pages]:
    """By (segment, word): the pages that have all the grams asked for. One query."""
    wanted = sorted(
        {(str(segment_id), gram) for segment_id, found in asked.items() for _, grams in found for gram in grams}
    )
    bodies: dict[tuple[UUID, int], Pages] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            _NEAREST, [[segment for segment, _ in wanted], [gram for _, gram in wanted], current_tenant_id()]
        )
        for segment_id, gram, body in cursor:
            bodies[segment_id, gram] = postings.pick(bytes(body), gram)
    nothing = np.empty(0, dtype=np.uint16)
    return {
        (segment_id, word): _together([bodies.get((segment_id, gram), nothing) for gram in grams])
        for segment_id, found in asked.items()
        for word, grams in found
    }


# The one block of a segment in which a gram can lie. Only equality and order of plain columns: row-level security lets
# the primary key be used.
_NEAREST: Final = """
SELECT asked.segment, asked.gram, b.body
FROM unnest(%s::uuid[], %s::bigint[]) AS asked(segment, gram) CROSS JOIN LATERAL (
    SELECT body FROM archives_searchblock
    WHERE tenant_id = %s AND segment_id = asked.segment AND first <= asked.gram ORDER BY first DESC LIMIT 1) AS b
"""


def _slots_first(segments: "list[_Segment]") -> None:
    """Give each segment its newest slots: an archive between two sweeps has dozens of small segments."""
    if not segments:
        return
    size = max(FIRST // len(segments), LEAST)
    asked = [(segment, place) for segment in segments for place in segment.places[:size].tolist()]
    found: dict[UUID, list[Slot]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            _SLOTS, [[str(segment.id) for segment, _ in asked], [place for _, place in asked], current_tenant_id()]
        )
        for segment_id, place, paper_id in cursor:
            found.setdefault(segment_id, []).append((place, paper_id))
    for segment in segments:
        segment.first = sorted(found.get(segment.id, []), reverse=True)
        segment.known = size


_SLOTS: Final = """
SELECT asked.segment, asked.place, s.paper_id
FROM unnest(%s::uuid[], %s::integer[]) AS asked(segment, place) CROSS JOIN LATERAL (
    SELECT paper_id FROM archives_searchslot
    WHERE tenant_id = %s AND segment_id = asked.segment AND place = asked.place LIMIT 1) AS s
"""


class _Segment:
    """What one segment says about a query."""

    def __init__(self, row: SearchSegment, pages: dict[str, Pages], query: Query) -> None:
        self.id = row.id
        self._papers = row.papers
        self._edges = edges_of(row)
        self._pages = pages
        _, possible = self._bounds(query)
        # The places of candidates, newest first, and the slots of the first `known` of them.
        self.places = np.flatnonzero(possible)[::-1]
        self.first: list[Slot] = []
        self.known = 0

    def newest(self) -> "Iterator[tuple[UUID, _Segment, int]]":
        """The candidates, newest first; slots behind those at hand are read some at a time."""
        for place, paper_id in self.first:
            yield paper_id, self, place
        size = BATCH
        at = self.known
        while at < self.places.size:
            places = self.places[at : at + size].tolist()
            slots = SearchSlot.objects.filter(segment_id=self.id, place__in=places).order_by("-place")
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

    @cached_property
    def _place_of_page(self) -> npt.NDArray[np.int64]:
        return np.repeat(np.arange(self._papers), np.diff(self._edges))

    def _bounds(self, query: Query) -> tuple[Flags, Flags]:
        """Which places satisfy the query for certain, and which perhaps."""
        match query:
            case Word(text):
                flags = np.zeros(self._papers, dtype=bool)
                flags[self._place_of_page[self._pages[text]]] = True
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
