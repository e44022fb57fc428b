"""Acts on persons' requests: registered, identity checked, handed out, answered, refused, taken back; clocks set.

The trail tells that it was done, by which reason and under which number, never what was said.
"""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from carloan.compliance.automated import automated_kind
from carloan.compliance.models import HumanReview, PersonRequest, RequestClock
from carloan.compliance.personal_data import entry
from carloan.compliance.policies.person_rights import GROUNDS, MOVES, OPEN
from carloan.compliance.policies.request_clocks import CLOCKS
from carloan.compliance.selectors.person_rights import (
    RequestFilters,
    due_day,
    facts_of,
    is_gone,
    requests_for,
    require_party,
)
from carloan.core import audit
from carloan.core.actors import Actor
from carloan.core.errors import Conflict, Invalid
from carloan.core.ids import uuid7
from carloan.core.models import Membership
from carloan.core.moves import step
from carloan.core.numbers import next_number
from carloan.core.sealed import seal
from carloan.core.tenancy import tenant_atomic
from carloan.lib.text import said

MANAGE: Final = "person_rights.manage"
OBJECT: Final = "compliance.personrequest"
MOST_WORDS: Final = 2_000
# A letter that lay for longer is entered with the day of its receipt; a day of another year is a slip of the pen.
OLDEST: Final = timedelta(days=366)


def asker_enter(*, actor: Actor, name: str, id_number: str = "", phone: str = "") -> UUID:
    """The id of somebody who asks and was found by no loan: whom the book knows by number and name, or a new person.

    Raises what the app that owns people raises (Invalid by field, Conflict, TooMany); Forbidden without the right.
    """
    actor.require_person(MANAGE)
    return entry()(actor=actor, name=name, id_number=id_number, phone=phone)


def request_register(
    *,
    actor: Actor,
    party_id: UUID,
    kind: str,
    channel: str,
    received_on: date,
    words: str,
    asker: str = PersonRequest.Asker.SELF,
) -> PersonRequest:
    """Enter what a person asks for; its clock runs from the day of receipt.

    Raises Invalid for an unknown kind, channel or asker, without words, and for a day that is not within the last year;
    NotFound for a person whom the actor may not see, Conflict for one whose data were destroyed, Forbidden without the
    right or for a key of another system.
    """
    member_id = actor.require_person(MANAGE)
    require_party(actor, party_id)
    today = timezone.localdate()
    faults: dict[str, list[Any]] = {}
    for name, value, allowed in (
        ("kind", kind, PersonRequest.Kind.values),
        ("channel", channel, PersonRequest.Channel.values),
        ("asker", asker, PersonRequest.Asker.values),
    ):
        if value not in allowed:
            faults[name] = [_("Choose one of the list.")]
    if not said(words):
        faults["words"] = [_("Say what the person asks for.")]
    if not today - OLDEST <= received_on <= today:
        faults["received_on"] = [_("Give the day of receipt: a day of the last year, not one to come.")]
    if faults:
        raise Invalid(fields=faults)
    if is_gone(party_id):
        raise Conflict(_("The data of this person were destroyed: nothing is held that a request could be about."))
    with tenant_atomic():
        reckoned = due_day(kind, received_on)
        request = PersonRequest(
            id=uuid7(),
            kind=kind,
            party_id=party_id,
            asker=asker,
            channel=channel,
            received_on=received_on,
            due_on=reckoned.day,
            due_assumed=not reckoned.certain,
            registered_by_id=member_id,
        )
        seal(request, words=said(words)[:MOST_WORDS])
        request.number = next_number("person_requests")
        request.audit_event_id = audit.record(
            actor=actor,
            action="compliance.request.registered",
            object_type=OBJECT,
            object_id=request.id,
            reason_code=kind,
            after={"number": request.number, "due_on": reckoned.day.isoformat()},
        )
        request.save(force_insert=True)
    return request


