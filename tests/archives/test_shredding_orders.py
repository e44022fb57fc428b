"""Shredding orders: every sheet is scanned, and nothing is shredded before two have witnessed the batch's record."""

from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from carloan.archives.models import Custody, Original, ShreddingOrder
from carloan.archives.policies.originals.codes import ORIGINAL, code_of
from carloan.archives.policies.originals.shredding import MOVES, Counted
from carloan.archives.selectors.originals.shredding import batches_to_shred, counted
from carloan.archives.services.originals.ordering import (
    shredding_draw,
    shredding_finish,
    shredding_scan,
    shredding_withdraw,
)
from carloan.archives.services.originals.shredding import originals_left
from carloan.compliance.models import DestructionBatch, DestructionItem
from carloan.compliance.services.shredding import shredding_record, shredding_witness
from carloan.core.errors import Conflict, Forbidden, Invalid
from carloan.core.moves import step
from tests.archives.originals import lent, loan_of, shelved
from tests.cast import Lender, past_the_triggers
from tests.compliance.certified import shredding, verified_by_hand
from tests.compliance.held import another
from tests.machines import walk

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])


def batch_of(bank: Lender) -> DestructionBatch:
    """A verified batch of which the loan of the tests' originals stands first."""
    batch = verified_by_hand(bank)
    with past_the_triggers():
        DestructionItem.objects.filter(batch=batch, place=1).update(object_id=loan_of(bank).id)
    return batch


def code(original: Original) -> str:
    return code_of(ORIGINAL, original.number)


def witnessed(bank: Lender, batch: DestructionBatch, papers: int) -> None:
    recorder = another(bank, "archivist", "经办人")
    record = shredding_record(actor=recorder, batch=batch, record=shredding(counts={1: (1, papers)}))
    for role, name in (("officer", "监销人甲"), ("archivist", "监销人乙")):
        shredding_witness(actor=another(bank, role, name), batch=batch, digest=record.digest)


def test_count_in_is_count_out_is_what_two_witnessed(bank: Lender) -> None:
    with bank.open():
        originals, batch, actor = [shelved(bank), shelved(bank)], batch_of(bank), bank.actor("archivist")
        assert [each.id for each in batches_to_shred(actor)] == [batch.id]
        order = shredding_draw(actor=actor, batch=batch)
        assert batches_to_shred(actor) == []
        assert DestructionBatch.objects.get(id=batch.id).originals
        with pytest.raises(Invalid) as caught:
            shredding_finish(actor=actor, order=order)
        assert caught.value.fields.keys() == {"scanned", "record"}
        for each in (*originals, originals[0]):
            shredding_scan(actor=actor, order=order, code=code(each))
        witnessed(bank, batch, 3)
        with pytest.raises(Invalid) as caught:
            shredding_finish(actor=actor, order=order)
        assert caught.value.fields.keys() == {"counts"}
        assert set(Original.objects.values_list("state", flat=True)) == {"shelved"}
        witnessed(bank, batch, 2)
        shredding_finish(actor=actor, order=order)
        assert set(Original.objects.values_list("state", flat=True)) == {"shredded"}
        hand = Custody.objects.filter(act="shred").first()
        assert hand is not None
        assert hand.second in (bank.members["监销人甲"], bank.members["监销人乙"])
        assert list(originals_left(originals[0].loan_id)) == []
        with pytest.raises(Conflict):
            shredding_scan(actor=actor, order=order, code=code(originals[0]))


def test_a_record_without_its_witnesses_ends_no_order(bank: Lender) -> None:
    with bank.open():
        original, batch, actor = shelved(bank), batch_of(bank), bank.actor("archivist")
        order = shredding_draw(actor=actor, batch=batch)
        shredding_scan(actor=actor, order=order, code=code(original))
        recorder = another(bank, "archivist", "经办人")
        record = shredding_record(actor=recorder, batch=batch, record=shredding(counts={1: (1, 1)}))
        shredding_witness(actor=bank.actor("officer"), batch=batch, digest=record.digest)
        with pytest.raises(Invalid) as caught:
            shredding_finish(actor=actor, order=order)
        assert caught.value.fields.keys() == {"witnesses"}


def test_no_order_before_the_execution_or_for_what_somebody_has(bank: Lender) -> None:
    with bank.open():
        away, batch, actor = lent(bank), batch_of(bank), bank.actor("archivist")
        with pytest.raises(Conflict, match=r"."):
            shredding_draw(actor=actor, batch=batch)
        with pytest.raises(Forbidden):
            shredding_draw(actor=bank.actor("officer"), batch=batch)
        with past_the_triggers():
            DestructionBatch.objects.filter(id=batch.id).update(state="cooling")
        with pytest.raises(Conflict):
            shredding_draw(actor=actor, batch=batch)
        assert list(originals_left(away.loan_id)) == ["originals"]


def test_what_is_not_on_the_order_is_put_aside(bank: Lender) -> None:
    with bank.open():
        shelved(bank)
        batch, actor = batch_of(bank), bank.actor("archivist")
        order = shredding_draw(actor=actor, batch=batch)
        stray = shelved(bank)
        for wrong in (code(stray), "Y1", ""):
            with pytest.raises(Invalid):
                shredding_scan(actor=actor, order=order, code=wrong)
        shredding_withdraw(actor=actor, order=order)
        assert len(counted(shredding_draw(actor=actor, batch=batch)).listed) == 2


def test_every_event_in_every_state_takes_its_line_or_is_refused(bank: Lender) -> None:
    with bank.open():
        shelved(bank)
        order = shredding_draw(actor=bank.actor("archivist"), batch=batch_of(bank))
    whole = Counted(listed=[1], scanned=1, recorded={1: 1}, witnesses=2, needed=2)

    def act(row: ShreddingOrder, event: str) -> None:
        step(row, MOVES, event, facts=whole, audit_event_id=row.audit_event_id)

    with bank.open():
        assert walk(order, MOVES, ShreddingOrder.State.values, act)[0] == len(list(MOVES))


@pytest.mark.parametrize("table", ["shreddingorder", "shreddingitem", "shreddingscan"])
def test_plain_sql_removes_nothing_of_an_order(bank: Lender, table: str) -> None:
    with bank.open():
        original = shelved(bank)
        order = shredding_draw(actor=bank.actor("archivist"), batch=batch_of(bank))
        shredding_scan(actor=bank.actor("archivist"), order=order, code=code(original))
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM archives_{table}")


def test_an_order_goes_from_its_page_to_its_end(bank: Lender, client_of: Any) -> None:
    with bank.open():
        original, batch = shelved(bank), batch_of(bank)
    client = client_of(bank, "archivist")
    assert f"/archives/shredding/of/{batch.id}/" in client.get("/archives/shredding/").content.decode()
    page = client.post(f"/archives/shredding/of/{batch.id}/")["Location"].removeprefix("/t/bank")
    assert client.post(f"{page}scan/", {"code": "Y1"}).status_code == 302
    assert client.post(f"{page}scan/", {"code": code(original)}).status_code == 302
    assert "finish/" not in client.get(page).content.decode()
    with bank.open():
        witnessed(bank, batch, 1)
    assert "finish/" in client.get(page).content.decode()
    assert "reauthenticate" in client.post(f"{page}finish/")["Location"]
    assert client.confirmed().post(f"{page}finish/").status_code == 302
    with bank.open():
        assert Original.objects.get().state == "shredded"
    assert client_of(bank, "officer").post(f"{page}withdraw/").status_code == 403
