"""Pictures of hands that are looked at, and lists that leave as a file: told before they are given."""

from uuid import UUID

from django.utils.translation import gettext as _

from carloan.archives.models import CustodyDetail, Original
from carloan.archives.selectors.originals.originals import (
    MOST_EXPORTED,
    OriginalFilters,
    matching_originals,
    photo_for,
)
from carloan.archives.services.originals.custody import OBJECT
from carloan.core import audit
from carloan.core.actors import Actor
from carloan.core.errors import Forbidden, Invalid
from carloan.core.keys import Subject
from carloan.core.sealed import clear_bytes
from carloan.core.sight import SIGHT, sees_clear
from carloan.core.tenancy import tenant_atomic


def photo_look(*, actor: Actor, custody_id: UUID) -> tuple[CustodyDetail, bytes]:
    """The picture of a hand, for whoever sees clear values of the loan. Raises NotFound, Forbidden."""
    with tenant_atomic():
        detail = photo_for(actor, custody_id)
        if not sees_clear(actor, detail):
            raise Forbidden(capability=SIGHT)
        audit.record(
            actor=actor,
            action="archives.original.photo_viewed",
            object_type=OBJECT,
            object_id=detail.custody.original_id,
            loan_id=detail.custody.original.loan_id,
            subject=Subject("tenant", actor.tenant_id),
        )
        return detail, clear_bytes(detail, "photo")


def originals_export(*, actor: Actor, filters: OriginalFilters) -> list[Original]:
    """The whole list that the filters ask for, for a file. Raises Invalid for more than a file of this kind holds."""
    with tenant_atomic():
        rows = list(matching_originals(actor, filters)[: MOST_EXPORTED + 1])
        if len(rows) > MOST_EXPORTED:
            words = _("More than %(most)s originals match: narrow the list first.")
            raise Invalid(fields={"state": [words % {"most": f"{MOST_EXPORTED:,}"}]})
        audit.record(actor=actor, action="archives.originals.exported", object_type=OBJECT, count=len(rows))
    return rows
