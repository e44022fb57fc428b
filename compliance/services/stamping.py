"""One time stamp a day for the ledgers of all lenders: their checkpoints as a tree, and a token over its root.

Runs as the role `sealer`. The tree of a day is written before the authority is asked: an answer that was lost, late or
wrong is asked for again, over the same root, until there is one.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from carloan.compliance.adapters.tsa import Authority
from carloan.compliance.models import LedgerDay, LedgerTimeToken
from carloan.compliance.selectors.days import checkpoint_leaf
from carloan.compliance.selectors.tree import last_checkpoint
from carloan.core.tenancy import tenant_atomic
from carloan.lib import merkle, signed_note

# How long a day may wait for its token before somebody must look.
PATIENCE: Final = timedelta(hours=2)


def day_make(host: str, day: date, *, lenders: Iterable[UUID], now: datetime) -> LedgerDay | None:
    """The tree of a day over the last checkpoints of `lenders`, made once; None while nobody has sealed anything."""
    if made := LedgerDay.objects.filter(day=day).first():
        return made
    leaves = []
    for tenant_id in lenders:
        with tenant_atomic(tenant_id):
            if checkpoint := last_checkpoint():
                leaves.append(checkpoint_leaf(checkpoint.note))
    if not leaves:
        return None
    leaves.sort()
    body = signed_note.Checkpoint(f"{host}/days/{day}", len(leaves), merkle.root(leaves)).body()
    with transaction.atomic():
        LedgerDay.objects.bulk_create(
            [LedgerDay(day=day, made_at=now, body=body, leaves=b"".join(leaves))], ignore_conflicts=True
        )
    return LedgerDay.objects.get(day=day)


def days_unstamped() -> list[LedgerDay]:
    """Days whose token is not there yet, the oldest first: never asked for, or the answer was lost or refused."""
    return list(LedgerDay.objects.filter(token=None).order_by("day"))


def day_stamp(day: LedgerDay, authority: Authority) -> LedgerTimeToken:
    """Ask for the token of a day and keep it. Raises Away or NotStamped; then the day stays as it is."""
    stamp = authority.stamp(day.body.encode())
    with transaction.atomic():
        token = LedgerTimeToken(day=day, token=stamp.token, taken_at=stamp.at, authority=stamp.authority)
        LedgerTimeToken.objects.bulk_create([token], ignore_conflicts=True)
    return LedgerTimeToken.objects.get(day=day)


def stamped_late() -> bool:
    """Whether a day waits for its token longer than it should."""
    return LedgerDay.objects.filter(token=None, made_at__lt=timezone.now() - PATIENCE).exists()
