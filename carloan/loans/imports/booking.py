"""A chunk of records into the book, set-based: new rows are inserted, changed ones changed, the rest left alone.

One chunk is one transaction with one audit event that counts and digests its rows. Loans are known by contract number,
people by identity number.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.utils import timezone

from carloan.core import audit, lookup
from carloan.core.actors import Actor
from carloan.core.ids import uuid7
from carloan.core.keys import Subject, make_keys
from carloan.core.moves import step_together
from carloan.core.postgres.bulk import insert_rows
from carloan.core.sealed import clear, seal_value, sealed_fields
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
from carloan.loans.policies.facts import VEHICLE_PLAIN, contact_kind
from carloan.loans.policies.stages import MOVES
from carloan.loans.services.allocations import allocations_keep

from .judging import LOAN_COLUMNS, PAYMENT_COLUMNS, Outcome, Places, paid_of
from .planning import CHANGED_COLUMNS, SEALED_VEHICLE, Plan, has_position, plan_for
from .showing import HOMES
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
SEALED_PERSON = sealed_fields(Party)
PARTY_TABLE, CONTACT_TABLE, VEHICLE_TABLE = Party._meta.db_table, ContactPoint._meta.db_table, Vehicle._meta.db_table


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
    plan = plan_for(created, updated, actor, hold=True)
    make_keys(
        [
            *(Subject("loan", one.loan_id) for one in created if one.loan_id),
            *(Subject("party", party_id) for party_id, *_rest in plan.parties),
        ]
    )
    told = audit.record_changes(actor=actor, changes=plan.changes)
    events = {
        object_id: told_id
        for change, told_id in zip(plan.changes, told, strict=True)
        if (object_id := change.get("object_id")) is not None
    }
    _insert_loans(batch, created, plan, event_id)
    _update_loans(updated, plan, event_id, events)
    _insert_people(batch, plan, event_id, events)
    _write_vehicles(batch, plan, event_id, events)
    _insert_money(batch, [*created, *updated], event_id)
    return event_id


def foresee(outcomes: Sequence[Outcome], places: Places) -> None:
    """Find out which fields booking the known loans among these would change, without writing any.

    Whoever sees only masks does not hear which sealed ones, nor whether any: "would not change" is "is what you
    guessed".
    """
    updated = [one for one in outcomes if one.outcome == "updated"]
    plan_for([], updated, places.actor, hold=False)
    for one in updated:
        if one.masked:
            one.changed = [name for name in one.changed if name not in HOMES]
            one.outcome = one.outcome if one.changed else "unchanged"


def tells_of_masked(one: Outcome) -> bool:
    """Whether a booked row changed sealed values that its sender sees masked: those that it did not are as guessed."""
    return one.masked and any(name in HOMES for name in one.changed)


def _digest(outcomes: Iterable[Outcome]) -> str:
    """What the event commits to: every row's outcome and, where it was booked, its contract number and state."""
    lines = (
        f"{one.record.number}|{one.outcome}|{one.record.contract_no}|{one.record.digest.hex()}" for one in outcomes
    )
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _insert_loans(batch: ImportBatch, created: Sequence[Outcome], plan: Plan, event_id: UUID) -> None:
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
            "index_version",
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
                one.record.digests.get(plan.key.version),
                plan.key.version,
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


def _update_loans(updated: Sequence[Outcome], plan: Plan, event_id: UUID, events: Mapping[UUID, UUID]) -> None:
    """The known loans as the plan left them; each carries the event of its own change, if it has one."""
    stepping = [(one.known, one.event, one.record.values) for one in updated if one.known is not None and one.event]
    steps = [(loan, event, facts_for(loan, values)) for loan, event, values in stepping]
    step_together(steps, MOVES, audit_event_id=event_id)
    for one in updated:
        if (loan := one.known) is None:
            continue
        if one.event and loan.state == Loan.State.SETTLED:
            loan.settled_on = one.record.values["as_of"] or timezone.localdate()
        if not one.event:
            loan.revision += 1
        # None when the file was read before this version came into use: the next file tells it anew.
        loan.import_digest, loan.index_version = one.record.digests.get(plan.key.version), plan.key.version
        loan.audit_event_id = events.get(loan.id, event_id)
    Loan.objects.bulk_update(
        [one.known for one in updated if one.known is not None],
        [
            *CHANGED_COLUMNS,
            "settled_on",
            "branch",
            "officer",
            "import_digest",
            "index_version",
            "audit_event_id",
            "revision",
        ],
        batch_size=1_000,
    )


def _insert_people(batch: ImportBatch, plan: Plan, event_id: UUID, events: Mapping[UUID, UUID]) -> None:
    now = timezone.now()
    insert_rows(
        Party,
        [
            "id",
            "tenant_id",
            "kind",
            "id_kind",
            "id_digest",
            "index_version",
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
                plan.key.version,
                place,
                *(
                    seal_value(Subject("party", party_id), PARTY_TABLE, name, party_id, getattr(facts, name))
                    for name in SEALED_PERSON
                ),
                facts.occupation,
                now,
                event_id,
            )
            for party_id, facts, digest, place in plan.parties
        ),
    )
    for party in plan.touched.values():
        party.audit_event_id, party.revision = events[party.id], party.revision + 1
    Party.objects.bulk_update(
        plan.touched.values(),
        [*SEALED_PERSON, "id_kind", "id_digest", "index_version", "id_place", "revision", "audit_event_id"],
        batch_size=500,
    )
    contacts = [(uuid7(), party_id, phone) for party_id, phone in plan.contacts]
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
            (
                row_id,
                batch.tenant_id,
                loan_id,
                party_id,
                person.role,
                person.guarantee,
                person.relation,
                now,
                events.get(row_id, event_id),
            )
            for row_id, loan_id, party_id, person in plan.loan_parties
        ),
        on_conflict="ON CONFLICT (tenant_id, loan_id, party_id, role) DO NOTHING",
    )
    lookup.index_many(
        [
            *(
                ("party", party_id, None, {"name": facts.name, "id_number": facts.id_number})
                for party_id, facts, _digest, _place in plan.parties
            ),
            *(("party", party_id, None, {"phone": phone}) for party_id, phone in plan.contacts),
            *(("party", party.id, None, {"id_number": clear(party, "id_number")}) for party in plan.touched.values()),
        ]
    )


def _write_vehicles(batch: ImportBatch, plan: Plan, event_id: UUID, events: Mapping[UUID, UUID]) -> None:
    now = timezone.now()
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
                events.get(vehicle_id, event_id),
            )
            for vehicle_id, one in plan.vehicles
            if one.loan_id
        ),
    )
    lookup.index_many(
        ("vehicle", vehicle_id, one.loan_id, {name: getattr(one.record.vehicle, name) for name in SEALED_VEHICLE})
        for vehicle_id, one in plan.vehicles
    )
    for vehicle in plan.renewed:
        vehicle.audit_event_id, vehicle.revision = events[vehicle.id], vehicle.revision + 1
    Vehicle.objects.bulk_update(
        plan.renewed, [*SEALED_VEHICLE, *VEHICLE_PLAIN, "revision", "audit_event_id"], batch_size=500
    )
    for vehicle in plan.renewed:
        lookup.index("vehicle", vehicle.id, vehicle.loan_id, {name: clear(vehicle, name) for name in SEALED_VEHICLE})


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
            if one.record.position is not None and has_position(one)
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
