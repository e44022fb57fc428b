"""Reads of persons' requests: the register, one request with what was done about it, clocks, stops of processing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.db.models import F, QuerySet
from django.utils import timezone

from carloan.compliance.automated import automated_kinds
from carloan.compliance.holds import Thing, holdable
from carloan.compliance.models import (
    Consent,
    HumanReview,
    PersonCopy,
    PersonRequest,
    ProcessingStop,
    RequestClock,
    TransferRecipient,
)
from carloan.compliance.names import Named, names_of
from carloan.compliance.policies.person_rights import OPEN, Facts
from carloan.compliance.policies.request_clocks import CLOCKS, Clock, due
from carloan.compliance.selectors.transfers import conditions_of, is_delivered
from carloan.core.actors import Actor
from carloan.core.calendars import working_days
from carloan.core.errors import NotFound
from carloan.core.ids import first_at
from carloan.core.jobs import MOVES as JOB_MOVES
from carloan.core.keys import Subject, is_destroyed
from carloan.core.models import AuditEvent, Job
from carloan.lib.workdays import Reckoned

VIEW: Final = "person_rights.view"
PARTY: Final = "loans.party"
COPY_JOB: Final = "person-copy"
# Why data of a person were changed: the reason code of such a change.
CORRECTED: Final = "person_request"
MOST: Final = 500


@dataclass(frozen=True, kw_only=True)
class RequestFilters:
    """What narrows the register; `state` may be `open`, which is every state that waits for an answer."""

    kind: str = ""
    state: str = ""
    mine: bool = False
    overdue: bool = False


def requests_for(actor: Actor, filters: RequestFilters) -> "QuerySet[PersonRequest]":
    """The lender's requests: first those that wait for an answer, the next due first, then the others, newest first."""
    actor.require(VIEW)
    rows = PersonRequest.objects.select_related("assigned_to")
    if filters.kind:
        rows = rows.filter(kind=filters.kind)
    if filters.state:
        rows = rows.filter(state__in=OPEN) if filters.state == "open" else rows.filter(state=filters.state)
    if filters.mine:
        rows = rows.filter(assigned_to_id=actor.membership_id)
    if filters.overdue:
        rows = rows.filter(state__in=OPEN, due_on__lt=timezone.localdate())
    return rows.order_by(F("ended_on").desc(nulls_first=True), "due_on", "-number")


def overdue_count(actor: Actor) -> int:
    return requests_for(actor, RequestFilters(overdue=True)).order_by().count()


def get_request_for(actor: Actor, request_id: UUID) -> PersonRequest:
    """Raises NotFound."""
    actor.require(VIEW)
    rows = PersonRequest.objects.select_related("assigned_to", "registered_by")
    request = rows.filter(id=request_id).first()
    if request is None:
        raise NotFound
    return request


def get_recipient_for(actor: Actor, recipient_id: UUID) -> TransferRecipient:
    """The handler named under a request for transfer. Raises NotFound."""
    actor.require(VIEW)
    recipient = TransferRecipient.objects.filter(id=recipient_id).first()
    if recipient is None:
        raise NotFound
    return recipient


def require_party(actor: Actor, party_id: UUID) -> None:
    """Raises NotFound for a person whom the actor may not see, or who is not there."""
    if not holdable("party").sees(actor, party_id):
        raise NotFound


def party_named(actor: Actor, party_id: UUID) -> Named | None:
    """What the person is called for this actor; None for whom the actor may not see."""
    return names_of(actor, [(PARTY, party_id)]).get(party_id)


def parties_named(actor: Actor, ids: Iterable[UUID]) -> Mapping[UUID, Named]:
    return names_of(actor, [(PARTY, party_id) for party_id in ids])


def people_of_loan(actor: Actor, loan_id: UUID) -> list[tuple[UUID, Named]]:
    """Everybody who stands or stood in a loan, as far as the actor sees them."""
    ids = [each for kind, each in holdable("loan").around(loan_id) if kind == "party"]
    names = names_of(actor, [(PARTY, each) for each in ids])
    return [(each, names[each]) for each in ids if each in names]


def requests_of(party_id: UUID) -> list[PersonRequest]:
    """A person's requests, the newest first."""
    return list(PersonRequest.objects.select_related("assigned_to").filter(party_id=party_id).order_by("-number"))


def request_numbers(party_id: UUID) -> list[tuple[str, str]]:
    """(id, number) of a person's requests that wait for an answer: what an act about the person may belong to."""
    rows = PersonRequest.objects.filter(party_id=party_id, state__in=OPEN).order_by("number")
    return [(str(request_id), f"{number}") for request_id, number in rows.values_list("id", "number")]


