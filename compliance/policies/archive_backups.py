"""Quarterly backups of the archive: which quarter a day belongs to, when one is late, how much of it is opened."""

from calendar import monthrange
from datetime import date, timedelta
from typing import Final

from django.utils.translation import gettext_lazy as _

from carloan.core.moves import Move, Moves

MOVES: Final = Moves(
    Move("writing", "close", "checking"),
    Move("checking", "pass", "passed"),
    Move("writing", "fail", "failed"),
    Move("checking", "fail", "failed"),
    refusal=_("This backup has ended."),
)

# The nightly sweep begins it on the first day of the quarter and tries again each night; so many days later without
# one that passed, people must look.
GRACE: Final = timedelta(days=14)
# Each stands until the end of so many quarters after its own, so that two of them lie there at any time.
KEPT_QUARTERS: Final = 2
# Of each segment one item in so many is opened, and at least so many.
ONE_IN: Final = 100
AT_LEAST: Final = 5


def quarter_of(day: date) -> str:
    """The calendar quarter of a day, `2026Q4`."""
    return f"{day.year}Q{(day.month + 2) // 3}"


def first_day(quarter: str) -> date:
    return date(int(quarter[:4]), int(quarter[5]) * 3 - 2, 1)


def last_day_kept(quarter: str) -> date:
    """The day until which the backup of a quarter is kept."""
    months = (int(quarter[5]) + KEPT_QUARTERS) * 3
    year, month = int(quarter[:4]) + (months - 1) // 12, (months - 1) % 12 + 1
    return date(year, month, monthrange(year, month)[1])


def is_late(today: date) -> bool:
    """Whether the backup of a day's quarter should have passed its test by then."""
    return today >= first_day(quarter_of(today)) + GRACE


def sample_size(items: int) -> int:
    """How many of a segment's items the restore test opens and reads through their keys."""
    return min(items, max(AT_LEAST, -(-items // ONE_IN)))
