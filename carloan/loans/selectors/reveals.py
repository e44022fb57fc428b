"""The doors through which single sealed fields are revealed: only of people and cars in loans the actor may see."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from carloan.core.actors import Actor
from carloan.core.errors import NotFound
from carloan.loans.models import ContactPoint, LoanParty, Party, Vehicle

from .loans import DETAILS, visible_loans

TYPE_NAMES: dict[str, Any] = {
    "loans.loanparty": _("Person in a loan"),
    "loans.payment": _("Payment"),
    "loans.contactpoint": _("Telephone number"),
    "loans.savedview": _("Saved view"),
    "loans.importprofile": _("Import mapping"),
}


def _detailed(actor: Actor) -> Any:
    """Loans whose people the actor may see: those that the right to details reaches."""
    return visible_loans(actor, DETAILS)


def find_party(actor: Actor, party_id: UUID) -> Party:
    row = LoanParty.objects.filter(party_id=party_id, loan__in=_detailed(actor)).select_related("party").first()
    if row is None:
        raise NotFound
    return row.party


def find_contact(actor: Actor, contact_id: UUID) -> ContactPoint:
    contact = ContactPoint.objects.filter(id=contact_id).select_related("party").first()
    if contact is None:
        raise NotFound
    find_party(actor, contact.party_id)
    return contact


def find_vehicle(actor: Actor, vehicle_id: UUID) -> Vehicle:
    vehicle = Vehicle.objects.filter(id=vehicle_id, loan__in=_detailed(actor)).first()
    if vehicle is None:
        raise NotFound
    return vehicle
