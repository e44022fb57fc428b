"""An alarm in the trail when somebody looks at unusually much of what is masked."""

from collections import defaultdict
from datetime import timedelta
from uuid import UUID

from django.db.models import Count
from django.db.models.functions import TruncDate
from django.utils import timezone

from carloan.compliance.policies.looks import DAYS, is_unusual, to_ask
from carloan.core import audit
from carloan.core.actors import Actor
from carloan.core.ids import first_at
from carloan.core.models import AuditEvent, RoleAssignment
from carloan.core.services.quotas import done_today

REVEALED, OPENED = "compliance.field.revealed", "compliance.detail.opened"
UNUSUAL = "compliance.reveals.unusual"
# A detail holds what many reveals would show: they count together.
LOOKS = (REVEALED, OPENED)


def look_watched(*, actor: Actor) -> None:
    """Called with each look, in its transaction: one event a day for a person whose looks are many times the usual of
    their own and of their roles. The look goes on: whoever reads the trail decides what it means.
    """
    today = done_today(actor=actor, actions=LOOKS) + 1
    if not to_ask(today) or actor.membership_id is None:
        return
    now = timezone.now()
    day_ago = first_at(now - timedelta(days=1))
    if AuditEvent.objects.filter(action=UNUSUAL, object_id=actor.membership_id, id__gte=day_ago).exists():
        return
    by_person = _days(_peers(actor.membership_id), first_at(now - timedelta(days=DAYS)), day_ago)
    own = by_person.pop(actor.membership_id, [])
    if is_unusual(today, own, [count for days in by_person.values() for count in days]):
        audit.record(
            actor=actor,
            action=UNUSUAL,
            object_type="core.membership",
            object_id=actor.membership_id,
            count=today,
        )


def _peers(member_id: UUID) -> set[UUID]:
    """The person and everybody with one of their roles."""
    roles = RoleAssignment.objects.filter(membership_id=member_id).values("role_id")
    return {member_id, *RoleAssignment.objects.filter(role_id__in=roles).values_list("membership_id", flat=True)}


def _days(people: set[UUID], start: UUID, end: UUID) -> dict[UUID, list[int]]:
    """Looks a day with any, by person."""
    rows = (
        AuditEvent.objects.filter(action__in=LOOKS, actor_id__in=people, id__gte=start, id__lt=end)
        .values("actor_id", day=TruncDate("created_at"))
        .annotate(looks=Count("id"))
        .values_list("actor_id", "looks")
    )
    found: dict[UUID, list[int]] = defaultdict(list)
    for person_id, looks in rows:
        if person_id is not None:
            found[person_id].append(looks)
    return found
