"""Who reads the trail is told in it: which filters narrowed it, never what was looked for."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from carloan.core import audit
from carloan.core.actors import Actor
from carloan.core.tenancy import tenant_atomic


def trail_read(*, actor: Actor, filters: Mapping[str, Any], event_id: UUID | None = None) -> None:
    """One event for a page of the trail, or for one of its events; the caller has read by then.

    Names of filters only: a value may be somebody's address or number. Raises Forbidden without the right.
    """
    actor.require("trail.view")
    names = sorted(name for name, value in filters.items() if value)
    with tenant_atomic():
        audit.record(
            actor=actor, action="compliance.trail.read", object_type="core.auditevent", object_id=event_id,
            after={"filters": names} if names else None,
        )  # fmt: skip


def proof_taken(*, actor: Actor, event_id: UUID) -> None:
    """One event for a proof that leaves as a file; the caller has made it by then. Raises Forbidden."""
    actor.require("trail.view")
    with tenant_atomic():
        audit.record(actor=actor, action="compliance.proof.taken", object_type="core.auditevent", object_id=event_id)
