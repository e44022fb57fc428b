"""A chunk of records into the book, set-based: new rows are inserted, changed ones changed, the rest left alone.

One chunk is one transaction with one audit event that counts and digests its rows. Loans are known by contract number,
people by identity number.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from carloan.core import audit, lookup
from carloan.core.actors import Actor
from carloan.core.ids import uuid7
from carloan.core.keys import Subject, make_keys
from carloan.core.moves import step_together
from carloan.core.postgres.bulk import insert_rows
from carloan.core.sealed import clear, seal, seal_value, sealed_fields, warm
from carloan.loans.models import (
    Allocation,
    ContactPoint,
    ImportBatch,
    Loan,
    LoanParty,
    OpeningPosition,
    Party,
    Payment,
    Vehicle,
)
from carloan.loans.policies.allocation import Share
from carloan.loans.policies.facts import VEHICLE_PLAIN, PersonFacts, contact_kind
from carloan.loans.policies.stages import MOVES
from carloan.loans.selectors.holders import by_number, meant, next_place
from carloan.loans.services.allocations import allocations_keep

from .judging import LOAN_COLUMNS, PAYMENT_COLUMNS, Outcome, id_digest_of, paid_of, same_person
from .records import PersonRow
from .standing import facts_for

POSITION_COLUMNS = (
    "as_of",
    "outstanding",
    "overdue",
    "days_overdue",
    "periods_paid",
    "remaining_term",
    "next_due_on",
    "next_due",
)
# The state is written by its steps.
CHANGED_COLUMNS = tuple(name for name in LOAN_COLUMNS if name != "state")
SEALED_PERSON, SEALED_VEHICLE = sealed_fields(Party), sealed_fields(Vehicle)

PARTY_TABLE, CONTACT_TABLE, VEHICLE_TABLE = Party._meta.db_table, ContactPoint._meta.db_table, Vehicle._meta.db_table


@dataclass(slots=True)
class _Fresh:
    """Rows to insert, gathered over the chunk."""

    parties: list[tuple[UUID, PersonFacts, bytes | None, int]] = field(default_factory=list)
    loan_parties: list[tuple[UUID, UUID, PersonRow]] = field(default_factory=list)
    contacts: list[tuple[UUID, str]] = field(default_factory=list)
    touched: list[Party] = field(default_factory=list)


def book(batch: ImportBatch, outcomes: Sequence[Outcome], actor: Actor) -> UUID:
    """Write judged outcomes inside the open transaction and return the id of their audit event."""
    created = [one for one in outcomes if one.outcome == "created"]
    updated = [one for one in outcomes if one.outcome == "updated"]
    event_id = audit.record(
        actor=actor,
        action="loans.loan.imported",
        object_type="loans.importbatch",
        object_id=batch.id,
        count=len(created) + len(updated),
        digest=_digest(outcomes),
        after={"rows": len(outcomes), "new": len(created), "changed": len(updated)},
    )
    for one in created:
        one.loan_id = uuid7()
    fresh = _Fresh()
    _gather_people(created, updated, fresh, actor)
    make_keys(
        [
            *(Subject("loan", one.loan_id) for one in created if one.loan_id),
            *(Subject("party", party_id) for party_id, *_rest in fresh.parties),
        ]
    )
    _insert_loans(batch, created, event_id)
    _update_loans(updated, event_id)
    _insert_people(batch, fresh, event_id)
    _write_vehicles(batch, created, updated, event_id)
    _insert_money(batch, [*created, *updated], event_id)
    return event_id


def _digest(outcomes: Iterable[Outcome]) -> str:
    """What the event commits to: every row's outcome and, where it was booked, its contract number and state."""
    lines = (
        f"{one.record.number}|{one.outcome}|{one.record.contract_no}|{one.record.digest.hex()}" for one in outcomes
    )
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _insert_loans(batch: ImportBatch, created: Sequence[Outcome], event_id: UUID) -> None:
    now = timezone.now()
    insert_rows(
        Loan,
        [
            "id",
            "tenant_id",
            "contract_no",
            *LOAN_COLUMNS,
            "branch_id",
            "officer_id",
            "import_digest",
            "revision",
            "created_at",
            "audit_event_id",
        ],
        (
            (
                one.loan_id,
                batch.tenant_id,
                one.record.contract_no,
                *(one.record.values[name] for name in LOAN_COLUMNS),
                one.branch_id,
                one.officer_id,
                one.record.digest,
                1,
                now,
                event_id,
            )
            for one in created
        ),
    )
    lookup.index_many(
        ("loan", one.loan_id, one.loan_id, {"contract_no": one.record.contract_no}) for one in created if one.loan_id
    )


