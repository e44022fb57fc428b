"""The machine files for somebody, and no further than they could."""

from typing import Any

import pytest

from carloan.archives.models import Paper
from carloan.core.access import actor_again
from carloan.core.actors import Actor
from carloan.core.models import ApiKey, Role, RoleAssignment
from carloan.core.services.api_keys import api_key_make, api_key_revoke
from carloan.core.services.people import member_deactivate
from tests.archives.conftest import loan_for, transcribed
from tests.cast import Lender

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])
CARD = {
    "name": "李蓝", "sex": "女", "ethnicity": "汉", "birth": "1990-01-01", "address": "北京市东城区金车路1号",
    "number": "110101199001011229",
}  # fmt: skip


class As:
    """A lender whose papers come from one actor, whatever the role."""

    def __init__(self, actor: Actor) -> None:
        self._actor = actor

    def actor(self, role: str) -> Actor:
        return self._actor


def sent(actor: Actor) -> Paper:
    lender: Any = As(actor)
    return Paper.objects.get(id=transcribed(lender, CARD, serial=str(actor.id)).id)


@pytest.mark.parametrize(("branch", "state"), [("east", "filed"), ("west", "review")])
def test_a_persons_paper_goes_no_further_than_the_person(bank: Lender, branch: str, state: str) -> None:
    with bank.open():
        RoleAssignment.objects.filter(membership=bank.members["officer"]).update(branch=bank.branches["east"])
        loan = loan_for(bank, branch=branch)
        paper = sent(bank.actor("officer"))
        assert paper.state == state
        assert paper.loan_id == (loan.id if state == "filed" else None)
        assert [problem["code"] for problem in paper.problems] == ([] if state == "filed" else ["beyond_reach"])
        assert str(loan.id) not in str(paper.problems)
        assert loan.contract_no not in str(paper.problems)


@pytest.mark.parametrize(("branch", "state"), [("east", "filed"), ("west", "review")])
def test_a_keys_paper_goes_no_further_than_the_key(bank: Lender, branch: str, state: str) -> None:
    with bank.open():
        key, _token = api_key_make(
            actor=bank.system, name="scanner", role=Role.objects.get(key="officer"), branch=bank.branches["east"]
        )
        loan_for(bank, branch=branch)
        scanner = actor_again("key", key.id, name="worker")
        assert scanner is not None
        assert sent(scanner).state == state


@pytest.mark.parametrize("kind", ["person", "key"])
def test_who_has_gone_meanwhile_files_nothing(bank: Lender, kind: str) -> None:
    with bank.open():
        loan_for(bank)
        if kind == "person":
            actor = bank.actor("officer")
            member_deactivate(actor=bank.system, membership=bank.members["officer"])
        else:
            key = ApiKey.objects.get(name="officer")
            known = actor_again("key", key.id, name="worker")
            assert known is not None
            actor = known
            api_key_revoke(actor=bank.system, key_id=key.id)
        assert [problem["code"] for problem in sent(actor).problems] == ["beyond_reach"]


def test_what_the_installation_sends_is_filed(bank: Lender) -> None:
    with bank.open():
        loan_for(bank, branch="west")
        assert sent(bank.system).state == "filed"
