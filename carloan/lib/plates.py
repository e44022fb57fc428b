"""机动车号牌: the numbers of all plate kinds in GA 36-2018."""

import re
from typing import Literal

from django.utils.translation import gettext_lazy as _

from carloan.lib.problems import Problem
from carloan.lib.text import fold

PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"

Kind = Literal[
    "ordinary",
    "new_energy_small",
    "new_energy_large",
    "trailer",
    "training",
    "police",
    "hong_kong_macao",
    "embassy",
    "consulate",
    "emergency",
    "temporary",
    "civil_aviation",
]

_LETTER = "[A-HJ-NP-Z]"
_SIGN = "[A-HJ-NP-Z0-9]"
_AREA = f"[{PROVINCES}][A-HJ-Z]"
# The first form that fits wins. New energy: D or F and their successors stand third on small, last on large vehicles.
_FORMS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("hong_kong_macao", re.compile(rf"粤Z{_SIGN}{{4}}[港澳]")),
    ("police", re.compile(rf"{_AREA}{_SIGN}{{4}}警")),
    ("training", re.compile(rf"{_AREA}{_SIGN}{{4}}学")),
    ("trailer", re.compile(rf"{_AREA}{_SIGN}{{4,5}}挂")),
    ("emergency", re.compile(rf"[{PROVINCES}][XS]{_SIGN}{{4}}应急")),
    ("embassy", re.compile(r"使[0-9]{6}|[0-9]{6}使|京A[0-9]{4}使")),
    ("consulate", re.compile(rf"领[0-9]{{6}}|[0-9]{{6}}领|{_AREA}[0-9]{{4}}领|[{PROVINCES}][0-9]{{5}}领")),
    ("temporary", re.compile(rf"{_AREA}{_SIGN}{{4,5}}临|临{_AREA}{_SIGN}{{4,5}}")),
    ("civil_aviation", re.compile(rf"民航{_LETTER}{_SIGN}{{4}}")),
    ("new_energy_small", re.compile(rf"{_AREA}[A-HJK]{_SIGN}[0-9]{{4}}")),
    ("new_energy_large", re.compile(rf"{_AREA}[0-9]{{5}}[A-HJK]")),
    ("ordinary", re.compile(rf"{_AREA}(?=.*[0-9]|[A-Z]{{5}}){_SIGN}{{5}}")),
)


def normalise(text: str) -> str:
    """Upper case, without the dot and spaces printed between area and number."""
    return re.sub(r"[\s·•・‧∙⋅.\-_]", "", fold(text).upper())


def kind(text: str) -> Kind | None:
    """The kind of plate, None when the text is no plate number."""
    plate = normalise(text)
    return next((kind for kind, form in _FORMS if form.fullmatch(plate)), None)


def problems(text: str) -> list[Problem]:
    """Why this is no plate number; empty when it is one."""
    if kind(text) is None:
        return [Problem("plate", _("This is not a plate number."))]
    return []


def display(text: str) -> str:
    """As printed on the plate: a dot after the area code."""
    plate = normalise(text)
    return f"{plate[:2]}·{plate[2:]}" if re.match(_AREA, plate) else plate