def _update_loans(updated: Sequence[Outcome], event_id: UUID) -> None:
    stepping = [(one.known, one.event, one.record.values) for one in updated if one.known is not None and one.event]
    steps = [(loan, event, facts_for(loan, values)) for loan, event, values in stepping]
    step_together(steps, MOVES, audit_event_id=event_id)
    for one in updated:
        if (loan := one.known) is None:
            continue
        values = one.record.values
        if one.event and loan.state == Loan.State.SETTLED:
            loan.settled_on = values["as_of"] or timezone.localdate()
        if not one.event:
            loan.revision += 1
        for name in CHANGED_COLUMNS:
            setattr(loan, name, values[name])
        if one.record.branch:
            loan.branch_id = one.branch_id
        if one.record.officer:
            loan.officer_id = one.officer_id
        loan.import_digest, loan.audit_event_id = one.record.digest, event_id
    Loan.objects.bulk_update(
        [one.known for one in updated if one.known is not None],
        [*CHANGED_COLUMNS, "settled_on", "branch", "officer", "import_digest", "audit_event_id", "revision"],
        batch_size=1_000,
    )


def _gather_people(created: Sequence[Outcome], updated: Sequence[Outcome], fresh: _Fresh, actor: Actor) -> None:
    """Find each person in the book or plan a new party, once per identity number; plan what is new about known ones.

    Of people who also stand in loans beyond the actor's branches telephone numbers are added only, as on the pages
    (services/people.py).
    """
    people = [(one, person) for one in (*created, *updated) for person in one.record.people]
    digests = {digest for _one, person in people if (digest := id_digest_of(person.facts)) is not None}
    rows = list(LoanParty.objects.filter(loan_id__in=[one.loan_id for one in updated]))
    involved = _parties_locked(digests, [row.party_id for row in rows])
    holders = by_number(involved.values())
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
    planned: dict[bytes, UUID] = {}
    for one, person in people:
        if one.loan_id is None:
            continue
        facts, digest = person.facts, id_digest_of(person.facts)
        holding = holders.get(digest, []) if digest is not None else []
        party = meant(actor, holding, facts.name)
        here = standing.get((one.loan_id, person.role), [])
        if party is None:
            party = next((other for other in here if same_person(other, facts)), None)
        if party is not None:
            if party.id not in elsewhere:
                _renew(party, facts, fresh, next_place(holding))
            party_id = party.id
        elif digest is not None and digest in planned:
            party_id = planned[digest]
        else:
            party_id = uuid7()
            fresh.parties.append((party_id, facts, digest, next_place(holding)))
            if digest is not None:
                planned[digest] = party_id
        fresh.contacts += [(party_id, phone) for phone in facts.phones if phone not in phones[party_id]]
        phones[party_id] |= set(facts.phones)
        if all(other.id != party_id for other in here):
            fresh.loan_parties.append((one.loan_id, party_id, person))
    fresh.parties.sort(key=lambda row: row[2] or b"")


