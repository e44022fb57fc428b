"""How long the law makes a lender keep its records: dated rows with their article, longest first.

A row that is not `confirmed` is a reading that counsel has not confirmed yet; until then it binds like the others,
because what was destroyed too early does not come back. Rows say what they cite, never its text.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final

from django.utils.translation import gettext_lazy as _


class Nature(StrEnum):
    """What the law sees in a record, whatever the lender calls it."""

    IDENTITY = "identity"
    TRANSACTION = "transaction"
    CONTRACT = "contract"
    # Sound and pictures of a talk with a customer, and what shows that a lien was released in order: no rule of law of
    # their own was read yet, so that a lender's rule for them states its basis.
    RECORDING = "recording"
    RELEASE = "release"
    # What shows that somebody who is no customer asked about their data, and what they were answered.
    REQUEST = "request"


@dataclass(frozen=True, slots=True, kw_only=True)
class Floor:
    """At least so many `years` and `days`, from the day that `counts_from` names, for lenders of these licences; where
    `record_classes` names some, for those of its nature only."""

    code: str
    nature: Nature
    licences: frozenset[str]
    years: int
    since: date
    citation: Any
    counts_from: Any
    confirmed: bool
    days: int = 0
    record_classes: frozenset[str] = frozenset()
    jurisdiction: str = "CN"

    @property
    def whole_years(self) -> int:
        """The years of a rule that reach as far: rules count in years."""
        return self.years + -(-self.days // 365)


_FINANCIAL: Final = frozenset({"bank", "auto_finance"})
_LEASING: Final = frozenset({"leasing"})
_RELATIONSHIP: Final = _("the end of the relationship with the customer, over all loans")
_TRANSACTION: Final = _("each transaction")
_AML: Final = date(2025, 1, 1)

FLOORS: Final = (
    Floor(
        code="aml-identity",
        nature=Nature.IDENTITY,
        licences=_FINANCIAL,
        years=10,
        since=_AML,
        citation=_("Anti-Money Laundering Law (2024), art. 34 para. 3, art. 63 (1)"),
        counts_from=_RELATIONSHIP,
        confirmed=True,
    ),
    Floor(
        code="aml-transaction",
        nature=Nature.TRANSACTION,
        licences=_FINANCIAL,
        years=10,
        since=_AML,
        citation=_("Anti-Money Laundering Law (2024), art. 34 para. 3, art. 63 (1)"),
        counts_from=_TRANSACTION,
        confirmed=True,
    ),
    # Whether the authority has named leasing companies under art. 63 (3) is for counsel to say.
    Floor(
        code="aml-identity-leasing",
        nature=Nature.IDENTITY,
        licences=_LEASING,
        years=10,
        since=_AML,
        citation=_("Anti-Money Laundering Law (2024), art. 34 para. 3, if designated under art. 63 (3)"),
        counts_from=_RELATIONSHIP,
        confirmed=False,
    ),
    Floor(
        code="aml-transaction-leasing",
        nature=Nature.TRANSACTION,
        licences=_LEASING,
        years=10,
        since=_AML,
        citation=_("Anti-Money Laundering Law (2024), art. 34 para. 3, if designated under art. 63 (3)"),
        counts_from=_TRANSACTION,
        confirmed=False,
    ),
    Floor(
        code="personal-loan",
        nature=Nature.CONTRACT,
        licences=_FINANCIAL | _LEASING,
        years=5,
        since=date(2010, 2, 12),
        citation=_("Rules on personal loans: files of a loan after its settlement"),
        counts_from=_("the settlement or refusal of the loan"),
        confirmed=False,
    ),
    # A refusal may be taken to court (PIPL art. 50 para. 2) as long as a claim does not lapse.
    Floor(
        code="claim-of-asker",
        nature=Nature.REQUEST,
        licences=_FINANCIAL | _LEASING,
        years=3,
        since=date(2021, 11, 1),
        citation=_("Civil Code, art. 188 para. 1, with Personal Information Protection Law, art. 50 para. 2"),
        counts_from=_("the end of the person's last request"),
        confirmed=False,
    ),
)


def floors_for(
    nature: Nature, *, licence: str, jurisdiction: str, on: date, record_class: str = "", rows: Sequence[Floor] = FLOORS
) -> list[Floor]:
    """The rows that bind such a lender on a day, the longest first; none where the law of the place is not known."""
    found = [
        floor
        for floor in rows
        if floor.nature == nature
        and licence in floor.licences
        and floor.jurisdiction == jurisdiction
        and floor.since <= on
        and (not floor.record_classes or record_class in floor.record_classes)
    ]
    return sorted(found, key=lambda floor: (-floor.years, -floor.days, not floor.confirmed))
