"""How an impact assessment moves, and what it must say before somebody else may sign it (PIPL 55, 56)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from carloan.core.moves import Move, Moves
from carloan.lib.problems import Problem


@dataclass(frozen=True, slots=True)
class Facts:
    """The words of each section, the risk that remains, who made it and who acts."""

    sections: Mapping[str, str]
    risk: str
    made_by: object
    hands: frozenset[Any]


def _whole(facts: Facts) -> list[Problem]:
    """Every section says something: an assessment with a gap is none."""
    words = _("The law wants this part to be answered (art. 56).")
    missing = [Problem(name, words) for name, text in facts.sections.items() if not text.strip()]
    return missing if facts.risk else [*missing, Problem("risk", _("Say which risk remains."))]


def _by_another(facts: Facts) -> list[Problem]:
    if facts.made_by in facts.hands:
        return [Problem("signed_by", _("Whoever made an assessment does not sign it: somebody else does."))]
    return _whole(facts)


MOVES: Final = Moves(
    Move("draft", "submit", "waiting", guard=_whole),
    Move("waiting", "sign", "signed", guard=_by_another),
    Move("waiting", "return", "draft"),
    refusal=_("This assessment does not stand where that can be done: look at it again."),
)
CITATION: Final = _("Personal Information Protection Law, art. 55 and 56")
