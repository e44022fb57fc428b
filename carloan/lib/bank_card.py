"""Bank card numbers: length and Luhn check (ISO/IEC 7812), and the bank behind a few common Chinese ranges."""

import re

from django.utils.translation import gettext_lazy as _

from carloan.lib.problems import Problem
from carloan.lib.text import fold

# The issuing ranges that car-loan repayment accounts mostly come from; unknown ranges are simply not named.
_BANKS = {
    "622202": "中国工商银行",
    "621226": "中国工商银行",
    "622848": "中国农业银行",
    "622845": "中国农业银行",
    "621661": "中国银行",
    "456351": "中国银行",
    "622700": "中国建设银行",
    "621700": "中国建设银行",
    "436742": "中国建设银行",
    "622262": "交通银行",
    "622260": "交通银行",
    "622588": "招商银行",
    "621485": "招商银行",
    "622622": "中国民生银行",
    "622150": "中国邮政储蓄银行",
    "621098": "中国邮政储蓄银行",
    "622690": "中信银行",
    "622521": "上海浦东发展银行",
    "622908": "兴业银行",
    "622663": "中国光大银行",
    "622630": "华夏银行",
    "622155": "平安银行",
    "622568": "广发银行",
}


# Text is searched for cards at each of its numbers: no step of Python a digit.
_ONCE = bytes(sign - 48 if 48 <= sign < 58 else 0 for sign in range(256))
_TWICE = bytes(sum(divmod(2 * (sign - 48), 10)) if 48 <= sign < 58 else 0 for sign in range(256))


def normalise(text: str) -> str:
    return re.sub(r"[\s\-.·]", "", fold(text))


def luhn_ok(digits: str) -> bool:
    """Luhn's sum: every second digit from the right doubled, digits added, divisible by ten."""
    signs = digits.encode("ascii")[::-1]
    return (sum(signs[::2].translate(_ONCE)) + sum(signs[1::2].translate(_TWICE))) % 10 == 0


def problems(text: str) -> list[Problem]:
    """Why this is no card number; empty when it is one."""
    number = normalise(text)
    if not re.fullmatch(r"[0-9]{13,19}", number):
        return [Problem("card_length", _("A bank card number has 13 to 19 digits."))]
    if len(set(number)) == 1 or not luhn_ok(number):
        return [Problem("card_check", _("The check digit of the bank card number is wrong."))]
    return []


def bank_name(text: str) -> str | None:
    """The bank of a known issuing range, else None."""
    return _BANKS.get(normalise(text)[:6])
