"""The log of ceremonies: which act on which version of a lender's keys, by whom and before whom."""

from collections.abc import Sequence
from uuid import UUID

from carloan.core.keyring import ring_of
from carloan.core.models import KeyCeremony


def ceremony_log(
    act: KeyCeremony.Act,
    purpose: str,
    version: int,
    event_id: UUID,
    *,
    by_id: UUID | None,
    witnesses: Sequence[str],
    reason: str,
) -> None:
    """Enter an act in the log, in the transaction of its event."""
    KeyCeremony.objects.create(
        act=act,
        purpose=purpose,
        version=version,
        suite=ring_of(purpose).newest.suite.code,
        by_id=by_id,
        witnesses=list(witnesses),
        reason=reason,
        audit_event_id=event_id,
    )
