"""What a person corrected is found like what stands on the paper: exactly, shown as such, behind the same fences."""

from dataclasses import replace
from io import StringIO
from random import Random
from typing import Any

import pytest
from django.core.management import call_command

from carloan.archives.finders import find_papers
from carloan.archives.models import Paper, PaperField, SearchBlock, SearchSegment, SearchSlot
from carloan.archives.policies.grams import normal
from carloan.archives.policies.query import holds, parse
from carloan.archives.selectors import text_index, text_search
from carloan.archives.selectors.text_page import TextFilters, found_page
from carloan.archives.selectors.text_search import papers_containing, text_hits
from carloan.archives.services.filing import paper_correct, paper_refile
from carloan.archives.services.finding import missing_index
from carloan.archives.services.indexing import segments_tidy
from carloan.archives.values import written
from carloan.core.actors import Right
from carloan.lib.masks import id_number
from tests.archives.conftest import loan_for, transcribed
from tests.cast import Lender

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])

MISREAD = {"name": "李监", "number": "110101199001011229"}


def corrected(lender: Lender, paper: Paper, **values: str) -> Paper:
    paper = Paper.objects.get(id=paper.id)
    return paper_correct(
        actor=lender.actor("archivist"), paper=paper, revision=paper.revision, kind=paper.kind, values=values
    )


def found(lender: Lender, query: str, role: str = "officer") -> list[Any]:
    return [paper.id for paper in papers_containing(lender.actor(role), query, limit=99)]


@pytest.fixture
def card(bank: Lender) -> Paper:
    with bank.open():
        return transcribed(bank, MISREAD, text="姓名李监\f背面")


def test_a_corrected_name_is_found_and_so_is_what_stood_on_the_paper(bank: Lender, card: Paper) -> None:
    with bank.open():
        assert found(bank, "李蓝") == []
        corrected(bank, card, name="李蓝")
        for _merged in range(2):
            assert found(bank, "李蓝") == found(bank, "李监") == found(bank, "李蓝 背面") == [card.id]
            assert found(bank, "李监 -李蓝") == []
            segments_tidy()


def test_a_correction_that_was_changed_or_put_back_is_found_no_more(bank: Lender, card: Paper) -> None:
    with bank.open():
        corrected(bank, card, name="李蓝")
        corrected(bank, card, name="黎兰")
        assert (found(bank, "李蓝"), found(bank, "黎兰")) == ([], [card.id])
        corrected(bank, card, name="李监")
        assert (found(bank, "黎兰"), found(bank, "李监")) == ([], [card.id])
        (hit,) = found_page(bank.actor("officer"), TextFilters(q="李监"))[0]
        assert hit.corrected == [], "what the machine read is no correction"
        corrected(bank, card, name="")
        assert found(bank, "李监") == [card.id]


def test_no_word_runs_from_one_value_into_the_next(bank: Lender, card: Paper) -> None:
    with bank.open():
        corrected(bank, card, name="李蓝", sex="女", address="北京市")
        assert found(bank, "女") == found(bank, "李蓝 女") == [card.id]
        for across in ("蓝女", "女李", "市李", "背面李蓝"):
            assert found(bank, across) == [], across


def test_money_is_found_as_people_write_it(bank: Lender) -> None:
    with bank.open():
        paper = transcribed(bank, {"total": "6900000"}, kind="vat_invoice", text="价税合计 89000.00")
        corrected(bank, paper, total="69000.01")
        assert found(bank, "69000.01") == [paper.id]
        assert found(bank, "6900001") == []


def test_a_paper_that_only_a_person_could_read_is_found(bank: Lender, card: Paper) -> None:
    with bank.open():
        card.page_set.all().delete()
        SearchSegment.objects.all().delete()
        corrected(bank, card, name="李蓝")
        assert found(bank, "李蓝") == [card.id]
        SearchSlot.objects.all().delete()
        assert missing_index() == 1
        assert missing_index() == 0
        assert found(bank, "李蓝") == [card.id]


def test_after_a_restore_corrected_values_are_found_again(bank: Lender, card: Paper) -> None:
    with bank.open():
        corrected(bank, card, name="李蓝")
        SearchSegment.objects.all().delete()
        assert found(bank, "李蓝") == []
    call_command("rebuild_search", stdout=StringIO())
    with bank.open():
        assert found(bank, "李蓝") == [card.id]


def test_a_corrected_paper_that_moves_is_found_where_it_lies_now(bank: Lender, card: Paper) -> None:
    with bank.open():
        card = corrected(bank, card, name="李蓝")
        paper_refile(
            actor=bank.actor("archivist"), paper=card, revision=card.revision, loan=loan_for(bank), reason="属于此人"
        )
        assert found(bank, "李蓝") == [card.id]