def request_identify(*, actor: Actor, request: PersonRequest, identity: str) -> PersonRequest:
    """Say how it was made sure that the person asks; the request is then worked on by whoever says so.

    Raises Invalid for an unknown way, and where somebody else than the person asks without an authority; Conflict when
    it was said already; Forbidden without the right.
    """
    member_id = actor.require_person(MANAGE)
    allowed = [value for value in PersonRequest.Identity.values if value]
    if identity not in allowed:
        raise Invalid(fields={"identity": [_("Say how the identity was checked.")]})
    if request.asker != PersonRequest.Asker.SELF and identity not in ("authority", "regulator"):
        raise Invalid(fields={"identity": [_("Somebody else asks for the person: their authority has to be seen.")]})
    with tenant_atomic():
        held = _locked(request)
        MOVES.need(held.state, "identify")
        event_id = audit.record(
            actor=actor,
            action="compliance.request.identified",
            object_type=OBJECT,
            object_id=held.id,
            after={"identity": identity},
        )
        values: dict[str, Any] = {"identity": identity, "assigned_to_id": held.assigned_to_id or member_id}
        step(held, MOVES, "identify", audit_event_id=event_id, **values)
    return held


def request_assign(*, actor: Actor, request: PersonRequest, member: Membership) -> PersonRequest:
    """Hand a request to somebody. Raises Conflict for one that is over, Forbidden without the right."""
    actor.require_person(MANAGE)
    with tenant_atomic():
        held = _locked(request)
        if held.state not in OPEN:
            raise Conflict(_("This request is over."))
        event_id = audit.record(
            actor=actor,
            action="compliance.request.assigned",
            object_type=OBJECT,
            object_id=held.id,
            after={"member": str(member.id)},
        )
        held.assigned_to_id, held.audit_event_id = member.id, event_id
        held.revision += 1
        held.save(update_fields=["assigned_to_id", "revision", "audit_event_id"])
    return held


def request_answer(*, actor: Actor, request: PersonRequest, answer: str, evidence: str = "") -> PersonRequest:
    """Answer a request once what it asks for was done (policies.person_rights).

    Of a person whose data were destroyed meanwhile no words are kept: their key is gone. Raises Invalid without an
    answer and for what was not done yet, Conflict for one that is over, Forbidden without the right.
    """
    actor.require_person(MANAGE)
    if not said(answer):
        raise Invalid(fields={"answer": [_("Say what the person was answered.")]})
    return _end(actor, request, "answer", "compliance.request.answered", answer=answer, evidence=evidence)


def request_refuse(
    *, actor: Actor, request: PersonRequest, refusal: str, answer: str, evidence: str = ""
) -> PersonRequest:
    """Refuse a request for a reason that the law has, and tell it (PIPL 50 para. 1).

    Raises Invalid without a reason of `GROUNDS` or without words, and for a deletion that the law forbids while the
    processing goes on; Conflict for one that is over, Forbidden.
    """
    actor.require_person(MANAGE)
    faults = {}
    if refusal not in GROUNDS:
        faults["refusal"] = [_("Choose the reason that the law has for it.")]
    if not said(answer):
        faults["answer"] = [_("Say what the person was answered.")]
    if faults:
        raise Invalid(fields=faults)
    return _end(
        actor, request, "refuse", "compliance.request.refused", answer=answer, evidence=evidence, refusal=refusal
    )


def request_withdraw(*, actor: Actor, request: PersonRequest) -> PersonRequest:
    """The person takes the request back. Raises Conflict for one that is over, Forbidden without the right."""
    actor.require_person(MANAGE)
    return _end(actor, request, "withdraw", "compliance.request.withdrawn")


def _locked(request: PersonRequest) -> PersonRequest:
    return PersonRequest.objects.select_for_update(of=("self",)).get(id=request.id)


