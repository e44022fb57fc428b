"""The days of mainland China that differ from Monday to Friday, as the State Council's general office announces them.

Each year is announced around November of the year before. A year that is not here has not been announced yet (or not
been entered): whoever counts then takes Monday to Friday and says so (`lib/workdays.py`).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

CALENDAR = "CN"


@dataclass(frozen=True, slots=True)
class Announced:
    """One day: off for a holiday, or (`is_off` false) a weekend day that makes up for one (调休)."""

    day: date
    is_off: bool
    name: str
    name_en: str


# Year -> source, and for each holiday its names, first and last day off, and the weekend days worked for it,
# all as MMDD of that year.
_YEARS: dict[int, tuple[str, tuple[tuple[str, str, str, str, tuple[str, ...]], ...]]] = {
    2025: (
        "国务院办公厅关于2025年部分节假日安排的通知（国办发明电〔2024〕12号）",
        (
            ("元旦", "New Year", "0101", "0101", ()),
            ("春节", "Spring Festival", "0128", "0204", ("0126", "0208")),
            ("清明节", "Tomb-Sweeping Day", "0404", "0406", ()),
            ("劳动节", "Labour Day", "0501", "0505", ("0427",)),
            ("端午节", "Dragon Boat Festival", "0531", "0602", ()),
            ("国庆节、中秋节", "National Day and Mid-Autumn Festival", "1001", "1008", ("0928", "1011")),
        ),
    ),
    2026: (
        "国务院办公厅关于2026年部分节假日安排的通知（2025年11月4日）",
        (
            ("元旦", "New Year", "0101", "0103", ("0104",)),
            ("春节", "Spring Festival", "0215", "0223", ("0214", "0228")),
            ("清明节", "Tomb-Sweeping Day", "0404", "0406", ()),
            ("劳动节", "Labour Day", "0501", "0505", ("0509",)),
            ("端午节", "Dragon Boat Festival", "0619", "0621", ()),
            ("中秋节", "Mid-Autumn Festival", "0925", "0927", ()),
            ("国庆节", "National Day", "1001", "1007", ("0920", "1010")),
        ),
    ),
}
YEARS = frozenset(_YEARS)


def source_of(year: int) -> str:
    """The announcement of a year. Raises KeyError for one that is not here."""
    return _YEARS[year][0]


def days_of(year: int) -> list[Announced]:
    """Every day that the announcement of a year names, in order. Raises KeyError for a year that is not here."""
    return sorted(_announced(year), key=lambda each: each.day)


def _announced(year: int) -> Iterator[Announced]:
    for name, name_en, first, last, worked in _YEARS[year][1]:
        day = _date(year, first)
        while day <= _date(year, last):
            yield Announced(day, True, name, name_en)
            day += timedelta(days=1)
        for each in worked:
            yield Announced(_date(year, each), False, name, name_en)


def _date(year: int, text: str) -> date:
    return date(year, int(text[:2]), int(text[2:]))
