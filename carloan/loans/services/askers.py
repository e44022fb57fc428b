"""People who stand in no loan and ask about their data all the same (PIPL 44, 45: the right is everybody's)."""

from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from carloan.core.actors import Actor
from carloan.core.errors import Conflict, NotFound
from carloan.core.services.searching import search_asked
from carloan.core.tenancy import tenant_atomic
from carloan.loans.policies.facts import PersonFacts, normal_person, person_faults
from carloan.loans.selectors.reveals import find_party

from .people import as_invalid, party_known_or_new


def asker_enter(*, actor: Actor, name: str, id_number: str = "", phone: str = "") -> UUID:
    """The id of the person with this identity number and name, or of a new one who stands in no loan.

    The caller has asked for the right. Nothing is added to somebody whom the book knows: what a stranger says of
    themselves at the counter is no fact of a loan. It counts as a search and raises TooMany as one does. Raises Invalid
    for facts that cannot stand in the book and for a number that another name has, Conflict where the person stands
    in loans whose people the actor may not see.
    """
    facts = normal_person(PersonFacts(name, id_number=id_number, phones=(phone,)))
    if faults := person_faults(facts, today=timezone.localdate()):
        raise as_invalid(faults)
    with tenant_atomic():
        search_asked(actor=actor, place="loans.party", query=facts.id_number or facts.name)
        party, is_new = party_known_or_new(actor, facts)
        if not is_new:
            try:
                find_party(actor, party.id)
            except NotFound:
                raise Conflict(
                    _("This person stands in loans whose people you may not see. Ask somebody who may.")
                ) from None
    return party.id
