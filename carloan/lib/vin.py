"""车辆识别代号 VIN (GB 16735-2019, ISO 3779, ISO 3780)."""

import re
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from carloan.lib.problems import Problem
from carloan.lib.text import fold

ALPHABET = "0123456789ABCDEFGHJKLMNPRSTUVWXYZ"
_VALUE = dict(zip(ALPHABET, [*range(10), *range(1, 9), *range(1, 6), 7, 9, *range(2, 10)], strict=True))
_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
_YEAR_CODES = "ABCDEFGHJKLMNPRSTVWXY123456789"
_FIRST_YEAR = 1980

# ISO 3780 ranges of the first two characters; digits sort after letters there.
_ORDER = "ABCDEFGHJKLMNPRSTUVWXYZ1234567890"
_COUNTRIES = (
    ("JA", "J0", "JP"),
    ("KL", "KR", "KR"),
    ("L1", "L0", "CN"),
    ("LA", "L0", "CN"),
    ("MA", "ME", "IN"),
    ("MZ", "M5", "IN"),
    ("ML", "MR", "TH"),
    ("NM", "NR", "TR"),
    ("PL", "PR", "MY"),
    ("RF", "RG", "TW"),
    ("SA", "SM", "GB"),
    ("SN", "ST", "DE"),
    ("SU", "SZ", "PL"),
    ("TA", "TH", "CH"),
    ("TJ", "TP", "CZ"),
    ("TR", "TV", "HU"),
    ("VA", "VE", "AT"),
    ("VF", "VR", "FR"),
    ("VS", "VW", "ES"),
    ("WA", "W0", "DE"),
    ("XL", "XR", "NL"),
    ("XS", "XW", "RU"),
    ("YA", "YE", "BE"),
    ("YF", "YK", "FI"),
    ("YS", "YW", "SE"),
    ("ZA", "ZU", "IT"),
    ("1A", "10", "US"),
    ("2A", "20", "CA"),
    ("3A", "3W", "MX"),
    ("4A", "40", "US"),
    ("5A", "50", "US"),
    ("6A", "6W", "AU"),
    ("7F", "70", "US"),
    ("8A", "8E", "AR"),
    ("9A", "9E", "BR"),
    ("93", "99", "BR"),
)
_CHECKED = frozenset({"CN", "US", "CA", "MX"})


class Vin(NamedTuple):
    """The parts of a VIN. `model_years` lists every year the code of position 10 can mean (it repeats after 30)."""

    wmi: str
    country: str | None
    model_years: tuple[int, ...]
    serial: str


def normalise(text: str) -> str:
    return re.sub(r"[\s\-.·*]", "", fold(text)).upper()


def check_digit(vin: str) -> str:
    """The character that position 9 must hold."""
    remainder = sum(_VALUE[char] * weight for char, weight in zip(vin, _WEIGHTS, strict=True)) % 11
    return "X" if remainder == 10 else str(remainder)


def country(vin: str) -> str | None:
    """ISO 3166 code of the maker's country by the first two characters, None where no range is known."""
    first, second = vin[0], vin[1]
    for low, high, code in _COUNTRIES:
        if low[0] == first and _ORDER.index(low[1]) <= _ORDER.index(second) <= _ORDER.index(high[1]):
            return code
    return None


def problems(text: str, *, check: bool | None = None) -> list[Problem]:
    """Why this is no VIN; empty when it is one.

    The check digit is obligatory in China and North America only: with `check=None` it is judged for makers from there.
    """
    vin = normalise(text)
    if len(vin) != 17:
        return [Problem("vin_length", _("A VIN has 17 characters."))]
    if any(char not in ALPHABET for char in vin):
        return [Problem("vin_characters", _("A VIN holds digits and capital letters without I, O and Q."))]
    judged = country(vin) in _CHECKED if check is None else check
    if judged and check_digit(vin) != vin[8]:
        return [Problem("vin_check", _("The check digit of the VIN (position 9) is wrong."))]
    return []


def parse(text: str) -> Vin:
    """The parts of a well-formed VIN. Raises ValueError with the first problem's code."""
    if found := problems(text, check=False):
        raise ValueError(found[0].code)
    vin = normalise(text)
    place = _YEAR_CODES.find(vin[9])
    years = () if place < 0 else tuple(_FIRST_YEAR + place + cycle for cycle in (0, 30))
    return Vin(vin[:3], country(vin), years, vin[11:])
