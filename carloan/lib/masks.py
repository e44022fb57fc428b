"""Mask rules: what of a personal value may stand on a screen. Which field gets which rule, the registry decides."""

import re
from collections.abc import Callable

from carloan.lib import personal

_COMPOUND_SURNAMES = frozenset(
    {
        "欧阳",
        "上官",
        "司马",
        "诸葛",
        "东方",
        "皇甫",
        "尉迟",
        "公孙",
        "慕容",
        "司徒",
        "令狐",
        "宇文",
        "长孙",
        "夏侯",
        "南宫",
        "独孤",
        "端木",
        "轩辕",
        "澹台",
        "闻人",
        "赫连",
        "呼延",
        "申屠",
        "钟离",
        "淳于",
        "公冶",
        "宗政",
        "濮阳",
    }
)
# Everything behind the district is the person's: street, estate, house, room.
_DISTRICT = re.compile(
    r"^(?P<kept>(?:[^\s]{2,8}?(?:省|自治区|特别行政区))?(?:[^\s]{2,8}?(?:市|自治州|地区|盟))?(?:[^\s]{1,8}?(?:区|县|旗|市))?)(?P<rest>.*)$"
)
STAR = "*"
ALL = STAR * 6


def _ends(text: str, first: int, last: int) -> str:
    """The first and last characters; none of a value too short to hide three."""
    hidden = len(text) - first - last
    if hidden < 3:
        return STAR * max(len(text), 4)
    return text[:first] + STAR * hidden + text[len(text) - last :]


def name(text: str) -> str:
    """王小明 -> 王**, 欧阳娜娜 -> 欧阳**, John Smith -> J*** *****."""
    if not text:
        return ""
    if re.search("[A-Za-z]", text):
        words = text.split()
        return " ".join(
            [words[0][:1] + STAR * max(len(words[0]) - 1, 3), *(STAR * max(len(word), 3) for word in words[1:])]
        )
    kept = 2 if len(text) > 2 and text[:2] in _COMPOUND_SURNAMES else 1
    return text[:kept] + STAR * max(len(text) - kept, 1)


def phone(text: str) -> str:
    """First three and last four digits."""
    return _ends(text, 3, 4)


def id_number(text: str) -> str:
    """Province and last four: the birth date in the middle stays hidden."""
    return _ends(text, 3, 4)


def card(text: str) -> str:
    """Issuer (six) and last four, as PCI DSS allows."""
    return _ends(text, 6, 4)


def ends(text: str) -> str:
    """First and last character: what a lender may want of a number instead of the usual three and four."""
    return _ends(text, 1, 1)


def plate(text: str) -> str:
    """Area and last two: 京A***45."""
    return _ends(text, 2, 2)


def vin(text: str) -> str:
    """Maker and last four."""
    return _ends(text, 3, 4)


def address(text: str) -> str:
    """Province, city and district; nothing of an address that does not name them."""
    match = _DISTRICT.match(text)
    kept = match["kept"] if match else ""
    return f"{kept}{ALL}" if text else ""


def date(text: str) -> str:
    """The year of an ISO date."""
    return f"{text[:4]}-**-**" if re.match(r"\d{4}-\d{2}-\d{2}$", text) else ALL


def email(text: str) -> str:
    """First character and domain."""
    local, at, domain = text.rpartition("@")
    return f"{local[:1]}{STAR * 4}@{domain}" if at else ALL


def text(text: str) -> str:
    """Nothing, and no hint of the length either."""
    return ALL if text else ""


def code(text: str) -> str:
    """First two and last four of a code of an organisation, a permit or a passport."""
    return _ends(text, 2, 4)


def written(text: str) -> str:
    """What somebody wrote in their own words, with the numbers of people in it masked: the rest may be read.

    A name or an address in the middle of a sentence is not found: what holds those is masked whole (`text`).
    """
    return personal.hide(text, by=lambda found: _NUMBERS[found.kind](found.value))


_NUMBERS: dict[personal.Kind, Callable[[str], str]] = {
    "id_number": id_number,
    "phone": phone,
    "card": card,
    "plate": plate,
    "vin": vin,
    "email": email,
    "uscc": code,
    "permit": code,
    "passport": code,
    "number": text,
}
MASKS: dict[str, Callable[[str], str]] = {
    "name": name,
    "phone": phone,
    "id_number": id_number,
    "card": card,
    "plate": plate,
    "vin": vin,
    "ends": ends,
    "address": address,
    "date": date,
    "email": email,
    "text": text,
    "written": written,
}
