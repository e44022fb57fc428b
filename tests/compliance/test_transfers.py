"""A person has their data transferred to a handler whom they name: conditions, package, delivery, refusal by letter."""

import hashlib
import io
import json
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError
from django.utils import timezone

from carloan.compliance.models import (
    PersonCopy,
    PersonRequest,
    TransferCondition,
    TransferDelivery,
    TransferRecipient,
)
from carloan.compliance.policies.person_rights import GROUNDS, MOVES, Facts, grounds_for
from carloan.compliance.policies.transfers import CONDITIONS
from carloan.compliance.selectors.transfers import conditions_of
from carloan.compliance.services.copies import copy_ask, copy_take
from carloan.compliance.services.person_rights import request_answer, request_refuse
from carloan.compliance.services.request_letters import letter_take
from carloan.compliance.services.transfers import condition_decide, recipient_name
from carloan.core import audit
from carloan.core.errors import Conflict, Forbidden, Invalid
from carloan.core.keys import Subject, destroy_key
from carloan.core.models import AuditEvent
from carloan.core.sealed import clear
from carloan.core.tenancy import tenant_atomic
from carloan.loans.models import Loan
from carloan.loans.services.payments import payment_book
from tests.archives.conftest import transcribed
from tests.cast import Lender
from tests.compliance.person_asks import asked, copied, party_of, working
from tests.compliance.transferred import CODE, decided, delivered, named, packaged, ready
from tests.loans.book import id_number, name, open_loan, person, phone

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])


@pytest.fixture
def loan(bank: Lender) -> Loan:
    """A loan with a borrower (serial 1) and a guarantor (serial 2), paid out."""
    with bank.open():
        people = [person(1), person(2, "guarantor", guarantee="joint")]
        made = open_loan(bank.system, branch_id=bank.branches["east"].id, people=people)
        Loan.objects.filter(id=made.id).update(state=Loan.State.SERVICING)
        made.refresh_from_db()
        return made


def test_every_condition_cites_and_waits_for_counsel() -> None:
    assert list(CONDITIONS) == ["identity", "scope", "feasible", "others"]
    assert all(each.citation and each.asks and not each.confirmed for each in CONDITIONS.values())


def test_the_whole_way_to_the_answer(bank: Lender, loan: Loan) -> None:
    with bank.open():
        actor = bank.actor("compliance")
        row, copy = ready(bank, loan)
        with pytest.raises(Invalid) as error:
            request_answer(actor=actor, request=row, answer="已移交")
        assert list(error.value.fields) == ["answer"], "an answer says what was done: nothing was handed over yet"
        delivery = delivered(bank, row, evidence="收条 7")
        assert delivery.digest == copy.digest
        assert request_answer(actor=actor, request=row, answer="已移交").state == "answered"
        events = AuditEvent.objects.filter(action__startswith="compliance.transfer.").order_by("id")
        assert [event.action.rpartition(".")[2] for event in events] == ["named", *["decided"] * 4, "delivered"]
        assert json.loads(bytes(events[5].canon))["digest"] == copy.digest
        told = json.dumps([audit.open_detail(event) for event in events]) + "".join(
            bytes(event.canon).decode() for event in events
        )
        for secret in ("海城第二", "60001234", CODE, "本人", "收条"):
            assert secret not in told
            assert secret.encode("unicode_escape").decode() not in told


