"""The lender's calendars of working days: official years, own days, and the word that a year is complete.

Each act is about one `calendar`, named by its code; without one, about that of the lender's country.
"""

import hashlib
import re
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from carloan.core import audit
from carloan.core.actors import Actor
from carloan.core.calendars import official_years, own_calendar
from carloan.core.errors import Conflict, Invalid
from carloan.core.ids import uuid7
from carloan.core.models import CalendarDay, CalendarYear
from carloan.core.tenancy import tenant_atomic
from carloan.lib import calendar_cn

FIRST_YEAR, YEARS_AHEAD = 2000, 20
CODE = re.compile(r"(?=.{2,20}$)[A-Z]{2}(-[A-Z0-9]+)*")


def calendar_day_set(
    *, actor: Actor, day: date, is_off: bool, name: str, name_en: str = "", source: str = "", calendar: str = ""
) -> CalendarDay:
    """Say that a day is off or worked, whatever its weekday; what was said about it before is replaced.

    Raises Invalid without a name, for a day that nobody counts (before 2000, more than 20 years ahead), or for a code
    that names no calendar.
    """
    actor.require("calendar.manage")
    code = _code(calendar)
    if not name.strip():
        raise Invalid(fields={"name": [_("Say what this day is.")]})
    _check_year(day.year, field="day")
    with tenant_atomic():
        before = CalendarDay.objects.filter(calendar=code, day=day).first()
        day_id = before.id if before else uuid7()
        event_id = audit.record(
            actor=actor,
            action="core.calendar.day_set",
            object_type="core.calendarday",
            object_id=day_id,
            before={"is_off": before.is_off, "name": before.name} if before else None,
            after={"calendar": code, "day": day.isoformat(), "is_off": is_off, "name": name.strip()},
        )
        said = {
            "is_off": is_off, "name": name.strip(), "name_en": name_en.strip(), "source": source.strip(),
            "audit_event_id": event_id,
        }  # fmt: skip
        return CalendarDay.objects.update_or_create(
            calendar=code, day=day, defaults=said, create_defaults={"id": day_id, **said}
        )[0]


def calendar_day_remove(*, actor: Actor, entry: CalendarDay) -> None:
    """Let a day follow its weekday again. Raises Conflict when somebody removed it already."""
    actor.require("calendar.manage")
    with tenant_atomic():
        audit.record(
            actor=actor,
            action="core.calendar.day_removed",
            object_type="core.calendarday",
            object_id=entry.id,
            before={
                "calendar": entry.calendar,
                "day": entry.day.isoformat(),
                "is_off": entry.is_off,
                "name": entry.name,
            },
        )
        if not CalendarDay.objects.filter(id=entry.id).delete()[0]:
            raise Conflict


def calendar_year_import(*, actor: Actor, year: int, calendar: str = "") -> int:
    """Enter the official days of a year and call it complete; own days on other dates stay. Returns how many.

    Raises Invalid for a year, or a country, whose days are not part of this version: enter them by hand then.
    """
    actor.require("calendar.manage")
    code = _code(calendar)
    if year not in official_years(code):
        raise Invalid(fields={"year": [_("The official days of this year are not known here. Enter them by hand.")]})
    days, source = calendar_cn.days_of(year), calendar_cn.source_of(year)
    with tenant_atomic():
        dates = [each.day for each in days]
        own = CalendarDay.objects.filter(calendar=code, day__in=dates).exclude(source=source)
        replaced = [[each.day.isoformat(), each.is_off, each.name] for each in own]
        event_id = audit.record(
            actor=actor,
            action="core.calendar.year_imported",
            object_type="core.calendaryear",
            before={"days": replaced} if replaced else None,
            after={"calendar": code, "year": year, "source": source},
            count=len(days),
            digest=hashlib.sha256("".join(f"{each.day}{each.is_off:d}" for each in days).encode()).hexdigest(),
        )
        CalendarDay.objects.filter(calendar=code, day__in=dates).delete()
        CalendarDay.objects.bulk_create(
            CalendarDay(
                calendar=code,
                day=each.day,
                is_off=each.is_off,
                name=each.name,
                name_en=each.name_en,
                source=source,
                audit_event_id=event_id,
            )
            for each in days
        )
        _complete(code, year, source, event_id)
    return len(days)


def calendar_year_complete(*, actor: Actor, year: int, source: str, calendar: str = "") -> None:
    """Say that all days of a year are entered, and by what: rules then count it without a warning.

    Raises Invalid without a source, for a year that nobody counts, or for a code that names no calendar.
    """
    actor.require("calendar.manage")
    code = _code(calendar)
    _check_year(year, field="year")
    if not source.strip():
        raise Invalid(fields={"source": [_("Say which announcement the days follow.")]})
    with tenant_atomic():
        event_id = audit.record(
            actor=actor,
            action="core.calendar.year_completed",
            object_type="core.calendaryear",
            after={"calendar": code, "year": year, "source": source.strip()},
        )
        _complete(code, year, source.strip(), event_id)


def calendar_install(*, actor: Actor) -> None:
    """Enter all official years that are known of a new lender's country; elsewhere its calendar begins empty."""
    for year in sorted(official_years(own_calendar())):
        calendar_year_import(actor=actor, year=year)


def _complete(calendar: str, year: int, source: str, event_id: object) -> None:
    said = {"source": source, "audit_event_id": event_id}
    CalendarYear.objects.update_or_create(calendar=calendar, year=year, defaults=said)


def _code(calendar: str) -> str:
    code = calendar or own_calendar()
    if not CODE.fullmatch(code):
        raise Invalid(fields={"calendar": [_("A calendar is named by its country and, if need be, place: CN, CN-BJ.")]})
    return code


def _check_year(year: int, *, field: str) -> None:
    if not FIRST_YEAR <= year <= timezone.localdate().year + YEARS_AHEAD:
        raise Invalid(fields={field: [_("This year is out of reach.")]})