def _parties_locked(digests: Iterable[bytes], ids: Iterable[UUID]) -> dict[UUID, Party]:
    """The known parties of a chunk, held until it is written: what an officer changes meanwhile waits, or is seen.

    In the order in which people are locked everywhere (services/people.py).
    """
    asked = Q(id_digest__in=list(digests)) | Q(id__in=list(ids))
    found = {
        party.id: party
        for party in Party.objects.select_for_update(no_key=True).filter(asked).order_by("id_digest", "id")
    }
    warm(found.values())
    return found


def _renew(party: Party, facts: PersonFacts, fresh: _Fresh, place: int) -> None:
    newer = {
        name: value
        for name in ("address", "employer")
        if (value := getattr(facts, name)) and clear(party, name) != value
    }
    if party.id_digest is None and facts.id_number:
        newer["id_number"] = facts.id_number
        party.id_digest, party.id_place, party.id_kind = id_digest_of(facts), place, facts.id_kind
    if newer:
        seal(party, **newer)
        fresh.touched.append(party)


def _insert_people(batch: ImportBatch, fresh: _Fresh, event_id: UUID) -> None:
    now = timezone.now()
    insert_rows(
        Party,
        [
            "id",
            "tenant_id",
            "kind",
            "id_kind",
            "id_digest",
            "id_place",
            *SEALED_PERSON,
            "occupation",
            "created_at",
            "audit_event_id",
        ],
        (
            (
                party_id,
                batch.tenant_id,
                facts.kind,
                facts.id_kind,
                digest,
                place,
                *(
                    seal_value(Subject("party", party_id), PARTY_TABLE, name, party_id, getattr(facts, name))
                    for name in SEALED_PERSON
                ),
                facts.occupation,
                now,
                event_id,
            )
            for party_id, facts, digest, place in fresh.parties
        ),
    )
    for party in fresh.touched:
        party.audit_event_id, party.revision = event_id, party.revision + 1
    Party.objects.bulk_update(
        fresh.touched,
        [*SEALED_PERSON, "id_kind", "id_digest", "id_place", "revision", "audit_event_id"],
        batch_size=500,
    )
    contacts = [(uuid7(), party_id, phone) for party_id, phone in fresh.contacts]
    insert_rows(
        ContactPoint,
        ["id", "tenant_id", "party_id", "kind", "value", "state", "source", "created_at", "audit_event_id"],
        (
            (
                contact_id,
                batch.tenant_id,
                party_id,
                contact_kind(phone),
                seal_value(Subject("party", party_id), CONTACT_TABLE, "value", contact_id, phone),
                "active",
                "import",
                now,
                event_id,
            )
            for contact_id, party_id, phone in contacts
        ),
    )
    insert_rows(
        LoanParty,
        ["id", "tenant_id", "loan_id", "party_id", "role", "guarantee", "relation", "created_at", "audit_event_id"],
        (
            (uuid7(), batch.tenant_id, loan_id, party_id, person.role, person.guarantee, person.relation, now, event_id)
            for loan_id, party_id, person in fresh.loan_parties
        ),
        on_conflict="ON CONFLICT (tenant_id, loan_id, party_id, role) DO NOTHING",
    )
    lookup.index_many(
        [
            *(
                ("party", party_id, None, {"name": facts.name, "id_number": facts.id_number})
                for party_id, facts, _digest, _place in fresh.parties
            ),
            *(("party", party_id, None, {"phone": phone}) for party_id, phone in fresh.contacts),
            *(("party", party.id, None, {"id_number": clear(party, "id_number")}) for party in fresh.touched),
        ]
    )


