"""Each unfiled paper has a desk key of its own, so that destroying a loan reaches its papers' time on the desk."""

import pytest
from django.utils import timezone

from carloan.archives.models import Paper, PaperField, SearchBlock, SearchSegment, SearchSlot
from carloan.archives.selectors.papers import desk_keys_of, values_of
from carloan.archives.services.filing import paper_correct, paper_file, paper_refile
from carloan.archives.services.indexing import RETIRED, paper_index, segments_tidy
from carloan.archives.services.keeping import bytes_of
from carloan.core.audit import open_detail
from carloan.core.keys import KeyDestroyed, KeyMissing, Subject, destroy_key, secrets_of, unwrap_paper_key
from carloan.core.models import AuditEvent
from carloan.core.sealed import clear
from carloan.loans.models import Loan
from carloan.loans.services.shredding import loan_shred
from tests.archives.conftest import loan_for, transcribed
from tests.cast import Lender

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])
VALUES = {"name": "王小明", "number": "110101199001011229"}


def corrected_on_the_desk(bank: Lender) -> Paper:
    paper = transcribed(bank, {**VALUES, "address": "金车路1号"}, serial="desk")
    values = {**VALUES, "address": "金车路2号"}
    return paper_correct(
        actor=bank.actor("officer"), paper=paper, revision=paper.revision, kind=paper.kind, values=values
    )


def file(bank: Lender, paper: Paper, loan: Loan) -> Paper:
    return paper_file(actor=bank.actor("officer"), paper=paper, revision=paper.revision, loan=loan, reason="已核对")


def empty_loan(bank: Lender, number: str = "HX-K-1") -> Loan:
    return loan_for(bank, contract_no=number, people=[], vehicle=None)


def test_papers_on_the_desk_share_no_key(bank: Lender) -> None:
    with bank.open():
        one, two = transcribed(bank, VALUES, serial="one"), transcribed(bank, VALUES, serial="two")
        assert one.key_subject() == Subject("desk", one.id)
        destroy_key(one.key_subject())
        with pytest.raises(KeyDestroyed):
            bytes_of(one)
        assert values_of(two) == VALUES


def test_destroying_a_loan_with_its_desk_keys_reaches_what_was_written_on_the_desk(bank: Lender) -> None:
    with bank.open():
        paper = corrected_on_the_desk(bank)
        on_desk = bytes(paper.wrapped_key)
        loan = empty_loan(bank)
        paper = file(bank, paper, loan)
        corrected = AuditEvent.objects.get(action="archives.paper.corrected", object_id=paper.id)
        assert open_detail(corrected)["before"]["address"] == "金车路1号"
        assert desk_keys_of(loan) == [Subject("desk", paper.id)]

        assert all(destroy_key(subject) for subject in [Subject("loan", loan.id), *desk_keys_of(loan)])
        with pytest.raises(KeyDestroyed):
            open_detail(corrected)
        with pytest.raises(KeyDestroyed):
            unwrap_paper_key(Subject("desk", paper.id), on_desk, paper.id)
        with pytest.raises(KeyDestroyed):
            bytes_of(paper)


def test_a_filed_paper_needs_only_the_loan_s_key(bank: Lender) -> None:
    with bank.open():
        paper = file(bank, corrected_on_the_desk(bank), empty_loan(bank))
        destroy_key(Subject("desk", paper.id))
        assert values_of(paper)["address"] == "金车路2号"
        assert clear(paper, "name") == "证件.png"
        assert bytes_of(paper).startswith(b"drawing")


def test_a_paper_that_never_lay_on_the_desk_has_no_desk_key_until_it_goes_there(bank: Lender) -> None:
    with bank.open():
        loan = empty_loan(bank)
        paper = transcribed(bank, VALUES, loan=loan)
        with pytest.raises(KeyMissing):
            secrets_of(Subject("desk", paper.id))
        paper = paper_refile(
            actor=bank.actor("officer"), paper=paper, revision=paper.revision, loan=None, reason="放错了"
        )
        destroy_key(Subject("loan", loan.id))
        assert values_of(paper) == VALUES


def test_shredding_a_loan_takes_its_papers_their_text_index_and_their_desk_keys(bank: Lender) -> None:
    with bank.open():
        loan = empty_loan(bank)
        paper = file(bank, corrected_on_the_desk(bank), loan)
        other = transcribed(bank, VALUES, serial="other")
        for one in (paper, other):
            paper_index(one, [(1, "王小明住在金车路2号")])
        for _again in range(2):
            loan_shred(actor=bank.system, loan=loan)
        assert list(SearchSlot.objects.values_list("paper_id", flat=True)) == [other.id]
        # One was read, corrected and indexed anew, the other one read and indexed anew: all but what still counts.
        assert SearchSegment.objects.filter(purge=True).count() == 4
        segments_tidy()
        assert not SearchSegment.objects.filter(purge=True).exists()
        SearchSegment.objects.exclude(retired_at=None).update(retired_at=timezone.now() - 2 * RETIRED)
        segments_tidy()
        left = set(SearchBlock.objects.values_list("segment_id", flat=True))
        assert left == set(SearchSlot.objects.values_list("segment_id", flat=True))
        assert not PaperField.objects.filter(paper=paper).exclude(value=None, original=None).exists()
        for subject in (Subject("desk", paper.id), Subject("loan", loan.id)):
            with pytest.raises(KeyDestroyed):
                secrets_of(subject)
        assert values_of(other) == VALUES
