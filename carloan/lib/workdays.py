"""Working days from a table given as data: days off, and the weekend days that make up for them (调休)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Reckoned:
    """A day counted by the table. `assumed_years` names years without data, where Monday to Friday was taken."""

    day: date
    assumed_years: frozenset[int] = frozenset()

    @property
    def certain(self) -> bool:
        return not self.assumed_years


@dataclass(frozen=True, slots=True)
class WorkdayTable:
    """Exceptions to Monday-to-Friday. `years` are known; in others weekdays are assumed where no day is given."""

    off: Mapping[date, bool] = field(default_factory=dict)
    years: frozenset[int] = frozenset()

    @classmethod
    def of(cls, days: Iterable[tuple[date, bool]], *, years: Iterable[int] | None = None) -> "WorkdayTable":
        """From (day, is it off) pairs; the last word on a day wins. Without `years` each year with a day is known."""
        off = dict(days)
        return cls(off, frozenset(day.year for day in off) if years is None else frozenset(years))

    def is_workday(self, day: date) -> bool:
        off = self.off.get(day)
        return day.weekday() < 5 if off is None else not off

    def next_workday(self, day: date) -> Reckoned:
        """The day itself if it is a working day, else the first one after it."""
        assumed = set()
        while True:
            if day.year not in self.years:
                assumed.add(day.year)
            if self.is_workday(day):
                return Reckoned(day, frozenset(assumed))
            day += _ONE_DAY

    def add(self, day: date, count: int) -> Reckoned:
        """The working day `count` working days after (before, when negative) `day`, which itself is not counted."""
        step = _ONE_DAY if count >= 0 else -_ONE_DAY
        assumed = set()
        left = abs(count)
        while left:
            day += step
            if day.year not in self.years:
                assumed.add(day.year)
            left -= self.is_workday(day)
        return Reckoned(day, frozenset(assumed))

    def between(self, start: date, end: date) -> tuple[int, frozenset[int]]:
        """Working days after `start` up to and including `end`, and the years that had to be assumed."""
        days = [start + _ONE_DAY * n for n in range(1, (end - start).days + 1)]
        assumed = frozenset(day.year for day in days) - self.years
        return sum(map(self.is_workday, days)), assumed
