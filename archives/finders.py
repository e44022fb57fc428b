"""What the search box finds in the archive: papers by the identifiers on them and by a substring of their text."""

from django.urls import reverse

from carloan.archives.selectors.listing import papers_found
from carloan.archives.words import kind_label
from carloan.core.actors import Actor
from carloan.core.search import Hit


def find_papers(actor: Actor, query: str, limit: int) -> list[Hit]:
    return [
        Hit(
            "paper",
            paper.id,
            kind_label(paper.kind),
            " · ".join(filter(None, (paper.loan.contract_no if paper.loan else "", str(paper.get_state_display())))),
            reverse("archives:paper", args=[paper.id]),
        )
        for paper in papers_found(actor, query, limit=limit)
    ]
