"""The book of a lender: the old system's ledger through the import, its past, and the loans of these days by hand."""

import io
import time
from collections.abc import Iterator, Sequence
from datetime import date
from hashlib import sha256
from itertools import islice
from typing import TypeVar
from uuid import UUID

from carloan.core.access import actor_of_person
from carloan.core.actors import Actor
from carloan.core.models import Branch, Membership, Tenant, User
from carloan.core.tenancy import tenant_atomic, tenant_scope
from carloan.demonstration import organisations, people
from carloan.demonstration.histories import Paid
from carloan.demonstration.lenders import Lender
from carloan.demonstration.seed.ledger import ledger, use_of
from carloan.demonstration.stories import Story
from carloan.loans.models import ImportBatch, Loan, ScheduleVersion
from carloan.loans.policies.facts import PersonFacts, VehicleFacts
from carloan.loans.services.import_steps import import_work
from carloan.loans.services.imports import import_run_start, import_upload
from carloan.loans.services.loans import PersonIn, loan_move, loan_open
from carloan.loans.services.takeover import History, PastPayment, histories_take_over

Item = TypeVar("Item")
_USES = {"非营运": "private", "货运": "commercial", "网约车": "ride_hailing"}
# The acts that bring an application to where its story ends, with who does it and why.
_MOVES: dict[str, tuple[tuple[str, str, str], ...]] = {
    "application": (),
    "approval": (("submit", "officer", ""),),
    "disbursal": (("submit", "officer", ""), ("approve", "decider", "")),
    "declined": (("submit", "officer", ""), ("decline", "decider", "收入与负债不匹配，月供占收入比例过高")),
    "withdrawn": (("withdraw", "officer", "客户改为全款购车"),),
}


class SeedStoppedError(RuntimeError):
    """A step of the seed was refused: the demonstration and the doors it goes through no longer fit."""


def actor_of(tenant: Tenant, username: str) -> Actor:
    """A person of the demonstration with the rights they have now. Call it inside the tenant."""
    actor = actor_of_person(User.objects.defer("password").get(username=username), tenant_id=tenant.id)
    if actor is None:
        raise SeedStoppedError(f"{username} may not enter {tenant.slug}")
    return actor


def import_ledger(lender: Lender, tenant: Tenant, told: Sequence[Story], as_of: date) -> None:
    """Everything that was ever paid out comes from the old system, in one file, imported by an officer."""
    name = f"存量台账_{lender.slug}_{as_of:%Y%m%d}_{len(told)}.csv"
    with tenant_atomic(tenant.id):
        officers = {
            member.branch.code: member.employee_no
            for member in Membership.objects.select_related("branch").filter(user__username__contains=".officer.")
            if member.branch
        }
        content = ledger((story for story in told if story.dues), officers=officers, as_of=as_of)
        batch = ImportBatch.objects.filter(sha256=sha256(content).hexdigest()).first()
        if batch is not None and batch.state == ImportBatch.State.DONE:
            return
        actor = actor_of(tenant, f"{lender.slug}.officer")
        if batch is None:
            batch = import_upload(actor=actor, file=io.BytesIO(content), name=name)
    if batch.state != ImportBatch.State.RUNNING:
        with tenant_atomic(tenant.id):
            import_run_start(actor=actor, batch=batch)
    _finish(tenant, batch.id)


def _finish(tenant: Tenant, batch_id: UUID) -> None:
    """Do the import's work here. A killed run still holds the lease for up to a minute; then it goes on."""
    with tenant_scope(tenant.id):
        while True:
            with tenant_atomic():
                batch = ImportBatch.objects.get(id=batch_id)
            if batch.state != ImportBatch.State.RUNNING or batch.job_id is None:
                break
            import_work(job_id=batch.job_id)
            with tenant_atomic():
                batch.refresh_from_db()
            if batch.state == ImportBatch.State.RUNNING:
                time.sleep(1)
    if batch.state != ImportBatch.State.DONE or batch.rejected:
        raise SeedStoppedError(f"import {batch.number} of {tenant.slug}: {batch.state}, {batch.rejected} rows rejected")


