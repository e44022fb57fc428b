"""Typed values of papers between database (text), API (typed) and people (as they write them)."""

from typing import Final

from carloan.archives.recognition.values import compact
from carloan.lib import dates, money
from carloan.lib.masks import STAR
from carloan.lib.text import fold

DATES: Final = frozenset(
    {
        "birth",
        "valid_from",
        "valid_to",
        "first_issue_date",
        "register_date",
        "issue_date",
        "settled_on",
        "mortgage_date",
        "release_date",
        "established_on",
        "made_on",
    }
)
MONEY: Final = frozenset(
    {"total", "tax", "price_without_tax", "principal", "premium", "tax_paid", "registered_capital"}
)
NUMBERS: Final = MONEY | {"term_months", "rate"}
UPPER: Final = frozenset(
    {
        "number",
        "vin",
        "plate",
        "engine_no",
        "borrower_id",
        "buyer_id",
        "seller_tax_id",
        "certificate_no",
        "licence_class",
        "owner_id",
        "mortgagor_id",
        "mortgagee_id",
        "insured_id",
        "uscc",
        "policy_no",
    }
)
LONGEST: Final = 300
# What a company may do is a paragraph.
LONGEST_SCOPE: Final = 3000

# A date without an end and kinds of insurance as people write them, like every other word of a paper.
LASTING: Final = "长期"
INSURANCES: Final = {"compulsory": "交强险", "commercial": "商业险"}


def typed(name: str, text: str) -> str | int:
    """The stored text as the API gives it: integers for money, months and rates."""
    return int(text) if name in NUMBERS and text.lstrip("-").isdigit() else text


def normal_value(name: str, text: str) -> str:
    """What a person typed, in stored form: ISO dates, minor units, parts per million, numbers without spaces.

    Raises ValueError when it cannot be one.
    """
    text = fold(text)
    if not text:
        return ""
    if len(text) > (LONGEST_SCOPE if name == "scope" else LONGEST):
        raise ValueError("too long")
    if STAR in text:
        raise ValueError("a masked value must never replace the real one")
    if name in DATES:
        return str(dates.parse_open_end(text))
    if name in MONEY:
        return str(money.parse(text))
    if name == "rate":
        return str(money.parse_rate(text))
    if name == "term_months":
        return str(int(text))
    if name == "insurance_type":
        return _insurance(text)
    return compact(text).upper() if name in UPPER else text


def written(name: str, text: str) -> str:
    """The stored text as people read and type it: money with its point, rates in percent, 长期 without an end."""
    if name == "insurance_type":
        return INSURANCES.get(text, text)
    if name in DATES:
        return LASTING if text == dates.LONG_TERM else text
    if not text or name not in NUMBERS:
        return text
    if name in MONEY:
        return money.plain(int(text))
    return money.show_rate(int(text)) if name == "rate" else text


def _insurance(text: str) -> str:
    for code, said in INSURANCES.items():
        if text == code or text.startswith(said[:2]):
            return code
    raise ValueError("no kind of insurance")
