"""Chinese telephone numbers: mobile (1xx xxxx xxxx) and fixed lines."""

import re
from typing import Literal

from django.utils.translation import gettext_lazy as _

from carloan.lib.problems import Problem
from carloan.lib.text import fold

_MOBILE = re.compile(r"1[3-9]\d{9}", re.ASCII)
_FIXED = re.compile(r"0\d{2,3}[2-8]\d{6,7}(x\d{1,5})?", re.ASCII)
_SERVICE = re.compile(r"400\d{7}|800\d{7}|95\d{3,6}", re.ASCII)


def normalise(text: str) -> str:
    """Digits only, the country code +86 dropped, an extension as `x123`."""
    folded = fold(text).lower().replace("转", "x").replace("ext", "x")
    digits = re.sub(r"[^0-9x+]", "", folded)
    digits = re.sub(r"^(\+86|0086|86(?=1[3-9]\d{9}$))", "", digits)
    if re.fullmatch(r"01[3-9]\d{9}", digits):
        # Trunk prefix before a mobile number, as old switchboards wanted it.
        digits = digits[1:]
    return digits.replace("+", "")


def kind(number: str) -> Literal["mobile", "fixed", "service", "unknown"]:
    """Which kind of line a normalised number is."""
    if _MOBILE.fullmatch(number):
        return "mobile"
    if _FIXED.fullmatch(number):
        return "fixed"
    if _SERVICE.fullmatch(number):
        return "service"
    return "unknown"


def problems(text: str) -> list[Problem]:
    """Why this cannot be dialled; empty when it can."""
    if kind(normalise(text)) == "unknown":
        return [Problem("phone", _("This is not a Chinese telephone number."))]
    return []
