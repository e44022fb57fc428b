"""People who stand in no loan and ask about their data: entered, found again, answered, and gone in time."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.utils import timezone

from carloan.compliance.models import PersonRequest, RetentionRecord
from carloan.compliance.policies.floors import FLOORS, Nature
from carloan.compliance.policies.retention import last_day
from carloan.compliance.selectors.person_rights import require_party
from carloan.compliance.selectors.retention import may_go, standing_of
from carloan.compliance.services.person_rights import (
    asker_enter,
    request_answer,
    request_identify,
    request_register,
)
from carloan.core.actors import Right
from carloan.core.errors import Conflict, Forbidden, Invalid, NotFound
from carloan.core.models import AuditEvent
from carloan.core.sealed import clear
from carloan.loans.models import ContactPoint, LoanParty, Party
from tests.cast import Lender
from tests.compliance.person_asks import copied
from tests.compliance.retained import noon, published, record, sweep
from tests.loans.book import id_number, name, open_loan, person, phone

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])
NAME = "钱无贷"


def entered(lender: Lender, **more: str) -> UUID:
    return asker_enter(actor=lender.actor("compliance"), **{"name": NAME, **more})


def test_somebody_in_no_loan_asks_and_is_answered_on_the_pages(client_of: Any, bank: Lender) -> None:
    client = client_of(bank, "compliance")
    assert 'action="/t/' in (page := client.get("/compliance/persons/").content.decode())
    assert "persons/enter/" in page
    sent = {"name": NAME, "id_number": id_number(7), "phone": phone(7)}
    answer = client.post("/compliance/persons/enter/", sent)
    with bank.open():
        party = Party.objects.get()
        assert clear(party, "name") == NAME
        assert not LoanParty.objects.exists()
        assert clear(ContactPoint.objects.get(), "value") == phone(7)
    assert answer.status_code == 302
    assert answer.url.endswith(f"/compliance/requests/new/?person={party.id}")
    assert client.get(f"/compliance/persons/{party.id}/").status_code == 200
    asks = {"kind": "copy", "asker": "self", "channel": "phone", "words": "你们为什么有我的电话"}
    new = f"/compliance/requests/new/?person={party.id}"
    assert client.post(new, {**asks, "received_on": timezone.localdate().isoformat()}).status_code == 302
    with bank.open():
        row = PersonRequest.objects.get()
        copy = copied(bank, row)
        sections = json.loads(clear(copy, "content"))["sections"]
        assert NAME in json.dumps(sections, ensure_ascii=False)
        assert phone(7) in json.dumps(sections)
        row.refresh_from_db()
        assert request_answer(actor=bank.actor("compliance"), request=row, answer="已交付").state == "answered"
        told = AuditEvent.objects.filter(object_id=party.id, action="loans.party.entered").get()
        assert told.loan_id is None
    assert NAME[0] in client.get("/compliance/requests/").content.decode()


def test_whoever_is_in_the_book_is_found_by_number_and_nothing_is_added(client_of: Any, bank: Lender) -> None:
    with bank.open():
        loan = open_loan(bank.system, people=[person(1)])
        known = LoanParty.objects.get(loan=loan).party_id
        before = ContactPoint.objects.count()
        assert entered(bank, name=name(1), id_number=id_number(1), phone=phone(9)) == known
        assert (Party.objects.count(), ContactPoint.objects.count()) == (1, before)
        clear_sight = {**bank.actor("compliance").rights, "sight.clear": Right(everywhere=True, own=True)}
        with pytest.raises(Invalid) as refused:
            asker_enter(actor=replace(bank.actor("compliance"), rights=clear_sight), name=NAME, id_number=id_number(1))
        assert set(refused.value.fields) == {"name"}
        # Whoever sees masks alone must not learn by it whose number it is (docs/decisions/0011).
        assert entered(bank, id_number=id_number(1)) != known
    answer = client_of(bank, "compliance").post(
        "/compliance/persons/enter/", {"name": NAME, "id_number": id_number(1), "phone": "12"}
    )
    assert answer.status_code == 422
    assert NAME in answer.content.decode()
    with bank.open():
        assert Party.objects.count() == 2


def test_a_person_behind_a_loan_out_of_sight_is_for_somebody_who_sees_it(bank: Lender) -> None:
    with bank.open():
        open_loan(bank.system, people=[person(1)])
        actor = bank.actor("compliance")
        actor = replace(actor, rights={code: right for code, right in actor.rights.items() if code != "loans.details"})
        with pytest.raises(Conflict, match="查看范围"):
            asker_enter(actor=actor, name=name(1), id_number=id_number(1))


@pytest.mark.parametrize("role", ["officer", "archivist", "admin"])
def test_others_neither_enter_nor_see_them(client_of: Any, bank: Lender, role: str) -> None:
    client = client_of(bank, role)
    with bank.open():
        party_id = entered(bank)
        with pytest.raises(Forbidden):
            asker_enter(actor=bank.actor(role), name=NAME)
        if role != "admin":
            with pytest.raises(NotFound):
                require_party(bank.actor(role), party_id)
    assert client.post("/compliance/persons/enter/", {"name": NAME}).status_code == 403
    with bank.open():
        assert Party.objects.count() == 1


def test_another_lenders_asker_is_nobody_here(client_of: Any, bank: Lender, other: Lender) -> None:
    with other.open():
        party_id = entered(other)
    assert client_of(bank, "compliance").get(f"/compliance/persons/{party_id}/").status_code == 404


def test_they_are_kept_as_long_as_a_claim_may_be_made_and_then_go(bank: Lender) -> None:
    years = next(floor.years for floor in FLOORS if floor.nature == Nature.REQUEST)
    with bank.open():
        published(bank)
        party_id = entered(bank)
        actor = bank.actor("compliance")
        request = request_register(
            actor=actor, party_id=party_id, kind="explain", channel="phone", received_on=timezone.localdate(),
            words="你们为什么有我的电话",
        )  # fmt: skip
        sweep(bank)
        assert not RetentionRecord.objects.filter(object_id=party_id).exists(), "nothing runs while a request is open"
        request = request_identify(actor=actor, request=request, identity="document")
        request_answer(actor=actor, request=request, answer="已说明")
        ended, last = timezone.localdate(), last_day(timezone.localdate(), years)
        sweep(bank)
        assert (record("asker", party_id).phase, record("asker", party_id).since) == ("active", ended)
        assert not may_go("party", standing_of("party", [party_id])[party_id])
        sweep(bank, noon(last))
        assert record("asker", party_id).phase != "due"
        sweep(bank, noon(last + timedelta(days=1)))
        assert record("asker", party_id).phase == "due"
        assert may_go("party", [record("asker", party_id)])  # type: ignore[list-item]


def test_whoever_becomes_a_customer_is_kept_as_one(bank: Lender) -> None:
    with bank.open():
        published(bank)
        party_id = entered(bank, name=name(1), id_number=id_number(1))
        sweep(bank)
        assert record("asker", party_id).phase == "active"
        loan = open_loan(bank.system, people=[person(1)])
        assert LoanParty.objects.get(loan=loan).party_id == party_id
        sweep(bank)
        assert not RetentionRecord.objects.filter(object_id=party_id).exclude(phase="living").exists()
