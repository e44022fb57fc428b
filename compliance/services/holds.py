"""Acts on legal holds: placed by one, extended, released by two. The database keeps the same (migration 0006)."""

from collections.abc import Iterable, Sequence
from typing import Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from carloan.compliance.holds import Thing, holdable, is_holdable
from carloan.compliance.models import HoldRelease, HoldTarget, LegalHold
from carloan.compliance.policies.holds import MOVES, VOICES_TO_RELEASE, placer_may_release
from carloan.compliance.services.held_keys import keys_hold, keys_release
from carloan.core import audit
from carloan.core.actors import Actor
from carloan.core.errors import Conflict, Invalid, NotFound
from carloan.core.ids import uuid7
from carloan.core.keys import Subject, is_destroyed
from carloan.core.moves import step
from carloan.core.numbers import next_number
from carloan.core.sealed import seal
from carloan.core.tenancy import tenant_atomic
from carloan.core.voices import voice_of
from carloan.lib.text import said

MANAGE: Final = "holds.manage"
RELEASE: Final = "holds.release"
OBJECT: Final = "compliance.legalhold"
Things = Sequence[Thing]


def hold_place(*, actor: Actor, kind: str, name: str, reason: str, things: Things) -> LegalHold:
    """Hold loans, people or papers from this moment: whoever is destroying one of them is waited for first.

    `things` are (kind, id). Raises Invalid without a name, a reason or a thing, NotFound for what the actor may
    not see, Conflict where a thing was destroyed already, Forbidden without the right or for a key of another system.
    """
    member_id = actor.require_person(MANAGE)
    faults = {}
    if kind not in LegalHold.Kind.values:
        faults["kind"] = [_("Choose why it is held.")]
    if not said(name):
        faults["name"] = [_("Name the matter, as its file is called.")]
    if not said(reason):
        faults["reason"] = [_("Give the reason.")]
    if not things:
        faults["things"] = [_("Say what is held.")]
    if faults:
        raise Invalid(fields=faults)
    with tenant_atomic():
        hold = LegalHold(id=uuid7(), kind=kind, placed_by_id=member_id, placer_may_release=placer_may_release(kind))
        seal(hold, name=said(name)[:200], reason=said(reason)[:500])
        hold.audit_event_id = audit.record(
            actor=actor,
            action="compliance.hold.placed",
            object_type=OBJECT,
            object_id=hold.id,
            reason_code=kind,
            reason=said(reason)[:500],
            after={"name": said(name)[:200]},
            count=len(things),
        )
        hold.number = next_number("holds")
        hold.save(force_insert=True)
        _add(actor, hold, things)
    return hold


def hold_extend(*, actor: Actor, hold: LegalHold, things: Things) -> None:
    """Hold more by the same hold. Raises as hold_place() does, and Conflict once it was released."""
    actor.require_person(MANAGE)
    if not things:
        raise Invalid(fields={"things": [_("Say what is held.")]})
    with tenant_atomic():
        held = LegalHold.objects.select_for_update().get(id=hold.id)
        MOVES.need(held.state, "release")
        known = set(HoldTarget.objects.filter(hold=held).values_list("kind", "target_id"))
        _add(actor, held, [thing for thing in dict.fromkeys(things) if thing not in known])


def hold_release(*, actor: Actor, hold: LegalHold, reason: str) -> LegalHold:
    """Speak for the release of a hold; with the second voice it ends.

    Raises Invalid without a reason, Conflict for a second voice of the same person, for whoever placed it where that is
    not allowed, and for a hold that was released; Forbidden without the right or for a key of another system.
    """
    with tenant_atomic():
        held = LegalHold.objects.select_for_update().get(id=hold.id)
        MOVES.need(held.state, "release")
        voices = list(HoldRelease.objects.filter(hold=held).values_list("member_id", flat=True))
        member_id = voice_of(
            actor,
            RELEASE,
            proposer=None if held.placer_may_release else held.placed_by_id,
            spoken=voices,
            own_words=_("Whoever placed this hold cannot release it. It takes two other people."),
            again_words=_("You have spoken for the release already. A second person must."),
        )
        if not said(reason):
            raise Invalid(fields={"reason": [_("Give the reason.")]})
        ends = len(voices) + 1 >= VOICES_TO_RELEASE
        event_id = audit.record(
            actor=actor,
            action="compliance.hold.released" if ends else "compliance.hold.release_asked",
            object_type=OBJECT,
            object_id=held.id,
            reason=said(reason)[:500],
        )
        voice = HoldRelease(id=uuid7(), hold=held, member_id=member_id, audit_event_id=event_id)
        seal(voice, reason=said(reason)[:500])
        voice.save(force_insert=True)
        if ends:
            step(held, MOVES, "release", audit_event_id=event_id, released_at=timezone.now())
            people = [*voices, member_id]
            transaction.on_commit(lambda: keys_release(held, people))
    return held


def _add(actor: Actor, hold: LegalHold, things: Iterable[Thing]) -> None:
    """Each thing with an event of its own, so that its own history tells the hold.

    The events are sealed with the lender's key: a hold must be told of what is being destroyed at this moment too.
    """
    rows = []
    for kind, target_id in dict.fromkeys(things):
        if not is_holdable(kind) or not holdable(kind).sees(actor, target_id):
            raise NotFound
        event_id = audit.record(
            actor=actor,
            action="compliance.hold.added",
            object_type=holdable(kind).object_type,
            object_id=target_id,
            loan_id=target_id if kind == "loan" else None,
            subject=Subject("tenant", actor.tenant_id),
            after={"hold": hold.number},
        )
        rows.append(HoldTarget(hold=hold, kind=kind, target_id=target_id, audit_event_id=event_id))
    # The database lets whoever is destroying one of them end first (compliance_holdtarget_first): only then is looked
    # whether it is still there.
    HoldTarget.objects.bulk_create(rows)
    for row in rows:
        needed = holdable(row.kind).subjects([row.target_id]).get(row.target_id)
        if not needed or is_destroyed(needed[0]):
            raise Conflict(_("What is to be held was destroyed already."))
    transaction.on_commit(lambda: keys_hold(hold))
