"""How often somebody may do what tells something about people: counted in the trail, exactly."""

from datetime import timedelta

from django.utils import timezone

from carloan.core.actors import Actor
from carloan.core.errors import TooMany
from carloan.core.ids import first_at
from carloan.core.locks import hold
from carloan.core.models import AuditEvent


def require_quota(*, actor: Actor, action: str, most_a_minute: int, most_a_day: int, refusal: TooMany) -> None:
    """Raise `refusal` when the actor did `action` that often already; the caller records it in the same transaction.

    The trail itself is the counter: nothing else could be emptied, and nobody forgets to count. One act of its kind
    after the other: an actor's next one waits until the last is committed or undone, and counts it.
    """
    hold("quota", action, actor.kind, actor.id)
    now = timezone.now()
    done = AuditEvent.objects.filter(actor_id=actor.id, action=action)
    for span, most in ((timedelta(minutes=1), most_a_minute), (timedelta(days=1), most_a_day)):
        if done.filter(id__gte=first_at(now - span)).count() >= most:
            raise refusal
