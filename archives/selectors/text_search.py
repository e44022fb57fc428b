"""Papers that contain a text: candidates of the blind index, read again under the fence, confirmed on the text."""

from uuid import UUID

from django.db import connection

from carloan.archives.models import Paper, PaperPage
from carloan.archives.policies.grams import grams_of_query, normal
from carloan.archives.selectors.papers import SIGHT, VIEW, content_of, visible_papers
from carloan.core.actors import Actor
from carloan.core.keys import index_key
from carloan.core.sealed import warm

CANDIDATES = 400


def papers_containing(actor: Actor, query: str, *, limit: int = 50) -> list[Paper]:
    """The newest papers whose text contains `query` (spaces, line breaks, width and case ignored), at most `limit`.

    Only the words of pages the actor may see in clear count: a reader without `sight.clear` finds nothing by text,
    because a hit would confirm a masked value.
    """
    wanted = normal(query)
    if not wanted or not actor.can(SIGHT):
        return []
    candidates = _candidates(actor, query)
    papers = {
        paper.id: paper for paper in visible_papers(actor).filter(id__in={paper_id for paper_id, _ in candidates})
    }
    pages = _pages([pair for pair in candidates if pair[0] in papers])
    found: dict[UUID, Paper] = {}
    for paper_id, number in candidates:
        page = pages.get((paper_id, number))
        if paper_id not in found and page is not None and wanted in normal(content_of(page)["text"]):
            found[paper_id] = papers[paper_id]
            if len(found) == limit:
                break
    return list(found.values())


def _candidates(actor: Actor, query: str) -> list[tuple[UUID, int]]:
    right = actor.right(VIEW)
    branches = {*right.branches, *({actor.branch_id} if actor.branch_id and right.own else ())}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT paper_id, number FROM archives_search_grams(%s::integer[], %s::uuid[], %s, %s)",
            [
                grams_of_query(query, index_key("grams")),
                [str(branch) for branch in branches],
                right.everywhere,
                CANDIDATES,
            ],
        )
        return [(UUID(str(paper_id)), number) for paper_id, number in cursor.fetchall()]


def _pages(pairs: list[tuple[UUID, int]]) -> dict[tuple[UUID, int], PaperPage]:
    rows = list(PaperPage.objects.filter(paper_id__in={paper_id for paper_id, _ in pairs}).select_related("paper"))
    warm(rows)
    return {(row.paper_id, row.number): row for row in rows}
