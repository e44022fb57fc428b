"""What ended is told in the key store too, which no backup of the main database brings back to an older state.

An end is told once its act is committed, so that an act that was taken back ends nothing; what a crash in between left
out, the next round enters (services/ending_again.py). A return is told before: a round in between would end it again.
"""

from collections.abc import Iterable
from typing import Final
from uuid import UUID

from django.db import transaction

from .keyring import Cache
from .keystore.models import EndedAccess
from .tenancy import current_tenant_id, tenant_atomic

Kind = EndedAccess.Kind
# Keys that had not ended when this process last asked.
_living: Final = Cache(10_000)


def note_ended(kind: Kind, ids: Iterable[UUID]) -> None:
    """Tell what the open transaction ends, as soon as it is committed."""
    tenant_id = current_tenant_id()
    # Their ids are of now: whoever comes back while this waits for its commit comes back later.
    rows = [EndedAccess(tenant_id=tenant_id, kind=kind, object_id=each) for each in ids]

    def told() -> None:
        with tenant_atomic(tenant_id, using="keystore"):
            EndedAccess.objects.bulk_create(rows)
        for row in rows:
            _living.drop((tenant_id, (kind, row.object_id)))

    if rows:
        transaction.on_commit(told, robust=True)


def note_returned(kind: Kind, object_id: UUID) -> None:
    """Tell that somebody whose access had ended has it again."""
    with tenant_atomic(using="keystore"):
        EndedAccess.objects.create(kind=kind, object_id=object_id, returned=True)


def ended_of(kind: Kind) -> set[UUID]:
    """Everything of a kind in the tenant at work whose newest row says that it ended. One query."""
    with tenant_atomic(using="keystore"):
        newest = EndedAccess.objects.filter(kind=kind).order_by("object_id", "-id").distinct("object_id")
        return {object_id for object_id, returned in newest.values_list("object_id", "returned") if not returned}


def has_ended(kind: Kind, object_id: UUID) -> bool:
    """Whether something has ended for good; that it has not is remembered for some minutes."""
    place = (current_tenant_id(), (kind, object_id))
    if _living.get(place):
        return False
    with tenant_atomic(using="keystore"):
        if EndedAccess.objects.filter(kind=kind, object_id=object_id).exists():
            return True
    _living.put(place, True)
    return False
