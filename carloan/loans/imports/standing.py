"""What a file may change of a loan that stands in the book: newer balances, and stages by the table of moves only."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from carloan.core.actors import Actor
from carloan.loans.models import Loan
from carloan.loans.policies.stages import MOVES, PAID_OUT, Facts, StageMove

TERMS = ("principal", "rate_ppm", "term", "method", "currency")
BALANCES = ("outstanding", "overdue", "days_overdue", "periods_paid", "next_due_on", "next_due")


@dataclass(frozen=True, slots=True)
class Step:
    """A move that a file may take, and the branches where its sender has the right to (None: all)."""

    move: StageMove
    branches: frozenset[UUID] | None


def steps_for(actor: Actor) -> dict[tuple[str, str], Step]:
    """Moves by (source, target). Those that need a reason and a confirmation are for a person, never for a file."""
    return {
        (move.source, move.target): Step(move, actor.branches(move.capability))
        for move in MOVES
        if not move.ends and actor.can(move.capability)
    }


def is_older(loan: Loan, given: Iterable[str], as_of: date | None, paid_until: date | None) -> bool:
    """Whether the book knows more than the row: newer balances, or payments booked here after the row's day.

    A row without a day renews only balances that have none themselves.
    """
    if not set(BALANCES) & set(given):
        return False
    known = [day for day in (loan.as_of, paid_until) if day is not None]
    return bool(known) if as_of is None else any(as_of < day for day in known)


def terms_that_differ(loan: Loan, values: Mapping[str, Any], given: Iterable[str]) -> list[str]:
    """Terms of a paid-out loan that the file states otherwise; before that the file may still correct them."""
    if loan.state not in PAID_OUT:
        return []
    return [name for name in TERMS if name in given and getattr(loan, name) != values[name]]


def state_of(loan: Loan, values: Mapping[str, Any], given: Iterable[str]) -> str:
    """The stage that the row claims: its own word, else what its balance means for the loan, if it tells one."""
    if "state" in given:
        return str(values["state"])
    tells = "outstanding" in given and values["outstanding"] is not None
    return str(values["state"]) if tells and loan.state != "written_off" else loan.state


def may_step(loan: Loan, target: str, values: Mapping[str, Any], steps: Mapping[tuple[str, str], Step]) -> bool:
    if target == loan.state:
        return True
    step = steps.get((loan.state, target))
    if step is None or (step.branches is not None and loan.branch_id not in step.branches):
        return False
    return not step.move.obstacles(facts_for(loan, values))


def facts_for(loan: Loan, values: Mapping[str, Any]) -> Facts:
    """What the guards of a stage look at: the loan as the row states it."""
    return Facts(
        has_borrower=loan.loan_parties.filter(role="borrower").exists(),
        has_terms=True,
        disbursed=values["disbursed_on"] is not None,
        outstanding=values["outstanding"],
        overdue=values["overdue"],
    )
