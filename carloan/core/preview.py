"""The pages as a role sees them: what of a person's rights is left, and which requests go through.

A preview never shows more than the person may see without it: what is seen is what the role and the person both may.
Its person has no cases, no exceptional access and nothing of their own, and does nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.http import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .access import rights_of_role
from .actors import Actor, Right
from .capabilities import label_of
from .errors import Forbidden
from .models import RolePreview
from .services.previews import preview_end

SESSION = "role_preview"
SAFE = ("GET", "HEAD", "OPTIONS")


class NotInPreview(Forbidden):
    """Whoever looks as a role does nothing and takes nothing away."""

    code = "preview"
    audited = False
    default = _("You are looking as another role: nothing can be changed or downloaded. End the preview first.")


@dataclass(frozen=True)
class Preview:
    """A preview that runs, as the frame of each page tells it. `withheld` are rights of the role that the person
    lacks, so that nothing of them is shown."""

    row: RolePreview
    person: Actor
    withheld: tuple[str, ...]


def begin(session: Any, preview: RolePreview) -> None:
    """From the next request of this session on; only in the preview's own lender."""
    session[SESSION] = {"tenant": str(preview.tenant_id), "id": str(preview.id)}


def end(session: Any) -> None:
    session.pop(SESSION, None)


def of_request(request: Any, person: Actor) -> tuple[Actor, Preview | None]:
    """Who asks: the person, or the person as a role sees it while a preview of this session runs in this lender.

    One whose time is over ends here, as does one whose person may no longer see the matrix.
    """
    kept = request.session.get(SESSION)
    if not kept or kept["tenant"] != str(person.tenant_id) or person.membership_id is None:
        return person, None
    row = (
        RolePreview.objects.select_related("role", "branch")
        .filter(id=UUID(kept["id"]), membership_id=person.membership_id, ended_at=None)
        .first()
    )
    allowed = person.can("roles.view") or person.can("roles.manage")
    if row is None or row.ends_at <= timezone.now() or not allowed:
        if row is not None:
            preview_end(actor=person, preview_id=row.id, by=RolePreview.End.TIME)
        end(request.session)
        return person, None
    of_role = rights_of_role(row.role_id, row.branch_id)
    rights = both(of_role, person.rights)
    withheld = tuple(label_of(code) for code, right in of_role.items() if rights.get(code) != right)
    seen = replace(person, rights=rights, user_id=None, membership_id=None, branch_id=row.branch_id)
    return seen, Preview(row, person, withheld)


def both(one: Mapping[str, Right], other: Mapping[str, Right]) -> dict[str, Right]:
    """What two sets of rights have in common, as far as both reach."""
    found = {code: one[code] & other[code] for code in one.keys() & other.keys()}
    return {code: right for code, right in found.items() if right != Right()}


def takes_away(response: HttpResponseBase) -> bool:
    """Whether an answer is a file to keep."""
    return response.headers.get("Content-Disposition", "").startswith("attachment")
