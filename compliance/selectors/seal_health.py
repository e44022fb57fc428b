"""The health of a lender's seal: how far the trail is sealed, who else saw it, and when time was last stamped on it.

Everything here is said of the scope's tenant by what stands in the database. Whether the processes themselves live is
said by /healthz; what they found broken by `carloan.core.alarms`.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db import connection
from django.db.models import Max
from django.utils import timezone

from carloan.compliance.models import LedgerCheckpoint, LedgerCosignature, LedgerTimeToken
from carloan.compliance.selectors.tree import UNSEALED, last_checkpoint
from carloan.core.tenancy import current_tenant_id, tenant_atomic

# An event waits for its own transaction and for the next round of the sealer; beyond this something keeps it waiting.
PATIENCE: Final = timedelta(seconds=10)
_EPOCH: Final = "SELECT system_identifier FROM pg_control_system()"
_WAITING: Final = "SELECT min(e.created_at), count(*) FROM core_auditevent e WHERE e.tenant_id = %s AND {which}"
_AFTER: Final = "(e.xid, e.id) > (%s::text::xid8, %s)"


@dataclass(frozen=True, slots=True)
class Witnessed:
    """What a witness saw last: its name and public key (C2SP vkey), how many events, and when."""

    name: str
    key: str
    size: int
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class SealHealth:
    """How a lender's seal stands at the moment `at`; ages are those at that moment, None where there is nothing yet.

    `oldest_unsealed` is when the oldest event that waits was recorded, `unsealed` how many wait. `witnesses` are those
    that ever co-signed, the latest first. `stamped_day` is the last day whose root has a time-stamp token, which stands
    for every lender that had sealed something by then; `stamped_at` is the authority's time.
    """

    at: datetime
    unsealed: int
    oldest_unsealed: datetime | None
    size: int
    checkpoint_at: datetime | None
    witnesses: tuple[Witnessed, ...]
    stamped_day: date | None
    stamped_at: datetime | None
    authority: str

    @property
    def unsealed_age(self) -> timedelta | None:
        return self._age(self.oldest_unsealed)

    @property
    def checkpoint_age(self) -> timedelta | None:
        return self._age(self.checkpoint_at)

    @property
    def witnessed_at(self) -> datetime | None:
        return self.witnesses[0].seen_at if self.witnesses else None

    @property
    def witnessed_age(self) -> timedelta | None:
        return self._age(self.witnessed_at)

    @property
    def unwitnessed(self) -> int:
        """How many sealed events no witness has seen yet."""
        return self.size - max((witness.size for witness in self.witnesses), default=0)

    @property
    def stamped_age(self) -> timedelta | None:
        return self._age(self.stamped_at)

    @property
    def late(self) -> bool:
        """Whether an event waits for its seal longer than it should."""
        return self.unsealed_age is not None and self.unsealed_age > PATIENCE

    def _age(self, moment: datetime | None) -> timedelta | None:
        return None if moment is None else max(timedelta(), self.at - moment)


def seal_health() -> SealHealth:
    """How the seal of the scope's tenant stands now; six queries, none of which grows with the trail."""
    with tenant_atomic():
        last = last_checkpoint()
        oldest, unsealed = _waiting(last)
        stamped = _stamped()
        return SealHealth(
            at=timezone.now(),
            unsealed=unsealed,
            oldest_unsealed=oldest,
            size=last.size if last else 0,
            checkpoint_at=last.signed_at if last else None,
            witnesses=_witnesses(),
            stamped_day=stamped.day_id if stamped else None,
            stamped_at=stamped.taken_at if stamped else None,
            authority=stamped.authority if stamped else "",
        )


def _waiting(last: LedgerCheckpoint | None) -> tuple[datetime | None, int]:
    with connection.cursor() as cursor:
        cursor.execute(_EPOCH)
        same = last is not None and last.epoch == cursor.fetchone()[0]
        after: list[Any] = [last.after_xid, last.after_event] if last and same else []
        # Where transactions were counted anew only a look at every leaf tells; the sealer does the same, once.
        cursor.execute(_WAITING.format(which=_AFTER if same else UNSEALED), [current_tenant_id(), *after])
        oldest, count = cursor.fetchone()
        return oldest, int(count)


def _stamped() -> LedgerTimeToken | None:
    token = LedgerTimeToken.objects.select_related("day").order_by("-day").first()
    if token is None or not LedgerCheckpoint.objects.filter(signed_at__lte=token.day.made_at).exists():
        return None
    return token


def _witnesses() -> tuple[Witnessed, ...]:
    latest = LedgerCosignature.objects.values("witness").annotate(size=Max("size"), seen_at=Max("seen_at"))
    found = (Witnessed(row["witness"].partition("+")[0], row["witness"], row["size"], row["seen_at"]) for row in latest)
    return tuple(sorted(found, key=lambda one: one.seen_at, reverse=True))
