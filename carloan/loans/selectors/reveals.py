"""The doors through which single sealed fields are revealed: only of people and cars in loans the actor may see."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from carloan.compliance.things import Belongings
from carloan.core.actors import Actor
from carloan.core.errors import NotFound
from carloan.loans.models import ContactPoint, FormerRole, LoanGrant, LoanParty, Party, Vehicle

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


def in_no_loan(actor: Actor) -> Q:
    """People who never stood in a loan: whoever works on the requests of all persons sees them."""
    if not actor.right("person_rights.view").everywhere:
        return Q(pk__in=())
    roles = Exists(LoanParty.objects.filter(party=OuterRef("pk"))) | Exists(
        FormerRole.objects.filter(party=OuterRef("pk"))
    )
    return Q(~roles)


def find_party(actor: Actor, party_id: UUID) -> Party:
    """A person of a loan whose details the actor sees, or one in no loan. Raises NotFound."""
    row = LoanParty.objects.filter(party_id=party_id, loan__in=_detailed(actor)).select_related("party").first()
    party = row.party if row else Party.objects.filter(in_no_loan(actor), id=party_id).first()
    if party is None:
        raise NotFound
    return party


def find_contact(actor: Actor, contact_id: UUID) -> ContactPoint:
    """A telephone number or the like of such a person. Raises NotFound."""
    contact = ContactPoint.objects.filter(id=contact_id).select_related("party").first()
    if contact is None:
        raise NotFound
    find_party(actor, contact.party_id)
    return contact


def loan_of_party(actor: Actor, party: Party, asked: UUID | None) -> UUID | None:
    """The loan through which the actor looks at a person: the one asked about if it is one of them, else the newest."""
    rows = LoanParty.objects.filter(party=party, loan__in=_detailed(actor)).order_by("-loan_id")
    loans = list(rows.values_list("loan_id", flat=True))
    return asked if asked in loans else next(iter(loans), None)


def loan_of_contact(actor: Actor, contact: ContactPoint, asked: UUID | None) -> UUID | None:
    """The loan through which the actor looks at a person's number."""
    return loan_of_party(actor, contact.party, asked)


def belongings_of_party(actor: Actor, party_id: UUID) -> Belongings:
    """A person's telephone numbers, and the loans that the actor sees in which the person stands or stood."""
    places = Q(loan_parties__party_id=party_id) | Q(former_roles__party_id=party_id)
    return Belongings.of(
        objects=ContactPoint.objects.filter(party_id=party_id).values_list("id", flat=True),
        loans=visible_loans(actor).filter(places).values_list("id", flat=True),
    )


def reached_loans(actor: Actor, capability: str) -> Any:
    """Loans that a right over people's data covers. Exceptional access to one includes revealing, with its reason."""
    covered = Q(loan__in=visible_loans(actor, capability))
    return covered | Q(loan__in=_detailed(actor).filter(granted=True)) if capability == "fields.reveal" else covered


def reached_loan_ids(actor: Actor, capability: str, ids: list[UUID]) -> Iterable[UUID]:
    """Which of these loans a right over people's data covers, as for what hangs on them (reached_loans)."""
    found = set(visible_loans(actor, capability).filter(id__in=ids).values_list("id", flat=True))
    if capability == "fields.reveal":
        found |= set(_detailed(actor).filter(granted=True, id__in=ids).values_list("id", flat=True))
    return found


def reached_parties(actor: Actor, capability: str, ids: list[UUID]) -> Iterable[UUID]:
    """Which of these people a right covers: those of at least one loan that it reaches."""
    rows = LoanParty.objects.filter(reached_loans(actor, capability), party_id__in=ids)
    return set(rows.values_list("party_id", flat=True))


def reached_contacts(actor: Actor, capability: str, ids: list[UUID]) -> Iterable[UUID]:
    """Which of these contact points a right covers: those of the people that it covers."""
    owners = dict(ContactPoint.objects.filter(id__in=ids).values_list("id", "party_id"))
    parties = set(reached_parties(actor, capability, list(owners.values())))
    return {contact_id for contact_id, party_id in owners.items() if party_id in parties}


def reached_grants(actor: Actor, capability: str, ids: list[UUID]) -> Iterable[UUID]:
    """Which of these exceptional rights a right covers: those on loans that it reaches."""
    loans = dict(LoanGrant.objects.filter(id__in=ids).values_list("id", "content_object_id"))
    reached = set(visible_loans(actor, capability).filter(id__in=set(loans.values())).values_list("id", flat=True))
    return {grant_id for grant_id, loan_id in loans.items() if loan_id in reached}


def reached_rows(model: Any) -> Any:
    """For rows that name their loan themselves."""

    def reached(actor: Actor, capability: str, ids: list[UUID]) -> Iterable[UUID]:
        return set(model.objects.filter(reached_loans(actor, capability), id__in=ids).values_list("id", flat=True))

    return reached


def find_vehicle(actor: Actor, vehicle_id: UUID) -> Vehicle:
    """A car of a loan whose details the actor sees. Raises NotFound."""
    vehicle = Vehicle.objects.filter(id=vehicle_id, loan__in=_detailed(actor)).first()
    if vehicle is None:
        raise NotFound
    return vehicle
