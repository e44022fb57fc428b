"""Somebody who looks at many times what they and their colleagues usually do is told in the trail, once a day."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from carloan.compliance.policies.looks import LEAST, is_unusual, to_ask
from carloan.compliance.services import watching
from carloan.compliance.services.watching import REVEALED, UNUSUAL, look_watched
from carloan.core import audit
from carloan.core.models import AuditEvent
from tests.cast import Lender

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])


@pytest.mark.parametrize(
    ("today", "own", "peers", "unusual"),
    [
        (19, [], [], False),
        (20, [], [], True),
        (30, [10, 10], [], False),
        (31, [10, 10], [], True),
        (31, [1], [11], False),
        (40, [1], [11], True),
        (500, [200], [1], False),
    ],
)
def test_unusual_is_three_times_ones_own_and_ones_colleagues(
    today: int, own: list[int], peers: list[int], unusual: bool
) -> None:
    assert is_unusual(today, own, peers) is unusual


def test_it_is_asked_now_and_then_only() -> None:
    assert [today for today in range(1, 45) if to_ask(today)] == [20, 30, 40]


def look(lender: Lender, role: str = "officer") -> None:
    actor = lender.actor(role)
    look_watched(actor=actor)
    audit.record(actor=actor, action=REVEALED, object_type="loans.party", outcome=AuditEvent.Outcome.REVEALED)


def test_many_looks_of_who_never_looked_are_told_once(bank: Lender) -> None:
    with bank.open():
        for _time in range(LEAST + 15):
            look(bank)
        (event,) = AuditEvent.objects.filter(action=UNUSUAL)
        assert event.object_id == bank.members["officer"].id
        assert b'"count":20' in bytes(event.canon)


def test_who_looks_as_much_as_every_day_is_not_told(bank: Lender, monkeypatch: pytest.MonkeyPatch) -> None:
    """The days before stand in the trail, which takes no event of yesterday: today is moved instead."""
    with bank.open():
        for _time in range(8):
            look(bank)
        later = timezone.now() + timedelta(days=2)
        monkeypatch.setattr("django.utils.timezone.now", lambda: later)
        seen: list[Any] = []

        def compared(*facts: Any) -> bool:
            seen.append(facts)
            return False

        monkeypatch.setattr(watching, "is_unusual", compared)
        monkeypatch.setattr(watching, "done_today", lambda **asked: LEAST - 1)
        look_watched(actor=bank.actor("officer"))
    assert seen == [(LEAST, [8], [])]
