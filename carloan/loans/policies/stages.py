"""The stages of a loan as a table (law 8): from where, by which event, with which right, if what, to where."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from carloan.core.moves import Move, Moves
from carloan.lib.problems import Problem


@dataclass(frozen=True, slots=True)
class Facts:
    """What the guards look at. Amounts in minor units; `outstanding` and `overdue` None: the source of the balances did
    not say it. That stands in nobody's way: whoever settles the loan answers for it."""

    has_borrower: bool
    has_terms: bool
    disbursed: bool
    outstanding: int | None
    overdue: int | None = 0
    unallocated: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class StageMove(Move):
    """One step of a loan, with the right that it takes. `ends` marks steps that need a reason and a confirmation."""

    capability: str
    label: Any
    ends: bool = False


def _whole(facts: Facts) -> list[Problem]:
    found = []
    if not facts.has_borrower:
        found.append(Problem("borrower", _("The loan has no borrower.")))
    if not facts.has_terms:
        found.append(Problem("terms", _("No plan follows from the terms of the loan.")))
    return found


def _paid_out(facts: Facts) -> list[Problem]:
    day = [] if facts.disbursed else [Problem("disbursed_on", _("The day of payment is missing."))]
    return _whole(facts) + day


def _nothing_left(facts: Facts) -> list[Problem]:
    found = []
    if facts.outstanding:
        found.append(Problem("outstanding", _("Principal is still outstanding.")))
    if (facts.overdue or 0) > 0:
        found.append(Problem("overdue", _("An amount is still overdue.")))
    if facts.unallocated != 0:
        found.append(Problem("unallocated", _("A received amount is not allocated yet.")))
    return found


_EDIT, _DECIDE = "loans.edit", "loans.decide"
_RETURN, _WITHDRAW = _("Return to the applicant's officer"), _("Withdraw")
MOVES = Moves(
    StageMove("application", "submit", "approval", guard=_whole, capability=_EDIT, label=_("Submit for approval")),
    StageMove("approval", "return", "application", capability=_DECIDE, label=_RETURN, ends=True),
    StageMove("approval", "approve", "disbursal", capability=_DECIDE, label=_("Approve")),
    StageMove("approval", "decline", "declined", capability=_DECIDE, label=_("Decline"), ends=True),
    StageMove("application", "withdraw", "withdrawn", capability=_EDIT, label=_WITHDRAW, ends=True),
    StageMove("approval", "withdraw", "withdrawn", capability=_EDIT, label=_WITHDRAW, ends=True),
    StageMove("disbursal", "withdraw", "withdrawn", capability=_EDIT, label=_WITHDRAW, ends=True),
    StageMove(
        "disbursal",
        "disburse",
        "servicing",
        guard=_paid_out,
        capability=_DECIDE,
        label=_("Record the payment of the loan"),
    ),
    StageMove("servicing", "settle", "settled", guard=_nothing_left, capability=_EDIT, label=_("Record settlement")),
    StageMove("settled", "reopen", "servicing", capability=_DECIDE, label=_("Reopen"), ends=True),
    StageMove("servicing", "write_off", "written_off", capability=_DECIDE, label=_("Write off"), ends=True),
    refusal=_("This step is not possible in the stage the loan is in now."),
)

# The way of an ordinary loan, as the stepper shows it; other ends stand in place of the last step.
PATH = ("application", "approval", "disbursal", "servicing", "settled")

# Whose money is out: its terms stand. Of these, those that still take payments.
PAID_OUT = frozenset({"servicing", "settled", "written_off"})
TAKES_PAYMENTS = frozenset({"servicing", "written_off"})


def steps(state: str) -> list[tuple[str, str]]:
    """(state, done | current | blocked | '') along the ordinary way; an unusual end closes it where it happened."""
    if state not in PATH:
        reached = {"declined": 2, "withdrawn": 1, "written_off": 4}[state]
        return [*((step, "done") for step in PATH[:reached]), (state, "blocked")]
    here = PATH.index(state)
    done = "done" if state == PATH[-1] else "current"
    return [(step, "done" if place < here else done if place == here else "") for place, step in enumerate(PATH)]
