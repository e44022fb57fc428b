"""A lender's days that differ from Monday to Friday: holidays, and weekend days that are worked for them.

A lender has a calendar for each place whose days it counts by: its country's ("CN"), and where they differ a region's
or an office's ("CN-BJ"). Each is whole: none continues another one.
"""

from django.db import models
from django.utils.translation import get_language

from .base import TenantModel


class CalendarDay(TenantModel):
    """One day that is off though a weekday, or worked though a weekend (调休), with its name and where it is said."""

    calendar = models.CharField(max_length=20)
    day = models.DateField()
    is_off = models.BooleanField()
    name = models.CharField(max_length=60)
    name_en = models.CharField(max_length=60, blank=True)
    source = models.CharField(max_length=200, blank=True)
    audit_event_id = models.UUIDField()

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["tenant", "calendar", "day"], name="core_calendarday_calendar")]
        ordering = ["day"]

    def __str__(self) -> str:
        return self.name_en if self.name_en and (get_language() or "").startswith("en") else self.name


class CalendarYear(TenantModel):
    """A year whose days are all entered. One without such a row is counted by weekdays, with a warning."""

    calendar = models.CharField(max_length=20)
    year = models.IntegerField()
    source = models.CharField(max_length=200)
    audit_event_id = models.UUIDField()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "calendar", "year"], name="core_calendaryear_calendar")
        ]
        ordering = ["year"]

    def __str__(self) -> str:
        return str(self.year)
