"""One act on the consent register: what a person said is entered; nothing in it is changed afterwards."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from carloan.compliance.models import Consent, PersonRequest
from carloan.compliance.models.consent import is_dated_back
from carloan.compliance.policies.consents import PURPOSES, channels_of
from carloan.compliance.policies.person_rights import OPEN
from carloan.compliance.selectors.consents import MANAGE, reaches
from carloan.compliance.selectors.person_rights import is_gone, require_party
from carloan.core import audit
from carloan.core.actors import Actor
from carloan.core.errors import Conflict, Forbidden, Invalid
from carloan.core.ids import uuid7
from carloan.core.sealed import seal
from carloan.core.tenancy import tenant_atomic
from carloan.lib.text import said

OBJECT: Final = "compliance.consent"
DATED_BACK: Final = "dated_back"


def consent_record(
    *,
    actor: Actor,
    party_id: UUID,
    purpose: str,
    channel: str,
    given: bool,
    said_at: datetime,
    separate: bool = False,
    proof: str = "",
    evidence: str = "",
    request: PersonRequest | None = None,
) -> Consent:
    """Enter what a person said about a purpose and a channel.

    To give takes what shows it (for sensitive data a consent by itself, PIPL 29; for one of a day before today the
    number of the paper, recording or form too); to withdraw takes no more than saying so (PIPL 15). Raises Invalid for
    what is missing or unknown and for a moment to come, NotFound for a person whom the actor may not see, Conflict for
    one whose data were destroyed and for a request that is over, Forbidden.
    """
    member_id = actor.require_person(MANAGE)
    require_party(actor, party_id)
    if not reaches(actor, MANAGE, party_id):
        raise Forbidden(capability=MANAGE)
    faults = _faults(purpose, channel, given=given, separate=separate, proof=proof)
    now = timezone.now()
    dated_back = is_dated_back(said_at, now)
    if said_at > now:
        faults["said_at"] = [_("This is still to come.")]
    if given and dated_back and not said(evidence):
        faults["evidence"] = [_("This was given before today: enter the number of what shows when.")]
    if faults:
        raise Invalid(fields=faults)
    if is_gone(party_id):
        raise Conflict(_("The data of this person were destroyed: nothing can be agreed to."))
    with tenant_atomic():
        if request is not None and not _is_open(request, party_id):
            raise Conflict(_("This request is over, or somebody else's."))
        row = Consent(
            id=uuid7(),
            party_id=party_id,
            purpose=purpose,
            channel=channel,
            given=given,
            separate=separate,
            proof=proof,
            said_at=said_at,
            request=request,
            recorded_by_id=member_id,
        )
        seal(row, evidence=said(evidence)[:200])
        row.audit_event_id = audit.record(
            actor=actor,
            action="compliance.consent.given" if given else "compliance.consent.withdrawn",
            object_type=OBJECT,
            object_id=row.id,
            reason_code=DATED_BACK if dated_back else "",
            after={"purpose": purpose, "channel": channel, "party": str(party_id), "said_at": said_at.isoformat()},
        )
        row.save(force_insert=True)
    return row


def _is_open(request: PersonRequest, party_id: UUID) -> bool:
    held = PersonRequest.objects.select_for_update(of=("self",)).filter(id=request.id, party_id=party_id)
    return held.filter(state__in=OPEN).exists()


def _faults(purpose: str, channel: str, *, given: bool, separate: bool, proof: str) -> dict[str, list[Any]]:
    faults: dict[str, list[Any]] = {}
    known = PURPOSES.get(purpose)
    if known is None:
        faults["purpose"] = [_("Choose the purpose.")]
    elif channel not in channels_of(purpose):
        whole = _("This purpose is agreed to as a whole: choose every way.")
        faults["channel"] = [_("Choose the way.") if known.reaches else whole]
    if given and proof not in [value for value in Consent.Proof.values if value]:
        faults["proof"] = [_("A consent counts only if something shows it: say what.")]
    if given and known is not None and known.sensitive and not separate:
        faults["separate"] = [_("This is sensitive personal data: it takes a separate consent (art. 29).")]
    return faults
