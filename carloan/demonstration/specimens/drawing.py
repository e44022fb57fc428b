"""One door to all papers: facts in, specimen out."""

from collections.abc import Callable
from typing import Any

from carloan.demonstration.specimens import (
    bank_card,
    facts,
    identity_card,
    letters,
    licences,
    sales_invoice,
    vat_invoice,
)
from carloan.demonstration.specimens.sheet import Specimen

_DRAW: dict[type[Any], tuple[Callable[[Any, int], Specimen], int]] = {
    facts.IdCardFront: (identity_card.front, 4),
    facts.IdCardBack: (identity_card.back, 4),
    facts.DrivingLicence: (licences.driving_licence, 4),
    facts.VehicleLicence: (licences.vehicle_licence, 4),
    facts.VehicleSalesInvoice: (sales_invoice.draw, 3),
    facts.VatInvoice: (vat_invoice.draw, 3),
    facts.BankCard: (bank_card.draw, 4),
    facts.LoanContract: (letters.loan_contract, 2),
    facts.RegistrationCertificate: (letters.registration_certificate, 2),
    facts.SettlementCertificate: (letters.settlement_certificate, 2),
}
LAYOUTS: dict[str, int] = {paper.kind: count for paper, (_, count) in _DRAW.items()}


def render(paper: facts.Facts, *, layout: int = 0) -> Specimen:
    """Draw the paper. Layouts are counted from 0 to LAYOUTS[kind] - 1; a higher number starts again from 0."""
    draw, count = _DRAW[type(paper)]
    return draw(paper, layout % count)
