"""How a contract with an entrusted processor ends (PIPL 21), and when somebody has to look after it again."""

from datetime import date, timedelta
from typing import Final

from django.utils.translation import gettext_lazy as _

from carloan.core.moves import Move, Moves

MOVES: Final = Moves(
    Move("active", "end", "ended"),
    Move("ended", "close", "closed"),
    refusal=_("This contract does not stand where that can be done: look at it again."),
)
CITATION: Final = _("Personal Information Protection Law, art. 21")
# The law says "supervise" and gives no interval: once a year is the house's bound.
SUPERVISED_WITHIN: Final = timedelta(days=365)


def is_unsupervised(*, starts_on: date, last_look: date | None, today: date) -> bool:
    """Whether nobody looked for longer than SUPERVISED_WITHIN."""
    return today - (last_look or starts_on) > SUPERVISED_WITHIN


def is_overrun(*, ends_on: date, today: date) -> bool:
    """Whether the term is over and the contract was not ended here."""
    return today > ends_on
