"""A loan's life: opened, changed, moved from stage to stage."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import IntegrityError
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from carloan.core import audit, lookup
from carloan.core.actors import Actor
from carloan.core.errors import Conflict, Forbidden, Invalid
from carloan.core.ids import uuid7
from carloan.core.keys import KeyDestroyed, make_keys, secrets_of
from carloan.core.models import Branch, Membership
from carloan.core.moves import step
from carloan.core.numbers import next_number
from carloan.core.sealed import clear, seal, sealed_fields
from carloan.core.selectors import currency as lenders_currency
from carloan.core.services.branches import require_open
from carloan.core.tenancy import tenant_atomic
from carloan.lib import money
from carloan.lib.problems import Problem
from carloan.lib.text import fold, said
from carloan.loans.followers import loan_changed
from carloan.loans.models import Loan, LoanParty, ScheduleVersion, Vehicle
from carloan.loans.policies import schedule, stages
from carloan.loans.policies.facts import (
    MOST_PEOPLE,
    VEHICLE_PLAIN,
    PersonFacts,
    VehicleFacts,
    agreed_guarantee,
    days_faults,
    normal_vehicle,
    vehicle_faults,
)
from carloan.loans.selectors.allocations import allocated
from carloan.loans.selectors.loans import may, may_hand_over, paid_since_told
from carloan.loans.selectors.schedule import terms_of

from .people import as_invalid, loan_locked, party_enter, people_locked, people_order
from .plans import (
    PlanRow,
    agreed_dues,
    due_next,
    dues_of_rows,
    dues_to_pay_out,
    next_columns,
    refuse_due_before_payment,
    schedule_keep,
)

VEHICLE_SEALED = sealed_fields(Vehicle)
CHANGEABLE = frozenset(
    {
        "external_no",
        "product",
        "principal",
        "rate_ppm",
        "term",
        "method",
        "balloon",
        "due_day",
        "opened_on",
        "disbursed_on",
        "first_due_on",
        "matures_on",
        "branch_id",
        "officer_id",
    }
)
TWO_BORROWERS = _("The loan has a borrower already.")
DAYS = ("opened_on", "disbursed_on", "first_due_on", "matures_on")
# Terms are agreed once the money is out; later changes are new schedule versions.
TERMS = frozenset({"principal", "rate_ppm", "term", "method", "balloon", "due_day", "disbursed_on", "first_due_on"})


@dataclass(frozen=True, slots=True)
class PersonIn:
    """Somebody in a new loan: who, as what, and how (guarantee for guarantors, relation for contacts)."""

    facts: PersonFacts
    role: str = "borrower"
    guarantee: str = ""
    relation: str = ""


def loan_open(
    *,
    actor: Actor,
    principal: int,
    rate_ppm: int,
    term: int,
    method: str = "equal_instalment",
    opened_on: date | None = None,
    contract_no: str = "",
    people: Sequence[PersonIn] = (),
    vehicle: VehicleFacts | None = None,
    rows: Sequence[PlanRow] = (),
    **more: Any,
) -> Loan:
    """Open a loan in the stage `application`, with people and car. Money in minor units, rate in ppm, term in months.

    An individual plan (method custom) is given as `rows` of (due date, principal, interest), whose principal adds up to
    the loan's. Without a contract number the next one of the tenant's series is given; without a day of opening it is
    today, or the day of payment if that is past; without a currency it is the lender's. Raises Invalid with the faults
    by field (people as `people.0.name`), also for a contract number that exists and for a branch that is
    closed or not the actor's. Nothing is written unless everything is.
    """
    actor.require("loans.edit")
    today = timezone.localdate()
    unknown = more.keys() - CHANGEABLE - {"currency"}
    if unknown:
        raise TypeError(f"loan_open: {', '.join(sorted(unknown))}")
    more.setdefault("currency", lenders_currency())
    if more["currency"] not in money.SYMBOLS:
        raise Invalid(fields={"currency": [_("Amounts in this currency are not kept here.")]})
    loan = Loan(
        id=uuid7(),
        contract_no=fold(contract_no),
        principal=principal,
        rate_ppm=rate_ppm,
        term=term,
        method=method,
        opened_on=opened_on or min(today, more.get("disbursed_on") or today),
        outstanding=0,
        **more,
    )
    loan.branch_id = loan.branch_id or actor.branch_id
    loan.officer_id = loan.officer_id or actor.membership_id
    _refuse_foreign_branch(actor, loan.branch_id)
    _refuse_leaver(more.get("officer_id"))
    _refuse_impossible(loan)
    _refuse_paid_before_opened(loan)
    dues = dues_of_rows(loan, rows)
    if borrowers := [place for place, person in enumerate(people) if person.role == LoanParty.Role.BORROWER][1:]:
        raise Invalid(fields={f"people.{borrowers[0]}.role": [TWO_BORROWERS]})
    if len(people) > MOST_PEOPLE:
        raise Invalid(fields={"people": [_too_many_people()]})
    with tenant_atomic():
        _refuse_closed_branch(loan.branch_id)
        if not loan.contract_no:
            loan.contract_no = _next_contract_no(today)
        elif _is_taken(loan.contract_no):
            raise _number_taken()
        make_keys([loan.key_subject()])
        loan.audit_event_id = audit.record(
            actor=actor,
            action="loans.loan.opened",
            object_type="loans.loan",
            object_id=loan.id,
            loan_id=loan.id,
            after={
                name: getattr(loan, name)
                for name in ("contract_no", "principal", "rate_ppm", "term", "method", "opened_on")
            },
        )
        try:
            with tenant_atomic():
                loan.save(force_insert=True)
        except IntegrityError as error:
            raise _number_taken() from error
        lookup.index("loan", loan.id, loan.id, {"contract_no": loan.contract_no})
        if dues:
            _keep_agreed(loan, dues)
        people_locked(person.facts for person in people)
        for place, person in sorted(enumerate(people), key=lambda one: people_order(one[1].facts)):
            try:
                loan_party_add(actor=actor, loan=loan, person=person)
            except Invalid as error:
                raise Invalid(
                    fields={f"people.{place}.{name}": found for name, found in error.fields.items()}
                ) from error
        if vehicle:
            vehicle_set(actor=actor, loan=loan, facts=vehicle, revision=0)
    return loan


def loan_change(
    *, actor: Actor, loan: Loan, revision: int, changes: Mapping[str, Any], rows: Sequence[PlanRow] = ()
) -> Loan:
    """Change facts of a loan still at `revision` (else Conflict); terms only before it is paid out (Invalid),
    and to another branch only if that is open and the actor's (Invalid).

    `rows` replace the individual plan of a loan with method custom; without them the plan on record stays. Another
    officer is somebody who works here (Invalid), named by whoever may change every loan of the branch: rights to own
    cases do not hand them over (Forbidden).
    """
    if not may(actor, "loans.edit", loan):
        raise Forbidden(capability="loans.edit")
    changed = {name: value for name, value in changes.items() if getattr(loan, name) != value}
    if unknown := changed.keys() - CHANGEABLE:
        raise TypeError(f"loan_change: {', '.join(sorted(unknown))}")
    terms = changed.keys() & TERMS | ({"rows"} if rows else set())
    terms_open = loan.state in ("application", "approval", "disbursal")
    if terms and not terms_open:
        message = _("The terms of a loan that is paid out are changed by a new plan, not here.")
        raise Invalid(fields={name: [message] for name in sorted(terms)})
    if not changed and not rows:
        _refuse_other_revision(loan, revision)
        return loan
    if "branch_id" in changed:
        _refuse_foreign_branch(actor, changed["branch_id"])
    if "officer_id" in changed:
        if not may_hand_over(actor, loan):
            raise Forbidden(capability="loans.edit")
        _refuse_leaver(changed["officer_id"])
    before = {name: getattr(loan, name) for name in changed}
    for name, value in changed.items():
        setattr(loan, name, value)
    _refuse_impossible(loan)
    if changed.keys() & {"opened_on", "disbursed_on"}:
        _refuse_paid_before_opened(loan)
    kept = [] if rows else agreed_dues(loan)
    dues = dues_of_rows(loan, rows) if terms_open and not kept else []
    if terms_open:
        refuse_due_before_payment(loan, kept)
    with tenant_atomic():
        _refuse_closed_branch(changed.get("branch_id"))
        event_id = audit.record(
            actor=actor,
            action="loans.loan.changed",
            object_type="loans.loan",
            object_id=loan.id,
            loan_id=loan.id,
            before=before,
            after=changed | ({"instalments": len(dues)} if dues else {}),
        )
        _compare_and_set(loan, revision, audit_event_id=event_id, **changed)
        loan.audit_event_id = event_id
        if dues:
            _keep_agreed(loan, dues)
        loan_changed(loan)
    return loan


def loan_move(*, actor: Actor, loan: Loan, event: str, reason: str = "", disbursed_on: date | None = None) -> Loan:
    """Take one step of the stage table (policies/stages.py). Raises Conflict when the table has no such step from here,
    Forbidden without its right and for a machine where the step ends something, Invalid with what stands in the way.
    Paying out takes the day of payment, which has come, and stores the plan from that day on as a schedule version;
    first and last due date and what is due next follow from it."""
    move = stages.MOVES.need(loan.state, event)
    # No machine declines, returns or writes off: such a step has a person who answers for it.
    if not may(actor, move.capability, loan) or (move.ends and actor.kind != "person"):
        raise Forbidden(capability=move.capability)
    if move.ends and not said(reason):
        raise Invalid(fields={"reason": [_("Give the reason.")]})
    if event == "disburse":
        loan.disbursed_on = disbursed_on or loan.disbursed_on
        _refuse_impossible(loan)
        _refuse_paid_before_opened(loan)
        if loan.disbursed_on and loan.disbursed_on > timezone.localdate():
            raise Invalid(fields={"disbursed_on": [_("A day of payment cannot lie in the future.")]})
    with tenant_atomic():
        # Who stands in the loan does not raise its revision: held, so that the facts stay true until the step.
        Loan.objects.select_for_update(no_key=True).get(id=loan.id)
        facts = _facts(loan)
        if found := move.obstacles(facts):
            raise Invalid(fields={problem.code: [problem.message] for problem in found})
        values: dict[str, Any] = {}
        dues = dues_to_pay_out(loan) if event == "disburse" else []
        if dues:
            values = {
                "outstanding": loan.principal,
                **dict.fromkeys(("overdue", "days_overdue", "periods_paid"), 0),
                "as_of": loan.disbursed_on,
                "disbursed_on": loan.disbursed_on,
                "first_due_on": dues[0].due_on,
                "matures_on": dues[-1].due_on,
                **next_columns(dues, 0),
            }
        if event == "settle":
            values = {"settled_on": timezone.localdate(), "next_due_on": None, "next_due": 0}
        if event == "reopen":
            values = {"settled_on": None, **due_next(loan)}
        event_id = audit.record(
            actor=actor,
            action=f"loans.loan.{PAST[event]}",
            object_type="loans.loan",
            object_id=loan.id,
            loan_id=loan.id,
            before={"state": loan.state},
            after={"state": move.target} | {name: values[name] for name in ("disbursed_on", "matures_on") if dues},
            reason=said(reason),
        )
        step(loan, stages.MOVES, event, facts=facts, audit_event_id=event_id, **values)
        if dues:
            schedule_keep(loan=loan, dues=dues, reason=ScheduleVersion.Reason.DISBURSAL, event_id=event_id)
        loan_changed(loan)
    return loan


def move_obstacles(loan: Loan, move: stages.StageMove) -> list[Problem]:
    """What stands in the way of a step that somebody is about to take; the day of payment is asked with the step."""
    return [problem for problem in move.obstacles(_facts(loan)) if problem.code != "disbursed_on"]


PAST = {
    "submit": "submitted",
    "return": "returned",
    "approve": "approved",
    "decline": "declined",
    "withdraw": "withdrawn",
    "disburse": "disbursed",
    "settle": "settled",
    "reopen": "reopened",
    "write_off": "written_off",
}


def loan_party_add(*, actor: Actor, loan: Loan, person: PersonIn) -> LoanParty:
    """Put a party into a loan in a role. A guarantee without an agreed kind is a general one (民法典 686).

    Raises Forbidden unless the actor may edit this loan, Invalid for a second borrower, the same person twice in one
    role, or more people than a loan has.
    """
    guarantee = agreed_guarantee(person.role, person.guarantee)
    with tenant_atomic():
        party = party_enter(actor=actor, loan=loan, facts=person.facts)
        there = LoanParty.objects.filter(loan=loan, role=person.role)
        if person.role == LoanParty.Role.BORROWER and there.exists():
            raise Invalid(fields={"role": [TWO_BORROWERS]})
        if there.filter(party=party).exists():
            raise Invalid(fields={"role": [_("This person stands in this role already.")]})
        if LoanParty.objects.filter(loan=loan).count() >= MOST_PEOPLE:
            raise Invalid(fields={"role": [_too_many_people()]})
        row = LoanParty(
            id=uuid7(), loan=loan, party=party, role=person.role, guarantee=guarantee, relation=person.relation
        )
        row.audit_event_id = audit.record(
            actor=actor,
            action="loans.loan_party.added",
            object_type="loans.loanparty",
            object_id=row.id,
            loan_id=loan.id,
            after={"party": party.id, "role": person.role, "guarantee": guarantee},
        )
        row.save(force_insert=True)
        loan_changed(loan, people=True)
    return row


def vehicle_set(*, actor: Actor, loan: Loan, facts: VehicleFacts, revision: int) -> Vehicle:
    """Enter the car of a loan (`revision` 0: there was none), or correct it.

    Raises Forbidden unless the actor may edit this loan, Conflict when the car is not at `revision` or its numbers
    were destroyed, Invalid for an illegal VIN or plate.
    """
    facts = normal_vehicle(facts)
    if faults := vehicle_faults(facts, today=timezone.localdate()):
        raise as_invalid(faults, "vehicle.")
    with tenant_atomic():
        loan_locked(actor=actor, loan=loan)
        known = Vehicle.objects.filter(loan=loan).order_by("id").first()
        if (known.revision if known else 0) != revision:
            raise Conflict
        vehicle = known or Vehicle(id=uuid7(), loan=loan, revision=0)
        try:
            secrets_of(vehicle.key_subject())
            before = {name: clear(vehicle, name) for name in VEHICLE_SEALED} | {
                name: getattr(vehicle, name) for name in VEHICLE_PLAIN
            }
        except KeyDestroyed as error:
            raise Conflict(_("The numbers of this vehicle were destroyed.")) from error
        after = {name: getattr(facts, name) for name in (*VEHICLE_SEALED, *VEHICLE_PLAIN)}
        if known and before == after:
            return known
        vehicle.audit_event_id = audit.record(
            actor=actor,
            action=f"loans.vehicle.{'changed' if known else 'entered'}",
            object_type="loans.vehicle",
            object_id=vehicle.id,
            loan_id=loan.id,
            before=before if known else None,
            after=after,
        )
        seal(vehicle, **{name: getattr(facts, name) for name in VEHICLE_SEALED})
        for name in VEHICLE_PLAIN:
            setattr(vehicle, name, getattr(facts, name))
        vehicle.revision += 1
        vehicle.save(force_insert=known is None, force_update=known is not None)
        lookup.index("vehicle", vehicle.id, loan.id, {name: getattr(facts, name) for name in VEHICLE_SEALED})
        loan_changed(loan)
    return vehicle


def _facts(loan: Loan) -> stages.Facts:
    return stages.Facts(
        has_borrower=LoanParty.objects.filter(loan=loan, role=LoanParty.Role.BORROWER).exists(),
        has_terms=bool(agreed_dues(loan))
        if loan.method == Loan.Method.CUSTOM
        else not schedule.problems(terms_of(loan)),
        disbursed=loan.disbursed_on is not None,
        outstanding=loan.outstanding,
        overdue=_still_overdue(loan),
        unallocated=allocated(loan).unallocated,
    )


def _still_overdue(loan: Loan) -> int | None:
    """What was told to be overdue, less what was allocated since; None: nobody told."""
    if loan.overdue is None:
        return None
    return max(0, loan.overdue - allocated(loan, among=paid_since_told(loan)).parts.total)


def _keep_agreed(loan: Loan, dues: Sequence[schedule.Due]) -> None:
    schedule_keep(loan=loan, dues=dues, reason=ScheduleVersion.Reason.AGREED, event_id=loan.audit_event_id)


def _compare_and_set(loan: Loan, revision: int, **values: Any) -> None:
    if Loan.objects.filter(id=loan.id, revision=revision).update(revision=F("revision") + 1, **values) != 1:
        raise Conflict
    loan.revision = revision + 1


def _refuse_other_revision(loan: Loan, revision: int) -> None:
    if not Loan.objects.filter(id=loan.id, revision=revision).exists():
        raise Conflict


def _refuse_paid_before_opened(loan: Loan) -> None:
    if loan.disbursed_on and loan.disbursed_on < loan.opened_on:
        raise Invalid(fields={"disbursed_on": [_("A loan cannot be paid out before it was opened.")]})


def _refuse_foreign_branch(actor: Actor, branch_id: UUID | None) -> None:
    allowed = actor.branches("loans.edit")
    if allowed is not None and branch_id not in allowed:
        raise Invalid(fields={"branch": [_("You may not open or move loans in this branch.")]})


def _refuse_closed_branch(branch_id: UUID | None) -> None:
    require_open(Branch.objects.filter(id=branch_id).first() if branch_id else None)


def _refuse_leaver(officer_id: UUID | None) -> None:
    if officer_id and not Membership.objects.filter(id=officer_id, is_active=True).exists():
        raise Invalid(fields={"officer": [_("This person does not work here (any more).")]})


def _refuse_impossible(loan: Loan) -> None:
    fields = {"method": "method", "rate": "rate_ppm"}
    if faults := days_faults({name: getattr(loan, name) for name in DAYS}):
        raise as_invalid(faults)
    if loan.method == Loan.Method.CUSTOM:
        return
    if found := schedule.problems(terms_of(loan)):
        raise Invalid(fields={fields.get(problem.code, problem.code): [problem.message] for problem in found})


def _too_many_people() -> str:
    return gettext("A loan has at most %(most)s people.") % {"most": MOST_PEOPLE}


def _is_taken(contract_no: str) -> bool:
    return Loan.objects.filter(contract_no=contract_no).exists()


def _next_contract_no(today: date) -> str:
    """The next free number of the year's series: one that was typed or imported is passed over."""
    while True:
        number = f"HT{today:%Y}{next_number(f'loans.contract.{today:%Y}'):06d}"
        if not _is_taken(number):
            return number


def _number_taken() -> Invalid:
    return Invalid(code="contract_no_taken", fields={"contract_no": [_("A loan with this contract number exists.")]})