def _end(
    actor: Actor,
    request: PersonRequest,
    event: str,
    action: str,
    *,
    answer: str = "",
    evidence: str = "",
    refusal: str = "",
) -> PersonRequest:
    with tenant_atomic():
        held = _locked(request)
        MOVES.need(held.state, event)
        event_id = audit.record(actor=actor, action=action, object_type=OBJECT, object_id=held.id, reason_code=refusal)
        values: dict[str, Any] = {"ended_on": timezone.localdate(), "refusal": refusal}
        if (answer or evidence) and not is_gone(held.party_id):
            seal(held, answer=said(answer)[:MOST_WORDS], evidence=said(evidence)[:MOST_WORDS])
            values |= {"answer": held.answer, "evidence": held.evidence}
        facts = replace(facts_of(held), refusal=refusal)
        step(held, MOVES, event, facts=facts, audit_event_id=event_id, **values)
    return held


def decision_review(
    *,
    actor: Actor,
    request: PersonRequest,
    decision: str,
    object_id: UUID,
    result: str,
    words: str,
) -> HumanReview:
    """A person looks at an automated decision about somebody again and says what comes of it (PIPL 24 para. 3).

    What is changed is changed where the thing is worked on; this says that a person decided, and why. Raises Invalid
    for a decision that is not one about this person, for an unknown result and without reasons; Conflict while the
    request is not worked on; Forbidden without the right to review and that of the kind of decision.
    """
    member_id = actor.require_own("person_rights.review")
    kind = automated_kind(decision)
    made = kind.decisions(request.party_id) if kind else ()
    found = next((each for each in made if each.object_id == object_id), None)
    if kind is None or found is None:
        raise Invalid(fields={"decision": [_("Choose the decision that is looked at.")]})
    actor.require(kind.capability)
    faults = {}
    if result not in HumanReview.Result.values:
        faults["result"] = [_("Say what comes of it.")]
    if not said(words):
        faults["words"] = [_("Give the reasons.")]
    if faults:
        raise Invalid(fields=faults)
    with tenant_atomic():
        held = _locked(request)
        if held.state != PersonRequest.State.WORKING:
            raise Conflict(_("Decisions are reviewed while the request is worked on."))
        review = HumanReview(
            id=uuid7(),
            request=held,
            party_id=held.party_id,
            decision=decision,
            object_id=object_id,
            rules=found.rules[:60],
            result=result,
            reviewed_by_id=member_id,
        )
        seal(review, words=said(words)[:MOST_WORDS])
        review.audit_event_id = audit.record(
            actor=actor,
            action="compliance.decision.reviewed",
            object_type=OBJECT,
            object_id=held.id,
            reason_code=result,
            after={"number": held.number},
            rules=found.rules,
        )
        review.save(force_insert=True)
    return review


def clock_set(*, actor: Actor, kind: str, days: int) -> RequestClock:
    """The lender's own number of days for a kind of request, for those that come in from now on.

    Raises Invalid for more days than the law or the house's bound has (law 7: tighten, never loosen), Forbidden.
    """
    member_id = actor.require_person(MANAGE)
    most = CLOCKS[kind].days if kind in CLOCKS else 0
    if not 1 <= days <= most:
        raise Invalid(fields={kind: [_("From 1 to %(most)s days: shorter may be, longer may not.") % {"most": most}]})
    with tenant_atomic():
        clock_id = uuid7()
        event_id = audit.record(
            actor=actor,
            action="compliance.request_clock.set",
            object_type="compliance.requestclock",
            object_id=clock_id,
            after={"kind": kind, "days": days},
        )
        return RequestClock.objects.create(
            id=clock_id, kind=kind, days=days, set_by_id=member_id, audit_event_id=event_id
        )


def requests_exported(*, actor: Actor, filters: RequestFilters) -> list[PersonRequest]:
    """The rows of an export of the register, told in the trail before they leave. Raises Forbidden."""
    actor.require(MANAGE)
    with tenant_atomic():
        rows = list(requests_for(actor, filters))
        audit.record(actor=actor, action="compliance.requests.exported", object_type=OBJECT, count=len(rows))
    return rows
