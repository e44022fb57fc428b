"""Papers that a borrower sends through a one-time link: they come straight into the loan that the link is about."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from carloan.archives.models import Paper
from carloan.archives.recognition import guard, media
from carloan.archives.recognition.kinds import LABELS
from carloan.archives.recognition.refusals import Refused
from carloan.archives.services.receiving import PATIENCE_SECONDS, UPLOAD, paper_keep
from carloan.core.actors import Actor
from carloan.loans.models import Loan
from carloan.messaging.errands import Errand, NotTaken, Want
from carloan.messaging.kinds import PAPERS_LINK

# Width by height as the papers are made (mm): cards of ISO/IEC 7810, the open vehicle licence, sheets of A4.
CARD: Final = 85.6 / 54.0
SHEET: Final = 210 / 297
_SHAPES: Final = {
    **dict.fromkeys(("id_card_front", "id_card_back", "driving_licence", "vehicle_licence", "bank_card"), CARD),
    **dict.fromkeys(("loan_contract", "mortgage_contract", "settlement_certificate", "insurance_policy"), SHEET),
}
_HINTS: Final = {
    "id_card_front": _("The side with the portrait."),
    "id_card_back": _("The side with the national emblem and the dates."),
    "vehicle_licence": _("Both pages: one picture each."),
    "vehicle_registration_certificate": _("Every page with writing: one picture each."),
}
MOST_BYTES: Final = 25 * (1 << 20)
USUAL: Final = ("id_card_front", "id_card_back")


def wants() -> Sequence[Want]:
    """Every kind of paper that is known, in the usual order."""
    return [Want(code, label, _HINTS.get(code, ""), _SHAPES.get(code, 0.0)) for code, label in LABELS.items()]


def receive(actor: Actor, loan: Loan, want: str, name: str, data: bytes) -> UUID:
    """Take one picture or PDF into the loan; the same one again is the same paper. Raises NotTaken.

    As what the borrower sent it is no more than a word: the machine reads what it is, and a person decides.
    """
    try:
        examined = guard.examine(data, patience=PATIENCE_SECONDS)
        if examined.media == media.ZIP:
            raise Refused("zip_nested")
    except Refused as refused:
        raise NotTaken(refused.code, refused.message) from refused
    kept = paper_keep(
        actor=actor, data=data, name=name or want, loan=loan, examined=examined, source=Paper.Source.BORROWER
    )
    return kept.paper.id


ERRAND: Final = Errand(
    code="papers",
    label=_("Send papers for your loan"),
    message_kind=PAPERS_LINK,
    capability=UPLOAD,
    wants=wants,
    usual=USUAL,
    receive=receive,
    most_bytes=MOST_BYTES,
)
