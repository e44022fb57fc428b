"""Sealed apart (独立加密封存): keys of what is past its archive go under the lender's sealing key, and back when the
time stops; two people open one for a while.

The row comes first and the key behind it, so that a run that dies leaves rows without `keyed_at`, which the next one
finds; joining again goes the other way round.
"""

import hashlib
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from carloan.compliance.holds import holdable
from carloan.compliance.models import Opening, SealedUnit
from carloan.compliance.selectors.retention import policy_in_force
from carloan.compliance.selectors.sealed_units import sealed_among, to_join, to_seal
from carloan.compliance.services.openings import opening_ask
from carloan.core import audit
from carloan.core.actors import Actor
from carloan.core.errors import Conflict, Invalid
from carloan.core.ids import uuid7
from carloan.core.keys import Subject, key_hold_open, keys_move_apart
from carloan.core.services.key_rotation import sealing_key_told
from carloan.core.tenancy import tenant_atomic

KIND: Final = "compliance.sealed"
OPEN: Final = "retention.open_sealed"
# Units of one message: seconds of work.
TURN: Final = 2_000
LONGEST: Final = timedelta(days=30)


def units_seal_apart(*, actor: Actor, unit: str, after: UUID | None = None, most: int = TURN) -> UUID | None:
    """Seal the next units apart that are past their archive; where to go on, None at the end. For the installation."""
    actor.require_installation()
    with tenant_atomic():
        policy = policy_in_force(timezone.localdate())
        ids, rest = to_seal(unit, after, most)
        if ids and policy is not None:
            event_id = _told(actor, "compliance.sealed.apart", unit, ids)
            sealing_key_told(event_id)
            SealedUnit.objects.bulk_create(
                SealedUnit(unit=unit, object_id=each, policy_version=policy.version, audit_event_id=event_id)
                for each in ids
            )
    _keys_follow(unit)
    return rest


def units_join_again(*, actor: Actor, unit: str, after: UUID | None = None, most: int = TURN) -> UUID | None:
    """Give units back to ordinary use whose time does not run any more, and end what was destroyed; where to go on,
    None at the end. For the installation."""
    actor.require_installation()
    with tenant_atomic():
        ids, rest = to_join(unit, after, most)
    if ids:
        with tenant_atomic():
            keys_move_apart(unit, ids, apart=False)  # type: ignore[arg-type]  # units are kinds of keys
            event_id = _told(actor, "compliance.sealed.joined", unit, ids)
            SealedUnit.objects.filter(unit=unit, object_id__in=ids, ended_at=None).update(
                ended_at=timezone.now(), audit_event_id=event_id
            )
    return rest


def sealed_ask(*, actor: Actor, row: SealedUnit, until: date, reason_code: str, reason: str = "") -> Opening:
    """Ask for the opening of a unit that is sealed apart, and of those it hangs together with, to the end of a day.

    Raises Forbidden without the right, Invalid for a day that has passed or is too far, and what opening_ask() raises.
    """
    actor.require(OPEN)
    today = timezone.localdate()
    if not today <= until <= today + LONGEST:
        raise Invalid(fields={"until": [_("From today to %(days)s days ahead.") % {"days": LONGEST.days}]})
    asked = {"unit": row.unit, "id": str(row.object_id), "until": until.isoformat()}
    return opening_ask(actor=actor, kind=KIND, asked=asked, reason_code=reason_code, reason=reason)


def sealed_open(*, actor: Actor, asked: Any, opening_id: UUID) -> None:
    """Hold open what an opening let open, until the end of its day: the key store hears both names. The step of the
    opening was taken before. Raises Conflict when it was joined again or destroyed meanwhile."""
    opening = Opening.objects.get(id=opening_id)
    last = date.fromisoformat(asked["until"])
    until = datetime.combine(last + timedelta(days=1), time(), tzinfo=timezone.get_current_timezone())
    with tenant_atomic():
        rows = sealed_among(subjects_asked(asked))
        if not rows or opening.decided_by_id is None:
            raise Conflict
        event_id = audit.record(
            actor=actor,
            action="compliance.sealed.opened",
            object_type=holdable(asked["unit"]).object_type,
            object_id=UUID(asked["id"]),
            after={"until": until},
            count=len(rows),
        )
        for row in rows:
            key_hold_open(
                Subject(row.unit, row.object_id),  # type: ignore[arg-type]
                until=until,
                opened_by=opening.asked_by_id,
                approved_by=opening.decided_by_id,
            )
        SealedUnit.objects.filter(id__in=[row.id for row in rows]).update(
            opened_until=until, opening_id=opening_id, audit_event_id=event_id
        )


def subjects_asked(asked: Any) -> Sequence[Subject]:
    """Whose keys an opening is about: the unit's own, then those of what it hangs together with (a loan's people)."""
    object_id = UUID(asked["id"])
    return holdable(asked["unit"]).subjects([object_id]).get(object_id, [])


def _keys_follow(unit: str) -> None:
    """Move the keys of every row that waits for it, also of a run that died."""
    while True:
        with tenant_atomic():
            waiting = SealedUnit.objects.filter(unit=unit, keyed_at=None, ended_at=None).order_by("id")
            ids = list(waiting.values_list("object_id", flat=True)[:TURN])
            if not ids:
                return
            keys_move_apart(unit, ids, apart=True)  # type: ignore[arg-type]
            waiting.filter(object_id__in=ids).update(keyed_at=timezone.now())


def _told(actor: Actor, action: str, unit: str, ids: Sequence[UUID]) -> UUID:
    return audit.record(
        actor=actor,
        action=action,
        object_type="compliance.sealedunit",
        object_id=uuid7(),
        after={"unit": unit},
        count=len(ids),
        digest=hashlib.sha256(",".join(str(each) for each in ids).encode()).hexdigest(),
    )
