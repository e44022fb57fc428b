"""Door controllers of the archive's rooms, and what they reported."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final, Self
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.dateparse import parse_date

from carloan.archives.models import RoomDevice, RoomEvent, StoragePlace
from carloan.archives.selectors.originals.places import visible_places
from carloan.core.actors import Actor
from carloan.core.errors import Invalid, NotFound
from carloan.core.listing import NOT_LISTED, WRONG_CURSOR, one_of

VIEW: Final = "rooms.view"
MANAGE: Final = "rooms.manage"
PAGE: Final = 50
MOST_EXPORTED: Final = 20_000


def visible_devices(actor: Actor, capability: str = VIEW) -> "QuerySet[RoomDevice]":
    """The controllers at the places of the branches in which the actor has the capability."""
    rows = RoomDevice.objects.select_related("place__parent__parent__parent", "made_by")
    return rows.filter(place__in=visible_places(actor, capability).order_by().values("id"))


def devices_for(actor: Actor) -> list[RoomDevice]:
    return list(visible_devices(actor).order_by("name", "id"))


def get_device_for(actor: Actor, device_id: UUID, capability: str = VIEW) -> RoomDevice:
    """Raises NotFound."""
    found = visible_devices(actor, capability).filter(id=device_id).first()
    if found is None:
        raise NotFound
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomFilters:
    """What a list of door events asks for; empty values ask nothing. The days are those of the lender's time zone."""

    device: UUID | None = None
    kind: str = ""
    badge: str = ""
    since: date | None = None
    until: date | None = None
    after: tuple[datetime, UUID] | None = None

    @classmethod
    def of(cls, query: Mapping[str, Any]) -> Self:
        """From a query string. Raises Invalid for what is in no list and for days that are none."""
        try:
            device = UUID(str(query["device"])) if query.get("device") else None
        except ValueError as error:
            raise Invalid(fields={"device": [NOT_LISTED]}) from error
        return cls(
            device=device,
            kind=one_of(query, "kind", RoomEvent.Kind.values),
            badge=str(query.get("badge") or "").strip()[:40],
            since=_day(query, "since"),
            until=_day(query, "until"),
            after=_cursor(str(query.get("after") or "")),
        )


def _day(query: Mapping[str, Any], name: str) -> date | None:
    text = str(query.get(name) or "")
    try:
        day = parse_date(text) if text else None
    except ValueError:
        day = None
    if text and day is None:
        raise Invalid(fields={name: [NOT_LISTED]})
    return day


def _cursor(text: str) -> tuple[datetime, UUID] | None:
    if not text:
        return None
    moment, _dot, row_id = text.rpartition(".")
    try:
        return datetime.fromisoformat(moment), UUID(row_id)
    except ValueError as error:
        raise Invalid(fields={"after": [WRONG_CURSOR]}) from error


def matching_events(actor: Actor, filters: RoomFilters) -> "QuerySet[RoomEvent]":
    """What the filters ask for at the doors that the actor sees, the newest first."""
    rows = RoomEvent.objects.select_related("device__place__parent__parent__parent")
    rows = rows.filter(device__in=visible_devices(actor).order_by().values("id"))
    if filters.device:
        rows = rows.filter(device_id=filters.device)
    if filters.kind:
        rows = rows.filter(kind=filters.kind)
    if filters.badge:
        rows = rows.filter(badge=filters.badge)
    if filters.since:
        rows = rows.filter(happened_at__gte=_midnight(filters.since))
    if filters.until:
        rows = rows.filter(happened_at__lt=_midnight(filters.until + timedelta(days=1)))
    return rows.order_by("-happened_at", "-id")


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, timezone.get_current_timezone())


def events_page(actor: Actor, filters: RoomFilters) -> tuple[list[RoomEvent], str | None]:
    """One page, and the cursor of the next one."""
    rows = matching_events(actor, filters)
    if filters.after:
        moment, row_id = filters.after
        rows = rows.filter(Q(happened_at__lt=moment) | Q(happened_at=moment, id__lt=row_id))
    found = list(rows[: PAGE + 1])
    if len(found) <= PAGE:
        return found, None
    last = found[PAGE - 1]
    return found[:PAGE], f"{last.happened_at.isoformat()}.{last.id}"


def places_for_doors(actor: Actor) -> "QuerySet[StoragePlace]":
    """The open warehouses at which the actor may put a door."""
    rows = visible_places(actor, MANAGE).filter(closed_at=None, level=StoragePlace.Level.WAREHOUSE)
    return rows.order_by("branch__code", "name")
