"""The second split that judged, until its papers were looked at on 2026-11-29. Rules may, and calibration counts it.

Its layouts, wording, typefaces, names, places, makes and lenders are its own, and true to what such papers look like in
China. It was drawn by somebody who had not seen how papers are read.
"""

from collections.abc import Callable, Mapping
from random import Random
from typing import Final

from benchmarks.recognition.case import Case
from benchmarks.recognition.press import Draft
from benchmarks.recognition.second import (
    bankcards,
    carsales,
    cast,
    charters,
    clearances,
    covers,
    idcards,
    lendings,
    licences,
    pledges,
    registers,
    vatbills,
)

__all__ = ["LAYOUTS", "cast"]

Layout = Callable[[Case, Random], Draft]
LAYOUTS: Final[Mapping[str, tuple[Layout, ...]]] = {
    "id_card_front": idcards.FRONTS,
    "id_card_back": idcards.BACKS,
    "driving_licence": licences.DRIVERS,
    "vehicle_licence": licences.VEHICLES,
    "bank_card": bankcards.LAYOUTS,
    "vehicle_sales_invoice": carsales.LAYOUTS,
    "vat_invoice": vatbills.LAYOUTS,
    "vehicle_registration_certificate": registers.LAYOUTS,
    "loan_contract": lendings.LAYOUTS,
    "mortgage_contract": pledges.LAYOUTS,
    "settlement_certificate": clearances.LAYOUTS,
    "insurance_policy": covers.LAYOUTS,
    "business_licence": charters.LAYOUTS,
}
