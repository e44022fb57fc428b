"""Reads of transfers: the handler that a person named, what was decided of the conditions, what was handed over."""

import json
from collections.abc import Mapping
from typing import Final

from django.utils import timezone

from carloan.compliance.models import PersonCopy, PersonRequest, TransferCondition, TransferDelivery, TransferRecipient
from carloan.compliance.policies.transfers import CONDITIONS, FREE_ONCE_IN
from carloan.core.ids import first_at
from carloan.core.models import AuditEvent

TAKEN: Final = "compliance.person_copy.taken"


def recipient_of(request: PersonRequest) -> TransferRecipient | None:
    """The handler named last under a request."""
    rows = TransferRecipient.objects.select_related("named_by").filter(request=request)
    return rows.order_by("-id").first()


def decisions_of(recipient: TransferRecipient | None) -> Mapping[str, TransferCondition]:
    """The last word on each condition, for this recipient, in the order of the conditions."""
    if recipient is None:
        return {}
    rows = TransferCondition.objects.select_related("decided_by").filter(recipient=recipient)
    last = {row.code: row for row in rows.order_by("code", "-id").distinct("code")}
    return {code: last[code] for code in CONDITIONS if code in last}


def conditions_of(request: PersonRequest) -> dict[str, bool]:
    """Whether each condition that was decided is met, for the handler named now."""
    return {code: row.met for code, row in decisions_of(recipient_of(request)).items()}


def deliveries_of(request: PersonRequest) -> list[TransferDelivery]:
    rows = TransferDelivery.objects.select_related("recorded_by").filter(recipient__request=request)
    return list(rows.order_by("-id"))


def is_delivered(request: PersonRequest) -> bool:
    return TransferDelivery.objects.filter(recipient__request=request).exists()


def earlier_transfers(request: PersonRequest) -> int:
    """How many packages of this person were handed over under other requests within the time that a fee looks at."""
    since = timezone.now() - FREE_ONCE_IN
    rows = TransferDelivery.objects.filter(party_id=request.party_id, delivered_at__gte=since)
    return rows.exclude(recipient__request=request).count()


def copies_for(recipient: TransferRecipient) -> list[PersonCopy]:
    """The packages made for this recipient, the newest first; one made for a handler named before is none."""
    rows = PersonCopy.objects.filter(request_id=recipient.request_id, made_at__gte=recipient.named_at)
    return list(rows.defer("content").order_by("-id"))


def was_taken(copy: PersonCopy) -> bool:
    """Whether the trail says that this copy left the installation."""
    events = AuditEvent.objects.filter(action=TAKEN, object_id=copy.party_id, id__gte=first_at(copy.made_at))
    return any(
        json.loads(bytes(canon)).get("digest") == copy.digest for canon in events.values_list("canon", flat=True)
    )
