"""The hours in which nobody is written to: pure rules of local time."""

from datetime import datetime, time, timedelta
from typing import Final

# No contact from 22:00 to 8:00 without consent (GB/T 45251-2025 asks it of collection; here it counts for everything
# that nobody asked for). A lender may be quiet for longer, never for less.
LATEST_FROM: Final = time(22, 0)
EARLIEST_FROM: Final = time(18, 0)
EARLIEST_UNTIL: Final = time(8, 0)
LATEST_UNTIL: Final = time(11, 0)


def is_lawful(quiet_from: time, quiet_until: time) -> bool:
    """Whether these hours hold at least the night that the rule asks for, and leave a day."""
    return EARLIEST_FROM <= quiet_from <= LATEST_FROM and EARLIEST_UNTIL <= quiet_until <= LATEST_UNTIL


def next_moment(local: datetime, quiet_from: time, quiet_until: time) -> datetime:
    """The moment itself when it is no quiet hour, else the end of these quiet hours, in the same zone."""
    if quiet_until <= local.time() < quiet_from:
        return local
    day = local.date() if local.time() < quiet_until else local.date() + timedelta(days=1)
    return datetime.combine(day, quiet_until, tzinfo=local.tzinfo)
