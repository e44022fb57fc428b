"""What finds a paper: the terms of its identifiers and the grams of its pages, both made anew from what is sealed."""

from collections.abc import Iterable, Mapping

from carloan.archives.models import PageGrams, Paper
from carloan.archives.policies import matching
from carloan.archives.policies.grams import grams_of_page
from carloan.archives.selectors.papers import content_of, pages_of, values_of
from carloan.core import lookup
from carloan.core.keys import KeyDestroyed, index_key
from carloan.core.tenancy import tenant_atomic

BATCH = 100


def terms_renew(paper: Paper, values: Mapping[str, str]) -> None:
    """Replace the lookup terms of a paper by those of its values."""
    terms = {matching.IDENTIFIERS[name]: value for name, value in matching.identifiers(paper.kind, values).items()}
    if paper.kind == "bank_card" and values.get("number"):
        terms["card"] = values["number"]
    if number := values.get("invoice_number"):
        terms["invoice_number"] = number
    lookup.index("paper", paper.id, paper.loan_id, terms)


def grams_renew(paper: Paper, texts: Iterable[tuple[int, str]]) -> None:
    """Replace the grams of a paper's pages by those of `texts`: (page number, recognised text)."""
    PageGrams.objects.filter(paper=paper).delete()
    key = index_key("grams")
    found = ((number, grams_of_page(text, key)) for number, text in texts)
    PageGrams.objects.bulk_create(
        PageGrams(paper=paper, number=number, branch_id=paper.branch_id, grams=grams)
        for number, grams in found
        if grams
    )


def search_rebuild() -> int:
    """Make terms and grams of all papers of the tenant in scope anew; returns how many papers can be found again.

    A paper whose key was destroyed loses both. Papers go in batches, each in a transaction of its own, so that people
    can work meanwhile; running it twice changes nothing.
    """
    count = 0
    last = None
    while True:
        with tenant_atomic():
            papers = Paper.objects.select_for_update(of=("self",)).order_by("id")
            batch = list((papers.filter(id__gt=last) if last else papers)[:BATCH])
            count += sum(_renew(paper) for paper in batch)
        if len(batch) < BATCH:
            return count
        last = batch[-1].id


def _renew(paper: Paper) -> bool:
    try:
        values = values_of(paper)
        texts = [(page.number, str(content_of(page)["text"])) for page in pages_of(paper)]
    except KeyDestroyed:
        terms_renew(paper, {})
        grams_renew(paper, [])
        return False
    terms_renew(paper, values)
    grams_renew(paper, texts)
    return True
