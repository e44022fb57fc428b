"""Quadrants of risk: probability against loss, what each asks for, and after how many days it is looked at again."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

# Of four grades each, from here on it is high.
HIGH: Final = 3
GRADES: Final = (1, 2, 3, 4)


@dataclass(frozen=True)
class Quadrant:
    """`days`: the longest time between two looks at a risk that stands there."""

    code: str
    label: Any
    treatment: Any
    days: int
    tone: str


AVOID = Quadrant("avoid", _("Probable and costly"), _("Avoid it or act at once"), 30, "st-red")
TRANSFER = Quadrant("transfer", _("Improbable and costly"), _("Transfer or prepare for it"), 90, "st-orange")
REDUCE = Quadrant("reduce", _("Probable and cheap"), _("Reduce it"), 180, "st-yellow")
ACCEPT = Quadrant("accept", _("Improbable and cheap"), _("Accept and watch it"), 365, "st-green")
QUADRANTS: Final = (AVOID, TRANSFER, REDUCE, ACCEPT)


def quadrant_of(probability: int, loss: int) -> Quadrant:
    """Where a risk stands."""
    if loss >= HIGH:
        return AVOID if probability >= HIGH else TRANSFER
    return REDUCE if probability >= HIGH else ACCEPT


def latest_review(probability: int, loss: int, *, today: date) -> date:
    """By when a risk is looked at again at the latest; whoever owns it may name an earlier day."""
    return today + timedelta(days=quadrant_of(probability, loss).days)
