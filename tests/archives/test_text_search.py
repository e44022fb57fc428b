"""The search function holds each fence by itself: tenant and branch, whoever calls it."""

from dataclasses import replace
from pathlib import Path

import pytest
from django.db import connection

from carloan.archives.models import PageGrams, Paper
from carloan.archives.policies.grams import grams_of_query
from carloan.archives.selectors import text_search
from carloan.archives.selectors.text_search import papers_containing
from carloan.archives.services.reading import paper_recognise
from carloan.core.actors import Right
from carloan.core.keys import index_key
from carloan.loans.models import Loan
from tests.archives.conftest import loan_for, received, transcribed
from tests.cast import Lender

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])


@pytest.fixture
def id_card(bank: Lender, shared_data: Path, fast_recognition: None) -> Paper:
    with bank.open():
        paper = received(bank, (shared_data / "documents/id-card-demo.png").read_bytes())
        paper_recognise(paper_id=paper.id)
    return paper


def candidates(grams: list[int], branches: list[str], *, everywhere: bool) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*)"
            " FROM archives_search_grams(%s::integer[], %s::uuid[], '{}'::uuid[], %s, NULL::uuid, NULL::integer, 50)",
            [grams, branches, everywhere],
        )
        return int(cursor.fetchone()[0])


def test_another_tenant_finds_nothing_even_with_the_very_grams(bank: Lender, other: Lender, id_card: Paper) -> None:
    with bank.open():
        grams = grams_of_query("金车路", index_key("grams"))
        assert candidates(grams, [], everywhere=True) == 1
    with other.open():
        assert candidates(grams, [], everywhere=True) == 0


def test_another_branch_finds_nothing_even_with_the_very_grams(bank: Lender, id_card: Paper) -> None:
    with bank.open():
        grams = grams_of_query("金车路", index_key("grams"))
        assert candidates(grams, [str(bank.branches["east"].id)], everywhere=False) == 1
        assert candidates(grams, [str(bank.branches["west"].id)], everywhere=False) == 0
        assert candidates(grams, [], everywhere=False) == 0


def test_outside_a_tenant_the_function_gives_nothing(bank: Lender, id_card: Paper) -> None:
    with bank.open():
        grams = grams_of_query("金车路", index_key("grams"))
    assert candidates(grams, [], everywhere=True) == 0


def test_a_gram_that_collides_is_not_a_hit(bank: Lender, id_card: Paper) -> None:
    """Candidates are confirmed on the text: an index that says too much still finds only what is there."""
    with bank.open():
        grams = grams_of_query("抵押登记", index_key("grams"))
        row = PageGrams.objects.get(paper=id_card)
        PageGrams.objects.filter(id=row.id).update(grams=sorted({*row.grams, *grams}))
        assert candidates(grams, [], everywhere=True) == 1
        assert papers_containing(bank.actor("officer"), "抵押登记") == []


def test_a_refused_paper_is_found_until_it_is_gone(bank: Lender, id_card: Paper) -> None:
    with bank.open():
        assert [paper.id for paper in papers_containing(bank.actor("officer"), "金车路")] == [id_card.id]
        Paper.objects.filter(id=id_card.id).delete()
        assert papers_containing(bank.actor("officer"), "金车路") == []
        assert not PageGrams.objects.filter(paper_id=id_card.id).exists()


def test_papers_of_own_loans_and_own_uploads_in_other_branches_are_found(bank: Lender) -> None:
    with bank.open():
        mine, foreign = (
            loan_for(bank, contract_no=number, branch="west", people=[], vehicle=None)
            for number in ("HX-W-1", "HX-W-2")
        )
        Loan.objects.filter(id=mine.id).update(officer_id=bank.members["officer"].id)
        of_mine, _, uploaded = (
            transcribed(bank, {"name": "王小明"}, text="抵押登记证明", role=role, loan=loan, serial=serial)
            for role, loan, serial in (("archivist", mine, "a"), ("archivist", foreign, "b"), ("officer", None, "c"))
        )
        Paper.objects.filter(id=uploaded.id).update(branch_id=bank.branches["west"].id)
        PageGrams.objects.filter(paper=uploaded).update(branch_id=bank.branches["west"].id)
        rights = {"papers.view": Right(own=True), "sight.clear": Right(everywhere=True)}
        actor = replace(bank.actor("officer"), rights=rights)
        assert {paper.id for paper in papers_containing(actor, "抵押登记")} == {of_mine.id, uploaded.id}


def test_the_search_goes_on_behind_candidates_that_are_no_hits(bank: Lender, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text_search, "BATCH", 2)
    with bank.open():
        oldest = transcribed(bank, {"name": "王小明"}, text="抵押登记证明")
        grams = grams_of_query("抵押登记", index_key("grams"))
        for number in range(5):
            other = transcribed(bank, {"name": "李四"}, text="别的文字", serial=str(number))
            row = PageGrams.objects.get(paper=other)
            PageGrams.objects.filter(id=row.id).update(grams=sorted({*row.grams, *grams}))
        assert [paper.id for paper in papers_containing(bank.actor("officer"), "抵押登记")] == [oldest.id]
