"""What was destroyed stays destroyed behind a restore: the list of destroyed keys is carried out again.

Each start does it before web and workers come up, each minute a sweep does it, and `/healthz` fails as long as the key
store knows a key that stands in the list.
"""

import hashlib
import logging
from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import islice
from typing import Final, TypeVar
from uuid import UUID

from django.db import connections
from django.db.models import Exists, OuterRef
from django.utils import timezone

from carloan.core import audit, destroyed
from carloan.core.actors import Actor
from carloan.core.destroyed import ListAway
from carloan.core.key_owners import key_owners
from carloan.core.keystore.models import DestroyedMark, HeldKey, SubjectKey
from carloan.core.tenancy import scoped_tenant_id, tenant_atomic, tenant_scope

logger = logging.getLogger(__name__)
BATCH: Final = 2_000
# A key is listed just before it goes; beyond that a living one was brought back.
JUST_NOW: Final = timedelta(seconds=60)
Thing = TypeVar("Thing")
# By lender: the server and list for which a look found nothing, so that health asks anew only when one of them changes.
_well: dict[UUID, tuple[str, int]] = {}


def destroyed_replay(*, everything: bool = False) -> int:
    """Destroy what the list names and the tenant's key store still knows; returns how many keys that were.

    Begins behind what was carried out before, or with the first line (`everything`). A store that never saw a list adds
    what it has destroyed itself. Raises ListAway when the list is not there or shorter than what was carried out.
    """
    tenant_id = _tenant()
    size = destroyed.size(tenant_id)
    with tenant_atomic(using="keystore"):
        mark = DestroyedMark.objects.select_for_update().first()
        if mark is None:
            _add_own(tenant_id)
            mark, size = DestroyedMark(), destroyed.size(tenant_id)
        if size < mark.size:
            raise ListAway
        again: list[UUID] = []
        if size > mark.size or everything:
            since = 0 if everything else mark.size
            for some in _batches(each.id for each in destroyed.listed(tenant_id, since=since)):
                again += _living(some)
            SubjectKey.objects.filter(id__in=again).update(wrapped=b"", destroyed_at=timezone.now())
        if size != mark.size or mark._state.adding:
            mark.size = size
            mark.save()
    if again:
        with tenant_atomic():
            audit.record(
                actor=Actor.system(tenant_id, "replay"),
                action="core.keys.destroyed_again",
                object_type="core.tenant",
                object_id=tenant_id,
                count=len(again),
                digest=hashlib.sha256(b"".join(sorted(each.bytes for each in again))).hexdigest(),
            )
    return len(again)


def list_expected(tenant_id: UUID) -> bool:
    """Whether the key store has carried out some of a lender's list, so that there must be one."""
    with tenant_atomic(tenant_id, using="keystore"):
        return DestroyedMark.objects.filter(size__gt=0).exists()


def rows_shred_again() -> int:
    """Empty what a restored main database still holds under listed keys (indexes, sealed columns); how many objects."""
    tenant_id = _tenant()
    owners = {kind: owner for kind, owner in key_owners().items() if owner.shred_again is not None}
    emptied = 0
    for each in destroyed.listed(tenant_id):
        if (owner := owners.get(each.kind)) is not None and owner.shred_again is not None:
            emptied += owner.shred_again(Actor.system(tenant_id, "replay"), each.id)
    return emptied


def brought_back(tenant_ids: Iterable[UUID]) -> bool:
    """Whether the key store knows a key that was destroyed. Raises ListAway when a list cannot tell.

    Remembers a good answer until a list grows or the server or database is another one.
    """
    server = _server()
    for tenant_id in tenant_ids:
        with tenant_scope(tenant_id):
            if _brought_back(tenant_id, server):
                return True
    return False


def _brought_back(tenant_id: UUID, server: str) -> bool:
    now = (server, destroyed.size(tenant_id))
    if _well.get(tenant_id) == now:
        return False
    with tenant_atomic(using="keystore"):
        mark = DestroyedMark.objects.first()
        done = mark.size if mark else 0
        if now[1] < done:
            raise ListAway
        limit = timezone.now() - JUST_NOW
        entries = list(destroyed.listed(tenant_id, since=done))
        if any(_living(some) for some in _batches(each.id for each in entries if each.at < limit)):
            return True
    if all(each.at < limit for each in entries):
        _well[tenant_id] = now
    return False


def _add_own(tenant_id: UUID) -> None:
    """What was destroyed before there was a list."""
    known = {each.id for each in destroyed.listed(tenant_id)}
    rows = SubjectKey.objects.exclude(destroyed_at=None).order_by("destroyed_at").values_list("kind", "id")
    for some in _batches((kind, key_id) for kind, key_id in rows if key_id not in known):
        destroyed.note(tenant_id, some)


def _living(ids: Iterable[UUID]) -> list[UUID]:
    """Those that are still there and that no legal hold keeps: one that is held must not stop the others."""
    held = HeldKey.objects.filter(subject_id=OuterRef("id"), second_voice=None)
    living = SubjectKey.objects.filter(id__in=ids, destroyed_at=None)
    if kept := living.filter(Exists(held)).count():
        logger.warning("%d keys stand in the list of destroyed keys and under a legal hold; they stay", kept)
    return list(living.exclude(Exists(held)).values_list("id", flat=True))


def _batches(things: Iterable[Thing]) -> Iterator[list[Thing]]:
    rest = iter(things)
    while some := list(islice(rest, BATCH)):
        yield some


def _server() -> str:
    """Which database on which server start: another one may be an older one."""
    with connections["keystore"].cursor() as cursor:
        cursor.execute(
            "SELECT oid || ' ' || pg_postmaster_start_time() FROM pg_database WHERE datname = current_database()"
        )
        return str(cursor.fetchone()[0])


def _tenant() -> UUID:
    tenant_id = scoped_tenant_id()
    assert tenant_id is not None
    return tenant_id
