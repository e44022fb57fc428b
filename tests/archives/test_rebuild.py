"""After a restore the search in papers is empty; the command fills it from what is sealed."""

from io import StringIO

import pytest
from django.core.management import call_command

from carloan.archives.models import SearchSegment, SearchSlot
from carloan.archives.selectors.listing import papers_found
from carloan.archives.services import finding
from carloan.archives.services.finding import search_rebuild, search_tidy
from carloan.core.keys import Subject, destroy_key
from carloan.core.models import LookupTerm
from tests.archives.conftest import transcribed
from tests.cast import Lender

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])
VALUES = {"name": "王小明", "number": "110101199001011229"}


def test_the_command_makes_papers_of_every_tenant_findable_again(bank: Lender, other: Lender) -> None:
    papers = {}
    for lender in (bank, other):
        with lender.open():
            papers[lender.tenant.slug] = transcribed(lender, VALUES, text="抵押登记证明").id
            SearchSegment.objects.all().delete()
            LookupTerm.objects.filter(object_kind="paper").delete()
            assert papers_found(lender.actor("officer"), "抵押登记", limit=9) == []
    said = StringIO()
    call_command("rebuild_search", stdout=said)
    assert "bank: 1 papers" in said.getvalue()
    for lender in (bank, other):
        with lender.open():
            for query in ("抵押登记", VALUES["number"]):
                found = papers_found(lender.actor("officer"), query, limit=9)
                assert [paper.id for paper in found] == [papers[lender.tenant.slug]], query


def test_batches_lose_no_paper_and_a_shredded_one_loses_its_index(
    bank: Lender, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "BATCH", 2)
    with bank.open():
        made = [transcribed(bank, VALUES, serial=str(number)) for number in range(5)]
        SearchSlot.objects.filter(paper__in=made[1:]).delete()
        destroy_key(Subject("desk", made[0].id))
        assert search_rebuild() == 4
        for paper in made[1:]:
            assert SearchSlot.objects.filter(paper=paper, segment__retired_at=None).count() == 1
        found = papers_found(bank.actor("officer"), "王小明", limit=9)
        assert {paper.id for paper in found} == {paper.id for paper in made[1:]}
        assert not LookupTerm.objects.filter(object_id=made[0].id).exists()


def test_the_sweep_indexes_what_was_read_but_cannot_be_found(bank: Lender) -> None:
    """After an upgrade or a restore nobody has to remember a command."""
    with bank.open():
        made = [transcribed(bank, VALUES, serial=str(number)) for number in range(3)]
        SearchSegment.objects.all().delete()
        assert papers_found(bank.actor("officer"), "王小明", limit=9) == []
        assert search_tidy()[0] == 3
        assert search_tidy()[0] == 0
        found = papers_found(bank.actor("officer"), "王小明", limit=9)
        assert {paper.id for paper in found} == {paper.id for paper in made}
