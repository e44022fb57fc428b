"""How a person's request moves, what has to be there before it is answered, and why it may be refused."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from carloan.compliance.policies.transfers import CONDITIONS
from carloan.core.moves import Move, Moves
from carloan.lib.problems import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What was done about a request: copies made, whether a person reviewed a decision (or none was made), consents
    withdrawn under its number, whether the person's data are gone or stopped, and the reason if it is to be refused.

    Of a transfer: what was decided of each condition, and whether the package was handed over."""

    kind: str
    copies: int = 0
    reviewed: bool = False
    withdrawals: int = 0
    gone_or_stopped: bool = False
    conditions: Mapping[str, bool] = field(default_factory=dict)
    delivered: bool = False
    refusal: str = ""


def _done(facts: Facts) -> list[Problem]:
    """An answer says what was done: it waits until it was."""
    missing = {
        "copy": (facts.copies, _("Make the copy first.")),
        "review": (facts.reviewed, _("A person has to review the decision first.")),
        "withdraw": (facts.withdrawals, _("Record the withdrawal in the consent register first.")),
        "delete": (
            facts.gone_or_stopped,
            _("The data have to be destroyed, or their processing stopped, before this is answered."),
        ),
        "transfer": (facts.delivered, _("Record first to whom the package was handed over, and when.")),
    }
    done, words = missing.get(facts.kind, (True, ""))
    return [] if done else [Problem("answer", words)]


def _refusable(facts: Facts) -> list[Problem]:
    """What a refusal rests on has to be so.

    What stays only because the law keeps it is stored and protected, and nothing else (art. 47 para. 2). A transfer is
    refused for a condition only if that one was found not met; that lenders share nothing among themselves is no ground
    against it, because the person takes their own data away (art. 45 para. 3).
    """
    if facts.kind == "delete" and facts.refusal == "kept_by_law" and not facts.gone_or_stopped:
        words = _("What the law keeps may only be stored and protected: stop the processing first (art. 47 para. 2).")
        return [Problem("refusal", words)]
    if facts.refusal == "conditions":
        if facts.kind != "transfer":
            return [Problem("refusal", _("Only a transfer has conditions: choose another reason."))]
        if not any(facts.conditions.get(code) is False for code in CONDITIONS):
            return [Problem("refusal", _("No condition was found not met: decide the conditions first."))]
    if facts.kind == "transfer" and facts.refusal == "other_lender":
        words = _("This is the person's own transfer and no sharing between lenders (art. 45 para. 3): another reason.")
        return [Problem("refusal", words)]
    return []


MOVES: Final = Moves(
    Move("received", "identify", "working"),
    Move("received", "refuse", "refused", guard=_refusable),
    Move("received", "withdraw", "withdrawn"),
    Move("working", "answer", "answered", guard=_done),
    Move("working", "refuse", "refused", guard=_refusable),
    Move("working", "withdraw", "withdrawn"),
    refusal=_("This request does not stand where that can be done: look at it again."),
)
OPEN: Final = ("received", "working")

# The article that gives the person each right.
LAW: Final[dict[str, Any]] = {
    "copy": _("Personal Information Protection Law, art. 45"),
    "transfer": _("Personal Information Protection Law, art. 45 para. 3"),
    "correct": _("Personal Information Protection Law, art. 46"),
    "delete": _("Personal Information Protection Law, art. 47"),
    "explain": _("Personal Information Protection Law, art. 48"),
    "review": _("Personal Information Protection Law, art. 24 para. 3"),
    "withdraw": _("Personal Information Protection Law, art. 15"),
    "objection": _("Regulation on the Credit Reporting Industry (2013), art. 25"),
    "complaint": _("Personal Information Protection Law, art. 50 para. 1"),
}


@dataclass(frozen=True, slots=True)
class Ground:
    """Why a request is refused, and by which article."""

    label: Any
    citation: Any


# A refusal without one of these is none (art. 50 para. 1: the reason is told).
GROUNDS: Final = {
    "unproven": Ground(
        _("It is not shown that the person asks"), _("Personal Information Protection Law, art. 44 and 50 para. 1")
    ),
    "kept_by_law": Ground(
        _("The law keeps these records longer"), _("Personal Information Protection Law, art. 47 para. 2")
    ),
    "contract": Ground(
        _("Needed for the contract with the person"), _("Personal Information Protection Law, art. 13 para. 1 (2)")
    ),
    "duty": Ground(
        _("Needed for a duty that the law lays down"), _("Personal Information Protection Law, art. 13 para. 1 (3)")
    ),
    "secret": Ground(
        _("The law asks for secrecy or excuses from telling"),
        _("Personal Information Protection Law, art. 45 para. 1 with art. 18 para. 1 or art. 35"),
    ),
    "right_already": Ground(
        _("Checked, and right as it stands"), _("Personal Information Protection Law, art. 46 para. 2")
    ),
    "other_lender": Ground(
        _("Data are not given from one lender to another"), _("Personal Information Protection Law, art. 23")
    ),
    "conditions": Ground(
        _("A condition of the transfer is not met"),
        _(
            "Personal Information Protection Law, art. 45 para. 3, with "
            "the Regulation on Network Data Security (2024), art. 25"
        ),
    ),
}


def grounds_for(kind: str) -> dict[str, Ground]:
    """The reasons for which a request of this kind may be refused."""
    closed = "other_lender" if kind == "transfer" else "conditions"
    return {code: ground for code, ground in GROUNDS.items() if code != closed}
