"""How the book shows itself: tones of states and ages, names in the trail, its own tabs and lanes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, time
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from carloan.compliance.names import Named, reason_label
from carloan.core.actors import Actor
from carloan.core.acts import act_label
from carloan.core.audit import open_detail
from carloan.core.errors import SealedApart
from carloan.core.keys import KeyDestroyed
from carloan.core.models import AuditEvent, Transition
from carloan.core.selectors import actor_names
from carloan.core.sight import show, show_text
from carloan.core.transitions import history_of
from carloan.lib import money

from .fields import TEXT
from .models import Allocation, ImportBatch, Loan, OpeningPosition, Party, Payment, Vehicle
from .policies.ageing import AGES, UNKNOWN, age_of
from .policies.allocation import UNALLOCATED
from .policies.schedule import Due
from .policies.stages import PAID_OUT, steps
from .selectors.allocations import Version, versions_of
from .selectors.cars import car_title
from .selectors.holders import same_number
from .selectors.import_results import imports_of
from .selectors.loans import (
    former_roles_of,
    loans_of_parties,
    payments_of,
    people_of,
    positions_of,
    vehicles_of,
    visible_loans,
)
from .selectors.reveals import in_no_loan
from .selectors.schedule import covered_of, plan_of
from .timeline import Entry, lanes_for, timeline_of, told_elsewhere

STATE_TONES = {
    "application": "st-blue",
    "approval": "st-yellow",
    "disbursal": "st-purple",
    "servicing": "st-green",
    "settled": "",
    "declined": "st-red",
    "withdrawn": "",
    "written_off": "st-dark",
}
BATCH_TONES = {
    "uploaded": "st-yellow",
    "checked": "st-blue",
    "running": "st-blue st-busy",
    "done": "st-green",
    "failed": "st-red",
}

OUTCOME_TONES = {
    "created": "st-green",
    "updated": "st-blue",
    "unchanged": "",
    "kept": "st-yellow",
    "rejected": "st-red",
}


AGE_TONES = dict(zip(AGES, ("st-green", "st-yellow", "st-orange", "st-red", "st-dark"), strict=True)) | {UNKNOWN: ""}


def age_tone(days: int | None) -> str:
    """The fixed scale of arrears, from green to dark by class; what is unknown has no colour."""
    return AGE_TONES[age_of(days)]


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the stepper."""

    label: Any
    state: str


def steps_of(loan: Loan) -> list[Step]:
    return [Step(Loan.State(state).label, mark) for state, mark in steps(loan.state)]


# Tabs ----------------------------------------------------------------------------------------------------------------


def overview(actor: Actor, loan: Loan, query: Mapping[str, str]) -> dict[str, Any]:
    people = people_of(loan)
    also = loans_of_parties(actor, [row.party_id for row in people])
    others = same_number(actor, [row.party for row in people])
    doubted = loans_of_parties(actor, [party_id for ids in others.values() for party_id in ids])
    for row in people:
        row.also = [(role, other) for role, other in also.get(row.party_id, []) if other.id != loan.id]  # type: ignore[attr-defined]
        row.doubted = [line for party_id in others.get(row.party_id, ()) for line in doubted.get(party_id, [])]  # type: ignore[attr-defined]
    return {
        "people": people,
        "former": former_roles_of(loan),
        "vehicle": vehicles_of([loan.id]).get(loan.id),
        "imports": imports_of(actor, loan),
    }


@dataclass(frozen=True, slots=True)
class MarkedDue(Due):
    """An instalment with what is said of its payment."""

    mark: str = ""
    tone: str = ""


def _marked(loan: Loan, dues: Sequence[Due], covered: Sequence[int]) -> list[MarkedDue]:
    """Once the principal is repaid, what is left of the plan falls due no more."""
    over = "" if loan.outstanding else gettext("Not due any more")
    found = []
    for due, paid in zip(dues, covered, strict=True):
        if paid >= due.total:
            mark, tone = gettext("Paid"), "st-green"
        elif paid and not over:
            mark, tone = gettext("Paid: %(amount)s") % {"amount": money.show(paid, loan.currency)}, "st-yellow"
        else:
            mark, tone = over, ""
        found.append(MarkedDue(**asdict(due), mark=mark, tone=tone))
    return found


def schedule(actor: Actor, loan: Loan, query: Mapping[str, str]) -> dict[str, Any]:
    found = plan_of(loan)
    covered = covered_of(loan, found)
    return {
        "plan": found,
        "dues": found.dues if covered is None else _marked(loan, found.dues, covered),
        "marked": covered is not None,
        "unmarked": covered is None and loan.state in PAID_OUT,
        "interest": sum(due.interest for due in found.dues),
        "total": sum(due.total for due in found.dues),
    }


