"""Papers whose text satisfies a query: candidates of the blind index, read under the fence, confirmed on the text.

A paper is a hit when all its wanted words stand on it, on whichever of its pages, and none of the others. Candidates
come newest segment first; only as many are opened as are needed for the hits asked for.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from uuid import UUID

from django.db.models import Q, QuerySet

from carloan.archives.models import Paper, PaperPage
from carloan.archives.policies.grams import normal
from carloan.archives.policies.query import Query, holds, parse, words
from carloan.archives.selectors.papers import SIGHT, content_of, reached_papers, visible_papers
from carloan.archives.selectors.text_index import BATCH, MOST_BATCH, PagesOfWords, candidates
from carloan.core.actors import Actor
from carloan.core.keys import KeyDestroyed
from carloan.core.sealed import warm

Narrow = Callable[["QuerySet[Paper]"], "QuerySet[Paper]"]


@dataclass(frozen=True, slots=True)
class TextHit:
    """A paper that satisfies the query, and the first of its pages with one of the wanted words."""

    paper: Paper
    page: int


def everything(papers: "QuerySet[Paper]") -> "QuerySet[Paper]":
    """Narrows to nothing less."""
    return papers


def papers_containing(actor: Actor, query: str, *, limit: int = 50, narrow: Narrow = everything) -> list[Paper]:
    """The newest papers that satisfy `query`, at most `limit`."""
    return [hit.paper for hit in islice(text_hits(actor, query, narrow=narrow), limit)]


def text_hits(actor: Actor, query: str, *, narrow: Narrow = everything, after: UUID | None = None) -> Iterator[TextHit]:
    """The papers that satisfy `query` (spaces, line breaks, width and case ignored), newest first, one by one.

    `narrow` filters a queryset of papers further; `after` is the last paper of the page before. Only the words of pages
    the actor may see in clear count: a reader without `sight.clear` finds nothing by text, because a hit would confirm
    a masked value.
    """
    wanted = parse(query)
    if wanted is None or not actor.can(SIGHT):
        return
    size = BATCH
    found = (one for one in candidates(wanted) if after is None or one[0].int < after.int)
    while batch := list(islice(found, size)):
        yield from _confirmed(actor, batch, wanted, narrow(visible_papers(actor)))
        size = min(2 * size, MOST_BATCH)


def _confirmed(
    actor: Actor, batch: list[tuple[UUID, PagesOfWords]], query: Query, visible: "QuerySet[Paper]"
) -> Iterator[TextHit]:
    """The papers of candidates that the actor may see in clear and whose text really satisfies the query."""
    papers = {paper.id: paper for paper in visible.filter(id__in=[paper_id for paper_id, _ in batch])}
    clear_ones = reached_papers(actor, SIGHT, list(papers))
    batch = [(paper_id, pages) for paper_id, pages in batch if paper_id in clear_ones]
    texts = _Texts(papers)
    asked = words(query)
    texts.load({(paper_id, pages[word][0]) for paper_id, pages in batch for word in asked if pages[word]})
    for paper_id, pages in batch:

        def page_of(word: str, paper_id: UUID = paper_id, pages: PagesOfWords = pages) -> int:
            return next((number for number in pages[word] if word in texts.of(paper_id, number)), 0)

        if holds(query, lambda word, page_of=page_of: page_of(word) > 0):  # type: ignore[misc]
            yield TextHit(papers[paper_id], min((page for word in asked if (page := page_of(word))), default=1))


class _Texts:
    """Pages opened during one batch, in the form in which text is compared. A page that is gone is empty."""

    def __init__(self, papers: dict[UUID, Paper]) -> None:
        self._papers = papers
        self._known: dict[tuple[UUID, int], str] = {}

    def load(self, places: set[tuple[UUID, int]]) -> None:
        """Open pages by (paper, number)."""
        self._known.update(dict.fromkeys(places, ""))
        for row in pages_at(self._papers, places):
            self._known[row.paper_id, row.number] = _text(row)

    def of(self, paper_id: UUID, number: int) -> str:
        if (paper_id, number) not in self._known:
            self.load({(paper_id, number)})
        return self._known[paper_id, number]


def pages_at(papers: Mapping[UUID, Paper], places: Iterable[tuple[UUID, int]]) -> list[PaperPage]:
    """Pages of papers in hand by (paper, number), ready to be opened: one query for them and one for their keys."""
    wanted = Q()
    by_number: dict[int, list[UUID]] = {}
    for paper_id, number in places:
        by_number.setdefault(number, []).append(paper_id)
    for number, ids in by_number.items():
        wanted |= Q(number=number, paper_id__in=ids)
    rows = list(PaperPage.objects.filter(wanted)) if wanted else []
    for row in rows:
        row.paper = papers[row.paper_id]
    warm(rows)
    return rows


def _text(page: PaperPage) -> str:
    try:
        return normal(str(content_of(page)["text"]))
    except KeyDestroyed:
        return ""
