"""Reading the trail: narrowed by indexed columns, newest first, by key and never by page number."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from carloan.compliance.names import Named, id_by_number, names_of
from carloan.core.actors import Actor
from carloan.core.acts import codes_of
from carloan.core.errors import NotFound
from carloan.core.ids import first_at
from carloan.core.keys import blind
from carloan.core.models import AuditEvent, Membership
from carloan.core.models.people import ApiKey

PAGE = 50
# How a filter of the page narrows the trail, by exact value of an indexed column.
EXACT = ("actor_id", "loan_id", "object_id", "outcome", "request_id", "field")


@dataclass(frozen=True)
class Entry:
    """One event as the page shows it."""

    event: AuditEvent
    actor_name: str
    target: Named | None
    loan: Named | None

    @property
    def count(self) -> int | None:
        """How many rows a set-based act touched, or how many refusals came in a burst."""
        found: int | None = json.loads(bytes(self.event.canon)).get("count")
        return found


@dataclass(frozen=True)
class Page:
    """One page of the trail, newest first, with the ids where its neighbours begin. `no_such_loan`: it was asked for by
    a contract number that no loan has which the reader may see."""

    entries: list[Entry]
    older: UUID | None
    newer: UUID | None
    no_such_loan: bool = False


def trail_page(
    actor: Actor,
    filters: Mapping[str, Any],
    *,
    zone: str,
    after: UUID | None = None,
    before: UUID | None = None,
    size: int = PAGE,
) -> Page:
    """A page of events: older than `after`, or newer than `before`. Days are those of the tenant's time zone."""
    actor.require("trail.view")
    events = _filtered(filters, zone)
    if number := filters.get("contract_no"):
        loan_id = id_by_number(actor, "loans.loan", number)
        if loan_id is None:
            return Page([], None, None, no_such_loan=True)
        events = events.filter(loan_id=loan_id)
    if before is not None:
        rows = list(events.filter(id__gt=before).order_by("id")[: size + 1])
        more_newer, more_older = len(rows) > size, True
        rows = rows[:size][::-1]
    else:
        rows = list((events.filter(id__lt=after) if after else events).order_by("-id")[: size + 1])
        more_newer, more_older = after is not None, len(rows) > size
        rows = rows[:size]
    entries = _entries(actor, rows)
    return Page(entries, rows[-1].id if rows and more_older else None, rows[0].id if rows and more_newer else None)


def recent(actor: Actor) -> dict[str, Any]:
    """The latest events for the panel of the home page."""
    return {"entries": trail_page(actor, {}, zone="UTC", size=6).entries}


def get_event_for(actor: Actor, event_id: UUID) -> Entry:
    """One event with its names. Raises NotFound."""
    actor.require("trail.view")
    event = AuditEvent.objects.filter(id=event_id).first()
    if event is None:
        raise NotFound
    return _entries(actor, [event])[0]


def _filtered(filters: Mapping[str, Any], zone: str) -> Any:
    events = AuditEvent.objects.all()
    for name in EXACT:
        if filters.get(name):
            events = events.filter(**{name: filters[name]})
    if action := filters.get("action"):
        events = events.filter(action__in=codes_of(action))
    if address := filters.get("address"):
        events = events.filter(address_digest=blind("address", str(address)))
    if start := filters.get("since"):
        events = events.filter(id__gte=first_at(_midnight(start, zone)))
    if end := filters.get("until"):
        events = events.filter(id__lt=first_at(_midnight(end, zone) + timedelta(days=1)))
    return events


def _midnight(day: date, zone: str) -> datetime:
    return datetime.combine(day, time.min, ZoneInfo(zone))


def _entries(actor: Actor, events: list[AuditEvent]) -> list[Entry]:
    people = {
        row[0]: row[1]
        for model, column in ((Membership, "display_name"), (ApiKey, "name"))
        for row in model.objects.filter(id__in={event.actor_id for event in events if event.actor_id}).values_list(
            "id", column
        )
    }
    wanted = [(event.object_type, event.object_id) for event in events] + [
        ("loans.loan", event.loan_id) for event in events
    ]
    names = names_of(actor, wanted)
    return [
        Entry(
            event,
            people.get(event.actor_id, "") if event.actor_id else "",
            names.get(event.object_id) if event.object_id else None,
            names.get(event.loan_id) if event.loan_id else None,
        )
        for event in events
    ]