# Components that the table of payments always tells; others where a payment has any.
ALWAYS_TOLD = ("principal", "interest", "unallocated")


@dataclass(frozen=True, slots=True)
class Allotted:
    """A payment beside what a version of its allocation says that it pays: amounts by `columns` of the table. `reason`
    is why it was told so, or why the payment was undone."""

    payment: Payment
    version: Version
    amounts: Sequence[tuple[str, Any, int]]
    url: str = ""
    reason: str = ""


def payments(actor: Actor, loan: Loan, query: Mapping[str, str]) -> dict[str, Any]:
    rows = payments_of(loan)
    versions = versions_of(rows)
    told = {share.component for found in versions.values() for one in found for share in one.shares}
    columns = [(key, label) for key, label in Allocation.Component.choices if key in ALWAYS_TOLD or key in told]
    may_open = actor.can("trail.view")
    reasons = _reasons(actor, loan)

    def allotted(payment: Payment, version: Version) -> Allotted:
        sums = {**asdict(version.sums.parts), UNALLOCATED: version.sums.unallocated}
        url = reverse("compliance:event", args=[version.audit_event_id]) if may_open else ""
        amounts = [(key, label, sums[key]) for key, label in columns]
        return Allotted(payment, version, amounts, url, reasons.get(version.audit_event_id, ""))

    return {
        "payments": [allotted(row, versions[row.id][0]) for row in rows],
        "earlier": [allotted(row, version) for row in rows for version in versions[row.id][1:]],
        "columns": columns,
        "positions": positions_of(loan),
        "paid": sum(row.amount for row in rows),
        "undone": {row.corrects_id for row in rows if row.corrects_id},
    }


# Acts on payments that take a reason.
REASONED = ("loans.payment.reversed", "loans.payment.reallocated")


def _reasons(actor: Actor, loan: Loan) -> dict[UUID, str]:
    """Why payments of a loan were undone or allocated anew, by the event of the act, as the actor may read it.

    What people write may name somebody: it is kept under the loan's key, and goes with it.
    """
    found = {}
    for event in AuditEvent.objects.filter(loan_id=loan.id, action__in=REASONED):
        try:
            words = open_detail(event).get("reason", "")
        except (KeyDestroyed, SealedApart):
            continue
        shown = [reason_label(event.reason_code)] if event.reason_code else []
        if text := show_text(actor, TEXT, words, of=loan).text:
            shown.append(text)
        found[event.id] = " · ".join(shown)
    return found


def timeline(actor: Actor, loan: Loan, query: Mapping[str, str]) -> dict[str, Any]:
    lane = query.get("lane", "")
    return {"entries": timeline_of(actor, loan, lane), "lanes": lanes_for(actor), "lane": lane}


# Lanes ---------------------------------------------------------------------------------------------------------------

QUIET = ("compliance.field.revealed", "core.request.refused")


def acts_lane(actor: Actor, loan: Loan) -> list[Entry]:
    """What was done to the loan, from the trail; looks and refusals stay on the trail's own page."""
    quiet = {*QUIET, *told_elsewhere(actor)}
    events = list(AuditEvent.objects.filter(loan_id=loan.id).exclude(action__in=quiet).order_by("-id")[:200])
    steps = {step.audit_event_id: step for step in history_of(loan)}
    # An import changes many loans in one event, which names none of them: the steps it took tell it, the positions it
    # left, and the last one the loan itself.
    left = OpeningPosition.objects.filter(loan=loan).order_by("-id").values_list("audit_event_id", flat=True)[:200]
    if unnamed := {loan.audit_event_id, *steps, *left} - {event.id for event in events}:
        events += list(AuditEvent.objects.filter(id__in=unnamed))
    names = actor_names(event.actor_id for event in events)
    may_open = actor.can("trail.view")
    return [
        Entry(
            event.created_at,
            act_label(event.action),
            who=names.get(event.actor_id, "") if event.actor_id else "",
            text=_from_to(steps[event.id]) if event.id in steps else "",
            url=reverse("compliance:event", args=[event.id]) if may_open else "",
            tone="t-blue",
        )
        for event in events
    ]


def _from_to(step: Transition) -> str:
    return f"{Loan.State(step.source).label} → {Loan.State(step.target).label}"


def money_lane(actor: Actor, loan: Loan) -> list[Entry]:
    return [
        Entry(
            datetime.combine(payment.value_on, time(), UTC),
            payment.get_kind_display(),
            text=f"{money.show(payment.amount, loan.currency)} · {payment.get_channel_display()}",
            tone="t-green" if payment.amount > 0 else "t-red",
            day=True,
        )
        for payment in payments_of(loan)[:200]
    ]


# Names in the trail --------------------------------------------------------------------------------------------------


