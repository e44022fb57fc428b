"""What a chunk of judged rows will write of people, cars and loans, and what stood there before. Nothing is written.

A dry run tells it; a booking (booking.py) writes it. What is new about something in the book is a change: it carries
what stood before, as a correction by hand does.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Q

from carloan.core.actors import Actor
from carloan.core.audit import Act
from carloan.core.ids import uuid7
from carloan.core.index_keys import IndexKey, index_keys, writing_keys
from carloan.core.sealed import clear, seal, sealed_fields, warm
from carloan.loans.models import ContactPoint, LoanParty, Party, Vehicle
from carloan.loans.policies.facts import VEHICLE_PLAIN, PersonFacts
from carloan.loans.selectors.holders import (
    by_number,
    having_number,
    meant,
    next_place,
    number_digest,
    number_digests,
    number_order,
)

from .fields import ROLES
from .judging import LOAN_COLUMNS, Outcome, same_person
from .records import PERSON_COLUMNS, PersonRow
from .standing import BALANCES

SEALED_VEHICLE = sealed_fields(Vehicle)
# The state is written by its steps.
CHANGED_COLUMNS = tuple(name for name in LOAN_COLUMNS if name != "state")
# What a result calls a column that a mapping calls otherwise.
CALLED = {"rate_ppm": "rate"}
# What a row leaves open of a car.
NOT_TOLD = (None, "", "unknown")
# Balances that a file renews become an opening position, which keeps them all.
KEPT_IN_POSITIONS = frozenset({*BALANCES, "as_of"})


@dataclass(slots=True)
class Plan:
    """Rows to write, gathered over the chunk. `changes` name the event that each touched row will carry; `key` is the
    version of the index key that what is written stands under."""

    key: IndexKey
    parties: list[tuple[UUID, PersonFacts, bytes | None, int]] = field(default_factory=list)
    loan_parties: list[tuple[UUID, UUID, UUID, PersonRow]] = field(default_factory=list)
    contacts: list[tuple[UUID, str]] = field(default_factory=list)
    touched: dict[UUID, Party] = field(default_factory=dict)
    vehicles: list[tuple[UUID, Outcome]] = field(default_factory=list)
    renewed: list[Vehicle] = field(default_factory=list)
    changes: list[Act] = field(default_factory=list)


def plan_for(created: Sequence[Outcome], updated: Sequence[Outcome], actor: Actor, *, hold: bool) -> Plan:
    """What booking these rows writes; `changed` of each updated one tells which fields. With `hold` the people stay
    locked until the transaction ends. The rows in hand take their new values, so a plan is made once."""
    # Before the people are looked for: until they are written no other version of the index key comes into use.
    plan = Plan(writing_keys()[0] if hold else index_keys()[0])
    for one in updated:
        _plan_loan(one, plan)
    _plan_people(created, updated, plan, actor, hold=hold)
    _plan_vehicles(created, updated, plan)
    return plan


def has_position(one: Outcome) -> bool:
    """Whether the row leaves an opening position: a file that tells no balances leaves none of a known loan."""
    return one.known is None or not one.record.given.isdisjoint(BALANCES)


def _plan_loan(one: Outcome, plan: Plan) -> None:
    """Take the known loan of a row to its new values, the state apart."""
    loan, values = one.known, one.record.values
    if loan is None:
        return
    wanted: dict[str, Any] = {name: values[name] for name in CHANGED_COLUMNS}
    if one.record.branch:
        wanted["branch_id"] = one.branch_id
    if one.record.officer:
        wanted["officer_id"] = one.officer_id
    before = {name: getattr(loan, name) for name, value in wanted.items() if getattr(loan, name) != value}
    one.changed += [CALLED.get(name, name.removesuffix("_id")) for name in before]
    if one.event:
        one.changed.append("state")
    for name in before:
        setattr(loan, name, wanted[name])
    if has_position(one):
        before = {name: value for name, value in before.items() if name not in KEPT_IN_POSITIONS}
    if before:
        plan.changes.append(
            Act(
                action="loans.loan.changed",
                object_type="loans.loan",
                object_id=loan.id,
                loan_id=loan.id,
                before=before,
                after={name: wanted[name] for name in before},
            )
        )


@dataclass(frozen=True, slots=True)
class _Known:
    """What the book knows of the people of a chunk: parties by number and by place in a loan, their telephones, and
    those who also stand in loans beyond the actor's branches."""

    by_number: dict[bytes, list[Party]]
    by_place: dict[tuple[UUID, str], list[Party]]
    phones: dict[UUID, set[str]]
    elsewhere: frozenset[UUID]

    def find(self, actor: Actor, loan_id: UUID, person: PersonRow) -> Party | None:
        party = meant(actor, having_number(self.by_number, person.facts.id_number), person.facts.name)
        here = self.by_place.get((loan_id, person.role), [])
        return party or next((other for other in here if same_person(other, person.facts)), None)

    def place(self, id_number: str) -> int:
        return next_place(having_number(self.by_number, id_number))


