"""Recognised text for readers who may not see personal data: found values and identifier-like runs are masked."""

import re
from collections.abc import Iterable

from carloan.archives.policies.grams import normal

STAR = "*"
# Six signs of digits and capital letters with at least three digits: numbers of people, cars, cards, phones, contracts.
_IDENTIFIER = re.compile(r"(?<![0-9A-Za-z])(?=(?:[A-Za-z\-]{0,20}[0-9]){3})[0-9A-Za-z][0-9A-Za-z\- ]{4,60}[0-9A-Za-z*]")
_PLATE = re.compile(r"[\u4e00-\u9fff][A-Za-z][·• ]?[A-Za-z0-9]{4,6}")
_DATE = re.compile(r"\d{4}\s*[年./-]\s*\d{1,2}\s*[月./-]\s*\d{1,2}\s*日?")


def mask_text(text: str, values: Iterable[str]) -> str:
    """`text` with these values (wherever they stand, also broken over spaces) and all identifier-like runs starred."""
    for value in sorted({value for value in values if len(normal(value)) > 1}, key=len, reverse=True):
        text = re.sub(_spaced(value), _stars, text, flags=re.IGNORECASE)
    for pattern in (_PLATE, _DATE, _IDENTIFIER):
        text = pattern.sub(_stars, text)
    return text


def _spaced(value: str) -> str:
    return r"[\s·•]*".join(re.escape(character) for character in value if not character.isspace())


def _stars(match: re.Match[str]) -> str:
    return "".join(character if character in "\n\f" else STAR for character in match[0])
