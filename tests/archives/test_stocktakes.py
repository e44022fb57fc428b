"""Stock-takes: what is scanned counts once, differences are kept, two people end it, and nothing moves by it."""

import json
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from carloan.archives.models import Custody, Original, StockDifference, StockScan, StockTake
from carloan.archives.policies.originals.codes import ORIGINAL, PLACE, code_of
from carloan.archives.policies.originals.stocktaking import MOVES, Difference, differences
from carloan.archives.services.originals.stocktaking import (
    stocktake_begin,
    stocktake_count,
    stocktake_scan,
    stocktake_settle,
    stocktake_withdraw,
)
from carloan.core.errors import Conflict, Forbidden, Invalid
from carloan.core.moves import step
from tests.archives.originals import counting, here, inside, shelved, warehouse
from tests.cast import Lender
from tests.machines import walk

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])


def code(original: Original) -> str:
    return code_of(ORIGINAL, original.number)


def test_differences_are_named_in_a_steady_order() -> None:
    expected = {"a": ("Y1", "box"), "b": ("Y2", "box"), "c": ("Y3", "bag")}
    scanned = {"Y2": ("b", "box"), "Y3": ("c", "box"), "Y9": ("", "box"), "Y4": ("d", "bag")}
    assert differences(expected, scanned) == [
        Difference("missing", "Y1", "a", "box", ""),
        Difference("misplaced", "Y3", "c", "bag", "box"),
        Difference("unexpected", "Y4", "d", "", "bag"),
        Difference("unknown", "Y9", "", "", "box"),
    ]
    assert differences({}, {}) == []


def test_a_count_finds_what_is_missing_elsewhere_unexpected_and_unknown(bank: Lender) -> None:
    with bank.open():
        actor = bank.actor("archivist")
        house = warehouse(bank)
        first, second = inside(bank, house, name="一号盒"), inside(bank, house, name="二号盒")
        there, missing, moved = shelved(bank, first), shelved(bank, first), shelved(bank, first)
        stray = here(bank)
        stocktake = stocktake_begin(actor=actor, place=house)
        before = (Custody.objects.count(), list(Original.objects.order_by("id").values()))
        stocktake_scan(actor=actor, stocktake=stocktake, code=code(there), place_id=first.id)
        again = stocktake_scan(actor=actor, stocktake=stocktake, code=code(there).lower(), place_id=second.id)
        assert (again.again, again.place) == (True, first)
        box = stocktake_scan(actor=actor, stocktake=stocktake, code=code_of(PLACE, second.number))
        assert (box.is_place, box.place) == (True, second)
        for each in (code(moved), code(stray), code_of(ORIGINAL, 987)):
            stocktake_scan(actor=actor, stocktake=stocktake, code=each, place_id=second.id)
        stocktake_count(actor=actor, stocktake=stocktake)
        told = list(StockDifference.objects.order_by("position").values_list("kind", "original"))
        assert told == [
            ("missing", missing.id),
            ("misplaced", moved.id),
            ("unexpected", stray.id),
            ("unknown", None),
        ]
        assert before == (Custody.objects.count(), list(Original.objects.order_by("id").values()))


def test_what_is_no_code_or_lies_outside_is_refused(bank: Lender) -> None:
    with bank.open():
        stocktake, elsewhere = counting(bank), warehouse(bank, "二号库")
        actor = bank.actor("archivist")
        for wrong in ("", "Y12", code_of(PLACE, elsewhere.number)):
            with pytest.raises(Invalid):
                stocktake_scan(actor=actor, stocktake=stocktake, code=wrong)
        with pytest.raises(Invalid):
            stocktake_scan(actor=actor, stocktake=stocktake, code=code_of(ORIGINAL, 1), place_id=elsewhere.id)
        with pytest.raises(Forbidden):
            stocktake_scan(actor=bank.actor("officer"), stocktake=stocktake, code=code_of(ORIGINAL, 1))
        with pytest.raises(Conflict):
            stocktake_begin(actor=actor, place=stocktake.place)


def test_whoever_counted_does_not_settle(bank: Lender) -> None:
    with bank.open():
        stocktake = counting(bank)
        with pytest.raises(Conflict):
            stocktake_settle(actor=bank.actor("compliance"), stocktake=stocktake, digest="")
        counted = stocktake_count(actor=bank.actor("archivist"), stocktake=stocktake)
        for role, digest in (("archivist", counted.digest), ("compliance", "0" * 64)):
            with pytest.raises(Conflict):
                stocktake_settle(actor=bank.actor(role), stocktake=stocktake, digest=digest)
        with pytest.raises(Forbidden):
            stocktake_settle(actor=bank.actor("officer"), stocktake=stocktake, digest=counted.digest)
        settled = stocktake_settle(actor=bank.actor("compliance"), stocktake=stocktake, digest=counted.digest)
        assert (settled.state, settled.settled_by) == ("settled", bank.members["compliance"])
        with pytest.raises(Conflict):
            stocktake_withdraw(actor=bank.actor("archivist"), stocktake=stocktake)


def test_every_event_in_every_state_takes_its_line_or_is_refused(bank: Lender) -> None:
    with bank.open():
        stocktake = counting(bank)

    def act(row: StockTake, event: str) -> None:
        step(row, MOVES, event, audit_event_id=row.audit_event_id)

    with bank.open():
        assert walk(stocktake, MOVES, StockTake.State.values, act)[0] == len(list(MOVES))


@pytest.mark.parametrize("table", ["stockexpected", "stockscan", "stockdifference", "stocktake"])
def test_plain_sql_removes_nothing_of_a_count(bank: Lender, table: str) -> None:
    with bank.open():
        stocktake = counting(bank)
        stocktake_scan(actor=bank.actor("archivist"), stocktake=stocktake, code=code_of(ORIGINAL, 99))
        stocktake_count(actor=bank.actor("archivist"), stocktake=stocktake)
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM archives_{table}")


def test_a_count_goes_from_its_page_to_its_differences(bank: Lender, client_of: Any) -> None:
    with bank.open():
        original = shelved(bank)
        assert original.place is not None
    client = client_of(bank, "archivist")
    page = client.post(f"/archives/places/{original.place_id}/count/")["Location"].removeprefix("/t/bank")
    assert "data-scan=" in client.get(page).content.decode()
    answer = client.post(f"{page}scan/", {"code": code(original)}, headers={"Accept": "application/json"})
    told = json.loads(answer.content)
    assert (told["found"], told["expected"], told["others"], told["tone"]) == (1, 1, 0, "st-green")
    wrong = client.post(f"{page}scan/", {"code": "Y1"}, headers={"Accept": "application/json"})
    assert (wrong.status_code, "code" in json.loads(wrong.content)["error"]["fields"]) == (422, True)
    # Without the script the same form leads back to the page.
    assert client.post(f"{page}scan/", {"code": code_of(ORIGINAL, 77)}).status_code == 302
    with bank.open():
        assert StockScan.objects.count() == 2
    assert client.post(f"{page}end/").status_code == 302
    assert client.post(f"{page}scan/", {"code": code(original)}).status_code == 409
    lines = b"".join(client.get(f"{page}csv/").streaming_content).decode("utf-8-sig").splitlines()
    assert len(lines) == 2
    second = client_of(bank, "compliance")
    with bank.open():
        digest = StockTake.objects.get().digest
    assert "reauthenticate" in second.post(f"{page}settle/", {"digest": digest})["Location"]
    assert second.confirmed().post(f"{page}settle/", {"digest": digest}).status_code == 302
    assert "/archives/stocktakes/" in client.get("/archives/stocktakes/").content.decode()
