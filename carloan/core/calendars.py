"""Reads of the lender's calendar: the table that rules count working days with, and a year for the screen."""

from uuid import UUID

from carloan.lib.workdays import WorkdayTable

from .actors import Actor
from .errors import NotFound
from .models import CalendarDay, CalendarYear

READERS = ("calendar.manage", "people.view")


def working_days() -> WorkdayTable:
    """The open lender's table, in two queries. A year that nobody called complete is counted by weekdays and named.

    Rules take it once for all they count; its methods are `is_workday`, `next_workday`, `add`, `between`.
    """
    days = CalendarDay.objects.values_list("day", "is_off")
    return WorkdayTable.of(days, years=CalendarYear.objects.values_list("year", flat=True))


def calendar_days_for(actor: Actor, year: int) -> list[CalendarDay]:
    actor.require(*READERS)
    return list(CalendarDay.objects.filter(day__year=year).order_by("day"))


def calendar_year_for(actor: Actor, year: int) -> CalendarYear | None:
    """What is said about a whole year, None when nobody called it complete."""
    actor.require(*READERS)
    return CalendarYear.objects.filter(year=year).first()


def get_calendar_day_for(actor: Actor, day_id: UUID) -> CalendarDay:
    """One day. Raises NotFound."""
    actor.require(*READERS)
    entry = CalendarDay.objects.filter(id=day_id).first()
    if entry is None:
        raise NotFound
    return entry
