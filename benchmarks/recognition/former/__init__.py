"""The first split that judged, until 2026-11-29. Rules may look at it now, and calibration counts it.

Its layouts, wording, typefaces, names, places, makes and lenders are its own, and true to what such papers look like in
China.
"""

from collections.abc import Callable, Mapping
from random import Random
from typing import Final

from benchmarks.recognition.case import Case
from benchmarks.recognition.former import (
    cards,
    cast,
    invoices,
    licences,
    loans,
    mortgages,
    policies,
    registers,
    settlements,
)
from benchmarks.recognition.press import Draft

__all__ = ["LAYOUTS", "cast"]

Layout = Callable[[Case, Random], Draft]
LAYOUTS: Final[Mapping[str, tuple[Layout, ...]]] = {
    "id_card_front": cards.FRONTS,
    "id_card_back": cards.BACKS,
    "driving_licence": cards.DRIVING,
    "vehicle_licence": cards.VEHICLE,
    "bank_card": cards.BANK,
    "vehicle_sales_invoice": invoices.SALES,
    "vat_invoice": invoices.VAT,
    "vehicle_registration_certificate": registers.LAYOUTS,
    "loan_contract": loans.LAYOUTS,
    "mortgage_contract": mortgages.LAYOUTS,
    "settlement_certificate": settlements.LAYOUTS,
    "insurance_policy": policies.LAYOUTS,
    "business_licence": licences.LAYOUTS,
}
