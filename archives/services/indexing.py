"""The text index: a paper's pages go in at once as a small segment; merging and clearing are the sweep's."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

import numpy as np
import numpy.typing as npt
from django.db.models import Count, Exists, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from carloan.archives.models import Paper, PaperField, PaperPage, SearchBlock, SearchSegment, SearchSlot
from carloan.archives.policies import postings
from carloan.archives.policies.grams import Hashes
from carloan.archives.selectors.text_index import edges_of, hasher
from carloan.core.ids import uuid7
from carloan.core.index_keys import writing_keys
from carloan.core.postgres.bulk import insert_rows
from carloan.core.tenancy import current_tenant_id, tenant_atomic

# A search that read a segment's blocks before it was merged has long read its slots by then.
RETIRED: Final = timedelta(minutes=10)
# Grams are spread evenly over 64 bits: a merge goes through them in this many stretches, and holds one in memory.
STRETCHES: Final = 64
_STRETCH: Final = (1 << 64) // STRETCHES
MISSING_BATCH: Final = 200

Numbers = npt.NDArray[np.int64]


def paper_index(paper: Paper, texts: Iterable[tuple[int, str]]) -> None:
    """Make a paper found by `texts`: (page number, text). What it was found by before is gone.

    Several texts with one number are found each by itself: no word runs from one into the next.
    """
    paper_unindex(paper)
    segment_write([(paper.id, list(texts))])


def paper_unindex(paper: Paper, *, destroyed: bool = False) -> None:
    """Let a paper be found no more. After `destroyed` the sweep also clears what its text left in the index.

    That may lie in other segments too, if the paper was read more than once: all that lost a slot are written anew.
    """
    SearchSlot.objects.filter(paper=paper).delete()
    if destroyed:
        holding = SearchSlot.objects.filter(segment=OuterRef("pk")).order_by().values("segment")
        slots = Coalesce(Subquery(holding.annotate(count=Count("place")).values("count")), 0)
        SearchSegment.objects.filter(retired_at=None, papers__gt=slots).update(purge=True)


def segment_write(papers: Sequence[tuple[UUID, Sequence[tuple[int, str]]]]) -> None:
    """One segment of these papers with their pages' texts, at most `postings.MOST_PAGES` pages in all, under the
    version of the index key that is in use."""
    key = writing_keys()[0]
    hashes = hasher(key)
    grams: list[Hashes] = []
    pages: list[Numbers] = []
    starts: list[int] = []
    at = 0
    papers = sorted(papers)
    for _, texts in papers:
        starts.append(at)
        by_number: dict[int, list[Hashes]] = {}
        for number, text in texts:
            by_number.setdefault(number, []).append(hashes.of_page(text))
        for number, parts in by_number.items():
            found = parts[0] if len(parts) == 1 else np.unique(np.concatenate(parts))
            grams.append(found)
            pages.append(np.full(found.size, at + number - 1, dtype=np.int64))
        at += max(by_number, default=1)
    pairs = postings.sort_pairs(zip(grams, pages, strict=True))
    _write([paper_id for paper_id, _ in papers], starts, at, key.version, postings.pack(*pairs))


def segments_tidy() -> int:
    """Merge small segments, rewrite what must forget a paper, remove what was merged long ago; returns how many merged.

    Each merge is a transaction of its own; a second sweep at the same time finds the segments locked and leaves them.
    """
    merged = 0
    while count := _merge_some():
        merged += count
    with tenant_atomic():
        old = SearchSegment.objects.filter(retired_at__lt=timezone.now() - RETIRED).values_list("id", flat=True)
        for segment_id in list(old):
            SearchBlock.objects.filter(segment_id=segment_id).delete()
            SearchSlot.objects.filter(segment_id=segment_id).delete()
            SearchSegment.objects.filter(id=segment_id).delete()
    return merged


def papers_missing() -> list[UUID]:
    """Papers that were read, or typed, but are nowhere in the index, some at a time (after a restore or an upgrade)."""
    slot = SearchSlot.objects.filter(paper=OuterRef("pk"), segment__retired_at=None)
    read = PaperPage.objects.filter(paper=OuterRef("pk"))
    typed = PaperField.objects.filter(paper=OuterRef("pk"), source=PaperField.Source.PERSON)
    papers = Paper.objects.filter(~Exists(slot), Exists(read) | Exists(typed)).order_by("id")
    return list(papers.values_list("id", flat=True)[:MISSING_BATCH])


@dataclass(frozen=True, slots=True)
class _Source:
    """A segment to merge, and where each of its pages goes (-1: nowhere)."""

    segment: SearchSegment
    pages: Numbers


def _merge_some() -> int:
    with tenant_atomic():
        live = list(SearchSegment.objects.filter(retired_at=None).select_for_update(skip_locked=True).order_by("id"))
        # Two versions of the index key make no common segment; what stands under the former one is made anew.
        newest = max((segment.index_version for segment in live), default=0)
        mergeable = [segment for segment in live if segment.index_version == newest]
        chosen = [segment for segment in live if segment.purge][:1] or [
            mergeable[index] for index in postings.merge_choice([segment.pages for segment in mergeable])
        ]
        if not chosen:
            return 0
        _merge(chosen)
        SearchSegment.objects.filter(id__in=[segment.id for segment in chosen]).update(
            retired_at=timezone.now(), purge=False
        )
        return len(chosen)


def _merge(segments: list[SearchSegment]) -> None:
    """One segment of what still lives in several, its papers in order of their ids: newest last."""
    sources = [_Source(segment, np.full(segment.pages, -1, dtype=np.int64)) for segment in segments]
    living = sorted(
        (paper_id, index, first, behind)
        for index, source in enumerate(sources)
        for paper_id, first, behind in _places(source.segment)
    )
    starts, end = [], 0
    for _, index, first, behind in living:
        sources[index].pages[first:behind] = np.arange(end, end + behind - first)
        starts.append(end)
        end += behind - first
    if living:
        papers = [paper_id for paper_id, *_ in living]
        version = segments[0].index_version
        _write(papers, starts, end, version, (block for part in range(STRETCHES) for block in _stretch(sources, part)))


def _places(segment: SearchSegment) -> Iterable[tuple[UUID, int, int]]:
    """The papers that still have their slot, each with its first page and the one behind its last."""
    edges = edges_of(segment).tolist()
    for place, paper_id in SearchSlot.objects.filter(segment=segment).values_list("place", "paper_id"):
        yield paper_id, edges[place], edges[place + 1]


def _stretch(sources: list[_Source], part: int) -> Iterable[tuple[int, bytes]]:
    """The merged blocks of one stretch of grams. A block may begin before the stretch or end behind it."""
    low = -(1 << 63) + part * _STRETCH
    high = low + _STRETCH - 1
    pairs = []
    for source in sources:
        blocks = SearchBlock.objects.filter(segment=source.segment)
        before = blocks.filter(first__lt=low).order_by("-first").values_list("body", flat=True)[:1]
        for body in [*before, *blocks.filter(first__gte=low, first__lte=high).values_list("body", flat=True)]:
            grams, pages = postings.unpack(bytes(body))
            begin, end = np.searchsorted(grams, low, side="left"), np.searchsorted(grams, high, side="right")
            pairs.append((grams[begin:end], source.pages[pages[begin:end]]))
    return postings.pack(*postings.sort_pairs(pairs))


def _write(
    papers: list[UUID], starts: list[int], pages: int, version: int, blocks: Iterable[tuple[int, bytes]]
) -> None:
    tenant_id = current_tenant_id()
    segment = SearchSegment.objects.create(
        id=uuid7(),
        pages=pages,
        papers=len(papers),
        starts=np.asarray(starts, dtype=np.uint16).tobytes(),
        index_version=version,
    )
    insert_rows(
        SearchBlock,
        ["tenant_id", "segment_id", "first", "body"],
        ((tenant_id, segment.id, first, body) for first, body in blocks),
    )
    insert_rows(
        SearchSlot,
        ["tenant_id", "segment_id", "place", "paper_id"],
        ((tenant_id, segment.id, place, paper_id) for place, paper_id in enumerate(papers)),
    )
