"""The stages of a loan as a table (law 8): from where, by which event, with which right, if what, to where."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from carloan.lib.problems import Problem


@dataclass(frozen=True, slots=True)
class Facts:
    """What the guards look at."""

    has_borrower: bool
    has_terms: bool
    disbursed: bool
    outstanding: int
    overdue: int = 0
    unallocated: int = 0


@dataclass(frozen=True, slots=True)
class Move:
    """One allowed step. `ends` marks steps that need a reason and a confirmation."""

    source: str
    event: str
    target: str
    capability: str
    label: Any
    ends: bool = False


MOVES = (
    Move("application", "submit", "approval", "loans.edit", _("Submit for approval")),
    Move("approval", "return", "application", "loans.decide", _("Return to the applicant's officer"), ends=True),
    Move("approval", "approve", "disbursal", "loans.decide", _("Approve")),
    Move("approval", "decline", "declined", "loans.decide", _("Decline"), ends=True),
    Move("application", "withdraw", "withdrawn", "loans.edit", _("Withdraw"), ends=True),
    Move("approval", "withdraw", "withdrawn", "loans.edit", _("Withdraw"), ends=True),
    Move("disbursal", "withdraw", "withdrawn", "loans.edit", _("Withdraw"), ends=True),
    Move("disbursal", "disburse", "servicing", "loans.decide", _("Record the payment of the loan")),
    Move("servicing", "settle", "settled", "loans.edit", _("Record settlement")),
    Move("settled", "reopen", "servicing", "loans.decide", _("Reopen"), ends=True),
    Move("servicing", "write_off", "written_off", "loans.decide", _("Write off"), ends=True),
)

# The way of an ordinary loan, as the stepper shows it; other ends stand in place of the last step.
PATH = ("application", "approval", "disbursal", "servicing", "settled")

# Whose money is out: its terms stand. Of these, those that still take payments.
PAID_OUT = frozenset({"servicing", "settled", "written_off"})
TAKES_PAYMENTS = frozenset({"servicing", "written_off"})


def moves_from(state: str) -> list[Move]:
    """The steps that lead out of a state."""
    return [move for move in MOVES if move.source == state]


def move_of(state: str, event: str) -> Move | None:
    """The step that an event means in a state, or None where it means nothing."""
    return next((move for move in MOVES if move.source == state and move.event == event), None)


def obstacles(move: Move, facts: Facts) -> list[Problem]:
    """What stands in the way of a step; empty when it may be taken."""
    found = []
    if move.event in ("submit", "disburse") and not facts.has_borrower:
        found.append(Problem("borrower", _("The loan has no borrower.")))
    if move.event in ("submit", "disburse") and not facts.has_terms:
        found.append(Problem("terms", _("No plan follows from the terms of the loan.")))
    if move.event == "disburse" and not facts.disbursed:
        found.append(Problem("disbursed_on", _("The day of payment is missing.")))
    if move.event == "settle" and facts.outstanding != 0:
        found.append(Problem("outstanding", _("Principal is still outstanding.")))
    if move.event == "settle" and facts.overdue > 0:
        found.append(Problem("overdue", _("An amount is still overdue.")))
    if move.event == "settle" and facts.unallocated != 0:
        found.append(Problem("unallocated", _("A received amount is not allocated yet.")))
    return found


def steps(state: str) -> list[tuple[str, str]]:
    """(state, done | current | blocked | '') along the ordinary way; an unusual end closes it where it happened."""
    if state not in PATH:
        reached = {"declined": 2, "withdrawn": 1, "written_off": 4}[state]
        return [*((step, "done") for step in PATH[:reached]), (state, "blocked")]
    here = PATH.index(state)
    done = "done" if state == PATH[-1] else "current"
    return [(step, "done" if place < here else done if place == here else "") for place, step in enumerate(PATH)]
