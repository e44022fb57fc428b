"""Keys without a row are destroyed; rows without a key are an alarm. Both are looked for each night, tenant by tenant.

A crash between the key store's commit and the main database's leaves a key that opens nothing. The other way round
cannot come of a crash (keys are committed first): a row without a key means that the key store was lost or restored to
an older state, so nothing is touched and a person must look.
"""

import hashlib
import logging
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from carloan.core import audit
from carloan.core.actors import Actor
from carloan.core.alarms import ROWS_WITHOUT_KEY, end_alarm, raise_alarm
from carloan.core.key_owners import key_owners
from carloan.core.keys import Subject, destroy_key, makers_have_ended
from carloan.core.keystore.models import SubjectKey
from carloan.core.tenancy import current_tenant_id, scoped_tenant_id, tenant_atomic

# Beyond the longest request, job step and repair; makers inside a transaction are waited for besides.
SAFE_AGE = timedelta(hours=24)
BATCH = 2_000
# A task must be far shorter than the broker's patience: this many batches, then the next task goes on.
BATCHES_A_TASK = 25
ORPHANS = "orphans"

logger = logging.getLogger(__name__)


def keys_care(*, step: str = "", after: str = "", missing: int = 0) -> dict[str, Any] | None:
    """Work on for some batches from a place in the nightly round; returns the next place, None at its end.

    The round: orphaned keys, then the rows of each kind. A killed one begins anew the next night.
    """
    steps = [ORPHANS, *sorted(key_owners())]
    step, place = step or ORPHANS, UUID(after) if after else None
    for _batch in range(BATCHES_A_TASK):
        if step == ORPHANS:
            _destroyed, place = orphans_destroy(after=place)
        else:
            found, place = missing_report(kind=step, after=place)
            missing += found
        if place is None:
            if step == steps[-1]:
                _close(missing)
                return None
            step = steps[steps.index(step) + 1]
    return {"step": step, "after": str(place or ""), "missing": missing}


def orphans_destroy(*, after: UUID | None = None, age: timedelta = SAFE_AGE) -> tuple[int, UUID | None]:
    """Look at the next keys behind `after` and destroy those that no row owns; returns how many, and the last id seen.

    The event is committed before the keys go: a crash in between tells an act that the next night does, never the other
    way round. The second look happens while nobody who has made keys is still at work.
    """
    owners = key_owners()
    with tenant_atomic():
        with tenant_atomic(using="keystore"):
            old = SubjectKey.objects.filter(
                kind__in=list(owners), destroyed_at=None, created_at__lt=timezone.now() - age
            )
            keys = list((old.filter(id__gt=after) if after else old).order_by("id")[:BATCH].values_list("kind", "id"))
        orphans = _without_row(keys) if keys and makers_have_ended() else []
        if orphans:
            audit.record(
                actor=Actor.system(current_tenant_id(), "sweep"),
                action="core.keys.orphans_destroyed",
                object_type="core.tenant",
                object_id=current_tenant_id(),
                count=len(orphans),
                digest=_digest(subject.id for subject in orphans),
            )
    destroyed = 0
    if orphans:
        with tenant_atomic():
            if makers_have_ended():
                destroyed = sum(destroy_key(subject) for subject in _without_row(orphans))
    return destroyed, keys[-1][1] if len(keys) == BATCH else None


def missing_report(*, kind: str, after: UUID | None = None) -> tuple[int, UUID | None]:
    """Look at the next rows of a kind for those whose key is not in the key store; how many, and the last id seen.

    Rows are read before keys: whatever row is seen had its key committed earlier.
    """
    owner = key_owners()[kind]
    with tenant_atomic():
        rows = owner.model.objects.filter(owner.needing).order_by("id")
        ids = list((rows.filter(id__gt=after) if after else rows).values_list("id", flat=True)[:BATCH])
        with tenant_atomic(using="keystore"):
            known = set(SubjectKey.objects.filter(id__in=ids, kind=kind).values_list("id", flat=True))
        lost = [row_id for row_id in ids if row_id not in known]
        if lost:
            logger.error("%d rows of kind %s have no key", len(lost), kind)
            audit.record(
                actor=Actor.system(current_tenant_id(), "sweep"),
                action="core.keys.missing",
                object_type="core.tenant",
                object_id=current_tenant_id(),
                reason_code=kind,
                count=len(lost),
                digest=_digest(lost),
            )
    return len(lost), ids[-1] if len(ids) == BATCH else None


def missing_by_kind() -> dict[str, int]:
    """All rows of the tenant at work whose key is not in the key store, counted by kind; whole kinds are left out."""
    counts = {kind: to_the_end(missing_report, kind=kind) for kind in sorted(key_owners())}
    return {kind: count for kind, count in counts.items() if count}


def to_the_end(look: Callable[..., tuple[int, UUID | None]], **chosen: str) -> int:
    """Go through all batches of one of the steps above at once; returns how many it found in all."""
    total = 0
    place: UUID | None = None
    while True:
        found, place = look(after=place, **chosen)
        total += found
        if place is None:
            return total


def _close(missing: int) -> None:
    tenant_id = scoped_tenant_id()
    assert tenant_id is not None
    if missing:
        raise_alarm(ROWS_WITHOUT_KEY, tenant_id, count=missing)
    else:
        end_alarm(ROWS_WITHOUT_KEY, tenant_id)


def _without_row(keys: Iterable[tuple[Any, UUID]]) -> list[Subject]:
    by_kind: dict[Any, list[UUID]] = {}
    for kind, key_id in keys:
        by_kind.setdefault(kind, []).append(key_id)
    found = []
    for kind, ids in by_kind.items():
        alive = set(key_owners()[kind].model.objects.filter(id__in=ids).values_list("id", flat=True))
        found += [Subject(kind, key_id) for key_id in ids if key_id not in alive]
    return found


def _digest(ids: Iterable[UUID]) -> str:
    return hashlib.sha256(b"".join(sorted(each.bytes for each in ids))).hexdigest()
