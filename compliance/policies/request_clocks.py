"""By when a person's request is answered: rows of data with their citation, as China's law has them.

Where the law says "in time" (及时) and gives no number, the number is a bound of the house: the lender may set a
shorter one (`compliance.RequestClock`), never a longer one. A row that is not `confirmed` is a reading that counsel has
not confirmed yet; until then it binds like the others. Rows say what they cite, never its text.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from carloan.lib.workdays import Reckoned, WorkdayTable


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """At most so many `days` after the day of receipt, which itself does not count (民法典 201); `working` days or days
    of the calendar. The last day is not moved behind a holiday (民法典 203 would allow it): the earlier day binds.

    `of_the_house`: the law names no number.
    """

    kind: str
    days: int
    working: bool
    citation: Any
    confirmed: bool
    of_the_house: bool


_TIMELY: Final = _("Personal Information Protection Law, art. 50: in time; the number of days is the house's own")


def _house(kind: str, days: int = 15, *, citation: Any = _TIMELY) -> Clock:
    return Clock(kind=kind, days=days, working=True, citation=citation, confirmed=False, of_the_house=True)


CLOCKS: Final = {
    clock.kind: clock
    for clock in (
        _house("copy"),
        _house(
            "transfer",
            citation=_(
                "Personal Information Protection Law, art. 45 para. 3 and 50: "
                "a way is provided in time; the number of days is the house's own"
            ),
        ),
        _house("correct"),
        _house("delete"),
        _house("explain"),
        _house("review"),
        # What somebody withdraws ends at once in the register; this is the time for telling them so.
        _house("withdraw", 3),
        Clock(
            kind="objection",
            days=20,
            working=False,
            citation=_("Regulation on the Credit Reporting Industry (2013), art. 25 para. 2"),
            confirmed=True,
            of_the_house=False,
        ),
        Clock(
            kind="complaint",
            days=15,
            working=False,
            citation=_("Rules on consumer complaints of banks and insurers (2020), art. 19"),
            confirmed=False,
            of_the_house=False,
        ),
    )
}


def due(clock: Clock, received_on: date, table: WorkdayTable, *, days: int | None = None) -> Reckoned:
    """The last day for the answer. `days` is the lender's own, shorter number."""
    count = min(clock.days, days) if days is not None else clock.days
    return table.add(received_on, count) if clock.working else Reckoned(received_on + timedelta(days=count))
