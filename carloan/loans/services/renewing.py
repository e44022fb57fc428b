"""What finds loans, people and vehicles, made anew under another version of the lender's index key.

Rows are held as those hold them who change or destroy them. They are waited for one at a time alone (core/indexed.py),
so that this is never one side of a deadlock.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from uuid import UUID

from django.db.models import QuerySet

from carloan.core.actors import Actor
from carloan.core.index_keys import writing_keys
from carloan.core.indexed import Batch, Gathered, Terms, next_ids, next_stretch
from carloan.core.keys import KeyDestroyed, KeyMissing, Tampered
from carloan.core.sealed import clear, sealed_fields, warm
from carloan.core.tenancy import current_tenant_id, tenant_atomic
from carloan.loans.models import ContactPoint, Loan, Party, Vehicle
from carloan.loans.selectors.holders import by_number, having_number, next_place, number_digest, number_digests

from .people import is_living, terms_of_party

AT_ONCE = 500
FORGOTTEN_AT_ONCE = 20_000


def loans_held(ids: Collection[UUID], patient: bool) -> dict[UUID, Loan]:
    """Those of these loans that nobody else holds, held until the transaction ends: nobody destroys them meanwhile."""
    loans = Loan.objects.select_for_update(no_key=True, skip_locked=not patient).filter(id__in=list(ids)).order_by("id")
    return {loan.id: loan for loan in loans}


def gather_loans(ids: Sequence[UUID], patient: bool) -> Gathered:
    """Loans by their contract numbers."""
    found: list[Terms] = [
        ("loan", loan.id, loan.id, {"contract_no": loan.contract_no}) for loan in loans_held(ids, patient).values()
    ]
    there = set(Loan.objects.filter(id__in=ids).values_list("id", flat=True))
    return Gathered(found, gone=set(ids) - there)


def gather_vehicles(ids: Sequence[UUID], patient: bool) -> Gathered:
    """Vehicles by their identifiers. A car is held by its loan."""
    loan_ids = dict(Vehicle.objects.filter(id__in=ids).values_list("id", "loan_id"))
    held = loans_held(set(loan_ids.values()), patient)
    vehicles = list(Vehicle.objects.filter(id__in=ids, loan_id__in=list(held)).select_related("loan"))
    warm(vehicles)
    found: list[Terms] = []
    gone, damaged = set(ids) - set(loan_ids), 0
    for vehicle in vehicles:
        try:
            values = {name: clear(vehicle, name) for name in sealed_fields(Vehicle)}
            found.append(("vehicle", vehicle.id, vehicle.loan_id, values))
        except KeyDestroyed:
            gone.add(vehicle.id)
        except (KeyMissing, Tampered):
            damaged += 1
    return Gathered(found, gone, damaged)


def gather_people(ids: Sequence[UUID], patient: bool) -> Gathered:
    """People by name, number and telephone numbers."""
    parties = _parties_held(ids, patient)
    contacts: dict[UUID, list[ContactPoint]] = defaultdict(list)
    rows = ContactPoint.objects.filter(party__in=parties, state=ContactPoint.State.ACTIVE).order_by("id")
    for contact in rows.select_related("party"):
        contacts[contact.party_id].append(contact)
    found: list[Terms] = []
    gone, damaged = set(ids) - set(Party.objects.filter(id__in=ids).values_list("id", flat=True)), 0
    for party in parties:
        try:
            found += terms_of_party(party, contacts[party.id])
        except KeyDestroyed:
            gone.add(party.id)
        except (KeyMissing, Tampered):
            damaged += 1
    return Gathered(found, gone, damaged)


def numbers_renew(version: int, after: UUID | None, patient: bool) -> Batch:
    """Put the identity numbers of the next people behind `after` under this version, in place: each number is looked
    for under all versions, so that a person is found before and behind it."""
    most = 1 if patient else AT_ONCE
    with tenant_atomic():
        key = next(each for each in writing_keys() if each.version == version)
        ids, place = next_ids(_numbers_behind(version), "id", after, most)
        renewed, damaged = [], 0
        system = Actor.system(current_tenant_id(), "worker")
        for party in _parties_held(ids, patient):
            try:
                if not is_living(system, party):
                    continue
                party.id_digest, party.index_version = number_digest(key, clear(party, "id_number")), version
                renewed.append(party)
            except (KeyMissing, Tampered):
                damaged += 1
        Party.objects.bulk_update(renewed, ["id_digest", "index_version"], batch_size=AT_ONCE)
    return Batch(len(renewed), damaged, place)


def numbers_left(version: int) -> int:
    """How many people's numbers stand under an older version."""
    with tenant_atomic():
        return int(_numbers_behind(version).count())


def number_bring_up(party: Party) -> None:
    """Put the number of a party that came back from a backup under the version in use. Somebody may have entered it
    meanwhile: then it stands behind them."""
    key = writing_keys()[0]
    if party.id_digest is None or party.index_version == key.version:
        return
    number = clear(party, "id_number")
    others = Party.objects.filter(id_digest__in=number_digests(number)).exclude(id=party.id)
    holders = having_number(by_number(others), number)
    if party.id_place in {other.id_place for other in holders}:
        party.id_place = next_place(holders)
    party.id_digest, party.index_version = number_digest(key, number), key.version
    party.save(update_fields=["id_digest", "index_version", "id_place"])


def rows_forget(version: int, after: UUID | None) -> Batch:
    """Forget what rows of files the next loans were last renewed from: the rows are not kept, so it cannot be made
    anew. The next file with the same row is compared field by field."""
    with tenant_atomic():
        loans, last = next_stretch(Loan.objects.all(), "id", after, FORGOTTEN_AT_ONCE)
        done = loans.filter(import_digest__isnull=False, index_version__lt=version).update(import_digest=None)
    return Batch(done, 0, last)


def rows_remain(version: int) -> bool:
    """Whether a loan still bears the hash of a row under an older version."""
    with tenant_atomic():
        return Loan.objects.filter(import_digest__isnull=False, index_version__lt=version).exists()


def _parties_held(ids: Sequence[UUID], patient: bool) -> list[Party]:
    parties = list(
        Party.objects.select_for_update(no_key=True, skip_locked=not patient).filter(id__in=ids).order_by("id")
    )
    warm(parties)
    return parties


def _numbers_behind(version: int) -> "QuerySet[Party]":
    return Party.objects.filter(id_digest__isnull=False, index_version__lt=version)
