"""Money as integers of minor units (分, cents): reading, showing, and 大写, the capitals of cheques and invoices."""

import re
from decimal import Decimal
from typing import Final

from carloan.lib.text import fold

MINOR: Final = 100
SYMBOLS: Final = {"CNY": "¥", "USD": "$", "HKD": "HK$", "EUR": "€"}
# What bigint holds, and far more than any loan: a longer number in a file is a mistake.
LARGEST: Final = 10**17

_AMOUNT = re.compile(
    r"(?P<sign>[-+]?)(?P<whole>\d{1,3}(,\d{3})+|\d+)(\.(?P<fraction>\d+))?(?P<unit>百万|千万|[千万亿]?)", re.ASCII
)
_PREFIX = re.compile(r"^(人民币|RMB|CNY|USD|HKD|EUR|HK\$|US\$|[¥$€])")
_SUFFIX = re.compile(r"(人民币|RMB|CNY|USD|[元圆]整?)$")
_UNITS = {"": 1, "千": 10**3, "万": 10**4, "百万": 10**6, "千万": 10**7, "亿": 10**8}

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_DIGIT_OF = {
    char: value
    for value, chars in enumerate(
        ("零〇○0", "壹一1弌", "贰二2两貳", "叁三3叄參", "肆四4", "伍五5", "陆六6陸", "柒七7", "捌八8", "玖九9")
    )
    for char in chars
}
_PLACES = ("", "拾", "佰", "仟")
_D = "[" + "".join(_DIGIT_OF) + "]"
_N = "[壹贰叁肆伍陆柒捌玖]"
_SECTION = re.compile(rf"(?:(?P<k>{_N})仟)?零?(?:(?P<h>{_N})佰)?零?(?:(?P<t>{_N})拾)?零?(?P<o>{_N})?")


def parse(text: str) -> int:
    """Minor units of one amount: "¥1,234.56" -> 123456, "1234.5元" -> 123450, "1.2万" -> 1200000.

    Raises ValueError for anything else: misplaced thousands commas, fractions of a minor unit, two numbers, exponents.
    """
    folded = fold(text).replace(" ", "").upper()
    sign = ""
    if folded[:1] in "+-" and _PREFIX.match(folded[1:]):
        sign, folded = folded[0], folded[1:]
    bare = _SUFFIX.sub("", _PREFIX.sub("", folded))
    match = _AMOUNT.fullmatch(bare)
    if not match or (sign and match["sign"]):
        raise ValueError(f"not an amount: {text[:40]!r}")
    fraction = (match["fraction"] or "").rstrip("0")
    numerator = int(match["whole"].replace(",", "") + fraction) * _UNITS[match["unit"]] * MINOR
    minor, rest = divmod(numerator, int(10 ** len(fraction)))
    if rest:
        raise ValueError(f"finer than a minor unit: {text[:40]!r}")
    if minor > LARGEST:
        raise ValueError(f"too large an amount: {text[:40]!r}")
    return -minor if "-" in (sign, match["sign"]) else minor


def parse_rate(text: str) -> int:
    """A yearly rate as parts per million: "6.87%" and "0.0687" -> 68700; "‰" is read. Finer than a ppm is refused."""
    folded = fold(text).replace(" ", "")
    match = re.fullmatch(r"(?P<whole>\d+)(\.(?P<fraction>\d+))?(?P<unit>[%‰]?)", folded, re.ASCII)
    if not match:
        raise ValueError(f"not a rate: {text[:40]!r}")
    fraction = (match["fraction"] or "").rstrip("0")
    scale = {"%": 10**4, "‰": 10**3, "": 10**6}[match["unit"]]
    ppm, rest = divmod(int(match["whole"] + fraction) * scale, int(10 ** len(fraction)))
    if rest or ppm > 10**7:
        raise ValueError(f"not a yearly rate: {text[:40]!r}")
    return ppm


def exact(minor: int) -> Decimal:
    """The amount as a number for spreadsheets: 123456 -> Decimal("1234.56")."""
    return Decimal(minor).scaleb(-2)


def plain(minor: int) -> str:
    """Digits with a point and two decimals, for files: 123456 -> "1234.56"."""
    whole, rest = divmod(abs(minor), MINOR)
    return f"{'-' if minor < 0 else ''}{whole}.{rest:02}"


def show(minor: int, currency: str = "CNY") -> str:
    """As people read it in both languages: ¥1,234.00; the sign stands before the symbol."""
    whole, rest = divmod(abs(minor), MINOR)
    symbol = SYMBOLS.get(currency, f"{currency} ")
    return f"{'-' if minor < 0 else ''}{symbol}{whole:,}.{rest:02}"


