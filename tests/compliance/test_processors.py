"""Entrusted processors: what the law wants agreed is there, somebody looks after them, at the end nothing stays."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError
from django.utils import timezone

from carloan.compliance.models import EntrustedProcessor, Supervision
from carloan.compliance.policies.processors import MOVES, is_unsupervised
from carloan.compliance.selectors.processors import processors_for, to_do_count
from carloan.compliance.services.processors import (
    TERMS,
    processor_close,
    processor_end,
    processor_register,
    processor_supervise,
)
from carloan.core.errors import Conflict, Forbidden, Invalid
from carloan.core.tenancy import tenant_atomic
from tests.cast import Lender
from tests.machines import walk

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])
AGREED = {name: f"{name}：按合同" for name in TERMS}


def registered(lender: Lender, *, days_ago: int = 30, term: int = 365, **more: Any) -> EntrustedProcessor:
    """A contract that began so many days ago."""
    begins = timezone.localdate() - timedelta(days=days_ago)
    given: dict[str, Any] = {"starts_on": begins, "ends_on": begins + timedelta(days=term), **AGREED, **more}
    return processor_register(actor=lender.actor("compliance"), **given)


def test_every_event_in_every_state(bank: Lender) -> None:
    with bank.open():
        row = registered(bank)
        EntrustedProcessor.objects.filter(id=row.id).update(fate="deleted", evidence="证明1")
        actor = bank.actor("compliance")
        doings = {
            "end": lambda fresh: processor_end(actor=actor, processor=fresh, ended_on=timezone.localdate()),
            "close": lambda fresh: processor_close(actor=actor, processor=fresh, fate="deleted", evidence="证明1"),
        }
        states = EntrustedProcessor.State.values
        assert walk(row, MOVES, states, lambda fresh, event: doings[event](fresh)) == (2, 4)


@pytest.mark.parametrize("name", list(TERMS))
def test_what_the_law_wants_agreed_is_there(bank: Lender, name: str) -> None:
    gap: dict[str, Any] = {name: " "}
    with bank.open():
        with pytest.raises(Invalid) as error:
            registered(bank, **gap)
        assert list(error.value.fields) == [name]


def test_a_term_begins_before_it_ends(bank: Lender) -> None:
    with bank.open():
        with pytest.raises(Invalid):
            registered(bank, term=-1)
        with pytest.raises(Forbidden):
            processor_register(
                actor=bank.actor("admin"), starts_on=date(2026, 1, 1), ends_on=date(2027, 1, 1), **AGREED
            )


def test_somebody_looks_once_a_year() -> None:
    first, today = date(2025, 1, 1), date(2026, 11, 30)
    assert is_unsupervised(starts_on=first, last_look=None, today=today)
    assert is_unsupervised(starts_on=first, last_look=date(2025, 11, 29), today=today)
    assert not is_unsupervised(starts_on=first, last_look=date(2025, 11, 30), today=today)


def test_the_register_and_the_workplace_say_what_is_to_do(bank: Lender) -> None:
    with bank.open():
        actor = bank.actor("compliance")
        fine, unseen = registered(bank), registered(bank, days_ago=400, term=800)
        overrun, ended = registered(bank, days_ago=100, term=50), registered(bank)
        processor_end(actor=actor, processor=ended, ended_on=timezone.localdate())
        told = {line.row.id: list(line.to_do) for line in processors_for(bank.actor("admin"))}
        assert told == {fine.id: [], unseen.id: ["look"], overrun.id: ["end"], ended.id: ["confirm"]}
        assert to_do_count(actor) == 3
        processor_supervise(
            actor=actor, processor=unseen, looked_on=timezone.localdate(), finding="good", words="现场检查，符合约定"
        )
        assert to_do_count(actor) == 2


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"finding": "nice"}, "finding"),
        ({"words": " "}, "words"),
        ({"looked_on": date(2100, 1, 1)}, "looked_on"),
        ({"looked_on": date(2000, 1, 1)}, "looked_on"),
    ],
)
def test_a_look_says_when_and_what(bank: Lender, wrong: dict[str, Any], field: str) -> None:
    with bank.open():
        given: dict[str, Any] = {"looked_on": timezone.localdate(), "finding": "faults", "words": "需整改", **wrong}
        with pytest.raises(Invalid) as error:
            processor_supervise(actor=bank.actor("compliance"), processor=registered(bank), **given)
        assert list(error.value.fields) == [field]


def test_a_look_stays_as_it_was_entered(bank: Lender) -> None:
    with bank.open():
        given: dict[str, Any] = {"looked_on": timezone.localdate(), "finding": "grave", "words": "转委托"}
        processor_supervise(actor=bank.actor("compliance"), processor=registered(bank), **given)
        for statement in (lambda: Supervision.objects.update(finding="good"), Supervision.objects.all().delete):
            with pytest.raises(DatabaseError), tenant_atomic():
                statement()


def test_at_the_end_it_is_confirmed_that_nothing_stays(bank: Lender) -> None:
    with bank.open():
        actor, row = bank.actor("compliance"), registered(bank)
        with pytest.raises(Invalid):
            processor_end(actor=actor, processor=row, ended_on=timezone.localdate() + timedelta(days=1))
        row = processor_end(actor=actor, processor=row, ended_on=timezone.localdate())
        for given in ({"fate": "", "evidence": "证明"}, {"fate": "deleted", "evidence": " "}):
            with pytest.raises(Invalid):
                processor_close(actor=actor, processor=row, **given)
        with pytest.raises(IntegrityError), tenant_atomic():
            EntrustedProcessor.objects.filter(id=row.id).update(fate="lost")
        row = processor_close(actor=actor, processor=row, fate="both", evidence="销毁证明2026-7")
        assert (row.state, row.closed_on) == ("closed", timezone.localdate())
        with pytest.raises(Conflict):
            processor_supervise(
                actor=actor, processor=row, looked_on=timezone.localdate(), finding="good", words="再看"
            )


def test_the_whole_way_through_the_pages(client_of: Any, bank: Lender) -> None:
    client, today = client_of(bank, "compliance"), timezone.localdate()
    assert client.get("/compliance/processors/").status_code == 200
    sent = {**AGREED, "starts_on": today.isoformat(), "ends_on": (today + timedelta(days=9)).isoformat()}
    assert client.post("/compliance/processors/new/", {**sent, "measures": ""}).status_code == 422
    page = client.post("/compliance/processors/new/", sent)["Location"].removeprefix(f"/t/{bank.tenant.slug}")
    assert AGREED["measures"] in client.get(page).content.decode()
    look = {"looked_on": today.isoformat(), "finding": "good", "words": "符合约定"}
    assert client.post(f"{page}supervise/", {**look, "words": ""}).status_code == 422
    assert client.post(f"{page}supervise/", look).status_code == 302
    assert client.post(f"{page}close/", {"fate": "deleted", "evidence": "证明"}).status_code == 409
    assert client.post(f"{page}end/", {"ended_on": today.isoformat()}).status_code == 302
    assert client.post(f"{page}close/", {"fate": "deleted", "evidence": ""}).status_code == 422
    assert client.post(f"{page}close/", {"fate": "deleted", "evidence": "证明"}).status_code == 302
    assert "证明" in client.get(page).content.decode()
    assert client_of(bank, "admin").post(f"{page}supervise/", look).status_code == 403
    assert client_of(bank, "service").get(page).status_code == 403
