"""Taking a filing back: at once, by its own hand, and while nothing else happened."""

from datetime import timedelta

import pytest
from django.utils import timezone

from carloan.archives.models import Paper
from carloan.archives.services.filing import UNDO_WITHIN, paper_correct, paper_file, paper_return, paper_unfile
from carloan.core.errors import Conflict, Invalid
from carloan.core.models import AuditEvent
from carloan.loans.models import Loan
from tests.archives.conftest import transcribed
from tests.cast import Lender

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])


def filed(bank: Lender, loan: Loan) -> Paper:
    paper = transcribed(bank, {"name": "李蓝"})
    actor = bank.actor("officer")
    return paper_file(actor=actor, paper=paper, revision=paper.revision, loan=loan, reason="已核对原件")


def test_a_filing_is_taken_back_to_where_the_paper_lay(bank: Lender, loan: Loan) -> None:
    with bank.open():
        paper = filed(bank, loan)
        back = paper_unfile(actor=bank.actor("officer"), paper=paper, revision=paper.revision, to_desk=True)
        assert (back.state, back.loan_id, back.filed_at, back.verified_by_id) == ("review", None, None, None)
        assert AuditEvent.objects.filter(action="archives.paper.unfiled", object_id=paper.id).count() == 1


@pytest.mark.parametrize("why", ["late", "other", "revision", "returned"])
def test_a_filing_is_taken_back_only_at_once_and_by_its_own_hand(bank: Lender, loan: Loan, why: str) -> None:
    with bank.open():
        paper = filed(bank, loan)
        actor, revision = bank.actor("officer"), paper.revision
        if why == "late":
            Paper.objects.filter(id=paper.id).update(filed_at=timezone.now() - UNDO_WITHIN - timedelta(seconds=1))
        elif why == "other":
            actor = bank.actor("admin")
        elif why == "revision":
            revision -= 1
        else:
            revision = paper_return(actor=actor, paper=paper, revision=revision, reason="再看").revision
        with pytest.raises(Conflict):
            paper_unfile(actor=actor, paper=paper, revision=revision)


def test_a_filing_is_not_taken_back_over_what_somebody_did_since(bank: Lender, loan: Loan) -> None:
    with bank.open():
        paper = filed(bank, loan)
        later = paper_correct(
            actor=bank.actor("archivist"), paper=paper, revision=paper.revision, kind=paper.kind,
            values={"name": "王小明"}, reason="与原件核对", reason_code="other",
        )  # fmt: skip
        for role in ("archivist", "officer"):
            with pytest.raises(Conflict):
                paper_unfile(actor=bank.actor(role), paper=later, revision=later.revision)
        later.refresh_from_db()
        assert later.state == "filed"


@pytest.mark.parametrize("nothing", ["", "  ", "\u200b\u200b", "\u3164\u3164", "\u2800"])
def test_what_cannot_be_seen_is_no_reason(nothing: str, bank: Lender, loan: Loan) -> None:
    with bank.open():
        paper = filed(bank, loan)
        with pytest.raises(Invalid):
            paper_return(actor=bank.actor("officer"), paper=paper, revision=paper.revision, reason=nothing)
