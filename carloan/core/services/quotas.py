"""How often somebody may do what tells something about people: counted in the trail, exactly."""

from datetime import timedelta

from django.utils import timezone

from carloan.core.actors import Actor
from carloan.core.errors import TooMany
from carloan.core.ids import first_at
from carloan.core.locks import hold
from carloan.core.models import AuditEvent


def quota_left(*, actor: Actor, actions: tuple[str, ...], most_a_minute: int, most_a_day: int) -> int:
    """How many times more the actor may do any of `actions`, which count together; 0 or less: not now.

    The trail itself is the counter: nothing else could be emptied, and nobody forgets to count. One act of its kind
    after the other: an actor's next one waits until the last is committed or undone, and counts it.
    """
    hold("quota", *actions, actor.kind, actor.id)
    now = timezone.now()
    done = AuditEvent.objects.filter(actor_id=actor.id, action__in=actions)
    return min(
        most - done.filter(id__gte=first_at(now - span)).count()
        for span, most in ((timedelta(minutes=1), most_a_minute), (timedelta(days=1), most_a_day))
    )


def done_today(*, actor: Actor, actions: tuple[str, ...]) -> int:
    """How often the actor did any of `actions` in the last day: to be shown, so it waits for nobody."""
    since = first_at(timezone.now() - timedelta(days=1))
    return AuditEvent.objects.filter(actor_id=actor.id, action__in=actions, id__gte=since).count()


def require_quota(
    *, actor: Actor, actions: tuple[str, ...], most_a_minute: int, most_a_day: int, refusal: TooMany
) -> None:
    """Raise `refusal` when the actor did `actions` that often already; the caller records one of them in the same
    transaction."""
    if quota_left(actor=actor, actions=actions, most_a_minute=most_a_minute, most_a_day=most_a_day) <= 0:
        raise refusal
