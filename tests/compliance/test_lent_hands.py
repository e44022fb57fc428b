"""Where two people are asked for, a right that one lent to the other makes no second person."""

from dataclasses import replace

import pytest

from carloan.compliance.services.anomalies import anomaly_close
from carloan.compliance.services.destruction import RIGHTS
from carloan.compliance.services.holds import RELEASE, hold_release
from carloan.compliance.services.openings import opening_decide
from carloan.core.actors import Actor
from carloan.core.errors import Conflict, Forbidden, Invalid
from tests.cast import Lender
from tests.compliance.anomalies import make_anomaly
from tests.compliance.destroyed import due_loans, proposed, say
from tests.compliance.held import another, place
from tests.compliance.test_openings import asked
from tests.loans.book import open_loan

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])


def by_the_hand_of(lender: Lender, capability: str, actor: Actor, *givers: str) -> Actor:
    """`actor` as somebody who has the capability only because these members lent it."""
    return replace(actor, lent={capability: frozenset(lender.members[giver].id for giver in givers)})


def test_a_hold_is_not_released_by_the_hand_of_who_placed_it(bank: Lender) -> None:
    with bank.open():
        hold = place(bank, ("loan", open_loan(bank.actor("admin"), 1).id))
        taker = another(bank, "compliance", "甲")
        with pytest.raises(Conflict):
            hold_release(actor=by_the_hand_of(bank, RELEASE, taker, "compliance"), hold=hold, reason="撤诉")
        hold_release(actor=taker, hold=hold, reason="撤诉")
        with pytest.raises(Conflict):
            second = by_the_hand_of(bank, RELEASE, bank.actor("archivist"), "甲")
            hold_release(actor=second, hold=hold, reason="撤诉")
        assert hold_release(actor=bank.actor("archivist"), hold=hold, reason="撤诉").state == "released"


def test_a_destruction_is_not_agreed_to_by_the_hand_of_who_proposed_it(bank: Lender) -> None:
    batch = proposed(bank, *due_loans(bank, 1))
    with bank.open():
        officer = bank.actor("officer")
        with pytest.raises(Conflict):
            say(bank, batch, by_the_hand_of(bank, RIGHTS["business"], officer, "提议人"))
        batch = say(bank, batch, officer)
        with pytest.raises(Conflict):
            say(bank, batch, by_the_hand_of(bank, RIGHTS["archive"], bank.actor("archivist"), "officer"))
        assert say(bank, batch, bank.actor("archivist")).state == "archivist_reviewed"


def test_an_opening_is_not_decided_by_the_hand_of_who_asked(bank: Lender) -> None:
    with bank.open():
        opening = asked(bank)
        with pytest.raises(Invalid):
            taker = by_the_hand_of(bank, "openings.decide", bank.actor("compliance"), "officer")
            opening_decide(actor=taker, opening=opening, approve=True)
        opening_decide(actor=bank.actor("compliance"), opening=opening, approve=True)


def test_an_anomaly_is_not_answered_by_the_hand_of_whom_it_is_about(bank: Lender) -> None:
    with bank.open():
        row = make_anomaly(bank, bank.members["officer"].id)
        answer = {"reason_code": "business", "reason": "核实为正常业务"}
        with pytest.raises(Forbidden):
            taker = by_the_hand_of(bank, "anomalies.decide", bank.actor("compliance"), "officer")
            anomaly_close(actor=taker, row=row, **answer)
        anomaly_close(actor=bank.actor("compliance"), row=row, **answer)
