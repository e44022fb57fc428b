"""What would become of each row: new, changed, unchanged, older than the book, or left out with its reasons.

Facts that a file must not decide are refused row by row: another borrower or another VIN for a known loan, other terms
of a paid-out one, a stage that no move leads to, another name for a known identity number, another amount for a payment
that is booked. A row that is older than the book changes nothing.

Whoever sees of a loan only what masks leave must not learn the rest by trying: whatever of its borrower or car does not
fit is one and the same fault for them (`misfit`), and the caller bounds how many of those are told.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Max

from carloan.core.actors import Actor
from carloan.core.keys import KeyDestroyed, secrets_of
from carloan.core.sealed import clear, warm
from carloan.core.sight import SIGHT
from carloan.lib.text import fold_key
from carloan.loans.models import Loan, LoanParty, Party, Payment, Vehicle
from carloan.loans.policies.allocation import Allocated, Parts
from carloan.loans.policies.facts import PersonFacts
from carloan.loans.selectors.allocations import versions_of
from carloan.loans.selectors.holders import by_number, having_number, meant, number_digests
from carloan.loans.selectors.loans import may
from carloan.loans.selectors.places import Named, branches_named, officers_named, pick

from .faults import Fault
from .fields import ROLES
from .records import PersonRow, Record
from .standing import Step, is_older, may_step, state_of, steps_for, terms_that_differ

LOAN_COLUMNS = (
    "external_no",
    "product",
    "state",
    "currency",
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
    "outstanding",
    "overdue",
    "days_overdue",
    "periods_paid",
    "next_due_on",
    "next_due",
    "as_of",
)
PAYMENT_COLUMNS = ("reference", "amount", "value_on")
PAID_PARTS = ("principal", "interest", "penalty", "other")


@dataclass(frozen=True, slots=True)
class Places:
    """Where loans of this import may go, as its `actor` may: branches and colleagues by code, number and name
    (selectors/places.py)."""

    actor: Actor
    branches: Named
    officers: Named
    allowed: frozenset[UUID] | None
    default_branch: UUID | None
    steps: Mapping[tuple[str, str], Step] = field(default_factory=dict)

    def sees(self, loan: Loan) -> bool:
        """Whether the actor may hear what the book holds of this loan's people and car: `sees_clear` without a query
        for each row."""
        return may(self.actor, SIGHT, loan)


@dataclass(slots=True)
class Outcome:
    """What becomes of a record; `event` is the step that it takes its `known` loan by, if any, and `changed` what of
    it becomes another (names of TARGETS).

    `paid_before`: its payment is in the book. `masked`: the sender sees of the known loan, as it stood before the row,
    only what masks leave.
    """

    record: Record
    outcome: str
    loan_id: UUID | None = None
    branch_id: UUID | None = None
    officer_id: UUID | None = None
    known: Loan | None = None
    event: str = ""
    paid_before: bool = False
    masked: bool = False
    changed: list[str] = field(default_factory=list)

    @property
    def warnings(self) -> list[Fault]:
        """Doubts count where the row is accepted; a refused or older one has nothing in the book to doubt."""
        return [] if self.outcome in ("rejected", "kept") else self.record.warnings

    def reject(self, column: str, code: str, **data: Any) -> None:
        self.outcome = "rejected"
        self.record.faults.append(Fault(column, code, data=data))

    @property
    def is_misfit(self) -> bool:
        """Whether it was compared with what is masked to the actor, and told not to fit."""
        return any(fault.code == "misfit" for fault in self.record.faults)


def places_for(actor: Actor, default_branch: UUID | None) -> Places:
    allowed = actor.branches("loans.import")
    return Places(actor, branches_named(), officers_named(), allowed, default_branch, steps_for(actor))


def judge(
    records: Sequence[Record],
    places: Places,
    seen: dict[str, int],
    columns: Mapping[str, str],
    *,
    booking: bool = False,
) -> list[Outcome]:
    """What would become of each record now: the whole of a dry run, and the first half of a run.

    `seen` remembers the row of every contract number of this file; it is extended. With `booking` the loans stay locked
    until the transaction ends, so that no payment is booked between the look and the write.
    """
    outcomes = [Outcome(record, "rejected" if record.faults else "created") for record in records]
    for one in outcomes:
        if number := one.record.contract_no:
            if number in seen and seen[number] != one.record.number:
                one.reject(columns.get("contract_no", ""), "duplicate", row=seen[number])
            else:
                seen[number] = one.record.number
        if one.outcome != "rejected":
            _place(one, places, columns)
    loans = Loan.objects.filter(contract_no__in=[one.record.contract_no for one in _alive(outcomes)])
    if booking:
        loans = loans.select_for_update(no_key=True).order_by("id")
    known = {loan.contract_no: loan for loan in loans}
    paid_until = _paid_until([loan.id for loan in known.values()])
    for one in _alive(outcomes):
        loan = known.get(one.record.contract_no)
        if loan is None:
            continue
        one.known, one.loan_id = loan, loan.id
        if places.allowed is not None and loan.branch_id not in places.allowed:
            one.reject(columns.get("branch", ""), "branch_foreign")
        elif loan.import_digest is not None and bytes(loan.import_digest) in one.record.digests.values():
            one.outcome = "unchanged"
        elif is_older(loan, one.record.given, one.record.values["as_of"], paid_until.get(loan.id)):
            one.outcome = "kept"
        else:
            one.outcome = "updated"
            _judge_standing(one, loan, places, columns)
        _fill_in(one.record, loan)
    _judge_people(outcomes, places.actor, columns)
    _judge_changes([one for one in outcomes if one.outcome == "updated"], places, columns)
    return outcomes


def _alive(outcomes: Iterable[Outcome]) -> list[Outcome]:
    return [one for one in outcomes if one.outcome != "rejected"]


def _place(one: Outcome, places: Places, columns: Mapping[str, str]) -> None:
    one.branch_id = places.default_branch
    if one.record.branch:
        one.branch_id, missing = pick(places.branches, one.record.branch)
        if missing:
            return one.reject(columns.get("branch", ""), f"branch_{missing}")
    if places.allowed is not None and one.branch_id not in places.allowed:
        return one.reject(columns.get("branch", ""), "branch_foreign")
    if one.record.officer:
        one.officer_id, missing = pick(places.officers, one.record.officer)
        if missing:
            return one.reject(columns.get("officer", ""), f"officer_{missing}")
    return None


def _paid_until(loan_ids: Sequence[UUID]) -> dict[UUID, date]:
    """The newest day of a payment booked here, by loan; what files brought is part of their balances."""
    booked = Payment.objects.filter(loan_id__in=loan_ids).exclude(channel=Payment.Channel.IMPORTED)
    return dict(booked.values_list("loan_id").annotate(newest=Max("value_on")).values_list("loan_id", "newest"))


def _judge_standing(one: Outcome, loan: Loan, places: Places, columns: Mapping[str, str]) -> None:
    """Terms of a paid-out loan stand, and a stage follows only from an allowed move."""
    record = one.record
    for name in terms_that_differ(loan, record.values, record.given):
        one.reject(columns.get({"rate_ppm": "rate"}.get(name, name), ""), "terms_differ")
    claimed = state_of(loan, record.values, record.given)
    if not may_step(loan, claimed, record.values, places.steps):
        code = "state_settled" if loan.state == "settled" else "state_move"
        one.reject(columns.get("state", columns.get("outstanding", "")), code)
    elif claimed != loan.state:
        one.event = places.steps[loan.state, claimed].move.event
    record.values["state"] = claimed


def _fill_in(record: Record, loan: Loan) -> None:
    """What the file leaves open stays as the book has it."""
    for name in LOAN_COLUMNS:
        if name not in record.given and name != "state":
            record.values[name] = getattr(loan, name)


def _judge_people(outcomes: Sequence[Outcome], actor: Actor, columns: Mapping[str, str]) -> None:
    """One identity number is one name: in the book as far as the actor sees it, and within the chunk."""
    wanted: dict[str, list[tuple[Outcome, PersonRow]]] = defaultdict(list)
    for one in _alive(outcomes):
        if one.outcome in ("created", "updated"):
            for person in one.record.people:
                if person.facts.id_number:
                    wanted[person.facts.id_number].append((one, person))
    digests = [digest for number in wanted for digest in number_digests(number)]
    parties = list(Party.objects.filter(id_digest__in=digests))
    warm(parties)
    holders = by_number(parties)
    for number, pairs in wanted.items():
        first = pairs[0][1].facts.name
        party = meant(actor, having_number(holders, number), first)
        name = fold_key(clear(party, "name") if party else first)
        for one, person in pairs:
            if fold_key(person.facts.name) != name:
                one.reject(columns.get(f"{ROLES[person.role]}_name", ""), "name_differs")


def _judge_changes(updated: Sequence[Outcome], places: Places, columns: Mapping[str, str]) -> None:
    """A file may renew balances and addresses; who owes, which car it is and what was paid it may not."""
    ids = [one.loan_id for one in updated]
    borrowers = {
        row.loan_id: row.party
        for row in LoanParty.objects.filter(loan_id__in=ids, role="borrower").select_related("party")
    }
    vehicles = {vehicle.loan_id: vehicle for vehicle in Vehicle.objects.filter(loan_id__in=ids).order_by("-id")}
    told = [one.record.payment["reference"] for one in updated if one.record.payment is not None]
    booked = {
        (row.loan_id, row.reference): row for row in Payment.objects.filter(loan_id__in=ids, reference__in=set(told))
    }
    allocations = versions_of(booked.values())
    warm([*borrowers.values(), *(one.known for one in updated if one.known is not None)])
    for one in updated:
        record = one.record
        if one.loan_id is None or one.known is None:
            continue
        try:
            secrets_of(one.known.key_subject())
        except KeyDestroyed:
            one.reject("", "shredded")
            continue
        one.masked = not places.sees(one.known)
        _judge_identity(one, borrowers.get(one.loan_id), vehicles.get(one.loan_id), columns)
        if record.payment is not None:
            row = booked.get((one.loan_id, record.payment["reference"]))
            one.paid_before = row is not None
            if row is None:
                one.changed.append("paid")
            # A payment that was allocated anew may be told as it was or as it is.
            elif paid_of(record.payment) not in [found.sums for found in allocations[row.id]]:
                one.reject(columns.get("paid", ""), "payment_differs")


def _judge_identity(one: Outcome, party: Party | None, vehicle: Vehicle | None, columns: Mapping[str, str]) -> None:
    """The borrower and the car of a known loan stay who and which they are."""
    told = [person.facts for person in one.record.people if person.role == "borrower"] if party is not None else []
    wrong_people = [facts for facts in told if party is not None and not same_person(party, facts)]
    vin = clear(vehicle, "vin") if vehicle is not None and one.record.vehicle.vin else ""
    wrong_car = bool(vin) and vin != one.record.vehicle.vin
    if one.masked:
        # A right number with a wrong name must look like a wrong number.
        misnamed = any(party is not None and fold_key(clear(party, "name")) != fold_key(facts.name) for facts in told)
        if wrong_people or wrong_car or misnamed:
            one.reject("", "misfit")
        return
    if wrong_people:
        one.reject(columns.get("borrower_id", columns.get("borrower_name", "")), "other_borrower")
    if wrong_car:
        one.reject(columns.get("vin", ""), "other_vehicle")


def paid_of(payment: Mapping[str, Any]) -> Allocated:
    """What a row says its payment paid, minor units."""
    return Allocated(Parts(**{name: payment[name] for name in PAID_PARTS}), payment["unallocated"])


def same_person(party: Party, facts: PersonFacts) -> bool:
    if party.id_digest is not None and facts.id_number:
        return bytes(party.id_digest) in number_digests(facts.id_number)
    return fold_key(clear(party, "name")) == fold_key(facts.name)
