"""Door controllers: made, revoked, and what they report, signed by each one's own secret."""

import re
import secrets
from datetime import datetime
from typing import Final
from uuid import UUID

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from carloan.archives.models import RoomDevice, RoomEvent, StoragePlace
from carloan.archives.policies.originals.rooms import NONCE, PATIENCE, SECRET_BYTES, is_signed
from carloan.archives.selectors.originals.rooms import MANAGE, MOST_EXPORTED, RoomFilters, matching_events
from carloan.core import audit
from carloan.core.actors import Actor
from carloan.core.errors import Conflict, Forbidden, Invalid
from carloan.core.ids import uuid7
from carloan.core.sealed import clear, seal
from carloan.core.tenancy import tenant_atomic
from carloan.lib.text import said

REPORT: Final = "rooms.report"
OBJECT: Final = "archives.roomdevice"


def device_make(*, actor: Actor, name: str, place: StoragePlace) -> tuple[RoomDevice, str]:
    """Make a controller of a door and its secret, in hexadecimal; the secret is given this once.

    Raises Invalid without a name or for one that is taken, Forbidden without the right.
    """
    member_id = actor.require_person(MANAGE)
    if not said(name) or len(said(name)) > 60:
        raise Invalid(fields={"name": [_("A name of up to 60 characters is needed.")]})
    with tenant_atomic():
        if RoomDevice.objects.filter(name=said(name), revoked_at=None).exists():
            raise Invalid(fields={"name": [_("There is a door of this name already.")]})
        secret = secrets.token_hex(SECRET_BYTES)
        device = RoomDevice(id=uuid7(), name=said(name), place=place, made_by_id=member_id)
        seal(device, secret=secret)
        device.audit_event_id = audit.record(
            actor=actor,
            action="archives.room.device_made",
            object_type=OBJECT,
            object_id=device.id,
            after={"name": device.name, "place": place.name},
        )
        device.save(force_insert=True)
    return device, secret


def device_revoke(*, actor: Actor, device: RoomDevice) -> RoomDevice:
    """What a controller sends counts no more; what it sent stays. Raises Conflict for one that is revoked."""
    actor.require_person(MANAGE)
    with tenant_atomic():
        held = RoomDevice.objects.select_for_update(no_key=True).get(id=device.id)
        if held.revoked_at is not None:
            raise Conflict
        held.revoked_at = timezone.now()
        held.audit_event_id = audit.record(
            actor=actor, action="archives.room.device_revoked", object_type=OBJECT, object_id=held.id
        )
        held.save(update_fields=["revoked_at", "audit_event_id"])
    return held


def room_report(
    *,
    actor: Actor,
    device_id: UUID,
    timestamp: str,
    nonce: str,
    given: str,
    body: bytes,
    kind: str,
    happened_at: datetime,
    badge: str = "",
    video_sha256: str = "",
) -> tuple[RoomEvent, bool]:
    """Take in what a door reports, and whether it is new: the same nonce with the same body is the same event.

    `given` is the signature over device, timestamp, nonce and the bytes of the body. Raises Forbidden for an unknown or
    revoked device and a wrong signature alike, Invalid for a timestamp that is too far from now, Conflict for a nonce
    that came with something else.
    """
    actor.require(REPORT)
    with tenant_atomic():
        device = RoomDevice.objects.filter(id=device_id, revoked_at=None).first()
        secret = bytes.fromhex(clear(device, "secret")) if device else bytes(SECRET_BYTES)
        signed = is_signed(given, secret, device=str(device_id), timestamp=timestamp, nonce=nonce, body=body)
        if device is None or not signed:
            raise Forbidden(_("This is not signed by a door that is known here."), code="wrong_signature")
        _require_fresh(timestamp, nonce)
        told = {"kind": kind, "badge": said(badge)[:40], "happened_at": happened_at, "video_sha256": video_sha256}
        if (known := RoomEvent.objects.filter(device=device, nonce=nonce).first()) is not None:
            if any(getattr(known, name) != value for name, value in told.items()):
                raise Conflict(_("This nonce came with another event before."))
            return known, False
        event_id = audit.record(
            actor=actor,
            action="archives.room.reported",
            object_type=OBJECT,
            object_id=device.id,
            reason_code=kind,
            digest=video_sha256 or None,
        )
        return RoomEvent.objects.create(device=device, nonce=nonce, audit_event_id=event_id, **told), True


def _require_fresh(timestamp: str, nonce: str) -> None:
    try:
        sent = parse_datetime(timestamp)
    except ValueError:
        sent = None
    if sent is None or sent.tzinfo is None or abs(timezone.now() - sent) > PATIENCE:
        minutes = int(PATIENCE.total_seconds() // 60)
        words = _("The time stamp is not within %(minutes)s minutes of now: set the clock of the door.")
        raise Invalid(fields={"timestamp": [words % {"minutes": minutes}]})
    if not re.fullmatch(NONCE, nonce):
        raise Invalid(fields={"nonce": [_("A nonce has 16 to 64 letters, digits, - and _.")]})


def rooms_export(*, actor: Actor, filters: RoomFilters) -> list[RoomEvent]:
    """The whole list that the filters ask for, for a file. Raises Invalid for more than a file of this kind holds."""
    with tenant_atomic():
        rows = list(matching_events(actor, filters)[: MOST_EXPORTED + 1])
        if len(rows) > MOST_EXPORTED:
            words = _("More than %(most)s events match: narrow the list first.")
            raise Invalid(fields={"since": [words % {"most": f"{MOST_EXPORTED:,}"}]})
        audit.record(actor=actor, action="archives.rooms.exported", object_type=OBJECT, count=len(rows))
    return rows
