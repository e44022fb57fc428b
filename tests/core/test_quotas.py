"""Quotas of looks and searches hold when many ask at once: exactly so many pass, and the others are told to wait."""

import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest

from carloan.compliance.services import reveals
from carloan.core import audit
from carloan.core.actors import Actor
from carloan.core.errors import TooMany
from carloan.core.models import AuditEvent
from carloan.core.services import searching
from carloan.loans.models import LoanParty
from tests.at_once import at_once
from tests.cast import Lender
from tests.loans.book import open_loan

ASKING, MOST = 8, 3


def searches(lender: Lender) -> tuple[Any, str, Callable[[Actor], None]]:
    return searching, "compliance", lambda actor: searching.search_asked(actor=actor, place="x.y", query="1234")


def reveal(lender: Lender) -> tuple[Any, str, Callable[[Actor], None]]:
    with lender.open():
        loan = open_loan(lender.system, branch_id=lender.branches["east"].id)
        party = LoanParty.objects.get(loan=loan, role="borrower").party_id

    def ask(actor: Actor) -> None:
        reveals.field_reveal(
            actor=actor, label="loans.party", object_id=party, field="id_number", reason_code="identity_check"
        )

    return reveals, "officer", ask


@pytest.mark.parametrize("kind", [searches, reveal])
def test_exactly_the_quota_passes_when_many_ask_at_once(
    committed: Lender, monkeypatch: pytest.MonkeyPatch, kind: Any
) -> None:
    """Nobody commits before all have written their event, or none else comes that far."""
    written, real = threading.Barrier(ASKING), audit.record

    def slowly(**event: Any) -> Any:
        event_id = real(**event)
        with suppress(threading.BrokenBarrierError):
            written.wait(1)
        return event_id

    module, role, ask = kind(committed)
    with committed.open():
        actor, before = committed.actor(role), AuditEvent.objects.count()
    monkeypatch.setattr(module, "MOST_A_MINUTE", MOST)
    monkeypatch.setattr(module.audit, "record", slowly)
    faults = at_once(committed, *[lambda: ask(actor)] * ASKING)
    assert [type(fault) for fault in faults] == [TooMany] * (ASKING - MOST)
    with committed.open():
        assert AuditEvent.objects.count() - before == MOST


def test_one_actors_questions_do_not_wait_for_anothers(committed: Lender) -> None:
    _module, _role, ask = searches(committed)
    asked, done = threading.Event(), threading.Event()

    def first() -> None:
        ask(one)
        asked.set()
        assert done.wait(30), "the other one waited"

    def second() -> None:
        assert asked.wait(30)
        ask(other)
        done.set()

    with committed.open():
        one, other = committed.actor("compliance"), committed.actor("service")
    assert at_once(committed, first, second) == []
