"""When somebody is reminded of a lent original: before its day, on the day after, and once more to those in charge."""

from datetime import date
from typing import Final

SOON_DAYS: Final = 2
ESCALATED_DAYS: Final = 5


def steps_due(due_on: date, today: date) -> list[str]:
    """The steps whose day has come, in their order. One that was missed is made up for only while it still says
    something: whoever is late is not told that it will be due."""
    late = (today - due_on).days
    if late > 0:
        return ["late", "escalated"] if late >= ESCALATED_DAYS else ["late"]
    return ["soon"] if -late <= SOON_DAYS else []
