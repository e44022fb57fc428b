"""What pages cost in statements: the same for forty rows as for four, for one corrected value as for all of them."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test.utils import CaptureQueriesContext

from carloan.archives.models import Paper, PaperField
from carloan.archives.services.filing import paper_correct
from carloan.archives.services.indexing import segments_tidy
from carloan.core import audit
from tests.archives.conftest import loan_for, transcribed
from tests.archives.test_filed_later import GOOD
from tests.cast import Lender

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])
Budget = Callable[..., CaptureQueriesContext]


def test_a_page_of_the_trail(bank: Lender, client_of: Any, django_assert_max_num_queries: Budget) -> None:
    with bank.open():
        loans = [loan_for(bank, contract_no=f"HX-B-{number}", people=[], vehicle=None) for number in range(20)]
        papers = [transcribed(bank, GOOD, loan=loan, serial=str(number)) for number, loan in enumerate(loans)]
        for paper, loan in zip(papers, loans, strict=True):
            audit.record(actor=bank.actor("officer"), action="archives.paper.viewed", object_type="archives.paper",
                         object_id=paper.id, loan_id=loan.id)  # fmt: skip
            audit.record(actor=bank.actor("admin"), action="core.member.changed", object_type="core.membership",
                         object_id=bank.members["officer"].id)  # fmt: skip
    client = client_of(bank, "compliance")
    client.get("/compliance/trail/")
    with django_assert_max_num_queries(34):
        page = client.get("/compliance/trail/").content.decode()
    assert page.count("<tr data-href") >= 40


@pytest.mark.parametrize("query", ["", "?q=李蓝"])
def test_a_paper_with_every_value_corrected(
    bank: Lender, client_of: Any, django_assert_max_num_queries: Budget, query: str
) -> None:
    with bank.open():
        read = {name: f"误{number}" for number, name in enumerate(GOOD)}
        paper = transcribed(bank, read)
        paper_correct(actor=bank.actor("archivist"), paper=paper, revision=paper.revision, kind=paper.kind, values=GOOD)
        assert PaperField.objects.filter(paper=paper, source="person").count() == len(GOOD)
    client = client_of(bank, "archivist")
    client.get(f"/archives/papers/{paper.id}/{query}")
    with django_assert_max_num_queries(36):
        client.get(f"/archives/papers/{paper.id}/{query}")


def test_a_desk_list_of_forty_corrected_papers(
    bank: Lender, client_of: Any, django_assert_max_num_queries: Budget
) -> None:
    with bank.open():
        for number in range(40):
            paper = transcribed(bank, GOOD | {"name": "李监"}, serial=str(number))
            now = Paper.objects.get(id=paper.id)
            paper_correct(
                actor=bank.actor("archivist"), paper=now, revision=now.revision, kind=now.kind, values={"name": "李蓝"}
            )
        # As the sweep leaves the index: each small segment costs a statement until then.
        segments_tidy()
    client = client_of(bank, "archivist")
    client.get("/archives/?q=李蓝")
    with django_assert_max_num_queries(40):
        page = client.get("/archives/?q=李蓝").content.decode()
    assert page.count("更正值") == 40
