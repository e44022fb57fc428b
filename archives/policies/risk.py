"""What a mistake on a paper that waits for a person could cost: the order of the queue by risk. Pure decisions.

Points add up, 100 at most: money on the paper, an identifier in doubt (the wrong person or car would be filed), a VIN
that cannot be, a paper that is no longer valid, a loan it contradicts. docs/guide.md tells people the same.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final, Literal

from carloan.archives.policies.matching import IDENTIFIERS
from carloan.archives.values import MONEY

Level = Literal["high", "medium", "low"]

MOST: Final = 100
HIGH: Final = 60
MEDIUM: Final = 30
_PLAIN: Final = 5
_MONEY_KIND: Final = 20
_MONEY_DOUBT: Final = 30
_IDENTIFIER: Final = 30
_VIN: Final = 30
_EXPIRED: Final = 20
_WRONG_LOAN: Final = 30

_EXPIRY: Final = frozenset({"expired", "inspection_expired", "not_yet_valid"})
_LOAN: Final = frozenset({"several_loans", "loan_differs"})
_ADDRESSED: Final = frozenset(IDENTIFIERS)


def risk_of(kind_fields: Iterable[str], problems: Iterable[Mapping[str, Any]]) -> int:
    """Points of one paper: `kind_fields` are what its kind carries, `problems` are stored faults."""
    problems = list(problems)
    codes = {str(problem["code"]) for problem in problems}
    doubted = {name for problem in problems for name in problem.get("fields", ())}
    points = _PLAIN
    if not MONEY.isdisjoint(kind_fields):
        points += _MONEY_KIND
    if not MONEY.isdisjoint(doubted):
        points += _MONEY_DOUBT
    if not _ADDRESSED.isdisjoint(doubted):
        points += _IDENTIFIER
    if any(code.startswith("vin_") for code in codes):
        points += _VIN
    if not _EXPIRY.isdisjoint(codes):
        points += _EXPIRED
    if not _LOAN.isdisjoint(codes):
        points += _WRONG_LOAN
    return min(points, MOST)


def level(points: int) -> Level:
    return "high" if points >= HIGH else "medium" if points >= MEDIUM else "low"
