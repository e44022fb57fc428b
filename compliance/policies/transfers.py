"""Under which conditions a person's data go to a handler whom they name (可携带, PIPL 45 para. 3), and what it costs.

The conditions are those that the national cyberspace department laid down. Rows say what they cite, never its text;
counsel has to confirm each against the regulation. Until then they bind.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """One condition: what has to be so, what the reasons say, and by which article."""

    label: Any
    asks: Any
    citation: Any
    confirmed: bool = False


CONDITIONS: Final = {
    "identity": Condition(
        label=_("The true identity of who asks is verified"),
        asks=_("By which document or way, and who looked at it."),
        citation=_("Regulation on Network Data Security (2024), art. 25 para. 1 (1)"),
    ),
    "scope": Condition(
        label=_("The person agreed to give the data, or they were collected under a contract with the person"),
        asks=_("Under which contract or consent. What somebody else said about the person is not within it."),
        citation=_("Regulation on Network Data Security (2024), art. 25 para. 1 (2)"),
    ),
    "feasible": Condition(
        label=_("The transfer is technically feasible"),
        asks=_("How the named handler can take a zip with JSON, or why it cannot."),
        citation=_("Regulation on Network Data Security (2024), art. 25 para. 1 (3)"),
    ),
    "others": Condition(
        label=_("The transfer does no harm to the lawful rights of others"),
        asks=_("Whose rights were looked at: co-borrowers, guarantors, trade secrets."),
        citation=_("Regulation on Network Data Security (2024), art. 25 para. 1 (4)"),
    ),
}
FEE: Final = Condition(
    label=_("Fee"),
    asks=_("Only what the transfer costs, and only where requests are clearly more than reasonable."),
    citation=_("Regulation on Network Data Security (2024), art. 25 para. 2"),
)
# The regulation names no number of requests that is reasonable: the house takes nothing for the first within this time.
FREE_ONCE_IN: Final = timedelta(days=365)
MOST_FEE: Final = 100_000


def undecided(decided: Iterable[str]) -> list[str]:
    """The conditions that nobody decided yet, in their order."""
    known = set(decided)
    return [code for code in CONDITIONS if code not in known]


def may_charge(earlier: int) -> bool:
    """Whether a fee may be taken, by the number of the person's transfers within `FREE_ONCE_IN`."""
    return earlier > 0
