"""What came back from a backup is found again by its numbers: the index of terms is in no backup."""

from uuid import UUID

from carloan.core import lookup
from carloan.core.index_keys import writing_keys
from carloan.core.sealed import clear, sealed_fields
from carloan.loans.models import Loan, Party, Vehicle
from carloan.loans.services.people import index_party
from carloan.loans.services.renewing import number_bring_up


def loan_find_again(loan_id: UUID) -> None:
    """Renew the terms of a loan and its vehicles, in the open transaction."""
    loan = Loan.objects.get(id=loan_id)
    # The hash of an imported row cannot be made anew under a newer version of the index key.
    Loan.objects.filter(id=loan_id, index_version__lt=writing_keys()[-1].version).update(import_digest=None)
    lookup.index("loan", loan.id, loan.id, {"contract_no": loan.contract_no})
    for vehicle in Vehicle.objects.filter(loan=loan):
        lookup.index("vehicle", vehicle.id, loan.id, {name: clear(vehicle, name) for name in sealed_fields(Vehicle)})


def party_find_again(party_id: UUID) -> None:
    """Renew the terms of a person, in the open transaction."""
    party = Party.objects.select_for_update(no_key=True).get(id=party_id)
    number_bring_up(party)
    index_party(party)
