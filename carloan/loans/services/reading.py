"""What other systems read in clear is told in the trail: a look by a key is a look."""

from collections.abc import Sequence

from carloan.core import audit
from carloan.core.actors import Actor
from carloan.core.sight import SIGHT
from carloan.core.tenancy import tenant_atomic
from carloan.loans.selectors.listing import Line


def loans_read(*, actor: Actor, lines: Sequence[Line]) -> None:
    """One event for an answer of the API that holds people's names and numbers in clear: how many loans, and which.

    Keys alone get them so; people at a screen see guarded fields only by revealing them, each with an event.
    """
    told = [line for line in lines if line.borrower or line.vehicle]
    if not told or actor.kind != "key" or not actor.can(SIGHT):
        return
    with tenant_atomic():
        audit.record(
            actor=actor,
            action="loans.loans.read",
            object_type="loans.loan",
            object_id=told[0].loan.id if len(lines) == 1 else None,
            count=len(told),
            after={"loans": [str(line.loan.id) for line in told]},
        )
