"""What goes with a loan's key: the loan's papers, what was read on them, and what finds them."""

from uuid import UUID

from carloan.archives.models import Paper, PaperField, PaperPage
from carloan.archives.selectors.papers import desk_keys_of
from carloan.archives.services.indexing import paper_unindex
from carloan.core.keys import destroy_key
from carloan.core.sealed import sealed_fields
from carloan.loans.models import Loan


def papers_shred(loan: Loan, event_id: UUID) -> None:
    """Leave nothing of a loan's papers that a key which lives on could open. Inside the transaction of loan_shred().

    The index of recognised text is keyed by the lender's index key: who holds it can tell which characters stood on a
    page, so the sweep writes it anew without them. The desk keys open what was written before filing, and old wraps in
    backups (docs/decisions/0006-desk-keys.md). May run twice.
    """
    papers = Paper.objects.filter(loan=loan)
    for paper in papers:
        paper_unindex(paper, destroyed=True)
    for model, rows in (
        (PaperField, PaperField.objects.filter(paper__in=papers)),
        (PaperPage, PaperPage.objects.filter(paper__in=papers)),
        (Paper, papers),
    ):
        rows.update(**dict.fromkeys(sealed_fields(model)), audit_event_id=event_id)
    for subject in desk_keys_of(loan):
        destroy_key(subject)
