"""The letter to a person about their request: what they are answered or why they are refused, by which article, and
where they can go with it (PIPL 50)."""

from typing import Any, Final

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from carloan.compliance.models import PersonRequest
from carloan.compliance.personal_data import name_of
from carloan.compliance.policies.person_rights import GROUNDS, LAW
from carloan.compliance.policies.transfers import CONDITIONS
from carloan.compliance.selectors.person_rights import PARTY
from carloan.compliance.selectors.transfers import decisions_of, deliveries_of, recipient_of
from carloan.compliance.services.person_rights import MANAGE
from carloan.core import audit
from carloan.core.actors import Actor
from carloan.core.errors import Conflict
from carloan.core.keys import KeyDestroyed
from carloan.core.sealed import clear
from carloan.core.selectors import lender_name
from carloan.core.tenancy import tenant_atomic

LETTER: Final = "compliance.request.letter_taken"
LETTERED: Final = (PersonRequest.State.ANSWERED, PersonRequest.State.REFUSED)


def letter_take(*, actor: Actor, request: PersonRequest) -> dict[str, Any]:
    """What the letter says, with the person's name in clear; that it left is told first, as a look at the person.

    Raises Conflict for a request that is neither answered nor refused, and for a person whose data were destroyed;
    Forbidden without the right or for a key of another system.
    """
    actor.require_person(MANAGE)
    if request.state not in LETTERED:
        raise Conflict(_("A letter says how a request ended: answer or refuse it first."))
    try:
        with tenant_atomic():
            letter = {
                "language": get_language() or "zh-hans",
                "lender": lender_name(),
                "name": name_of(request.party_id),
                "request": request,
                "law": LAW[request.kind],
                "ground": GROUNDS.get(request.refusal),
                "answer": clear(request, "answer"),
                **_of_transfer(request),
            }
            audit.record(
                actor=actor,
                action=LETTER,
                object_type=PARTY,
                object_id=request.party_id,
                reason_code=request.kind,
                after={"number": request.number},
            )
    except KeyDestroyed as error:
        raise Conflict(_("The data of this person were destroyed.")) from error
    return letter


def _of_transfer(request: PersonRequest) -> dict[str, Any]:
    """The handler, the conditions and what was handed over, in clear."""
    recipient = recipient_of(request) if request.kind == PersonRequest.Kind.TRANSFER else None
    if recipient is None:
        return {}
    return {
        "recipient": clear(recipient, "name"),
        "conditions": [
            (CONDITIONS[code], row.met, clear(row, "reason")) for code, row in decisions_of(recipient).items()
        ],
        "deliveries": [(row, clear(row, "receiver")) for row in deliveries_of(request)],
    }
