"""The split that judges. WHOEVER WRITES RULES IN archives/recognition NEVER OPENS THIS FOLDER.

No rule, label, threshold or example may come from here, nor from single papers of a report on it. Its layouts, wording,
typefaces, names, places, makes and lenders are its own, and true to what such papers look like in China. It was drawn by
somebody who had seen no rule and no list of labels by which papers are read.
"""

from collections.abc import Callable, Mapping
from random import Random
from typing import Final

from benchmarks.recognition.case import Case
from benchmarks.recognition.press import Draft
from benchmarks.recognition.unseen import (
    bankcards,
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
    "vehicle_sales_invoice": sales.LAYOUTS,
    "vat_invoice": invoices.LAYOUTS,
    "vehicle_registration_certificate": certificates.LAYOUTS,
    "loan_contract": loans.LAYOUTS,
    "mortgage_contract": mortgages.LAYOUTS,
    "settlement_certificate": clearances.LAYOUTS,
    "insurance_policy": insurances.LAYOUTS,
    "business_licence": licences.LAYOUTS,
}