def loan_names(actor: Actor, ids: Iterable[UUID]) -> Mapping[UUID, Named]:
    rows = visible_loans(actor).filter(id__in=list(ids)) if actor.can("loans.view") else Loan.objects.none()
    return {loan.id: Named(loan.contract_no, reverse("loans:detail", args=[loan.id])) for loan in rows}


def batch_names(actor: Actor, ids: Iterable[UUID]) -> Mapping[UUID, Named]:
    rows = ImportBatch.objects.filter(id__in=list(ids)) if actor.can("loans.import") else ImportBatch.objects.none()
    return {batch.id: Named(str(batch), reverse("loans:batch", args=[batch.id])) for batch in rows}


def party_names(actor: Actor, ids: Iterable[UUID]) -> Mapping[UUID, Named]:
    seen = visible_loans(actor)
    inside = Q(loan_parties__loan__in=seen) | Q(former_roles__loan__in=seen) | in_no_loan(actor)
    rows = Party.objects.filter(inside, id__in=list(ids)).distinct()
    return {party.id: Named(show(actor, party, "name").text) for party in rows}


def vehicle_names(actor: Actor, ids: Iterable[UUID]) -> Mapping[UUID, Named]:
    rows = Vehicle.objects.filter(id__in=list(ids), loan__in=visible_loans(actor))
    return {
        vehicle.id: Named(car_title(actor, vehicle), reverse("loans:detail", args=[vehicle.loan_id]))
        for vehicle in rows
    }


def payment_word(name: str) -> str | None:
    """What a value of a payment's allocation is called; None for the payment's own."""
    return str(Allocation.Component(name).label) if name in Allocation.Component.values else None


ACTS = {
    "loans.loan.opened": _("Loan opened"),
    "loans.loan.changed": _("Loan changed"),
    "loans.loans.handed_over": _("Cases of a leaver handed over"),
    "loans.loan.submitted": _("Submitted for approval"),
    "loans.loan.returned": _("Returned from approval"),
    "loans.loan.approved": _("Approved"),
    "loans.loan.declined": _("Declined"),
    "loans.loan.withdrawn": _("Withdrawn"),
    "loans.loan.disbursed": _("Paid out"),
    "loans.loan.settled": _("Settled"),
    "loans.loan.reopened": _("Reopened"),
    "loans.loan.written_off": _("Written off"),
    "loans.loan.granted": _("Exceptional access given"),
    "loans.loan.grant_ended": _("Exceptional access ended"),
    "loans.loan.shredded": _("Data of the loan destroyed"),
    "loans.party.shredded": _("Data of the person destroyed"),
    "loans.loan.imported": _("Loans imported"),
    "loans.histories.taken_over": _("Histories taken over"),
    "loans.loans.exported": _("List of loans exported"),
    "loans.loans.exported_clear": _("List of loans exported with clear values"),
    "loans.loan.exported_clear": _("Exported in a list with clear values"),
    "loans.loans.read": _("Loans read by another system"),
    "loans.loan_party.added": _("Person added to the loan"),
    "loans.loan_party.changed": _("Role in the loan changed"),
    "loans.loan_party.ended": _("Person taken out of the loan"),
    "loans.party.emptied": _("Remains of a destroyed person cleared"),
    "loans.party.entered": _("Person entered"),
    "loans.party.changed": _("Person changed"),
    "loans.contact_point.added": _("Telephone number added"),
    "loans.contact_point.ended": _("Telephone number no longer valid"),
    "loans.contact_point.restored": _("Telephone number valid again"),
    "loans.vehicle.entered": _("Vehicle entered"),
    "loans.vehicle.changed": _("Vehicle changed"),
    "loans.payment.booked": _("Payment booked"),
    "loans.payment.reversed": _("Payment undone"),
    "loans.payment.reallocated": _("Payment allocated anew"),
    "loans.import.uploaded": _("Import file uploaded"),
    "loans.import.mapped": _("Import mapping changed"),
    "loans.import.checked": _("Import checked"),
    "loans.import.failed": _("Import stopped"),
    "loans.import.results_downloaded": _("Results of an import downloaded"),
    "loans.import.errors_downloaded": _("Rows left out of an import downloaded"),
    "loans.import.file_destroyed": _("Import file destroyed"),
    "loans.import.finished": _("Import finished"),
    "loans.import_profile.kept": _("Import mapping saved"),
}
LOOKS = (
    *("loans.loans.exported", "loans.loan.exported_clear", "loans.loans.read"),
    *("loans.import.results_downloaded", "loans.import.errors_downloaded"),
)
EXPORTS = ("loans.loans.exported", "loans.loans.exported_clear")
# As they were called in 0.1; they are the kernel's now.
FORMER_ACTS = {
    "loans.saved_view.kept": "core.saved_view.kept",
    "loans.saved_view.dropped": "core.saved_view.dropped",
}
