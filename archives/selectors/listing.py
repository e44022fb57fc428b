"""Lists of papers: the desk's queue by age or risk, searched by text and identifier, paged by keyset."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Self
from uuid import UUID

from django.db.models import Q, QuerySet

from carloan.archives.models import Paper
from carloan.archives.policies.risk import MOST
from carloan.archives.recognition.kinds import KINDS
from carloan.archives.selectors.papers import VIEW, visible_papers
from carloan.archives.selectors.text_search import Narrow, everything, papers_containing
from carloan.archives.words import PROBLEM_GROUPS
from carloan.core import lookup
from carloan.core.actors import Actor
from carloan.core.errors import Invalid
from carloan.core.listing import NOT_LISTED, WRONG_CURSOR, is_nothing, one_of, searched
from carloan.core.tightening import unsearched

PAGE = 50
ORDERS = ("age", "risk")
WHOSE = ("me", "nobody")


@dataclass(frozen=True, slots=True)
class PaperFilters:
    """What a list asks for; empty values ask nothing. `oldest_first` is the order of a queue.

    `assigned` is "me", "nobody" or a member's id; `problem` one of PROBLEM_GROUPS. With `by_risk` the dearest mistakes
    come first and `after_risk` belongs to the cursor.
    """

    q: str = ""
    state: str = ""
    kind: str = ""
    loan: str = ""
    branch: UUID | None = None
    problem: str = ""
    assigned: str = ""
    after: UUID | None = None
    after_risk: int = 0
    desk: bool = False
    oldest_first: bool = False
    by_risk: bool = False

    @classmethod
    def of(cls, query: Mapping[str, Any], **more: Any) -> Self:
        """From a query string. Raises Invalid for a state, a kind or a place that does not exist."""
        try:
            after = UUID(str(query["after"])) if query.get("after") else None
        except ValueError as error:
            raise Invalid(fields={"after": [WRONG_CURSOR]}) from error
        return cls(
            q=searched(query),
            state=one_of(query, "state", Paper.State.values),
            kind=one_of(query, "kind", KINDS),
            loan=str(query.get("loan", "")).strip()[:64],
            after=after,
            **more,
        )

    @classmethod
    def of_desk(cls, query: Mapping[str, Any], **more: Any) -> Self:
        """From the query string of the desk, which asks more than others may. Raises Invalid like `of`."""
        order, after = one_of(query, "order", ORDERS), str(query.get("after") or "")
        risk, _dot, place = after.rpartition(".")
        if risk and not (risk.isascii() and risk.isdigit() and int(risk[:4]) <= MOST):
            raise Invalid(fields={"after": [WRONG_CURSOR]})
        whose = str(query.get("assigned") or "")
        return replace(
            cls.of({name: query[name] for name in query} | {"after": place}, **more),
            branch=_uuid(query, "branch"),
            problem=one_of(query, "problem", PROBLEM_GROUPS),
            assigned=whose if whose in WHOSE else str(_uuid(query, "assigned") or ""),
            by_risk=order == "risk",
            after_risk=int(risk or 0),
        )


@dataclass(frozen=True, slots=True)
class PaperPageOf:
    """Some papers, and the cursor of the next page: an id, after its risk where the list is in that order."""

    papers: list[Paper]
    next: UUID | str | None


def papers_page(actor: Actor, filters: PaperFilters, *, size: int = PAGE, capability: str = VIEW) -> PaperPageOf:
    """One page of the papers within the reach of a capability. A search by text, which is one page of the newest hits,
    is always of those that the actor may see."""
    if is_nothing(filters.q):
        return PaperPageOf([], None)
    papers = matching(actor, filters, capability)
    if filters.q:
        # Narrowed before the newest are taken: the old hits of one loan must not be crowded out by the rest.
        wanted = papers.values("id")
        found = papers_found(actor, filters.q, limit=size, narrow=lambda some: some.filter(id__in=wanted))
        return PaperPageOf(found, None)
    found = list(in_order(papers, filters)[: size + 1])
    if len(found) <= size:
        return PaperPageOf(found, None)
    last = found[size - 1]
    return PaperPageOf(found[:size], f"{last.risk}.{last.id}" if filters.by_risk else last.id)


def in_order(papers: "QuerySet[Paper]", filters: PaperFilters) -> "QuerySet[Paper]":
    """The papers in the order of the list, from its cursor on."""
    if filters.by_risk:
        if filters.after:
            here = Q(risk=filters.after_risk, id__gt=filters.after)
            papers = papers.filter(Q(risk__lt=filters.after_risk) | here)
        return papers.order_by("-risk", "id")
    if filters.after:
        papers = papers.filter(id__gt=filters.after) if filters.oldest_first else papers.filter(id__lt=filters.after)
    return papers.order_by("id" if filters.oldest_first else "-id")


def papers_found(actor: Actor, query: str, *, limit: int, narrow: Narrow = everything) -> list[Paper]:
    """Papers by an identifier on them (whole or its end), then by a substring of their text.

    `narrow` filters a queryset of papers further, before the newest `limit` are taken.
    """
    matches = lookup.find(query, without=unsearched(actor), limit=lookup.MOST_HITS)
    ids = [match.object_id for match in matches if match.object_kind == "paper"]
    # A common name stands on thousands of papers: rows are read of those that are shown.
    reached = set(narrow(visible_papers(actor).filter(id__in=ids)).values_list("id", flat=True)) if ids else set()
    chosen = [paper_id for paper_id in ids if paper_id in reached][:limit]
    known = visible_papers(actor).in_bulk(chosen)
    found = {paper_id: known[paper_id] for paper_id in chosen if paper_id in known}
    for paper in papers_containing(actor, query, limit=limit, narrow=narrow):
        found.setdefault(paper.id, paper)
    return list(found.values())[:limit]


def matching(actor: Actor, filters: PaperFilters, capability: str = VIEW) -> "QuerySet[Paper]":
    """The papers that the actor reaches and the filters ask for, in no order."""
    wanted = Q()
    if filters.state:
        wanted &= Q(state=filters.state)
    if filters.kind:
        wanted &= Q(kind=filters.kind)
    if filters.loan:
        wanted &= Q(loan__contract_no=filters.loan)
    if filters.desk:
        wanted &= Q(loan=None) | Q(state=Paper.State.REVIEW)
    if filters.branch:
        wanted &= Q(branch_id=filters.branch)
    if filters.problem:
        wanted &= with_problem(filters.problem)
    if filters.assigned == "nobody":
        wanted &= Q(assigned_to=None)
    elif filters.assigned:
        # A key asking for its own papers finds none: nobody hands papers to keys.
        wanted &= Q(assigned_to_id=(actor.membership_id or actor.id) if filters.assigned == "me" else filters.assigned)
    return visible_papers(actor, capability).filter(wanted)


def with_problem(group: str) -> Q:
    """Papers with at least one problem of the group."""
    found = Q()
    for code in PROBLEM_GROUPS[group]:
        found |= Q(problems__contains=[{"code": code}])
    return found


def _uuid(query: Mapping[str, Any], name: str) -> UUID | None:
    try:
        return UUID(str(query[name])) if query.get(name) else None
    except ValueError as error:
        raise Invalid(fields={name: [NOT_LISTED]}) from error
