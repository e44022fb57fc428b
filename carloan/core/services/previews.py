"""To see the pages as a person of a role would: begun for some minutes, ended by hand or by itself, both told."""

from datetime import timedelta
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from carloan.core import audit
from carloan.core.actors import Actor
from carloan.core.errors import Forbidden
from carloan.core.ids import uuid7
from carloan.core.models import Branch, Role, RolePreview
from carloan.core.services.branches import require_open
from carloan.core.tenancy import tenant_atomic

LASTS = timedelta(minutes=15)


def preview_begin(*, actor: Actor, role: Role, branch: Branch | None = None) -> RolePreview:
    """Begin to see the pages as a person of `role`, in `branch` and below or everywhere, would; for 15 minutes.

    An earlier one of the same person ends. Raises Forbidden for others than people who may see the matrix, Invalid for
    a closed branch.
    """
    actor.require("roles.view", "roles.manage")
    if actor.kind != "person" or actor.membership_id is None:
        raise Forbidden(_("Only people look at pages."))
    with tenant_atomic():
        require_open(branch)
        for open_one in RolePreview.objects.filter(membership_id=actor.membership_id, ended_at=None):
            preview_end(actor=actor, preview_id=open_one.id, by=RolePreview.End.PERSON)
        preview_id, now = uuid7(), timezone.now()
        event_id = audit.record(
            actor=actor,
            action="core.preview.begun",
            object_type="core.rolepreview",
            object_id=preview_id,
            after={"role": role.key, "branch": branch.code if branch else "*"},
        )
        return RolePreview.objects.create(
            id=preview_id,
            membership_id=actor.membership_id,
            role=role,
            branch=branch,
            started_at=now,
            ends_at=now + LASTS,
            audit_event_id=event_id,
        )


def preview_end(*, actor: Actor, preview_id: UUID, by: str) -> bool:
    """End one preview, once: False when it had ended already. `by` is one of RolePreview.End."""
    with tenant_atomic():
        preview = RolePreview.objects.select_for_update().filter(id=preview_id, ended_at=None).first()
        if preview is None:
            return False
        preview.audit_event_id = audit.record(
            actor=actor,
            action="core.preview.ended",
            object_type="core.rolepreview",
            object_id=preview.id,
            reason_code=f"preview_{by}",
        )
        preview.ended_at, preview.ended_by = timezone.now(), by
        preview.save(update_fields=["ended_at", "ended_by", "audit_event_id"])
    return True


def previews_sweep(*, actor: Actor) -> int:
    """End those whose time is over and whose person asked for no page since; how many."""
    with tenant_atomic():
        over = RolePreview.objects.filter(ended_at=None, ends_at__lte=timezone.now()).values_list("id", flat=True)
        return sum(preview_end(actor=actor, preview_id=each, by=RolePreview.End.TIME) for each in list(over))