def test_the_package_carries_what_the_person_gave_and_the_contract_says(bank: Lender, loan: Loan) -> None:
    with bank.open():
        assert loan.disbursed_on
        payment_book(actor=bank.system, loan=loan, amount=123_45, reference="P-1", value_on=loan.disbursed_on)
        transcribed(bank, {"name": name(1), "number": id_number(1)}, loan=loan)
        _row, copy = ready(bank, loan)
        content = json.loads(clear(copy, "content"))
        sections = {section["code"]: section["records"] for section in content["sections"]}
        assert list(sections) == ["identity", "contacts", "loans", "payments"]
        assert content["format"] == "carloan-person-transfer/1"
        assert content["recipient"] == {
            "name": "海城第二汽车金融有限公司", "contact": "021-60001234", "credit_code": CODE,
        }  # fmt: skip
        told = json.dumps(sections, ensure_ascii=False)
        for own in (name(1), id_number(1), phone(1), loan.contract_no, "123.45"):
            assert own in told
        for foreign in (name(2)[0] + "*", id_number(2), phone(2), "P-1"):
            assert foreign not in told
        names = {one["name"] for record in sections["loans"] for one in record}
        assert names & {"outstanding", "overdue", "days_overdue", "state", "others"} == set()
        assert {"principal", "rate", "term"} <= names


def test_who_receives_it_is_named_in_full(bank: Lender, loan: Loan) -> None:
    with bank.open():
        row = working(bank, loan, "transfer")
        for wrong, field in (
            ({"name": " "}, "name"),
            ({"contact": ""}, "contact"),
            ({"credit_code": CODE[:-1] + ("1" if CODE[-1] != "1" else "2")}, "credit_code"),
            ({"credit_code": "12345"}, "credit_code"),
        ):
            with pytest.raises(Invalid) as error:
                named(bank, row, **wrong)
            assert list(error.value.fields) == [field]
        assert clear(named(bank, row, credit_code=f" {CODE.lower()} "), "credit_code") == CODE
        assert named(bank, row, credit_code="").credit_code is None
        for other_kind in (asked(bank, loan, "transfer"), working(bank, loan, "copy")):
            with pytest.raises(Conflict):
                named(bank, other_kind)
        with pytest.raises(Forbidden):
            recipient_name(actor=bank.actor("admin"), request=row, name="甲", contact="乙")


def test_nothing_is_made_before_each_condition_is_met(bank: Lender, loan: Loan) -> None:
    with bank.open():
        actor, row = bank.actor("compliance"), working(bank, loan, "transfer")
        with pytest.raises(Conflict):
            decided(bank, row)
        named(bank, row)
        for wrong, field in (({"code": "cheap"}, "code"), ({"reason": " "}, "reason")):
            given: dict[str, Any] = {"code": "scope", "met": True, "reason": "合同", **wrong}
            with pytest.raises(Invalid) as error:
                condition_decide(actor=actor, request=row, **given)
            assert list(error.value.fields) == [field]
        with pytest.raises(Conflict):
            copy_ask(actor=actor, request=row)
        decided(bank, row, "others")
        with pytest.raises(Conflict):
            copy_ask(actor=actor, request=row)
        condition_decide(actor=actor, request=row, code="others", met=True, reason="已遮蔽担保人信息")
        assert conditions_of(row) == dict.fromkeys(CONDITIONS, True), "the last word counts"
        copy = packaged(bank, row)
        condition_decide(actor=actor, request=row, code="scope", met=False, reason="非本人提供")
        with pytest.raises(Conflict):
            copy_take(actor=actor, copy=copy)
        for model in (TransferRecipient, TransferCondition):
            with pytest.raises(DatabaseError), tenant_atomic():
                model.objects.update(party_id=row.id)


def test_another_handler_makes_everything_anew(bank: Lender, loan: Loan) -> None:
    with bank.open():
        row, copy = ready(bank, loan)
        named(bank, row, name="另一机构", credit_code="")
        assert conditions_of(row) == {}
        decided(bank, row)
        with pytest.raises(Conflict):
            copy_take(actor=bank.actor("compliance"), copy=copy)
        with pytest.raises(Conflict):
            delivered(bank, row)
        copy_take(actor=bank.actor("compliance"), copy=packaged(bank, row))
        delivered(bank, row)
        for late in (lambda: named(bank, row), lambda: decided(bank, row), lambda: delivered(bank, row)):
            with pytest.raises(Conflict):
                late()


