"""The one writer of allocations: versions whole, many payments in one statement."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from uuid import UUID

from carloan.core.postgres.bulk import BATCH, insert_rows
from carloan.core.tenancy import current_tenant_id
from carloan.loans.models import Allocation
from carloan.loans.policies.allocation import Share

# (payment, version, its shares)
Made = tuple[UUID, int, Sequence[Share]]
_COLUMNS = (
    "tenant_id",
    "payment_id",
    "version",
    "component",
    "instalment",
    "amount",
    "reason",
    "recorded_at",
    "audit_event_id",
)


def allocations_keep(*, made: Iterable[Made], reason: str, recorded_at: datetime, event_id: UUID) -> None:
    """Append versions inside the caller's tenant and transaction, before the payments themselves where these are new.

    The database takes a version only whole, as one statement, and a payment only with its first version (migration
    0010); so no version is split between two statements.
    """
    tenant_id = current_tenant_id()
    for portion in _portions(made):
        insert_rows(
            Allocation,
            _COLUMNS,
            (
                (
                    tenant_id, payment_id, version, share.component, share.instalment, share.amount, reason,
                    recorded_at, event_id,
                )
                for payment_id, version, shares in portion
                for share in shares
            ),
        )  # fmt: skip


def _portions(made: Iterable[Made]) -> Iterator[list[Made]]:
    portion: list[Made] = []
    size = 0
    for one in made:
        if size + len(one[2]) > BATCH:
            yield portion
            portion, size = [], 0
        portion.append(one)
        size += len(one[2])
    if portion:
        yield portion
