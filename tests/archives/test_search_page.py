"""The page of the search in words: hits with snippets, facets that narrow, paging, and nothing for masked readers."""

import html
import json
import re
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from carloan.archives.models import Paper
from carloan.archives.selectors import text_page
from carloan.archives.services.indexing import paper_index, segments_tidy
from carloan.core.models import AuditEvent, RoleAssignment
from carloan.core.services import searching
from carloan.core.services.searching import ASKED
from tests.archives.conftest import loan_for, transcribed
from tests.cast import Lender

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])


def get(client: Any, path: str) -> str:
    answer = client.get(f"/archives/search/{path}")
    assert answer.status_code == 200
    return str(answer.content.decode())


@pytest.fixture
def archive(bank: Lender) -> None:
    with bank.open():
        loan = loan_for(bank)
        transcribed(bank, {"name": "-"}, text="封面\f办理抵押登记手续 张三", loan=loan, serial="a")
        transcribed(bank, {"name": "-"}, kind="loan_contract", text="抵押登记 李四", serial="b")


def test_hits_show_the_words_and_lead_to_the_page(bank: Lender, client_of: Any, archive: None) -> None:
    page = get(client_of(bank, "officer"), "?q=抵押登记")
    assert "办理<mark>抵押登记</mark>手续" in page
    assert "HX-2025-000777" in page
    assert "page=2" in page
    assert page.count("<mark>") == 2


def test_facets_count_and_narrow(bank: Lender, client_of: Any, archive: None) -> None:
    client = client_of(bank, "officer")
    facets = get(client, "facets/?q=抵押登记")
    assert facets.count('class="num muted">1<') >= 2
    assert "kind=loan_contract" in facets
    assert "aria-current" not in facets
    chosen = get(client, "facets/?q=抵押登记&kind=loan_contract")
    assert re.findall(r'aria-current="true">([^<]+)<', chosen) == ["借款合同"]
    narrowed = get(client, "?q=抵押登记&kind=loan_contract")
    assert "李四" in narrowed
    assert "张三" not in narrowed


def test_how_the_hits_divide_belongs_to_the_search_and_is_a_search_of_its_own_without_it(
    bank: Lender, other: Lender, client_of: Any, archive: None
) -> None:
    def told() -> int:
        with bank.open():
            return AuditEvent.objects.filter(action=ASKED, object_type="archives.paper").count()

    client = client_of(bank, "officer")
    found = re.search(r"""hx-headers='({[^']+})'""", get(client, "?q=抵押登记"))
    assert found is not None
    headers = json.loads(html.unescape(found[1]))
    assert told() == 1
    assert client.get("/archives/search/facets/?q=抵押登记", headers=headers).status_code == 200
    assert told() == 1
    forged = {name: value[:-1] + ("A" if value[-1] != "A" else "B") for name, value in headers.items()}
    for count, (query, more) in enumerate((("张三", headers), ("抵押登记", forged), ("抵押登记", {})), start=2):
        client.get(f"/archives/search/facets/?q={query}", headers=more)
        assert told() == count, query
    client_of(bank, "archivist").get("/archives/search/facets/?q=抵押登记", headers=headers)
    assert told() == 5, "somebody else's proof"


def test_facets_are_bounded_as_searches_are(
    bank: Lender, client_of: Any, archive: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "MOST_A_MINUTE", 1)
    client = client_of(bank, "compliance")
    assert [client.get("/archives/search/facets/?q=张三").status_code for _ in range(2)] == [200, 429]