def open_request(party_id: UUID, request_id: str) -> PersonRequest | None:
    """The person's request with this id that waits for an answer; None for an empty id. Raises NotFound for another."""
    if not request_id:
        return None
    request = PersonRequest.objects.filter(party_id=party_id, id=request_id, state__in=OPEN).first()
    if request is None:
        raise NotFound
    return request


def facts_of(request: PersonRequest) -> Facts:
    """What was done about a request, as its answer asks for it."""
    return Facts(
        kind=request.kind,
        copies=PersonCopy.objects.filter(request=request).count() if request.kind == "copy" else 0,
        reviewed=request.kind == "review" and is_reviewed(request),
        withdrawals=Consent.objects.filter(request=request, given=False).count() if request.kind == "withdraw" else 0,
        gone_or_stopped=request.kind == "delete"
        and (is_gone(request.party_id) or ProcessingStop.objects.filter(**_active(request.party_id)).exists()),
        conditions=conditions_of(request) if request.kind == "transfer" else {},
        delivered=request.kind == "transfer" and is_delivered(request),
    )


def is_reviewed(request: PersonRequest) -> bool:
    """Whether a person looked at a decision under this request, or there is none about the person to look at."""
    if HumanReview.objects.filter(request=request).exists():
        return True
    return not any(True for kind in automated_kinds() for _decision in kind.decisions(request.party_id))


def is_gone(party_id: UUID) -> bool:
    """Whether the person's data were destroyed."""
    return is_destroyed(Subject("party", party_id))


def copies_of(request: PersonRequest) -> list[PersonCopy]:
    return list(PersonCopy.objects.filter(request=request).defer("content").order_by("-id"))


def get_copy_for(actor: Actor, request: PersonRequest, copy_id: UUID) -> PersonCopy:
    """A copy of a request, for whoever may hand it out. Raises Forbidden, NotFound."""
    actor.require("person_rights.copy")
    copy = PersonCopy.objects.filter(request=request, id=copy_id).first()
    if copy is None:
        raise NotFound
    return copy


def copy_job_of(request: PersonRequest) -> Job | None:
    """The last run that made (or makes) the copy of a request."""
    return Job.objects.filter(kind=COPY_JOB, params__request=str(request.id)).order_by("-id").first()


def is_busy(job: Job | None) -> bool:
    return job is not None and bool(JOB_MOVES.leaving(job.state))


def corrections_of(request: PersonRequest) -> list[AuditEvent]:
    """Changes of the person's data that were made under a request for correction since this one came in."""
    events = AuditEvent.objects.filter(object_id=request.party_id, reason_code=CORRECTED)
    return list(events.filter(id__gte=first_at(request.created_at)).order_by("-id")[:MOST])


def correction_number(party_id: UUID, number: int) -> bool:
    """Whether a person's open request for correction has this number."""
    asked = PersonRequest.objects.filter(party_id=party_id, number=number, kind=PersonRequest.Kind.CORRECT)
    return asked.filter(state=PersonRequest.State.WORKING).exists()


def reviews_of(request: PersonRequest) -> list[HumanReview]:
    return list(HumanReview.objects.select_related("reviewed_by").filter(request=request).order_by("-id"))


def _active(party_id: UUID) -> dict[str, Any]:
    return {"party_id": party_id, "state": ProcessingStop.State.ACTIVE}


def stop_of(party_id: UUID) -> ProcessingStop | None:
    """The stop that is in force for a person."""
    rows = ProcessingStop.objects.select_related("placed_by", "request")
    return rows.filter(**_active(party_id)).first()


def stops_on(things: Iterable[Thing]) -> list[ProcessingStop]:
    """The stops in force for the people among these things. One query."""
    ids = [each for kind, each in things if kind == "party"]
    if not ids:
        return []
    return list(ProcessingStop.objects.filter(party_id__in=ids, state=ProcessingStop.State.ACTIVE).order_by("id"))


def own_days() -> dict[str, int]:
    """The lender's own numbers of days, by kind of request."""
    rows = RequestClock.objects.order_by("kind", "-id").distinct("kind")
    return dict(rows.values_list("kind", "days"))


def clocks_for(actor: Actor) -> list[tuple[str, Clock, int]]:
    """Kind, clock and the days that count today, in the order of the kinds."""
    actor.require(VIEW)
    own = own_days()
    return [(kind, CLOCKS[kind], min(own.get(kind, CLOCKS[kind].days), CLOCKS[kind].days)) for kind in CLOCKS]


def due_day(kind: str, received_on: date) -> Reckoned:
    """By when a request that came on a day is answered."""
    return due(CLOCKS[kind], received_on, working_days(), days=own_days().get(kind))
