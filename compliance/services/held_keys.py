"""Holds in the key store: a key that a hold needs cannot be destroyed there either, whoever asks.

The main database decides; the key store, a cluster of its own, gets a row a hold and key behind the commit. What a
crash in between left out, and keys that came to a held thing since, the nightly sweep adds.
"""

import logging
from collections.abc import Sequence
from uuid import UUID

from carloan.compliance.holds import holdable
from carloan.compliance.models import HoldRelease, HoldTarget, LegalHold
from carloan.core.keystore.models import HeldKey
from carloan.core.tenancy import tenant_atomic

logger = logging.getLogger(__name__)


def keys_hold(hold: LegalHold) -> int:
    """Hold the keys of everything that a hold in force holds; how many were not held yet."""
    with tenant_atomic(hold.tenant_id):
        by_kind: dict[str, list[UUID]] = {}
        for kind, target_id in HoldTarget.objects.filter(hold_id=hold.id).values_list("kind", "target_id"):
            by_kind.setdefault(kind, []).append(target_id)
        wanted = {
            subject.id
            for kind, ids in by_kind.items()
            for subjects in holdable(kind).subjects(ids).values()
            for subject in subjects
        }
    with tenant_atomic(hold.tenant_id, using="keystore"):
        known = set(HeldKey.objects.filter(hold_id=hold.id).values_list("subject_id", flat=True))
        fresh = [
            HeldKey(
                hold_id=hold.id,
                subject_id=subject_id,
                placed_by=hold.placed_by_id,
                placer_may_release=hold.placer_may_release,
            )
            for subject_id in sorted(wanted - known)
        ]
        HeldKey.objects.bulk_create(fresh, ignore_conflicts=True)
    return len(fresh)


def keys_release(hold: LegalHold, people: Sequence[UUID]) -> None:
    """Let the keys of a released hold go, with the two who released it: the key store takes no fewer."""
    first, second = people[0], people[-1]
    with tenant_atomic(hold.tenant_id, using="keystore"):
        HeldKey.objects.filter(hold_id=hold.id, second_voice=None).update(first_voice=first, second_voice=second)


def held_keys_mend() -> int:
    """Bring the key store to what the holds of the tenant at work say; how many keys it lacked or held too long."""
    with tenant_atomic():
        active = list(LegalHold.objects.filter(state=LegalHold.State.ACTIVE))
        released = list(LegalHold.objects.filter(state=LegalHold.State.RELEASED))
        with tenant_atomic(using="keystore"):
            late = set(
                HeldKey.objects.filter(hold_id__in=[each.id for each in released], second_voice=None).values_list(
                    "hold_id", flat=True
                )
            )
        voices = {
            each.id: list(HoldRelease.objects.filter(hold=each).order_by("id").values_list("member_id", flat=True))
            for each in released
            if each.id in late
        }
    mended = sum(keys_hold(each) for each in active)
    for each in released:
        if each.id in late:
            keys_release(each, voices[each.id])
    if mended or late:
        logger.warning("%d keys were not held yet, those of %d holds not let go", mended, len(late))
    return mended + len(late)