def test_pages_follow_each_other_without_gap_or_repetition(
    bank: Lender, client_of: Any, archive: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(text_page, "PAGE", 1)
    client = client_of(bank, "officer")
    first = get(client, "?q=抵押登记")
    assert "李四" in first
    cursor = first.split("after=")[1].split('"')[0].split("&")[0]
    second = get(client, f"?q=抵押登记&after={cursor}")
    assert "张三" in second
    assert "李四" not in second
    assert "after=" not in second.split('class="pager"')[-1] or 'class="pager"' not in second


@pytest.mark.parametrize("query", ["?q=-张三", "?q=NOT 张三", "?q=没有", "", "?q=%00"])
def test_odd_queries_are_answered_in_words(bank: Lender, client_of: Any, archive: None, query: str) -> None:
    answer = client_of(bank, "officer").get(f"/archives/search/{query}")
    assert answer.status_code in (200, 400)
    assert "<mark>" not in answer.content.decode()


@pytest.mark.parametrize("place", ["/archives/search/", "/archives/search/facets/", "/archives/", "/search/"])
def test_what_is_too_long_to_be_searched_for_is_refused_and_not_cut(
    bank: Lender, client_of: Any, archive: None, place: str
) -> None:
    """The first two hundred signs of it would find papers on which the rest does not stand."""
    client = client_of(bank, "officer")
    assert client.get(place, {"q": "抵押登记" + "手" * 196}).status_code == 200
    # One sign of the third query is three to those who compare, two of the last one are one.
    for query in ("抵押登记" + "手" * 197, "抵押登记" * 2_500, "㈱" * 70, "e\u0301" * 101):
        answer = client.get(place, {"q": query})
        assert answer.status_code == 422
        assert "200" in answer.content.decode()


@pytest.mark.parametrize("query", ["?q=张三&kind=nonsense", "?q=张三&branch=x", "?q=张三&after=1", "?q=张三&stage=?"])
def test_filters_that_do_not_exist_are_refused(bank: Lender, client_of: Any, archive: None, query: str) -> None:
    answer = client_of(bank, "officer").get(f"/archives/search/{query}")
    assert answer.status_code == 422
    assert "?" not in [line for lines in answer.context["error"].fields.values() for line in lines]


def test_whoever_sees_masked_values_is_told_why_nothing_is_found(bank: Lender, client_of: Any, archive: None) -> None:
    page = get(client_of(bank, "compliance"), "?q=张三")
    assert "<mark>" not in page


def test_a_facet_counts_what_narrowing_to_it_shows(bank: Lender) -> None:
    """Also for somebody of one branch, whose hits and numbers tell nothing of the others, and for a masked reader."""
    with bank.open():
        for number, branch in enumerate(("east", "east", "west", "west", "west")):
            loan = loan_for(bank, contract_no=f"HX-2025-00{number}", branch=branch, people=[], vehicle=None)
            kind = "loan_contract" if number % 2 else "id_card_front"
            transcribed(bank, {"name": "-"}, kind=kind, text=f"抵押登记 {number}", loan=loan, serial=str(number))
        transcribed(bank, {"name": "-"}, text="抵押登记 待归档", serial="desk")
        RoleAssignment.objects.filter(membership=bank.members["officer"]).update(branch=bank.branches["east"])
        asked = text_page.TextFilters(q="抵押登记")
        for role, whole, branches in (
            ("archivist", 6, {"城东支行": 3, "城西支行": 3}),
            ("officer", 3, {"城东支行": 3}),
        ):
            actor = bank.actor(role)
            facets = text_page.facets_of(actor, asked)
            assert (facets.counted, facets.whole) == (whole, True)
            assert {facet.label: facet.count for facet in facets.branches} == branches
            for name, found in (("kind", facets.kinds), ("stage", facets.stages), ("branch", facets.branches)):
                for facet in found:
                    narrowed = text_page.TextFilters.of({"q": asked.q, name: facet.value})
                    hits, _ = text_page.found_page(actor, narrowed)
                    assert len(hits) == facet.count == text_page.facets_of(actor, narrowed).counted, (role, facet)
            # A branch beyond reach answers like one that is not there.
            beyond = replace(asked, branch=bank.branches["west"].id)
            assert len(text_page.found_page(actor, beyond)[0]) == (3 if role == "archivist" else 0)
        masked = bank.actor("compliance")
        assert text_page.found_page(masked, asked) == ([], None)
        assert text_page.facets_of(masked, asked).counted == 0


def test_papers_that_come_or_go_between_two_pages_neither_repeat_nor_hide_others(
    bank: Lender, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(text_page, "PAGE", 2)
    with bank.open():
        papers = [
            transcribed(bank, {"name": "-"}, text=f"抵押登记 {number}", serial=str(number)) for number in range(6)
        ]
        actor, asked = bank.actor("archivist"), text_page.TextFilters(q="抵押登记")
        shown: list[UUID] = []
        hits, cursor = text_page.found_page(actor, asked)
        while hits:
            shown += [hit.paper.id for hit in hits]
            # One comes, one that was shown is read anew, one that was not is gone, and the index is merged.
            transcribed(bank, {"name": "-"}, text="抵押登记 又来", serial=f"new {len(shown)}")
            paper_index(papers[5], [(1, "抵押登记 5")])
            Paper.objects.filter(id=papers[1].id).delete()
            segments_tidy()
            if cursor is None:
                break
            hits, cursor = text_page.found_page(actor, replace(asked, after=cursor))
        assert shown == [papers[number].id for number in (5, 4, 3, 2, 0)]
