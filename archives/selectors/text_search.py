"""Papers that contain a text: candidates of the blind index, read again under the fence, confirmed on the text."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from carloan.archives.models import Paper, PaperPage
from carloan.archives.policies.grams import grams_of_query, normal
from carloan.archives.selectors.papers import SIGHT, VIEW, content_of, reached_papers, visible_papers
from carloan.core.actors import Actor
from carloan.core.keys import index_key
from carloan.core.sealed import warm

# Candidates that are read and confirmed at a time; the search goes on until it has enough or has seen all of them.
BATCH = 400
Place = tuple[UUID, int]


@dataclass(frozen=True, slots=True)
class Reach:
    """Whose pages the index may propose: of all papers, of some branches, or of single papers outside of them."""

    everywhere: bool
    branches: list[str]
    papers: list[str]


def papers_containing(actor: Actor, query: str, *, limit: int = 50) -> list[Paper]:
    """The newest papers whose text contains `query` (spaces, line breaks, width and case ignored), at most `limit`.

    Only the words of pages the actor may see in clear count: a reader without `sight.clear` finds nothing by text,
    because a hit would confirm a masked value.
    """
    wanted = normal(query)
    if not wanted or not actor.can(SIGHT):
        return []
    grams, reach = grams_of_query(query, index_key("grams")), _reach(actor)
    found: dict[UUID, Paper] = {}
    last: Place | None = None
    while len(found) < limit:
        candidates = _candidates(grams, reach, last)
        for paper in _confirmed(actor, wanted, candidates):
            found.setdefault(paper.id, paper)
        if len(candidates) < BATCH:
            break
        last = candidates[-1]
    return list(found.values())[:limit]


def _confirmed(actor: Actor, wanted: str, candidates: list[Place]) -> Iterator[Paper]:
    """The papers of candidates that the actor may see and whose page really contains the text."""
    papers = {
        paper.id: paper for paper in visible_papers(actor).filter(id__in={paper_id for paper_id, _ in candidates})
    }
    clear_ones = reached_papers(actor, SIGHT, list(papers))
    papers = {paper_id: paper for paper_id, paper in papers.items() if paper_id in clear_ones}
    pages = _pages([place for place in candidates if place[0] in papers])
    for place in candidates:
        page = pages.get(place)
        if page is not None and wanted in normal(content_of(page)["text"]):
            yield papers[place[0]]


def _reach(actor: Actor) -> Reach:
    """Beside the right's branches: papers of own or granted loans, and own uploads, that lie in other branches."""
    right = actor.right(VIEW)
    if right.everywhere:
        return Reach(everywhere=True, branches=[], papers=[])
    elsewhere = visible_papers(actor).exclude(branch_id__in=list(right.branches)).values_list("id", flat=True)
    return Reach(False, [str(branch) for branch in right.branches], [str(paper_id) for paper_id in elsewhere])


def _candidates(grams: list[int], reach: Reach, last: Place | None) -> list[Place]:
    paper_id, number = last or (None, None)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT paper_id, number"
            " FROM archives_search_grams(%s::integer[], %s::uuid[], %s::uuid[], %s, %s::uuid, %s::integer, %s)",
            [
                grams, reach.branches, reach.papers, reach.everywhere, str(paper_id) if paper_id else None, number,
                BATCH,
            ],
        )  # fmt: skip
        return [(UUID(str(paper_id)), number) for paper_id, number in cursor.fetchall()]


def _pages(places: list[Place]) -> dict[Place, PaperPage]:
    rows = list(PaperPage.objects.filter(paper_id__in={paper_id for paper_id, _ in places}).select_related("paper"))
    warm(rows)
    return {(row.paper_id, row.number): row for row in rows}