def show_large(minor: int, currency: str = "CNY", *, language: str = "zh-hans") -> str:
    """A sum on a dashboard in three significant places: ¥4.28 亿, ¥428.00 M."""
    units = ((10**8, "亿"), (10**4, "万")) if language.startswith("zh") else ((10**9, "B"), (10**6, "M"), (10**3, "K"))
    symbol = SYMBOLS.get(currency, f"{currency} ")
    for size, unit in units:
        if abs(minor) >= size * MINOR:
            hundredths = (abs(minor) + size // 2) // size
            return f"{'-' if minor < 0 else ''}{symbol}{hundredths // 100}.{hundredths % 100:02} {unit}"
    return show(minor, currency)


def show_rate(ppm: int) -> str:
    """68700 -> 6.87%."""
    whole, rest = divmod(ppm, 10**4)
    fraction = f"{rest:04}".rstrip("0")
    return f"{whole}.{fraction.ljust(2, '0')}%"


def to_capitals(minor: int) -> str:
    """大写 as annex 1 of 《支付结算办法》 wants it, every 零 written: 10700053 -> 壹拾万零柒仟元零伍角叁分."""
    if minor < 0:
        return "负" + to_capitals(-minor)
    yuan, rest = divmod(minor, MINOR)
    jiao, fen = divmod(rest, 10)
    words = f"{_whole(yuan)}元" if yuan or not rest else ""
    if not rest:
        return f"{words}整"
    if jiao:
        words += f"{'零' if yuan and yuan % 10 == 0 else ''}{_DIGITS[jiao]}角"
    elif yuan:
        words += "零"
    return f"{words}{_DIGITS[fen]}分" if fen else f"{words}整"


def from_capitals(text: str) -> int:
    """Minor units of an amount in 大写; common spellings (圆, 正, 两, 十) are read. Raises ValueError otherwise."""
    folded = re.sub(r"[\s:()¥⊗ⓧ]", "", fold(text))
    folded = (
        re.sub(r"^人民币", "", folded).replace("圆", "元").replace("圓", "元").replace("萬", "万").replace("億", "亿")
    )
    folded = re.sub("[整正]$", "", folded)
    negative = folded.startswith("负")
    folded = folded.removeprefix("负")
    match = re.fullmatch(rf"(?:(?P<yuan>[^元角分]+)元)?零*(?:(?P<jiao>{_D})角)?零*(?:(?P<fen>{_D})分)?", folded)
    if not folded or not match or not any(match.groupdict().values()):
        raise ValueError(f"not an amount in capitals: {text[:60]!r}")
    minor = _DIGIT_OF[match["jiao"] or "零"] * 10 + _DIGIT_OF[match["fen"] or "零"]
    if match["yuan"]:
        minor += _read_whole(match["yuan"]) * MINOR
    if minor > LARGEST:
        raise ValueError(f"too large an amount: {text[:60]!r}")
    return -minor if negative else minor


def _whole(number: int) -> str:
    """A whole number; each section of four places, 万 and 亿 between, gaps told by one 零."""
    if number == 0:
        return _DIGITS[0]
    for size, unit in ((10**8, "亿"), (10**4, "万")):
        if number >= size:
            high, low = divmod(number, size)
            if not low:
                return f"{_whole(high)}{unit}"
            return f"{_whole(high)}{unit}{'零' if low < size // 10 or high % 10 == 0 else ''}{_whole(low)}"
    words, gap = "", False
    for place in (3, 2, 1, 0):
        digit = number // 10**place % 10
        if digit:
            words += f"{'零' if gap else ''}{_DIGITS[digit]}{_PLACES[place]}"
            gap = False
        else:
            gap = bool(words)
    return words


def _read_whole(text: str) -> int:
    for size, unit in ((10**8, "亿"), (10**4, "万")):
        if unit in text:
            high, _, low = text.rpartition(unit)
            if not high.strip("零") or unit in high:
                raise ValueError("a unit without a number, or twice")
            value = _read_whole(high) * size
            below = _read_whole(low) if low else 0
            if below >= size:
                raise ValueError("a section larger than its unit")
            return value + below
    spelling = _spelling(text)
    match = _SECTION.fullmatch(spelling)
    if not match or not text:
        raise ValueError("not a number in capitals")
    value = sum(_DIGIT_OF[match[place] or "零"] * size for place, size in zip("khto", (1000, 100, 10, 1), strict=True))
    # A gap that no 零 tells of is a place that was lost in reading: 壹仟贰 may have been 壹仟贰佰.
    if value and _whole(value) != spelling:
        raise ValueError("a place is missing")
    return value


def _spelling(section: str) -> str:
    """One section in the spelling of `_whole`; 零佰零拾 of printed forms becomes one 零."""
    plain = "".join(_DIGITS[_DIGIT_OF[char]] if char in _DIGIT_OF else char for char in section)
    plain = plain.replace("千", "仟").replace("百", "佰").replace("十", "拾")
    plain = re.sub("(零[仟佰拾]?)+", "零", plain).strip("零")
    return f"壹{plain}" if plain.startswith("拾") else plain
