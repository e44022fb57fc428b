"""公民身份号码, the citizen's number (GB 11643-1999), its 15-digit forerunner, and permits of the same form."""

import re
from datetime import date
from typing import Literal, NamedTuple

from django.utils.translation import gettext_lazy as _

from carloan.lib.problems import Problem
from carloan.lib.text import fold

PROVINCES = {
    "11": "北京市",
    "12": "天津市",
    "13": "河北省",
    "14": "山西省",
    "15": "内蒙古自治区",
    "21": "辽宁省",
    "22": "吉林省",
    "23": "黑龙江省",
    "31": "上海市",
    "32": "江苏省",
    "33": "浙江省",
    "34": "安徽省",
    "35": "福建省",
    "36": "江西省",
    "37": "山东省",
    "41": "河南省",
    "42": "湖北省",
    "43": "湖南省",
    "44": "广东省",
    "45": "广西壮族自治区",
    "46": "海南省",
    "50": "重庆市",
    "51": "四川省",
    "52": "贵州省",
    "53": "云南省",
    "54": "西藏自治区",
    "61": "陕西省",
    "62": "甘肃省",
    "63": "青海省",
    "64": "宁夏回族自治区",
    "65": "新疆维吾尔自治区",
    "71": "台湾省",
    "81": "香港特别行政区",
    "82": "澳门特别行政区",
    "83": "台湾省",
}
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_EARLIEST_BIRTH = date(1850, 1, 1)

Sex = Literal["M", "F"]


class Identity(NamedTuple):
    """What a number says: division (first six digits), province where known, birth, sex, and the 18-digit form."""

    number: str
    division: str
    province: str | None
    birth: date
    sex: Sex


def normalise(text: str) -> str:
    """Half-width, no separators, final x as X (also when OCR or a keyboard made it × or Cyrillic)."""
    folded = re.sub(r"[\s\-.·]", "", fold(text)).upper()
    return re.sub("[×Х*]$", "X", folded) if len(folded) == 18 else folded


def check_digit(body: str) -> str:
    """The 18th character for the first 17 digits (ISO 7064, MOD 11-2)."""
    return _CHECKS[sum(int(char) * weight for char, weight in zip(body, _WEIGHTS, strict=True)) % 11]


def upgrade(number: str) -> str:
    """A 15-digit number (issued until 1999, births of the 20th century) in its 18-digit form."""
    body = f"{number[:6]}19{number[6:]}"
    return body + check_digit(body)


def problems(text: str, *, today: date | None = None) -> list[Problem]:
    """Why this is no citizen's number; empty when it is one. A birth after `today` is refused when a day is given.

    The division is checked to the province: counties came and went, and numbers were given out years after birth,
    so a county that did not exist in the year of birth proves nothing.
    """
    number = normalise(text)
    if len(number) not in (15, 18):
        return [Problem("id_length", _("An ID number has 18 characters (15 on papers before 1999)."))]
    if not re.fullmatch(r"[0-9]{15}|[0-9]{17}[0-9X]", number):
        return [Problem("id_characters", _("An ID number holds digits only; the last character may be X."))]
    found = []
    whole = upgrade(number) if len(number) == 15 else number
    if not _known_division(whole):
        found.append(Problem("id_division", _("The ID number begins with a region that does not exist.")))
    birth = _birth(whole)
    if birth is None or birth < _EARLIEST_BIRTH or (today is not None and birth > today):
        found.append(Problem("id_birth", _("The date of birth in the ID number is impossible.")))
    if check_digit(whole[:17]) != whole[17]:
        found.append(Problem("id_check", _("The check digit of the ID number is wrong.")))
    return found


def parse(text: str) -> Identity:
    """What a valid number says. Raises ValueError with the first problem's code."""
    if found := problems(text):
        raise ValueError(found[0].code)
    number = normalise(text)
    whole = upgrade(number) if len(number) == 15 else number
    birth = _birth(whole)
    assert birth is not None
    return Identity(whole, whole[:6], PROVINCES.get(whole[:2]), birth, "M" if int(whole[16]) % 2 else "F")


def _known_division(number: str) -> bool:
    # Permanent residents of foreign nationality: 9, the province of application, the country, then as everywhere.
    return number[:2] in PROVINCES or (number[0] == "9" and number[1:3] in PROVINCES)


def _birth(number: str) -> date | None:
    try:
        return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None
