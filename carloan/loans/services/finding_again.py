"""What came back from a backup is found again by its numbers: the index of terms is in no backup."""

from uuid import UUID

from carloan.core import lookup
from carloan.core.sealed import clear, sealed_fields
from carloan.loans.models import Loan, Party, Vehicle
from carloan.loans.services.people import index_party


def loan_find_again(loan_id: UUID) -> None:
    """Renew the terms of a loan and its vehicles, in the open transaction."""
    loan = Loan.objects.get(id=loan_id)
    lookup.index("loan", loan.id, loan.id, {"contract_no": loan.contract_no})
    for vehicle in Vehicle.objects.filter(loan=loan):
        lookup.index("vehicle", vehicle.id, loan.id, {name: clear(vehicle, name) for name in sealed_fields(Vehicle)})


def party_find_again(party_id: UUID) -> None:
    """Renew the terms of a person, in the open transaction."""
    index_party(Party.objects.get(id=party_id))
