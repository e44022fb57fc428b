"""How a rule change moves: read, decided (again, if need be), done; and when one is upcoming or late."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.utils.translation import gettext_lazy as _

from carloan.core.moves import Move, Moves
from carloan.lib.problems import Problem

UPCOMING: Final = timedelta(days=90)


@dataclass(frozen=True)
class Facts:
    """What was decided, and by when it shall be done."""

    decision: str
    due_on: date | None
    effective_on: date


def _decided(facts: Facts) -> list[Problem]:
    problems = []
    if not facts.decision:
        problems.append(Problem("decision", _("Say what is decided, also when nothing has to change.")))
    if facts.due_on is None:
        problems.append(Problem("due_on", _("Name the day by which it is done.")))
    elif facts.due_on > facts.effective_on:
        problems.append(Problem("due_on", _("It is done by the day from which the rule counts, at the latest.")))
    return problems


MOVES: Final = Moves(
    Move("new", "read", "read"),
    Move("read", "decide", "decided", guard=_decided),
    Move("decided", "decide", "decided", guard=_decided),
    Move("decided", "finish", "done"),
    refusal=_("This rule change is not at that point. Load the page again."),
)


def is_late(state: str, *, effective_on: date, due_on: date | None, today: date) -> bool:
    """Whether it should be done and is not."""
    return state != "done" and today > (due_on or effective_on)