def _known(
    people: Sequence[tuple[Outcome, PersonRow]], updated: Sequence[Outcome], actor: Actor, *, hold: bool
) -> _Known:
    digests = {digest for _one, person in people for digest in number_digests(person.facts.id_number)}
    rows = list(LoanParty.objects.filter(loan_id__in=[one.loan_id for one in updated]))
    involved = _parties(digests, [row.party_id for row in rows], hold=hold)
    standing: dict[tuple[UUID, str], list[Party]] = defaultdict(list)
    for row in rows:
        standing[(row.loan_id, row.role)].append(involved[row.party_id])
    phones: dict[UUID, set[str]] = defaultdict(set)
    for contact in ContactPoint.objects.filter(party_id__in=list(involved)).select_related("party"):
        phones[contact.party_id].add(clear(contact, "value"))
    elsewhere: set[UUID] = set()
    if (allowed := actor.branches("loans.import")) is not None:
        beyond = LoanParty.objects.filter(party_id__in=list(involved)).exclude(loan__branch_id__in=list(allowed))
        elsewhere = set(beyond.values_list("party_id", flat=True))
    return _Known(by_number(involved.values()), standing, phones, frozenset(elsewhere))


def _plan_people(
    created: Sequence[Outcome], updated: Sequence[Outcome], plan: Plan, actor: Actor, *, hold: bool
) -> None:
    """Find each person in the book or plan a new party, once per identity number; plan what is new about known ones.

    Of people who also stand in loans beyond the actor's branches telephone numbers are added only, as on the pages
    (services/people.py).
    """
    people = [(one, person) for one in (*created, *updated) for person in one.record.people]
    known = _known(people, updated, actor, hold=hold)
    planned: dict[str, UUID] = {}
    for one, person in people:
        if one.loan_id is None:
            continue
        facts, number, prefix = person.facts, person.facts.id_number, ROLES[person.role]
        party = known.find(actor, one.loan_id, person)
        if party is not None:
            if party.id not in known.elsewhere:
                renewed = _renew(one.loan_id, party, facts, plan, known.place(number))
                one.changed += [f"{prefix}_{PERSON_COLUMNS[name]}" for name in renewed]
            party_id = party.id
        elif number and number in planned:
            party_id = planned[number]
        else:
            party_id = uuid7()
            plan.parties.append((party_id, facts, number_digest(plan.key, number), known.place(number)))
            if number:
                planned[number] = party_id
        if added := [phone for phone in facts.phones if phone not in known.phones[party_id]]:
            plan.contacts += [(party_id, phone) for phone in added]
            known.phones[party_id] |= set(added)
            one.changed.append(f"{prefix}_phone")
        if all(other.id != party_id for other in known.by_place.get((one.loan_id, person.role), [])):
            _plan_standing(one, one.loan_id, party_id, person, plan)
    plan.parties.sort(key=lambda row: number_order(row[1].id_number))


def _plan_standing(one: Outcome, loan_id: UUID, party_id: UUID, person: PersonRow, plan: Plan) -> None:
    """Somebody new in a loan; in a known one it is told of the loan."""
    row_id = uuid7()
    plan.loan_parties.append((row_id, loan_id, party_id, person))
    one.changed.append(f"{ROLES[person.role]}_name")
    if one.known is not None:
        plan.changes.append(
            Act(
                action="loans.loan_party.added",
                object_type="loans.loanparty",
                object_id=row_id,
                loan_id=loan_id,
                after={"party": party_id, "role": person.role, "guarantee": person.guarantee},
            )
        )


