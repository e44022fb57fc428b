"""The third split that judged, until 2026-11-30. Rules may look at it now; calibration does not count it.

Its layouts, wording, typefaces, names, places, makes and lenders are its own, and true to what such papers look like in
China. It was drawn by somebody who had not seen how papers are read.
"""

from collections.abc import Callable, Mapping
from random import Random
from typing import Final

from benchmarks.recognition.case import Case
from benchmarks.recognition.press import Draft
from benchmarks.recognition.third import (
    bankcards,
    carsales,
    cast,
    certificates,
    clearances,
    drivers,
    identities,
    insurances,
    invoices,
    licences,
    loans,
    mortgages,
    sales,
    vehicles,
)

__all__ = ["LAYOUTS", "cast"]

Layout = Callable[[Case, Random], Draft]
LAYOUTS: Final[Mapping[str, tuple[Layout, ...]]] = {
    "id_card_front": identities.FRONTS,
    "id_card_back": identities.BACKS,
    "driving_licence": drivers.LAYOUTS,
    "vehicle_licence": vehicles.LAYOUTS,
    "bank_card": bankcards.LAYOUTS,
    "vehicle_sales_invoice": (*sales.LAYOUTS, *carsales.LAYOUTS),
    "vat_invoice": invoices.LAYOUTS,
    "vehicle_registration_certificate": certificates.LAYOUTS,
    "loan_contract": loans.LAYOUTS,
    "mortgage_contract": mortgages.LAYOUTS,
    "settlement_certificate": clearances.LAYOUTS,
    "insurance_policy": insurances.LAYOUTS,
    "business_licence": licences.LAYOUTS,
}
