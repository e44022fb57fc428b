"""The codes on labels: a letter for what it is on, the number, and a check digit against a slip of the finger."""

import re
from typing import Final, NamedTuple

from carloan.lib.bank_card import luhn_ok
from carloan.lib.text import fold

PLACE: Final = "K"
ORIGINAL: Final = "Y"
_CODE: Final = re.compile(r"([KY])([0-9]{6,12})([0-9])")


class Code(NamedTuple):
    """What a label is on (PLACE or ORIGINAL), and its number."""

    letter: str
    number: int


def code_of(letter: str, number: int) -> str:
    """`Y0000123`: the letter, at least six digits and Luhn's check digit."""
    digits = f"{number:06d}"
    check = next(each for each in "0123456789" if luhn_ok(digits + each))
    return f"{letter}{digits}{check}"


def read_code(text: str) -> Code | None:
    """What a scanner or a person entered, in any case and with spaces or dashes; None when it is no code of ours."""
    found = _CODE.fullmatch(re.sub(r"[\s\-]", "", fold(text)).upper())
    if found is None or not luhn_ok(found[2] + found[3]) or not int(found[2]):
        return None
    return Code(found[1], int(found[2]))
