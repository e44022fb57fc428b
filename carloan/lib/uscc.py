"""统一社会信用代码, the unified social credit code of organisations (GB 32100-2015)."""

import re
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from carloan.lib.problems import Problem
from carloan.lib.text import fold

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_VALUE = {char: value for value, char in enumerate(ALPHABET)}
_WEIGHTS = tuple(pow(3, position, 31) for position in range(17))
_FORM = re.compile(rf"[1-9ANY][{ALPHABET}]\d{{6}}[{ALPHABET}]{{10}}")


class SocialCreditCode(NamedTuple):
    """The parts of a code: registering department and kind, division, organisation code."""

    department: str
    kind: str
    division: str
    organisation: str


def normalise(text: str) -> str:
    return re.sub(r"[\s\-.]", "", fold(text)).upper()


def check_character(body: str) -> str:
    """The 18th character for the first 17 (modulus 31, weights 3^i)."""
    total = sum(_VALUE[char] * weight for char, weight in zip(body, _WEIGHTS, strict=True))
    return ALPHABET[(31 - total % 31) % 31]


def problems(text: str) -> list[Problem]:
    """Why this is no credit code; empty when it is one."""
    code = normalise(text)
    if len(code) != 18:
        return [Problem("uscc_length", _("A unified social credit code has 18 characters."))]
    if not _FORM.fullmatch(code):
        return [Problem("uscc_characters", _("The credit code holds a character that is not allowed there."))]
    if check_character(code[:17]) != code[17]:
        return [Problem("uscc_check", _("The check character of the credit code is wrong."))]
    return []


def parse(text: str) -> SocialCreditCode:
    """The parts of a valid code. Raises ValueError with the first problem's code."""
    if found := problems(text):
        raise ValueError(found[0].code)
    code = normalise(text)
    return SocialCreditCode(code[0], code[1], code[2:8], code[8:17])