def test_every_query_finds_what_a_plain_scan_of_texts_and_corrections_finds(
    bank: Lender, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Few characters, so that everything is scattered everywhere; corrections come, change and go between merges."""
    for module in (text_search, text_index):
        monkeypatch.setattr(module, "BATCH", 2)
        monkeypatch.setattr(module, "MOST_BATCH", 3)
    random = Random(7)
    names = ("name", "address", "authority", "ethnicity")

    def text(most: int) -> str:
        return "".join(random.choice("抵押登记1A") for _ in range(random.randint(1, most)))

    with bank.open():
        read = [(text(12), {name: text(5) for name in names}) for _ in range(30)]
        made = [
            (transcribed(bank, values, text=page, serial=str(number)), page, dict(values))
            for number, (page, values) in enumerate(read)
        ]
        stands: list[dict[str, str]] = [{} for _ in made]
        for turn in range(60):
            at = random.randrange(len(made))
            paper, _page, values = made[at]
            name = random.choice(names)
            new = values[name] if random.random() < 0.3 else random.choice(["", text(5), text(5)])
            corrected(bank, paper, **{name: new})
            stands[at][name] = new if new and new != values[name] else ""
            if turn in (20, 40):
                segments_tidy()
        texts = [
            [normal(page), *(normal(written(name, value)) for name, value in told.items() if value)]
            for (_paper, page, _values), told in zip(made, stands, strict=True)
        ]
        officer, hits_of_corrections = bank.actor("officer"), 0
        for _ in range(150):
            query = random.choice(["{}", "{} {}", "{} -{}", "{} OR {}", "({} OR {}) NOT {}"]).replace("{}", "%s")
            query %= tuple(text(4) for _ in range(query.count("%s")))
            parsed = parse(query)
            assert parsed is not None
            hits = list(text_hits(officer, query))
            scanned = [
                paper.id
                for (paper, _page, _values), own in reversed(list(zip(made, texts, strict=True)))
                if holds(parsed, lambda word, own=own: any(word in one for one in own))  # type: ignore[misc]
            ]
            assert [hit.paper.id for hit in hits] == scanned, query
            hits_of_corrections += sum(hit.page is None for hit in hits)
        assert hits_of_corrections > 50


# Fences ------------------------------------------------------------------------------------------------------------


def test_the_fences_of_text_hold_for_corrected_values(bank: Lender, other: Lender, card: Paper) -> None:
    with bank.open():
        corrected(bank, card, name="李蓝")
        blind = replace(bank.actor("archivist"), rights={"papers.view": Right(everywhere=True)})
        west = Right(branches=frozenset({bank.branches["west"].id}))
        elsewhere = replace(bank.actor("archivist"), rights={"papers.view": west, "sight.clear": west})
        half = replace(elsewhere, rights={**elsewhere.rights, "papers.view": Right(everywhere=True)})
        for actor in (blind, elsewhere, half):
            assert list(text_hits(actor, "李蓝")) == []
            assert find_papers(actor, "李蓝", 9) == []
        grams = set(SearchBlock.objects.values_list("first", flat=True))
        assert not any("李蓝".encode() in bytes(block.body) for block in SearchBlock.objects.all())
    with other.open():
        assert found(other, "李蓝") == []
        corrected(other, transcribed(other, MISREAD, text="姓名李监\f背面"), name="李蓝")
        assert len(found(other, "李蓝")) == 1
        assert not grams & set(SearchBlock.objects.values_list("first", flat=True))


def test_a_search_among_corrections_costs_the_same_however_many_there_are(
    bank: Lender, django_assert_max_num_queries: Any
) -> None:
    with bank.open():
        for number in range(20):
            corrected(bank, transcribed(bank, MISREAD, serial=str(number)), name="李蓝")
        segments_tidy()
        officer = bank.actor("officer")
        found(bank, "李蓝")
        with django_assert_max_num_queries(9):
            assert len(list(text_hits(officer, "李蓝"))) == 20
        with django_assert_max_num_queries(15):
            hits, _more = found_page(officer, TextFilters(q="李蓝"))
        assert all(hit.corrected for hit in hits)


# As people see it ----------------------------------------------------------------------------------------------------


def test_hits_on_corrected_values_are_shown_as_such_at_every_door(bank: Lender, client_of: Any, card: Paper) -> None:
    box = [0.25, 0.1, 0.5, 0.2]
    with bank.open():
        corrected(bank, card, name="李蓝", number="110101199001011237")
        PaperField.objects.filter(paper=card, name="name").update(box=box, page=2)
    client = client_of(bank, "archivist")
    page = client.get("/archives/search/?q=李蓝").content.decode()
    assert "更正值" in page
    assert "<mark>李蓝</mark>" in page
    assert "page=2" in page
    assert 'class="hit-text"><span' in page, "nothing is shown of a page on which the words do not stand"
    numbers = client.get("/archives/search/?q=110101199001011237").content.decode()
    assert "更正值" in numbers
    assert id_number("110101199001011237") in numbers, "guarded values stay masked on pages"
    listed = client.get("/archives/?q=李蓝").content.decode()
    assert "更正值" in listed
    palette = client.get("/search/?q=李蓝", headers={"HX-Request": "true"}).content.decode()
    assert "更正值：姓名" in palette
    paper = client.get(f"/archives/papers/{card.id}/?q=李蓝").content.decode()
    assert 'data-viewer-mark="2" data-at="0.25,0.1,0.5,0.2"' in paper
    (row,) = client.get("/api/v1/papers/?q=李蓝").json()["results"]
    assert row["corrected"] == ["name"]
    assert client.get("/api/v1/papers/").json()["results"][0]["corrected"] == []
    found = client.get("/api/v1/search/?q=李蓝").json()
    assert str(card.id) in str(found)
