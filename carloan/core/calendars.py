"""Reads of the lender's calendars: the table that rules count working days with, and a year for the screen."""

from uuid import UUID

from carloan.lib import calendar_cn
from carloan.lib.workdays import WorkdayTable

from .actors import Actor
from .errors import NotFound
from .models import CalendarDay, CalendarYear, Tenant
from .tenancy import current_tenant_id

READERS = ("calendar.manage", "people.view")


def own_calendar() -> str:
    """The code of the calendar that the open lender counts by where nothing else is said: its country's."""
    return Tenant.objects.values_list("jurisdiction", flat=True).get(id=current_tenant_id())


def official_years(calendar: str) -> frozenset[int]:
    """The years whose days come with this version; none for most calendars."""
    return calendar_cn.YEARS if calendar == calendar_cn.CALENDAR else frozenset()


def working_days(*, calendar: str = "") -> WorkdayTable:
    """The table of one of the open lender's calendars, in two queries; of its own, in three.

    A year that nobody called complete is counted by weekdays and named, as is every year of a calendar without entries.
    Rules take the table once for all they count; its methods are `is_workday`, `next_workday`, `add`, `between`.
    """
    calendar = calendar or own_calendar()
    days = CalendarDay.objects.filter(calendar=calendar).values_list("day", "is_off")
    years = CalendarYear.objects.filter(calendar=calendar).values_list("year", flat=True)
    return WorkdayTable.of(days, years=years)


def calendar_days_for(actor: Actor, year: int, *, calendar: str) -> list[CalendarDay]:
    actor.require(*READERS)
    return list(CalendarDay.objects.filter(calendar=calendar, day__year=year).order_by("day"))


def calendar_year_for(actor: Actor, year: int, *, calendar: str) -> CalendarYear | None:
    """What is said about a whole year, None when nobody called it complete."""
    actor.require(*READERS)
    return CalendarYear.objects.filter(calendar=calendar, year=year).first()


def get_calendar_day_for(actor: Actor, day_id: UUID) -> CalendarDay:
    """One day. Raises NotFound."""
    actor.require(*READERS)
    entry = CalendarDay.objects.filter(id=day_id).first()
    if entry is None:
        raise NotFound
    return entry
