"""What goes with a loan's key of its originals: words and pictures. The hands themselves stay: they say who had the
paper until it was shredded or given away, and hold nothing personal."""

from collections.abc import Iterator
from uuid import UUID

from carloan.archives.models import CustodyDetail, CustodyRequest
from carloan.archives.selectors.originals.shredding import paper_left
from carloan.loans.models import Loan


def originals_shred(loan: Loan, event_id: UUID) -> None:
    """Empty what people said at the hands of a loan's originals and the pictures. Inside the transaction of
    loan_shred(); may run twice."""
    CustodyDetail.objects.filter(custody__original__loan=loan).update(words=None, photo=None)
    CustodyRequest.objects.filter(original__loan=loan).update(words=None, audit_event_id=event_id)


def originals_left(loan_id: UUID) -> Iterator[str]:
    """`columns` that hold something sealed; `originals` on paper that still exist, so that no destruction is verified
    before they were shredded."""
    said = CustodyDetail.objects.filter(custody__original__loan_id=loan_id)
    asked = CustodyRequest.objects.filter(original__loan_id=loan_id)
    if said.exclude(words=None, photo=None).exists() or asked.exclude(words=None).exists():
        yield "columns"
    if paper_left(loan_id):
        yield "originals"
