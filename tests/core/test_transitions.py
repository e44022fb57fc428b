"""The history of state machines: one row a step, in the step's transaction, never changed, seen by its lender only."""

import ast
import re
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from carloan.core import jobs
from carloan.core.errors import Conflict
from carloan.core.ids import uuid7
from carloan.core.models import Job, Transition
from carloan.core.moves import Move, Moves, step, step_together
from carloan.core.tenancy import CrossTenant, tenant_atomic
from carloan.core.transitions import history_of
from carloan.loans.models import Loan
from carloan.loans.policies import stages
from carloan.loans.services.loans import loan_move
from tests.cast import Lender
from tests.loans.book import open_loan
from tests.tenancy.conftest import superuser
from tests.test_layout import module_of, sources, tracked

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])


def told(row: Any) -> list[tuple[int, str, str, str]]:
    return [(taken.number, taken.source, taken.event, taken.target) for taken in history_of(row)]


def claimed(lender: Lender) -> Job:
    job = jobs.claim(jobs.start(actor=lender.system, kind="sweep", total=1).id)
    assert job is not None
    return job


def test_every_state_machine_of_the_product_is_walked() -> None:
    """tests/machines.py holds each step against its history; a table that nobody walks is not held."""
    machines = {module_of(path) for _, path in sources() if re.search(r"\bMOVES(: Final)? = Moves\(", path.read_text())}
    assert len(machines) >= 5
    walked = set()
    for path in tracked("tests/*.py"):
        names: dict[str, str] = {}
        tree = ast.parse(path.read_text())
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom):
                for alias in node.names:
                    inner = "" if alias.name == "MOVES" else f".{alias.name}"
                    names[alias.asname or alias.name] = f"{node.module}{inner}"
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "walk":
                walked.add(names[ast.unparse(node.args[1]).removesuffix(".MOVES")])
    assert machines - walked == set()


def test_a_loans_steps_are_told_in_their_order_with_their_events(bank: Lender) -> None:
    with bank.open():
        admin = bank.actor("admin")
        loan = open_loan(admin)
        assert told(loan) == [], "a row is made with its first state"
        loan_move(actor=admin, loan=loan, event="submit")
        first = loan.audit_event_id
        loan_move(actor=admin, loan=loan, event="return", reason="资料不全")
        assert told(loan) == [(1, "application", "submit", "approval"), (2, "approval", "return", "application")]
        assert [taken.audit_event_id for taken in history_of(loan)] == [first, loan.audit_event_id]
        assert {taken.kind for taken in history_of(loan)} == {"loans.loan"}


def test_a_lease_is_no_step_of_the_thing(bank: Lender) -> None:
    with bank.open():
        job = claimed(bank)
        jobs.hand_over(job)
        assert told(job) == []
        again = jobs.claim(job.id)
        assert again is not None
        jobs.finish(again, {})
        assert told(job) == [(1, "running", "finish", "done")]


def test_a_step_that_is_not_taken_or_taken_back_leaves_nothing(bank: Lender) -> None:
    with bank.open():
        job, event_id = claimed(bank), uuid7()
        with pytest.raises(Conflict):
            step(job, jobs.MOVES, "finish", also={"attempts": 7}, audit_event_id=event_id)
        assert told(job) == []
        with pytest.raises(RuntimeError), tenant_atomic():
            step(job, jobs.MOVES, "finish", audit_event_id=event_id)
            assert len(told(job)) == 1
            raise RuntimeError
        assert told(job) == []


def test_a_step_says_which_event_it_belongs_to(bank: Lender) -> None:
    with bank.open():
        job = claimed(bank)
        with pytest.raises(TypeError, match="finish"):
            step(job, jobs.MOVES, "finish")
        assert Job.objects.get(id=job.id).state == "running"


def test_steps_together_are_two_statements_and_each_is_told(bank: Lender, django_assert_num_queries: Any) -> None:
    moves = Moves(Move("application", "skip", "disbursal"), Move("approval", "skip", "disbursal"))
    with bank.open():
        admin, event_id = bank.actor("admin"), uuid7()
        loans = [open_loan(admin, serial) for serial in (1, 2, 3)]
        loan_move(actor=admin, loan=loans[2], event="submit")
        stale = Loan.objects.get(id=loans[1].id)
        with django_assert_num_queries(2):
            step_together([(loan, "skip", None) for loan in loans], moves, audit_event_id=event_id)
        for loan in loans:
            loan_now = Loan.objects.get(id=loan.id)
            assert (loan_now.state, loan_now.audit_event_id) == ("disbursal", event_id)
            assert (loan.state, loan.revision, loan.audit_event_id) == ("disbursal", loan_now.revision, event_id)
        assert told(loans[0]) == [(1, "application", "skip", "disbursal")]
        assert told(loans[2]) == [(1, "application", "submit", "approval"), (2, "approval", "skip", "disbursal")]
        with pytest.raises(Conflict):
            step_together(
                [(loans[0], "withdraw", None), (stale, "withdraw", None)], stages.MOVES, audit_event_id=event_id
            )


def submitted(lender: Lender) -> Loan:
    admin = lender.actor("admin")
    loan = open_loan(admin)
    loan_move(actor=admin, loan=loan, event="submit")
    return loan


CHANGES = ["UPDATE core_transition SET event = 'x'", "DELETE FROM core_transition", "TRUNCATE core_transition"]


@pytest.mark.parametrize("statement", CHANGES)
def test_nobody_changes_or_removes_a_step(bank: Lender, statement: str) -> None:
    with bank.open():
        loan = submitted(bank)
        with (
            pytest.raises(DatabaseError, match="permission denied"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)
        assert len(history_of(loan)) == 1


@pytest.mark.parametrize("statement", CHANGES)
def test_not_even_the_administrator_of_the_database_does(bank: Lender, statement: str) -> None:
    with superuser(), bank.open():
        submitted(bank)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # what they wait for would refuse a TRUNCATE by itself
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_a_step_is_its_lenders_only(bank: Lender, other: Lender) -> None:
    with bank.open():
        loan = submitted(bank)
        assert len(history_of(loan)) == 1
    with other.open():
        assert history_of(loan) == []
        stolen = Transition(
            tenant_id=bank.tenant.id, kind="loans.loan", row_id=loan.id, number=2, source="approval", event="approve",
            target="disbursal", recorded_at=timezone.now(), audit_event_id=uuid7(),
        )  # fmt: skip
        with pytest.raises(CrossTenant), transaction.atomic():
            Transition.objects.bulk_create([stolen])
