"""Reading the trail: narrowed by indexed columns, newest first, by key and never by page number."""

import json
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Count, Max, Q, QuerySet

from carloan.compliance.names import Named, id_by_number, names_of
from carloan.compliance.things import About, belongings_of
from carloan.core.actors import Actor
from carloan.core.acts import all_looks, codes_of
from carloan.core.errors import NotFound
from carloan.core.ids import first_at, moment
from carloan.core.index_keys import index_keys
from carloan.core.models import AuditEvent, Membership
from carloan.core.models.people import ApiKey

PAGE = 50
# Nothing that one request does comes later than this behind its beginning, long exports included.
LONGEST_REQUEST = timedelta(days=1)
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
    events = events_matching(actor, filters, zone=zone)
    if events is None:
        return Page([], None, None, no_such_loan=True)
    if before is not None:
        rows = list(events.filter(id__gt=before).order_by("id")[: size + 1])
        more_newer, more_older = len(rows) > size, True
        rows = rows[:size][::-1]
    else:
        rows = list((events.filter(id__lt=after) if after else events).order_by("-id")[: size + 1])
        more_newer, more_older = after is not None, len(rows) > size
        rows = rows[:size]
    entries = entries_of(actor, rows)
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
    return entries_of(actor, [event])[0]


def events_matching(actor: Actor, filters: Mapping[str, Any], *, zone: str) -> "QuerySet[AuditEvent] | None":
    """The events that the filters leave, unordered; None when they name a loan by a number and the reader sees none.

    Days are those of `zone`. Raises Forbidden without the right.
    """
    actor.require("trail.view")
    events: QuerySet[AuditEvent] = AuditEvent.objects.all()
    for name in EXACT:
        if filters.get(name):
            events = events.filter(**{name: filters[name]})
    if request_id := filters.get("request_id"):
        events = events.filter(_while_it_ran(request_id))
    if number := filters.get("contract_no"):
        loan_id = id_by_number(actor, "loans.loan", number)
        if loan_id is None:
            return None
        events = events.filter(loan_id=loan_id)
    if about := filters.get("about"):
        events = events.filter(_about(actor, about))
    if filters.get("looks"):
        events = events.filter(action__in=sorted(all_looks()))
    if action := filters.get("action"):
        events = events.filter(action__in=codes_of(action))
    if address := filters.get("address"):
        # Rows of the trail stand under whichever version of the index key they were written with.
        keys = index_keys(kept=True, fresh=True)
        events = events.filter(address_digest__in=[each.blind("address", str(address)) for each in keys])
    if start := filters.get("since"):
        events = events.filter(id__gte=first_at(_midnight(start, zone)))
    if end := filters.get("until"):
        events = events.filter(id__lt=first_at(_midnight(end, zone) + timedelta(days=1)))
    return events


def _while_it_ran(request_id: UUID) -> Q:
    """The time of a request, which its id tells: few events stand in it, and no index by requests need grow with every
    act. An id that tells no time narrows nothing."""
    try:
        began = moment(request_id)
        return Q(id__gte=first_at(began), id__lt=first_at(began + LONGEST_REQUEST))
    except (ValueError, OverflowError):
        return Q()


def _about(actor: Actor, about: About) -> Q:
    """Events about a thing: its own, those of what belongs to it and, of a person, those under the person's key."""
    belongings = belongings_of(actor, about.object_type, about.object_id)
    found = Q(object_id__in=[about.object_id, *sorted(belongings.objects)])
    if belongings.loans:
        found |= Q(loan_id__in=sorted(belongings.loans))
    if about.object_type == "loans.party":
        found |= Q(subject_kind="party", subject_id=about.object_id)
    return found


@dataclass(frozen=True)
class Looker:
    """Somebody who looked at a thing: how often, and when last. `actor_id` is None for the system itself."""

    actor_id: UUID | None
    name: str
    looks: int
    last: datetime


def lookers(actor: Actor, filters: Mapping[str, Any], *, zone: str) -> list[Looker]:
    """Who looked at the thing that the filters are about, whoever looked last first; three queries."""
    events = events_matching(actor, {**filters, "looks": True}, zone=zone)
    if events is None:
        return []
    rows = events.values("actor_id").annotate(looks=Count("id"), last=Max("created_at")).order_by("-last")
    told = list(rows)
    names = _people({row["actor_id"] for row in told})
    return [Looker(row["actor_id"], names.get(row["actor_id"], ""), row["looks"], row["last"]) for row in told]


def _midnight(day: date, zone: str) -> datetime:
    return datetime.combine(day, time.min, ZoneInfo(zone))


def entries_of(actor: Actor, events: Sequence[AuditEvent]) -> list[Entry]:
    """Events with the names of who acted, of their objects and loans, as this actor may see them."""
    people = _people({event.actor_id for event in events})
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


def _people(ids: Set[UUID | None]) -> dict[UUID, str]:
    return {
        row[0]: row[1]
        for model, column in ((Membership, "display_name"), (ApiKey, "name"))
        for row in model.objects.filter(id__in=ids - {None}).values_list("id", column)
    }
