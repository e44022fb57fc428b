"""Acts on stops of processing (PIPL 47 para. 2): placed, and lifted again."""

from typing import Final
from uuid import UUID

from django.db import IntegrityError
from django.utils import timezone
from django.utils.translation import gettext as _

from carloan.compliance.models import PersonRequest, ProcessingStop
from carloan.compliance.policies.stops import MOVES
from carloan.compliance.selectors.person_rights import require_party
from carloan.compliance.services.person_rights import MANAGE
from carloan.core import audit
from carloan.core.actors import Actor
from carloan.core.errors import Conflict, Invalid
from carloan.core.ids import uuid7
from carloan.core.moves import step
from carloan.core.tenancy import tenant_atomic
from carloan.lib.text import said

OBJECT: Final = "compliance.processingstop"


def stop_place(*, actor: Actor, party_id: UUID, reason: str, request: PersonRequest | None = None) -> ProcessingStop:
    """From now on this person's data are stored and protected and nothing else: pages say so, contact is denied.

    Raises Invalid for an unknown reason, NotFound for a person whom the actor may not see, Conflict where one is in
    force already, Forbidden without the right.
    """
    member_id = actor.require_person(MANAGE)
    require_party(actor, party_id)
    if reason not in ProcessingStop.Reason.values:
        raise Invalid(fields={"reason": [_("Choose the reason.")]})
    stop = ProcessingStop(id=uuid7(), party_id=party_id, request=request, reason=reason, placed_by_id=member_id)
    try:
        with tenant_atomic():
            stop.audit_event_id = audit.record(
                actor=actor,
                action="compliance.stop.placed",
                object_type=OBJECT,
                object_id=stop.id,
                reason_code=reason,
                after={"party": str(party_id)},
            )
            stop.save(force_insert=True)
    except IntegrityError as error:
        raise Conflict(_("The processing of this person's data is stopped already.")) from error
    return stop


def stop_lift(*, actor: Actor, stop: ProcessingStop, reason: str) -> ProcessingStop:
    """Go on with the processing. Raises Invalid without a reason, Conflict when it was lifted, Forbidden."""
    member_id = actor.require_person(MANAGE)
    if not said(reason):
        raise Invalid(fields={"reason": [_("Give the reason.")]})
    with tenant_atomic():
        held = ProcessingStop.objects.select_for_update(of=("self",)).get(id=stop.id)
        MOVES.need(held.state, "lift")
        event_id = audit.record(
            actor=actor,
            action="compliance.stop.lifted",
            object_type=OBJECT,
            object_id=held.id,
            reason=said(reason)[:500],
            after={"party": str(held.party_id)},
        )
        step(held, MOVES, "lift", audit_event_id=event_id, lifted_by_id=member_id, lifted_at=timezone.now())
    return held
