"""Approvals, holds and executions at the same moment, again and again: whoever wins, the rules hold.

A few rounds of each here; CARLOAN_RACE_ROUNDS=200 makes the thousand.
"""

from collections.abc import Iterator
from os import environ
from random import Random
from typing import Any, Final

import pytest

from tests.attacks.races import RACES, TAKES, Arena
from tests.cast import new_lender
from tests.compliance.destroyed import due_loans, speakers

ROUNDS: Final = int(environ.get("CARLOAN_RACE_ROUNDS", "4"))


@pytest.fixture(scope="module")
def arena(django_db_setup: None, django_db_blocker: Any) -> Iterator[Arena]:
    with django_db_blocker.unblock():
        lender = new_lender()
        with lender.open():
            for speaker in speakers(lender):
                speaker()
        loans = due_loans(lender, ROUNDS * sum(TAKES.get(name, 1) for name in RACES))
        yield Arena(lender, iter(loans), Random(1))


@pytest.mark.parametrize("name", RACES)
def test_whoever_wins_the_rules_hold(arena: Arena, name: str, django_db_blocker: Any) -> None:
    with django_db_blocker.unblock():
        for _round in range(ROUNDS):
            RACES[name](arena)
