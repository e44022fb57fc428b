"""A search in the words of papers as people see it: hits with snippets, divided by kind, stage and branch."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final, Self
from uuid import UUID

from django.db.models import QuerySet

from carloan.archives.models import Paper, PaperField
from carloan.archives.policies.marks import Piece, snippet
from carloan.archives.policies.query import parse, words
from carloan.archives.recognition.kinds import LABELS
from carloan.archives.selectors.corrections import corrections_named
from carloan.archives.selectors.shown_text import pages_for
from carloan.archives.selectors.text_search import TextHit, pages_at, text_hits
from carloan.core.actors import Actor
from carloan.core.errors import Invalid
from carloan.core.listing import NOT_LISTED, WRONG_CURSOR, one_of, searched
from carloan.core.models import Branch
from carloan.loans.models import Loan

PAGE: Final = 50
# Facets count the newest hits; more would keep the reader waiting for numbers.
COUNTED: Final = 300


@dataclass(frozen=True, slots=True)
class TextFilters:
    """A query and what narrows it: kind of paper, stage of the loan, branch, and the last hit of the page before."""

    q: str = ""
    kind: str = ""
    stage: str = ""
    branch: UUID | None = None
    after: UUID | None = None

    @classmethod
    def of(cls, query: Mapping[str, Any]) -> Self:
        """From a query string. Raises Invalid for what does not exist."""
        wrong = {}
        ids: dict[str, UUID | None] = {}
        for name in ("branch", "after"):
            try:
                ids[name] = UUID(str(query[name])) if query.get(name) else None
            except ValueError:
                wrong[name] = [WRONG_CURSOR if name == "after" else NOT_LISTED]
        if wrong:
            raise Invalid(fields=wrong)
        return cls(
            q=searched(query).strip(),
            kind=one_of(query, "kind", tuple(LABELS)),
            stage=one_of(query, "stage", tuple(Loan.State.values)),
            **ids,
        )

    def narrow(self, papers: "QuerySet[Paper]") -> "QuerySet[Paper]":
        if self.kind:
            papers = papers.filter(kind=self.kind)
        if self.stage:
            papers = papers.filter(loan__state=self.stage)
        if self.branch:
            papers = papers.filter(branch_id=self.branch)
        return papers


@dataclass(frozen=True, slots=True)
class Found:
    """A hit as it is shown: the page with the first of the words, the words in their neighbourhood on it (nothing when
    they stand on no page), and the values with one of them that a person corrected."""

    paper: Paper
    page: int
    snippet: list[Piece]
    corrected: list[PaperField]


@dataclass(frozen=True, slots=True)
class Facet:
    """How many of the counted hits have one value; `value` narrows the search to them."""

    value: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class Facets:
    """By kind, stage and branch. `whole`: all hits were counted, not only the newest."""

    kinds: list[Facet]
    stages: list[Facet]
    branches: list[Facet]
    counted: int
    whole: bool


def found_page(actor: Actor, filters: TextFilters) -> tuple[list[Found], UUID | None]:
    """Up to PAGE hits, newest first, and the cursor of the next page."""
    hits = list(islice(text_hits(actor, filters.q, narrow=filters.narrow, after=filters.after), PAGE + 1))
    more = hits[PAGE - 1].paper.id if len(hits) > PAGE else None
    return _with_snippets(actor, hits[:PAGE], filters.q), more


def facets_of(actor: Actor, filters: TextFilters) -> Facets:
    """How the newest hits divide."""
    hits = list(islice(text_hits(actor, filters.q, narrow=filters.narrow), COUNTED + 1))
    papers = [hit.paper for hit in hits[:COUNTED]]
    names = {str(branch.id): branch.name for branch in Branch.objects.all()}
    stages = {str(value): str(label) for value, label in Loan.State.choices}
    kinds = {kind: str(label) for kind, label in LABELS.items()}
    return Facets(
        _facets((paper.kind for paper in papers), kinds),
        _facets((paper.loan.state for paper in papers if paper.loan), stages),
        _facets((str(paper.branch_id) for paper in papers if paper.branch_id), names),
        len(papers),
        len(hits) <= COUNTED,
    )


def _facets(values: Iterable[str], labels: Mapping[str, str]) -> list[Facet]:
    return [Facet(value, labels.get(value, value), count) for value, count in Counter(values).most_common() if value]


def _with_snippets(actor: Actor, hits: list[TextHit], query: str) -> list[Found]:
    parsed = parse(query)
    if parsed is None:
        return []
    wanted = words(parsed)
    papers = {hit.paper.id: hit.paper for hit in hits}
    rows = pages_at(papers, [(hit.paper.id, hit.page) for hit in hits if hit.page])
    pieces = {paper_id: snippet(text, wanted) for paper_id, text in pages_for(actor, papers, rows).items()}
    corrected = corrections_named(actor, papers.values(), query)
    return [
        Found(hit.paper, hit.page or _page_of(corrected.get(hit.paper.id, [])), pieces.get(hit.paper.id, []),
              corrected.get(hit.paper.id, []))
        for hit in hits
    ]  # fmt: skip


def _page_of(rows: list[PaperField]) -> int:
    """Where on the picture corrected values stand: the first page that one of them was read on."""
    return min((row.page for row in rows if row.page), default=1)
