"""Further layouts of contracts, letters and forms, drawn to lead a reader astray. Rules may look at them.

The parties differ (a mortgagor who is not the borrower, co-borrowers, owners in common, agents), two numbers stand side
by side, prices and down payments beside the debt, days of signing, of payment and of printing beside the one that is
wanted; forms name an earlier owner, an earlier policy, the enterprise of a branch. People and cars are those of the seen
split; there are no other kinds.
"""

from collections.abc import Callable, Mapping
from random import Random
from typing import Final

from benchmarks.recognition.case import Case
from benchmarks.recognition.press import Draft
from benchmarks.recognition.seen import cast
from benchmarks.recognition.varied import forms, loans, mortgages, settlements

__all__ = ["LAYOUTS", "cast"]

Layout = Callable[[Case, Random], Draft]
LAYOUTS: Final[Mapping[str, tuple[Layout, ...]]] = {
    "loan_contract": loans.LAYOUTS,
    "mortgage_contract": mortgages.LAYOUTS,
    "settlement_certificate": settlements.LAYOUTS,
    "insurance_policy": (forms.renewed_policy,),
    "vehicle_registration_certificate": (forms.sold_on,),
    "business_licence": (forms.branch,),
    "vehicle_licence": (forms.inspected_often,),
}