def take_over_histories(lender: Lender, tenant: Tenant, told: Sequence[Story]) -> None:
    """Plans and past payments of the imported loans, two hundred loans a transaction."""
    with tenant_atomic(tenant.id):
        actor = actor_of(tenant, f"{lender.slug}.officer")
        with_plan = ScheduleVersion.objects.values_list("loan_id", flat=True)
        missing = dict(Loan.objects.exclude(id__in=with_plan).values_list("contract_no", "id"))
    waiting = [story for story in told if story.dues and story.contract_no in missing]
    for part in _portions(waiting, 200):
        with tenant_atomic(tenant.id):
            histories_take_over(
                actor=actor,
                histories=[
                    History(
                        missing[story.contract_no],
                        story.opened_on,
                        story.settled_on,
                        story.dues,
                        [_past(story.contract_no, number, paid) for number, paid in enumerate(story.payments, start=1)],
                    )
                    for story in part
                ],
            )


def open_applications(lender: Lender, tenant: Tenant, told: Sequence[Story]) -> None:
    """The loans of these days: opened by the branch's officer, decided by who may, a transaction each."""
    with tenant_atomic(tenant.id):
        known = set(Loan.objects.values_list("contract_no", flat=True))
        branches = {branch.code: branch.id for branch in Branch.objects.all()}
        decider = actor_of(tenant, f"{lender.slug}.{lender.decider}")
        officers = {branch.code: actor_of(tenant, f"{lender.slug}.officer.{branch.code}") for branch in lender.selling}
    for story in told:
        if story.dues or story.contract_no in known:
            continue
        with tenant_atomic(tenant.id):
            actors = {"officer": officers[story.branch], "decider": decider}
            loan = loan_open(
                actor=actors["officer"],
                contract_no=story.contract_no,
                principal=story.deal.principal,
                rate_ppm=story.deal.rate,
                term=story.deal.term_months,
                method=story.method,
                opened_on=story.opened_on,
                people=_people(story),
                vehicle=_vehicle(story),
                product=story.product,
                balloon=story.balloon,
                due_day=story.due_day,
                branch_id=branches[story.branch],
            )
            for event, who, reason in _MOVES[story.turn]:
                loan_move(actor=actors[who], loan=loan, event=event, reason=reason)


def _past(contract_no: str, number: int, paid: Paid) -> PastPayment:
    return PastPayment(
        reference=f"{contract_no}-{number:03}",
        amount=paid.amount,
        value_on=paid.value_on,
        booked_on=paid.booked_on,
        channel=paid.channel,
        principal=paid.principal,
        interest=paid.interest,
        penalty=paid.penalty,
        other=paid.other,
        unallocated=paid.unallocated,
        corrects=paid.corrects,
        instalment=paid.instalment,
    )


def _people(story: Story) -> list[PersonIn]:
    found = [PersonIn(_facts(story.borrower))]
    for one in story.participants:
        # A contact is reached, not identified: no more is asked than the number.
        contact = one.role == "emergency_contact"
        facts = PersonFacts(name=one.who.name, phones=(one.who.phone,)) if contact else _facts(one.who)
        found.append(PersonIn(facts, one.role, one.guarantee, one.relation if contact else ""))
    return found


def _facts(who: people.Person | organisations.Organisation) -> PersonFacts:
    if isinstance(who, organisations.Organisation):
        return PersonFacts(
            name=who.name,
            kind="organisation",
            id_kind="uscc",
            id_number=who.uscc,
            phones=(who.phone,),
            address=who.address,
        )
    return PersonFacts(
        name=who.name,
        id_kind="resident",
        id_number=who.id_number,
        phones=(who.phone,),
        address=who.address,
        employer=who.employer,
        occupation=who.trade,
    )


def _vehicle(story: Story) -> VehicleFacts:
    """A new car has no plate before it is registered."""
    car = story.vehicle
    return VehicleFacts(
        vin=car.vin,
        plate=car.plate if story.used else "",
        engine_no=car.engine_no,
        make=car.model.make,
        model=f"{car.model.series} {car.model.code}",
        model_year=car.made.year,
        condition="used" if story.used else "new",
        use=_USES[use_of(story)],
        price=story.deal.price,
    )


def _portions(items: Sequence[Item], size: int) -> Iterator[list[Item]]:
    iterator = iter(items)
    while part := list(islice(iterator, size)):
        yield part