def _write_vehicles(batch: ImportBatch, created: Sequence[Outcome], updated: Sequence[Outcome], event_id: UUID) -> None:
    now = timezone.now()
    known = {
        vehicle.loan_id: vehicle
        for vehicle in Vehicle.objects.filter(loan_id__in=[one.loan_id for one in updated]).order_by("-id")
    }
    warm(known.values())
    new = [(uuid7(), one) for one in (*created, *updated) if one.record.vehicle and one.loan_id not in known]
    insert_rows(
        Vehicle,
        ["id", "tenant_id", "loan_id", *SEALED_VEHICLE, *VEHICLE_PLAIN, "created_at", "audit_event_id"],
        (
            (
                vehicle_id,
                batch.tenant_id,
                one.loan_id,
                *(
                    seal_value(
                        Subject("loan", one.loan_id), VEHICLE_TABLE, name, vehicle_id, getattr(one.record.vehicle, name)
                    )
                    for name in SEALED_VEHICLE
                ),
                *(getattr(one.record.vehicle, name) for name in VEHICLE_PLAIN),
                now,
                event_id,
            )
            for vehicle_id, one in new
            if one.loan_id
        ),
    )
    lookup.index_many(
        ("vehicle", vehicle_id, one.loan_id, {name: getattr(one.record.vehicle, name) for name in SEALED_VEHICLE})
        for vehicle_id, one in new
    )
    changed = []
    for one in updated:
        vehicle = known.get(one.loan_id) if one.loan_id else None
        if vehicle is not None and one.record.vehicle and _renew_vehicle(vehicle, one.record.vehicle):
            vehicle.audit_event_id, vehicle.revision = event_id, vehicle.revision + 1
            changed.append(vehicle)
    Vehicle.objects.bulk_update(
        changed, [*SEALED_VEHICLE, *VEHICLE_PLAIN, "revision", "audit_event_id"], batch_size=500
    )
    for vehicle in changed:
        lookup.index("vehicle", vehicle.id, vehicle.loan_id, {name: clear(vehicle, name) for name in SEALED_VEHICLE})


def _renew_vehicle(vehicle: Vehicle, facts: Any) -> bool:
    """Take over what the file knows of a car; what it leaves open stays."""
    before = [clear(vehicle, name) for name in SEALED_VEHICLE], [getattr(vehicle, name) for name in VEHICLE_PLAIN]
    newer = {name: getattr(facts, name) or old for name, old in zip(SEALED_VEHICLE, before[0], strict=True)}
    for name in VEHICLE_PLAIN:
        if (value := getattr(facts, name)) not in (None, "", "unknown"):
            setattr(vehicle, name, value)
    if (list(newer.values()), [getattr(vehicle, name) for name in VEHICLE_PLAIN]) == before:
        return False
    seal(vehicle, **newer)
    return True


def _insert_money(batch: ImportBatch, booked: Sequence[Outcome], event_id: UUID) -> None:
    now, today = timezone.now(), timezone.localdate()
    insert_rows(
        OpeningPosition,
        ["id", "tenant_id", "loan_id", *POSITION_COLUMNS, "recorded_at", "audit_event_id"],
        (
            (
                uuid7(),
                batch.tenant_id,
                one.loan_id,
                *(one.record.position[name] for name in POSITION_COLUMNS),
                now,
                event_id,
            )
            for one in booked
            if one.record.position is not None and (one.known is None or "outstanding" in one.record.given)
        ),
    )
    paid = [
        (uuid7(), one.loan_id, one.record.payment)
        for one in booked
        if one.record.payment is not None and not one.paid_before
    ]
    allocations_keep(
        made=((payment_id, 1, _shares(payment)) for payment_id, _, payment in paid),
        reason=Allocation.Reason.IMPORT,
        recorded_at=now,
        event_id=event_id,
    )
    insert_rows(
        Payment,
        [
            "id",
            "tenant_id",
            "loan_id",
            *PAYMENT_COLUMNS,
            "kind",
            "channel",
            "booked_on",
            "recorded_at",
            "audit_event_id",
        ],
        (
            (
                payment_id,
                batch.tenant_id,
                loan_id,
                *(payment[name] for name in PAYMENT_COLUMNS),
                "receipt",
                "imported",
                today,
                now,
                event_id,
            )
            for payment_id, loan_id, payment in paid
        ),
    )


def _shares(payment: Mapping[str, Any]) -> list[Share]:
    return paid_of(payment).parts.shares(payment["amount"])
