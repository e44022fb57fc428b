"""How a loan and a person are destroyed by the destruction of compliance, and what witnesses that they are gone."""

from collections.abc import Iterator
from uuid import UUID

from carloan.core.actors import Actor
from carloan.core.models import LookupTerm
from carloan.core.sealed import sealed_fields
from carloan.loans.models import ContactPoint, Loan, LoanGrant, Party, Vehicle
from carloan.loans.services.shredding import loan_shred, party_shred


def loan_destroy(actor: Actor, loan_id: UUID) -> None:
    loan_shred(actor=actor, loan=Loan.objects.get(id=loan_id))


def party_destroy(actor: Actor, party_id: UUID) -> None:
    party_shred(actor=actor, party=Party.objects.get(id=party_id))


def loan_left(loan_id: UUID) -> Iterator[str]:
    """`columns` that still hold something sealed, `index` that still finds it."""
    rows = Vehicle.objects.filter(loan_id=loan_id).values_list(*sealed_fields(Vehicle))
    reasons = LoanGrant.objects.filter(content_object_id=loan_id, reason__isnull=False)
    if any(value is not None for row in rows for value in row) or reasons.exists():
        yield "columns"
    if LookupTerm.objects.filter(loan_id=loan_id).exists() or LookupTerm.objects.filter(object_id=loan_id).exists():
        yield "index"


def party_left(party_id: UUID) -> Iterator[str]:
    rows = Party.objects.filter(id=party_id).values_list(*sealed_fields(Party), "id_digest")
    contacts = ContactPoint.objects.filter(party_id=party_id, value__isnull=False)
    if any(value is not None for row in rows for value in row) or contacts.exists():
        yield "columns"
    if LookupTerm.objects.filter(object_id=party_id).exists():
        yield "index"
