"""Dates as papers and exports write them: Chinese, ISO, compact, slashes. An impossible one is refused, not mended."""

import re
from datetime import date
from typing import Final, Literal

from carloan.lib.text import fold

LONG_TERM: Final = "long_term"
LongTerm = Literal["long_term"]

_NUMERALS = {
    char: str(value)
    for value, chars in enumerate(("〇○零", "一壹", "二贰", "三叁", "四肆", "五伍", "六陆", "七柒", "八捌", "九玖"))
    for char in chars
}
_HAN_YEAR = "".join(_NUMERALS)
_FORMS = (
    re.compile(r"(?P<y>\d{4})年(?P<m>\d{1,2})月(?P<d>\d{1,2})[日号]?", re.ASCII),
    re.compile(r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})", re.ASCII),
    re.compile(r"(?P<y>\d{4})/(?P<m>\d{1,2})/(?P<d>\d{1,2})", re.ASCII),
    re.compile(r"(?P<y>\d{4})\.(?P<m>\d{1,2})\.(?P<d>\d{1,2})", re.ASCII),
    re.compile(r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})", re.ASCII),
)
_TIME = re.compile(r"[T ]?\d{1,2}:\d{2}(:\d{2}([.,]\d+)?)?(Z|[+-]\d{2}:?\d{2})?$", re.ASCII)
_HAN_DATE = re.compile(
    rf"(?P<y>[{_HAN_YEAR}]{{4}})年(?P<m>[{_HAN_YEAR}十拾]{{1,3}})月(?P<d>[{_HAN_YEAR}十拾]{{1,4}})[日号]?"
)
_LONG_TERM_WORDS = frozenset(
    {"长期", "长期有效", "永久", "永久有效", "无固定期限", "LONG-TERM", "LONGTERM", "LONG_TERM"}
)

EARLIEST = date(1850, 1, 1)
LATEST = date(2199, 12, 31)


def parse(text: str) -> date:
    """One date. Raises ValueError when the text is no date, an impossible one (30 February) or outside 1850-2199.

    Orders that can be read two ways (03/04/2020) are refused: a mapping profile must name their format.
    """
    folded = _TIME.sub("", fold(text)).replace(" ", "")
    for form in _FORMS:
        if match := form.fullmatch(folded):
            return _within(date(int(match["y"]), int(match["m"]), int(match["d"])))
    if match := _HAN_DATE.fullmatch(folded):
        year = int("".join(_NUMERALS[char] for char in match["y"]))
        return _within(date(year, _han_number(match["m"]), _han_number(match["d"])))
    raise ValueError(f"not a date: {text[:40]!r}")


def parse_open_end(text: str) -> date | LongTerm:
    """A date, or `long_term` for papers that never expire (长期)."""
    if fold(text).upper().replace(" ", "") in _LONG_TERM_WORDS:
        return LONG_TERM
    return parse(text)


def _within(day: date) -> date:
    if not EARLIEST <= day <= LATEST:
        raise ValueError(f"date outside {EARLIEST.year}-{LATEST.year}")
    return day


def _han_number(text: str) -> int:
    """十二, 壹拾贰, 零捌, 二十 and 〇八 as numbers below a hundred."""
    text = text.replace("拾", "十")
    if "十" not in text:
        return int("".join(_NUMERALS[char] for char in text))
    tens, _, ones = text.partition("十")
    tens_value = int("".join(_NUMERALS[char] for char in tens) or "1") if tens.strip("零〇○") else 1
    return tens_value * 10 + int("".join(_NUMERALS[char] for char in ones) or "0")
