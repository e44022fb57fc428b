"""What the search box finds in the archive: papers by the identifiers on them and by a substring of their text."""

from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from carloan.archives.models import Paper, PaperField
from carloan.archives.selectors.corrections import corrections_named
from carloan.archives.selectors.listing import papers_found
from carloan.archives.words import field_label, kind_label
from carloan.core.actors import Actor
from carloan.core.search import Hit


def find_papers(actor: Actor, query: str, limit: int) -> list[Hit]:
    papers = papers_found(actor, query, limit=limit)
    corrected = corrections_named(actor, papers, query)
    # The picture of the paper marks what was searched for.
    asked = "?" + urlencode({"q": query})
    return [
        Hit(
            "paper",
            paper.id,
            kind_label(paper.kind),
            _subtitle(paper, corrected.get(paper.id, [])),
            reverse("archives:paper", args=[paper.id]) + asked,
        )
        for paper in papers
    ]


def _subtitle(paper: Paper, corrected: list[PaperField]) -> str:
    """Loan, state, and which corrected values have the words; never the values themselves."""
    names = [field_label(row.name, paper.kind) for row in corrected]
    told = _("Corrected value: %(fields)s") % {"fields": _(", ").join(names)} if names else ""
    return " · ".join(
        filter(None, (paper.loan.contract_no if paper.loan else "", str(paper.get_state_display()), told))
    )
