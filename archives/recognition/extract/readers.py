"""Which module reads which kind."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from carloan.archives.recognition.extract import (
    bank_card,
    business_licence,
    contract,
    driving_licence,
    identity,
    insurance_policy,
    registration_certificate,
    settlement,
    vat_invoice,
    vehicle_licence,
    vehicle_sales_invoice,
)
from carloan.archives.recognition.extract.field import Fields
from carloan.archives.recognition.sheet import Sheet

READERS: Final[dict[str, Callable[[Sheet], Fields]]] = {
    "id_card_front": identity.read,
    "id_card_back": identity.read,
    "driving_licence": driving_licence.read,
    "vehicle_licence": vehicle_licence.read,
    "vehicle_sales_invoice": vehicle_sales_invoice.read,
    "vat_invoice": vat_invoice.read,
    "bank_card": bank_card.read,
    "vehicle_registration_certificate": registration_certificate.read,
    "loan_contract": contract.read_loan,
    "mortgage_contract": contract.read_mortgage,
    "settlement_certificate": settlement.read,
    "insurance_policy": insurance_policy.read,
    "business_licence": business_licence.read,
}

# The labels of kinds that are forms, and the lines between them that say nothing.
FORMS: Final[dict[str, tuple[Mapping[str, Sequence[str]], str | None]]] = {
    "id_card_front": (identity.LABELS, None),
    "id_card_back": (identity.LABELS, None),
    "driving_licence": (driving_licence.LABELS, driving_licence.NOISE),
    "vehicle_licence": (vehicle_licence.LABELS, vehicle_licence.NOISE),
    "vehicle_sales_invoice": (vehicle_sales_invoice.LABELS, None),
    "vat_invoice": (vat_invoice.LABELS, None),
    "vehicle_registration_certificate": (registration_certificate.LABELS, None),
    "business_licence": (business_licence.LABELS, None),
}
