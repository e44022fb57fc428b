"""The split that whoever writes reading rules may look at.

A split offers `cast.case(random, as_of=…, company=…)` and `LAYOUTS`; a kind that is absent there is drawn by the
demonstration's specimens.
"""

from collections.abc import Callable, Mapping
from random import Random
from typing import Final

from benchmarks.recognition.case import Case
from benchmarks.recognition.press import Draft
from benchmarks.recognition.seen import cast, insurance, licence, loan, mortgage, registration, settlement

__all__ = ["LAYOUTS", "cast"]

Layout = Callable[[Case, Random], Draft]
LAYOUTS: Final[Mapping[str, tuple[Layout, ...]]] = {
    "vehicle_registration_certificate": registration.LAYOUTS,
    "loan_contract": loan.LAYOUTS,
    "mortgage_contract": mortgage.LAYOUTS,
    "settlement_certificate": settlement.LAYOUTS,
    "insurance_policy": insurance.LAYOUTS,
    "business_licence": licence.LAYOUTS,
}