def test_what_nobody_took_was_not_handed_over(bank: Lender, loan: Loan) -> None:
    with bank.open():
        row = working(bank, loan, "transfer")
        named(bank, row)
        decided(bank, row)
        copy = packaged(bank, row)
        with pytest.raises(Conflict):
            delivered(bank, row)
        copy_take(actor=bank.actor("compliance"), copy=copy)
        for wrong, field in (
            ({"way": "pigeon"}, "way"),
            ({"receiver": ""}, "receiver"),
            ({"delivered_at": timezone.now() + timedelta(minutes=1)}, "delivered_at"),
            ({"delivered_at": copy.made_at - timedelta(minutes=1)}, "delivered_at"),
            ({"fee": 1_00, "fee_reason": "介质"}, "fee"),
            ({"fee": -1}, "fee"),
        ):
            with pytest.raises(Invalid) as error:
                delivered(bank, row, **wrong)
            assert list(error.value.fields) == [field]


def test_a_fee_is_taken_only_from_who_asks_again_and_with_its_reason(bank: Lender, loan: Loan) -> None:
    with bank.open():
        delivered(bank, ready(bank, loan)[0])
        again, _copy = ready(bank, loan)
        with pytest.raises(Invalid) as error:
            delivered(bank, again, fee=20_00)
        assert list(error.value.fields) == ["fee_reason"]
        delivery = delivered(bank, again, fee=20_00, fee_reason="一年内第二次，介质成本")
        assert delivery.fee_shown.endswith("20.00")
        spare = copied(bank, asked(bank, loan))
        with pytest.raises(IntegrityError, match="compliance_transferdelivery_fee"), tenant_atomic():
            TransferDelivery.objects.create(
                recipient=delivery.recipient, copy=spare, party_id=again.party_id, way="person",
                delivered_at=timezone.now(), digest="", fee=1, recorded_by=delivery.recorded_by,
                audit_event_id=delivery.audit_event_id,
            )  # fmt: skip


# Refusal -------------------------------------------------------------------------------------------------------------


def test_it_is_refused_for_a_condition_that_was_found_not_met(bank: Lender, loan: Loan) -> None:
    with bank.open():
        actor, row = bank.actor("compliance"), working(bank, loan, "transfer")
        refusing: dict[str, Any] = {"actor": actor, "request": row, "answer": "无法转移"}
        named(bank, row)
        with pytest.raises(Invalid):
            request_refuse(**refusing, refusal="conditions")
        decided(bank, row, "feasible")
        assert request_refuse(**refusing, refusal="conditions").state == "refused"
        letter = letter_take(actor=actor, request=PersonRequest.objects.get(id=row.id))
        assert (letter["name"], letter["answer"], letter["recipient"]) == (
            name(1), "无法转移", "海城第二汽车金融有限公司",
        )  # fmt: skip
        assert [met for _condition, met, _reason in letter["conditions"]] == [True, True, False, True]
        assert str(letter["ground"].citation)
        event = AuditEvent.objects.get(action="compliance.request.letter_taken")
        assert (event.object_type, event.object_id) == ("loans.party", row.party_id)


def test_the_rule_between_lenders_is_no_ground_against_the_persons_own_transfer() -> None:
    move = MOVES.need("working", "refuse")
    assert move.obstacles(Facts(kind="transfer", refusal="other_lender"))
    assert not move.obstacles(Facts(kind="explain", refusal="other_lender"))
    assert move.obstacles(Facts(kind="explain", refusal="conditions"))
    assert not move.obstacles(Facts(kind="transfer", refusal="conditions", conditions={"scope": False}))
    assert set(grounds_for("transfer")) == GROUNDS.keys() - {"other_lender"}
    assert set(grounds_for("copy")) == GROUNDS.keys() - {"conditions"}


