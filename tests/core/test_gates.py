"""What the kernel makes of what a right waits for, whichever app says it."""

from collections.abc import Iterator

import pytest
from django.db.models import JSONField, Value

from carloan.core import gates
from carloan.core.actors import Actor, Right
from carloan.core.errors import ExamMissing, Forbidden
from carloan.core.ids import uuid7
from tests.cast import Lender

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])


@pytest.fixture
def no_gate() -> Iterator[None]:
    kept = list(gates._gate)
    gates._gate.clear()
    yield
    gates._gate[:] = kept


def test_nothing_waits_unless_an_app_says_so(no_gate: None, bank: Lender) -> None:
    with bank.open():
        assert bank.actor("officer").shut == {}
        assert bank.actor("officer").can("loans.view")


def test_what_an_app_says_shuts_what_it_names_and_nothing_else(no_gate: None, bank: Lender) -> None:
    said = [{"right": "loans.view", "exam": "甲"}, {"right": "no.such.right", "exam": "乙"}]
    gates.register_gate(lambda: Value(said, JSONField()))
    with bank.open():
        officer = bank.actor("officer")
        assert officer.shut == {"loans.view": "甲"}
        assert not officer.can("loans.view")
        assert officer.can("papers.review")


def test_of_several_rights_any_open_one_is_enough() -> None:
    actor = Actor(tenant_id=uuid7(), kind="person", name="x", rights={"b": Right(own=True)}, shut={"a": "甲"})
    actor.require("a", "b")
    with pytest.raises(ExamMissing):
        actor.require("a")
    with pytest.raises(Forbidden) as caught:
        actor.require("c")
    assert not isinstance(caught.value, ExamMissing), "who lacks the right hears that, not of an exam"