def _parties(digests: Iterable[bytes], ids: Iterable[UUID], *, hold: bool) -> dict[UUID, Party]:
    """The known parties of a chunk, in a booking held until it is written: what an officer changes meanwhile waits, or
    is seen.

    In the order in which people are locked everywhere (services/people.py).
    """
    parties = Party.objects.select_for_update(no_key=True) if hold else Party.objects.all()
    asked = Q(id_digest__in=list(digests)) | Q(id__in=list(ids))
    found = {party.id: party for party in parties.filter(asked).order_by("id")}
    warm(found.values())
    return found


def _renew(loan_id: UUID, party: Party, facts: PersonFacts, plan: Plan, place: int) -> list[str]:
    """Take over what the file knows of a person; the names of what was renewed."""
    newer = {
        name: value
        for name in ("address", "employer")
        if (value := getattr(facts, name)) and clear(party, name) != value
    }
    if party.id_digest is None and facts.id_number:
        newer["id_number"] = facts.id_number
    if not newer:
        return []
    plan.changes.append(
        Act(
            action="loans.party.changed",
            object_type="loans.party",
            object_id=party.id,
            loan_id=loan_id,
            subject=party.key_subject(),
            before={name: clear(party, name) for name in newer},
            after=newer,
        )
    )
    if "id_number" in newer:
        party.id_digest, party.index_version = number_digest(plan.key, facts.id_number), plan.key.version
        party.id_place, party.id_kind = place, facts.id_kind
    seal(party, **newer)
    plan.touched[party.id] = party
    return list(newer)


def _plan_vehicles(created: Sequence[Outcome], updated: Sequence[Outcome], plan: Plan) -> None:
    known = {
        vehicle.loan_id: vehicle
        for vehicle in Vehicle.objects.filter(loan_id__in=[one.loan_id for one in updated]).order_by("-id")
    }
    warm(known.values())
    for one in (*created, *updated):
        facts = one.record.vehicle
        if not facts or one.loan_id is None:
            continue
        vehicle = known.get(one.loan_id)
        if vehicle is None:
            vehicle_id = uuid7()
            plan.vehicles.append((vehicle_id, one))
            if one.known is not None:
                after = {name: getattr(facts, name) for name in (*SEALED_VEHICLE, *VEHICLE_PLAIN)}
                one.changed += [name for name, value in after.items() if value not in NOT_TOLD]
                plan.changes.append(_of_vehicle("entered", vehicle_id, one.loan_id, {}, after))
            continue
        newer = _newer(vehicle, facts)
        if not newer:
            continue
        before = {name: clear(vehicle, name) if name in SEALED_VEHICLE else getattr(vehicle, name) for name in newer}
        plan.changes.append(_of_vehicle("changed", vehicle.id, one.loan_id, before, newer))
        seal(vehicle, **{name: value for name, value in newer.items() if name in SEALED_VEHICLE})
        for name in VEHICLE_PLAIN:
            setattr(vehicle, name, newer.get(name, getattr(vehicle, name)))
        plan.renewed.append(vehicle)
        one.changed += list(newer)


def _newer(vehicle: Vehicle, facts: Any) -> dict[str, Any]:
    """What the file knows of a car and the book has otherwise; what it leaves open stays."""
    told = {name: getattr(facts, name) for name in (*SEALED_VEHICLE, *VEHICLE_PLAIN)}
    return {
        name: value
        for name, value in told.items()
        if value not in NOT_TOLD
        and value != (clear(vehicle, name) if name in SEALED_VEHICLE else getattr(vehicle, name))
    }


def _of_vehicle(verb: str, vehicle_id: UUID, loan_id: UUID, before: dict[str, Any], after: dict[str, Any]) -> Act:
    return Act(
        action=f"loans.vehicle.{verb}",
        object_type="loans.vehicle",
        object_id=vehicle_id,
        loan_id=loan_id,
        before=before,
        after=after,
    )