def test_a_transfer_to_another_lender_of_the_installation_reaches_none_of_its_tables(
    bank: Lender, other: Lender, loan: Loan
) -> None:
    """The person's package is the only way, also where the named handler works with the same system."""
    with other.open():
        before = AuditEvent.objects.count()
    with bank.open():
        row, _copy = ready(bank, loan)
        named(bank, row, name=other.tenant.name, credit_code="")
        decided(bank, row)
        copy_take(actor=bank.actor("compliance"), copy=packaged(bank, row))
        delivered(bank, row, way="channel", receiver="对方收件窗口")
    with other.open():
        assert AuditEvent.objects.count() == before
        for model in (PersonRequest, PersonCopy, TransferRecipient, TransferDelivery):
            assert not model.objects.exists()


def test_of_a_destroyed_person_nothing_goes_and_no_letter_is_written(bank: Lender, loan: Loan) -> None:
    with bank.open():
        actor, row = bank.actor("compliance"), working(bank, loan, "transfer")
        with pytest.raises(Conflict):
            letter_take(actor=actor, request=row)
        destroy_key(Subject("party", party_of(loan)))
        with pytest.raises(Conflict):
            named(bank, row)
        ended = request_refuse(actor=actor, request=row, refusal="unproven", answer="已销毁")
        with pytest.raises(Conflict):
            letter_take(actor=actor, request=ended)


# Pages ---------------------------------------------------------------------------------------------------------------


def test_the_whole_way_through_the_pages(client_of: Any, bank: Lender, loan: Loan) -> None:
    with bank.open():
        row = working(bank, loan, "transfer")
    page, client = f"/compliance/requests/{row.id}/", client_of(bank, "compliance")
    handler = {"name": "海城第二汽车金融有限公司", "contact": "hr@example.com", "credit_code": CODE}
    assert client.post(f"{page}recipient/", {**handler, "credit_code": CODE[:-1]}).status_code == 422
    assert client.post(f"{page}recipient/", handler).status_code == 302
    shown = client.get(page).content.decode()
    assert "待法律顾问确认" in shown
    assert "海城第二汽车金融有限公司" in shown
    assert client.post(f"{page}conditions/", {"code": "scope", "met": "yes", "reason": ""}).status_code == 422
    assert client.post(f"{page}conditions/", {"code": "%d%s", "met": "yes", "reason": "x"}).status_code == 422
    for code in CONDITIONS:
        sent = {"code": code, "met": "yes", "reason": "已核"}
        assert client.post(f"{page}conditions/", sent).status_code == 302
    with bank.open():
        copy = packaged(bank, row)
    assert 'name="receiver"' not in client.get(page).content.decode(), "first the zip is taken"
    assert client.get(f"{page}copy/{copy.id}.zip").status_code == 302
    answer = client_of(bank, "compliance").confirmed().get(f"{page}copy/{copy.id}.zip")
    archive = zipfile.ZipFile(io.BytesIO(answer.content))
    assert sorted(archive.namelist()) == ["README.txt", "manifest.json", "person-data.json"]
    manifest, data = json.loads(archive.read("manifest.json")), archive.read("person-data.json")
    assert manifest["person-data.json"]["sha256"] == hashlib.sha256(data).hexdigest() == copy.digest
    readme = archive.read("README.txt").decode()
    for words in (copy.digest, "海城第二汽车金融有限公司", bank.tenant.name, "第四十五条"):
        assert words in readme
    sent = {
        "way": "person", "receiver": "本人", "evidence": "收条 1",
        "delivered_at": timezone.localtime().strftime("%Y-%m-%dT%H:%M"),
    }  # fmt: skip
    assert client.post(f"{page}delivery/", {**sent, "receiver": ""}).status_code == 422
    assert client.post(f"{page}delivery/", sent).status_code == 302
    assert copy.digest in client.get(page).content.decode()
    assert client.post(f"{page}answer/", {"answer": "已按您的要求移交"}).status_code == 302
    assert client.get(f"{page}letter.pdf").status_code == 302, "with the password of now"
    letter = client_of(bank, "compliance").confirmed().get(f"{page}letter.pdf")
    assert (letter["Content-Type"], letter.content[:5]) == ("application/pdf", b"%PDF-")
    assert client_of(bank, "admin").confirmed().get(f"{page}letter.pdf").status_code == 403
