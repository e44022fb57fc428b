"""Papers whose text satisfies a query: candidates of the blind index, read under the fence, confirmed on the text.

A paper is a hit when all its wanted words stand on it, on whichever of its pages or in a value that a person
corrected, and none of the others. Candidates
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
from carloan.archives.selectors.corrections import corrected_text, corrections_of
from carloan.archives.selectors.papers import content_of, reached_papers, visible_papers
from carloan.archives.selectors.text_index import BATCH, MOST_BATCH, PagesOfWords, candidates
from carloan.core.actors import Actor
from carloan.core.errors import SealedApart
from carloan.core.keys import KeyDestroyed
from carloan.core.sealed import warm
from carloan.core.sight import SIGHT

Narrow = Callable[["QuerySet[Paper]"], "QuerySet[Paper]"]


@dataclass(frozen=True, slots=True)
class TextHit:
    """A paper that satisfies the query, and the first of its pages with one of the wanted words.

    Without a page the words stand only in values that a person corrected.
    """

    paper: Paper
    page: int | None


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
    clear_ones = set(papers) if actor.right(SIGHT).everywhere else reached_papers(actor, SIGHT, list(papers))
    batch = [(paper_id, pages) for paper_id, pages in batch if paper_id in clear_ones]
    texts = _Texts(papers)
    asked = words(query)
    texts.load({(paper_id, pages[word][0]) for paper_id, pages in batch for word in asked if pages[word]})
    for paper_id, pages in batch:

        def page_of(word: str, paper_id: UUID = paper_id, pages: PagesOfWords = pages) -> int:
            return next((number for number in pages[word] if texts.have(paper_id, number, word)), 0)

        if holds(query, lambda word, page_of=page_of: page_of(word) > 0):  # type: ignore[misc]
            found = [page for word in asked if (page := page_of(word))]
            shown = min((page for page in found if texts.is_page(paper_id, page)), default=None)
            yield TextHit(papers[paper_id], shown if found else 1)


class _Texts:
    """What was opened during one batch, in the form in which text is compared, by (paper, number).

    A number without a page stands for the values that were corrected: the index has them behind the last page.
    """

    def __init__(self, papers: dict[UUID, Paper]) -> None:
        self._papers = papers
        self._pages: set[tuple[UUID, int]] = set()
        self._known: dict[tuple[UUID, int], tuple[str, ...]] = {}

    def load(self, places: set[tuple[UUID, int]]) -> None:
        """Open pages, and corrected values where there is no page: a query and one for the keys each."""
        for row in pages_at(self._papers, places):
            self._known[row.paper_id, row.number] = (_text(row),)
            self._pages.add((row.paper_id, row.number))
        behind = [place for place in places if place not in self._pages]
        told = corrections_of({paper_id: self._papers[paper_id] for paper_id, _ in behind}) if behind else {}
        for paper_id, number in behind:
            rows = told.get(paper_id, ())
            self._known[paper_id, number] = tuple(normal(corrected_text(row)) for row in rows)

    def have(self, paper_id: UUID, number: int, word: str) -> bool:
        if (paper_id, number) not in self._known:
            self.load({(paper_id, number)})
        return any(word in text for text in self._known[paper_id, number])

    def is_page(self, paper_id: UUID, number: int) -> bool:
        return (paper_id, number) in self._pages


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
    except (KeyDestroyed, SealedApart):
        return ""
