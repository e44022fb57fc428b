"""Lists of papers: the desk's queue by age, searched by text and identifier, paged by keyset."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self
from uuid import UUID

from django.db.models import Q, QuerySet

from carloan.archives.models import Paper
from carloan.archives.recognition.kinds import KINDS
from carloan.archives.selectors.papers import visible_papers
from carloan.archives.selectors.text_search import papers_containing
from carloan.core import lookup
from carloan.core.actors import Actor
from carloan.core.errors import Invalid
from carloan.core.listing import WRONG_CURSOR, is_nothing, one_of

PAGE = 50


@dataclass(frozen=True, slots=True)
class PaperFilters:
    """What a list asks for; empty values ask nothing. `oldest_first` is the order of a queue."""

    q: str = ""
    state: str = ""
    kind: str = ""
    loan: str = ""
    after: UUID | None = None
    desk: bool = False
    oldest_first: bool = False

    @classmethod
    def of(cls, query: Mapping[str, Any], **more: Any) -> Self:
        """From a query string. Raises Invalid for a state, a kind or a place that does not exist."""
        try:
            after = UUID(str(query["after"])) if query.get("after") else None
        except ValueError as error:
            raise Invalid(fields={"after": [WRONG_CURSOR]}) from error
        return cls(
            q=str(query.get("q", ""))[:100],
            state=one_of(query, "state", Paper.State.values),
            kind=one_of(query, "kind", KINDS),
            loan=str(query.get("loan", "")).strip()[:64],
            after=after,
            **more,
        )


@dataclass(frozen=True, slots=True)
class PaperPageOf:
    """Some papers, and the cursor of the next page."""

    papers: list[Paper]
    next: UUID | None


def papers_page(actor: Actor, filters: PaperFilters, *, size: int = PAGE) -> PaperPageOf:
    """One page of the papers the actor may see. A search by text comes as one page of the newest hits."""
    if is_nothing(filters.q):
        return PaperPageOf([], None)
    papers = _matching(actor, filters)
    if filters.q:
        hits = papers_found(actor, filters.q, limit=size)
        ids = set(papers.filter(id__in=[paper.id for paper in hits]).values_list("id", flat=True))
        return PaperPageOf([paper for paper in hits if paper.id in ids], None)
    if filters.after:
        papers = papers.filter(id__gt=filters.after) if filters.oldest_first else papers.filter(id__lt=filters.after)
    found = list(papers.order_by("id" if filters.oldest_first else "-id")[: size + 1])
    return PaperPageOf(found[:size], found[size - 1].id if len(found) > size else None)


def papers_found(actor: Actor, query: str, *, limit: int) -> list[Paper]:
    """Papers by an identifier on them (whole or its end), then by a substring of their text."""
    ids = [match.object_id for match in lookup.find(query) if match.object_kind == "paper"]
    known = {paper.id: paper for paper in visible_papers(actor).filter(id__in=ids)}
    found = {paper_id: known[paper_id] for paper_id in ids if paper_id in known}
    for paper in papers_containing(actor, query, limit=limit):
        found.setdefault(paper.id, paper)
    return list(found.values())[:limit]


def _matching(actor: Actor, filters: PaperFilters) -> "QuerySet[Paper]":
    wanted = Q()
    if filters.state:
        wanted &= Q(state=filters.state)
    if filters.kind:
        wanted &= Q(kind=filters.kind)
    if filters.loan:
        wanted &= Q(loan__contract_no=filters.loan)
    if filters.desk:
        wanted &= Q(loan=None) | Q(state=Paper.State.REVIEW)
    return visible_papers(actor).filter(wanted)
