"""The risk register: quadrants say when a risk is looked at again, every look stays, words are of the house."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from carloan.compliance.models import Risk, RiskReview
from carloan.compliance.policies.risks import ACCEPT, AVOID, GRADES, REDUCE, TRANSFER, quadrant_of
from carloan.compliance.selectors.risks import due_count, risks_for
from carloan.compliance.services.risks import risk_change, risk_review
from carloan.core.errors import Conflict, Forbidden, Invalid
from carloan.core.models import AuditEvent
from tests.cast import Lender
from tests.compliance.governed import risk

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])


def review(lender: Lender, row: Risk, **changes: Any) -> Risk:
    given: dict[str, Any] = {"probability": 1, "loss": 4, "note": "已投保", "revision": row.revision}
    return risk_review(actor=lender.actor("compliance"), risk=row, **{**given, **changes})


def test_every_grade_stands_in_one_of_four_quadrants() -> None:
    found = [quadrant_of(probability, loss) for probability in GRADES for loss in GRADES]
    assert {each.code: found.count(each) for each in (AVOID, TRANSFER, REDUCE, ACCEPT)} == dict.fromkeys(
        ("avoid", "transfer", "reduce", "accept"), 4
    )
    assert quadrant_of(4, 4) is AVOID
    assert quadrant_of(1, 4) is TRANSFER
    assert quadrant_of(4, 1) is REDUCE
    assert quadrant_of(1, 1) is ACCEPT


@pytest.mark.parametrize(("probability", "loss", "days"), [(3, 3, 30), (2, 3, 90), (3, 2, 180), (2, 2, 365)])
def test_the_quadrant_says_when_it_is_looked_at_again(bank: Lender, probability: int, loss: int, days: int) -> None:
    today = timezone.localdate()
    with bank.open():
        assert risk(bank, probability=probability, loss=loss).next_review_on == today + timedelta(days=days)
        sooner = risk(bank, probability=probability, loss=loss, next_review_on=today + timedelta(days=7))
        assert sooner.next_review_on == today + timedelta(days=7)
        for day in (today, today + timedelta(days=days + 1)):
            with pytest.raises(Invalid):
                risk(bank, probability=probability, loss=loss, next_review_on=day)


def test_each_look_stays_with_its_event(bank: Lender) -> None:
    with bank.open():
        row = risk(bank)
        row = review(bank, row)
        row = review(bank, row, probability=1, loss=1, note="系统已下线", close=True)
        looks = list(RiskReview.objects.filter(risk=row).order_by("id").values_list("probability", "loss", "note"))
        assert looks == [(3, 4, ""), (1, 4, "已投保"), (1, 1, "系统已下线")]
        acts = AuditEvent.objects.filter(object_id=row.id).order_by("id").values_list("action", flat=True)
        assert list(acts) == ["compliance.risk.registered", "compliance.risk.reviewed", "compliance.risk.closed"]
        with pytest.raises(Conflict):
            review(bank, row)
        with pytest.raises(DatabaseError), transaction.atomic():
            RiskReview.objects.filter(risk=row).update(note="x")


def test_who_was_overtaken_hears_it(bank: Lender) -> None:
    with bank.open():
        row = risk(bank)
        review(bank, row)
        with pytest.raises(Conflict):
            review(bank, row)
        with pytest.raises(Conflict):
            risk_change(
                actor=bank.actor("compliance"), risk=row, revision=1, title="x", description="", measures="",
                owner=bank.members["officer"],
            )  # fmt: skip


def test_words_of_the_house_hold_no_number_of_anybody(bank: Lender) -> None:
    with bank.open():
        for name in ("title", "description", "measures"):
            with pytest.raises(Invalid) as caught:
                risk(bank, **{name: "客户电话13812345678"})
            assert list(caught.value.fields) == [name]
        row = risk(bank)
        with pytest.raises(Invalid):
            review(bank, row, note="电话13812345678")


def test_only_those_who_may_and_only_their_own_lender(bank: Lender, other: Lender) -> None:
    with bank.open():
        risk(bank)
        with pytest.raises(Forbidden):
            risk_review(
                actor=bank.actor("admin"), risk=Risk.objects.get(), revision=1, probability=1, loss=1, note="已投保"
            )
        with pytest.raises(Forbidden):
            risks_for(bank.actor("officer"))
    with other.open():
        assert risks_for(other.actor("compliance")) == []


def test_what_is_due_is_counted_and_listed_alike(client_of: Any, bank: Lender) -> None:
    with bank.open():
        row = risk(bank)
        risk(bank, title="未到期")
        Risk.objects.filter(id=row.id).update(next_review_on=timezone.localdate())
        assert due_count(bank.actor("compliance"), timezone.localdate()) == 1
    page = client_of(bank, "compliance").get("/compliance/risks/?only=due").content.decode()
    assert "材料外泄" in page
    assert "未到期" not in page
    assert "?only=due" in client_of(bank, "compliance").get("/home/").content.decode()


def test_pages_register_review_and_export(client_of: Any, bank: Lender) -> None:
    client = client_of(bank, "compliance")
    assert "登记" in client.get("/compliance/risks/").content.decode()
    form = {"title": "根密钥丢失", "description": "", "measures": "两处离线保存",
            "owner": str(bank.members["admin"].id), "probability": "1", "loss": "4", "next_review_on": ""}  # fmt: skip
    assert client.post("/compliance/risks/new/", {**form, "title": ""}).status_code == 422
    assert client.post("/compliance/risks/new/", form).status_code == 302
    with bank.open():
        row = Risk.objects.get()
    page = client.get(f"/compliance/risks/{row.id}/").content.decode()
    assert "两处离线保存" in page
    look = {"revision": "1", "probability": "3", "loss": "4", "note": "钥匙人离职", "next_review_on": ""}
    assert client.post(f"/compliance/risks/{row.id}/review/", look).status_code == 302
    assert client.post(f"/compliance/risks/{row.id}/review/", look).status_code == 409
    change = {"revision": "2", "title": "根密钥丢失", "description": "", "measures": "三处", "owner": form["owner"]}
    assert client.post(f"/compliance/risks/{row.id}/change/", change).status_code == 302
    file = client.get("/compliance/risks/export.csv")
    assert "三处" in b"".join(file.streaming_content).decode("utf-8-sig")
    assert client_of(bank, "admin").get(f"/compliance/risks/{row.id}/").status_code == 200
    assert client_of(bank, "admin").post(f"/compliance/risks/{row.id}/review/", look).status_code == 403
