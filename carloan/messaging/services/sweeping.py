"""What is due is taken up: messages whose moment has come or whose worker is gone, uploads that nobody goes on with."""

from datetime import timedelta
from typing import Final

from django.db.models import Q
from django.utils import timezone

from carloan.core import audit
from carloan.core.actors import Actor
from carloan.core.tenancy import tenant_at_work, tenant_atomic
from carloan.messaging.models import LinkUpload, Message
from carloan.messaging.policies.delivery import UNDERWAY
from carloan.messaging.services.uploads import uploads_forget
from carloan.messaging.tasks import deliver_message

AT_ONCE: Final = 500
# A browser that was interrupted goes on within this time; behind it the pieces are removed.
UPLOAD_LIFE: Final = timedelta(days=2)


def messages_sweep() -> int:
    """Send what is due to the workers, and remove pieces of files that nobody went on with; how many messages.

    A message that a worker holds is left alone until its lease ends. May run beside itself.
    """
    now = timezone.now()
    with tenant_atomic():
        due = Message.objects.filter(state__in=UNDERWAY, due_at__lte=now)
        free = due.filter(Q(lease_until=None) | Q(lease_until__lte=now))
        ids = list(free.order_by("due_at").values_list("id", flat=True)[:AT_ONCE])
        for message_id in ids:
            deliver_message.send(message_id=str(message_id))
        _drop_left_uploads()
    return len(ids)


def _drop_left_uploads() -> None:
    left = LinkUpload.objects.filter(state=LinkUpload.State.COMING, made_at__lt=timezone.now() - UPLOAD_LIFE)
    ids = list(left.values_list("id", flat=True)[:AT_ONCE])
    if not ids:
        return
    event_id = audit.record(
        actor=Actor.system(tenant_at_work(), "sweep"),
        action="messaging.uploads.swept",
        object_type="messaging.linkupload",
        count=len(ids),
    )
    uploads_forget(LinkUpload.objects.filter(id__in=ids), event_id, why="left")
