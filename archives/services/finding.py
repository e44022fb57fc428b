"""What finds a paper: the terms of its identifiers, the text of its pages and the values that people corrected.

All of it is made anew from what is sealed.
"""

import time
from collections.abc import Mapping, Sequence

from carloan.archives.fields import CARD_TERM, INVOICE_TERM
from carloan.archives.models import Paper
from carloan.archives.policies import matching
from carloan.archives.selectors.corrections import corrected_text, corrections_of
from carloan.archives.selectors.papers import content_of, pages_of, values_of
from carloan.archives.services.indexing import paper_index, paper_unindex, papers_missing, segment_write, segments_tidy
from carloan.core import lookup
from carloan.core.indexed import Terms
from carloan.core.keys import KeyDestroyed, past_the_seal, warm_keys
from carloan.core.tenancy import tenant_atomic

BATCH = 100


def terms_renew(paper: Paper, values: Mapping[str, str]) -> None:
    """Replace the lookup terms of a paper by those of its values."""
    lookup.index_anew([terms_of(paper, values)])


def terms_of(paper: Paper, values: Mapping[str, str]) -> Terms:
    """What a paper with these values is found by, apart from its text."""
    terms = {matching.IDENTIFIERS[name]: value for name, value in matching.identifiers(paper.kind, values).items()}
    if paper.kind == "bank_card" and values.get("number"):
        terms[CARD_TERM.name] = values["number"]
    if number := values.get("invoice_number"):
        terms[INVOICE_TERM.name] = number
    return "paper", paper.id, paper.loan_id, terms


def text_renew(paper: Paper) -> None:
    """Make a paper found by the words of its pages as they are sealed, and by what people corrected on it."""
    paper_index(paper, texts_of(paper))


def texts_of(paper: Paper) -> list[tuple[int, str]]:
    """(number, text) of all that a paper is found by.

    Corrected values have the number behind the last page: they stand on none, and a search tells them by that.
    """
    pages = [(page.number, str(content_of(page)["text"])) for page in pages_of(paper)]
    behind = max((number for number, _ in pages), default=0) + 1
    corrected = corrections_of({paper.id: paper}).get(paper.id, [])
    return [*pages, *((behind, corrected_text(row)) for row in corrected)]


def search_rebuild() -> int:
    """Make terms and text index of all papers of the tenant in scope anew; returns how many papers can be found again.

    A paper whose key was destroyed loses both. Papers go in batches, each in a transaction of its own, so that people
    can work meanwhile; running it twice changes nothing.
    """
    count = 0
    last = None
    while True:
        with tenant_atomic():
            papers = Paper.objects.select_for_update(of=("self",)).order_by("id")
            batch = list((papers.filter(id__gt=last) if last else papers)[:BATCH])
            count += _renew(batch)
        if len(batch) < BATCH:
            segments_tidy()
            return count
        last = batch[-1].id


def search_tidy() -> tuple[int, int]:
    """The sweep's turn at the text index of the tenant in scope: (papers that were missing in it, segments merged)."""
    return missing_index(), segments_tidy()


def missing_index() -> int:
    """Index papers that were read but cannot be found by their text, for at most a minute; returns how many."""
    count = 0
    end = time.monotonic() + 60
    while True:
        with tenant_atomic():
            missing = papers_missing()
            papers = Paper.objects.select_for_update(of=("self",), skip_locked=True).filter(id__in=missing)
            batch = list(papers)
            _renew(batch)
        count += len(batch)
        if not batch or time.monotonic() > end:
            return count


@past_the_seal()
def _renew(papers: Sequence[Paper]) -> int:
    """New terms and one new segment for some papers; returns how many of them can still be opened."""
    indexed = []
    opened = 0
    warm_keys({paper.key_subject() for paper in papers})
    for paper in papers:
        try:
            values, texts = values_of(paper), texts_of(paper)
            opened += 1
        except KeyDestroyed:
            values, texts = {}, []
        terms_renew(paper, values)
        paper_unindex(paper)
        indexed.append((paper.id, texts))
    if indexed:
        segment_write(indexed)
    return opened
