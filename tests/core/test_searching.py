"""Searching finds behind the masks: every question is told, without its words, and there is a bound for strangers."""

import json
from typing import Any

import pytest
from django.test import Client

from carloan.core import audit
from carloan.core.models import AuditEvent
from carloan.core.pages import search as search_pages
from carloan.core.services import searching
from tests.cast import Lender
from tests.loans.book import id_number, open_loan

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])
PLACES = {
    "/search/": "core.search",
    "/api/v1/search/": "core.search",
    "/loans/": "loans.loan",
    "/api/v1/loans/": "loans.loan",
    "/archives/": "archives.paper",
    "/api/v1/papers/": "archives.paper",
}


def asked(lender: Lender, action: str = searching.ASKED) -> list[AuditEvent]:
    with lender.open():
        return list(AuditEvent.objects.filter(action=action).order_by("id"))


@pytest.fixture(autouse=True)
def _loan(bank: Lender) -> None:
    with bank.open():
        open_loan(bank.system, branch_id=bank.branches["east"].id)


@pytest.mark.parametrize("path", PLACES)
def test_a_search_is_told_without_its_words(client_of: Any, bank: Lender, path: str) -> None:
    client = client_of(bank, "compliance")
    assert client.get(path, {"q": id_number(1)}).status_code == 200
    assert client.get(path, {"q": "  "}).status_code == 200
    if path not in ("/search/", "/api/v1/search/"):
        assert client.get(path).status_code == 200
    (event,) = asked(bank)
    assert (event.object_type, event.actor_id) == (PLACES[path], bank.members["compliance"].id)
    with bank.open():
        detail = str(audit.open_detail(event))
    assert id_number(1) not in detail + bytes(event.canon).decode()


@pytest.mark.parametrize("path", PLACES)
def test_who_sees_masks_asks_so_often_and_no_more(
    client_of: Any, bank: Lender, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "MOST_A_MINUTE", 2)
    client = client_of(bank, "compliance")
    for serial in (1, 2):
        assert client.get(path, {"q": id_number(serial)}).status_code == 200
    refused = client.get(path, {"q": id_number(3)})
    assert refused.status_code == 429
    assert refused["Retry-After"] == "60"
    assert "搜索次数过多" in refused.content.decode()
    assert len(asked(bank)) == 2
    officer = client_of(bank, "officer")
    for _number in range(4):
        assert officer.get(path, {"q": id_number(3)}).status_code == 200, "who sees clear values guesses nothing"


def test_a_day_has_its_bound_and_a_key_too(bank: Lender, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searching, "MOST_A_DAY", 1)
    headers = {"Authorization": bank.key("compliance")}
    assert Client().get("/api/v1/search/", {"q": "王"}, headers=headers).status_code == 200
    refused = Client().get("/api/v1/loans/", {"q": id_number(1)}, headers=headers)
    assert refused.status_code == 429
    assert refused.json()["error"]["code"] == "search_quota"


def test_what_a_key_found_in_clear_is_told(bank: Lender) -> None:
    def find(role: str) -> list[dict[str, Any]]:
        headers = {"Authorization": bank.key(role)}
        hits: list[dict[str, Any]] = (
            Client().get("/api/v1/search/", {"q": id_number(1)}, headers=headers).json()["results"]
        )
        return hits

    assert find("compliance")
    assert asked(bank, searching.READ) == []
    hits = find("officer")
    (event,) = asked(bank, searching.READ)
    assert json.loads(bytes(event.canon))["count"] == len(hits)
    with bank.open():
        assert audit.open_detail(event)["after"]["hits"] == [f"{hit['kind']} {hit['id']}" for hit in hits]


def test_an_export_by_search_counts(client_of: Any, bank: Lender) -> None:
    client = client_of(bank, "officer").confirmed()
    b"".join(client.get("/loans/export.csv", {"q": id_number(1)}).streaming_content)
    assert [event.object_type for event in asked(bank)] == ["loans.loan"]


def test_what_does_not_fit_the_palette_is_told_and_one_step_away(client_of: Any, bank: Lender) -> None:
    with bank.open():
        for serial in range(2, 9):
            open_loan(bank.system, serial, branch_id=bank.branches["east"].id)
    client = client_of(bank, "officer")
    palette = client.get("/search/", {"q": "HT-00000"}, headers={"HX-Request": "true"}).content.decode()
    assert palette.count('role="option"') == search_pages.IN_PALETTE + 1
    assert 'href="/t/bank/search/?q=HT-00000"' in palette
    page = client.get("/search/", {"q": "HT-00000"}).content.decode()
    assert page.count("<tr data-href") == 8
    assert "仅显示前" not in page


def test_a_page_that_holds_not_all_says_so(client_of: Any, bank: Lender, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search_pages, "ON_PAGE", 2)
    with bank.open():
        for serial in range(2, 4):
            open_loan(bank.system, serial, branch_id=bank.branches["east"].id)
    page = client_of(bank, "officer").get("/search/", {"q": "HT-00000"}).content.decode()
    assert page.count("<tr data-href") == 2
    assert "仅显示前 2 条" in page
