"""The branches of a lender: added, renamed, moved in the tree, closed and opened again."""

from uuid import UUID

from django.db import connection
from django.utils.translation import gettext_lazy as _

from carloan.core import audit
from carloan.core.access import branch_trees
from carloan.core.actors import Actor
from carloan.core.branch_ties import lasting_roles, living_keys, ties_of
from carloan.core.errors import Conflict, Invalid
from carloan.core.ids import uuid7
from carloan.core.models import ApiKey, Branch, Role, RoleAssignment
from carloan.core.services.roles import require_what_is_given
from carloan.core.services.zones import require_zone
from carloan.core.tenancy import tenant_atomic


def branch_add(
    *, actor: Actor, code: str, name: str, parent: Branch | None = None, time_zone: str | None = None
) -> Branch:
    """Add a branch below another one; without a time zone it keeps the lender's.

    Raises Invalid when the code is taken, the other one is closed or the time zone does not exist.
    """
    actor.require("people.manage")
    _require_words(code, name, None)
    if time_zone:
        require_zone(time_zone)
    with tenant_atomic():
        require_open(parent, field="parent")
        branch_id = uuid7()
        event_id = audit.record(
            actor=actor,
            action="core.branch.added",
            object_type="core.branch",
            object_id=branch_id,
            after={
                "code": code.strip(),
                "name": name.strip(),
                "parent": parent.code if parent else "",
                "time_zone": time_zone or "",
            },
        )
        return Branch.objects.create(
            id=branch_id,
            code=code.strip(),
            name=name.strip(),
            parent=parent,
            time_zone=time_zone or None,
            audit_event_id=event_id,
        )


def branch_change(
    *, actor: Actor, branch: Branch, code: str, name: str, parent: Branch | None, time_zone: str | None = None
) -> list[str]:
    """Rename a branch or move it, with all below it, under another one; returns the names of what changed.

    `time_zone` None leaves it, "" means the lender's.

    Moving changes who reaches its loans: a role in a branch counts for all branches below, from everybody's next
    request on. Raises Forbidden when a role or an API key that counts in the new place, and did not reach the branch
    before, holds more than the actor has. Raises Invalid when the code is taken, for a time zone that
    does not exist, and for a place that makes no tree: below itself, below a closed branch, beside the head office or,
    for the head office, below anything.
    """
    actor.require("people.manage")
    _require_words(code, name, branch)
    # One that was kept when more names were taken stays until another is chosen.
    if time_zone and time_zone != branch.time_zone:
        require_zone(time_zone)
    with tenant_atomic():
        # Two moves at once could each be right and together make a circle: one after the other.
        rows = _locked()
        current = rows[branch.id]
        if (parent.id if parent else None) != current.parent_id:
            _require_place(current, parent)
            _require_reach(actor, set(_line(rows, parent)) - set(_line(rows, current)))
        before = {
            "code": current.code,
            "name": current.name,
            "parent": rows[current.parent_id].code if current.parent_id else "",
            "time_zone": current.time_zone or "",
        }
        after = {
            "code": code.strip(),
            "name": name.strip(),
            "parent": parent.code if parent else "",
            "time_zone": before["time_zone"] if time_zone is None else time_zone,
        }
        changed = [each for each in after if after[each] != before[each]]
        if changed:
            event_id = _told(
                actor,
                current,
                "core.branch.changed",
                before={each: before[each] for each in changed},
                after={each: after[each] for each in changed},
            )
            Branch.objects.filter(id=current.id).update(
                code=after["code"],
                name=after["name"],
                parent=parent,
                time_zone=after["time_zone"] or None,
                audit_event_id=event_id,
            )
    return changed


def branch_close(*, actor: Actor, branch: Branch) -> None:
    """Close a branch: nothing new is placed there; its history and its name stay.

    Raises Conflict, naming what, while anything hangs on it: open branches below, people, roles and API keys that count
    there, and what other apps keep in branches (`core.branch_ties`). The head office stays open.
    """
    actor.require("people.manage")
    if branch.parent_id is None:
        raise Conflict(_("The head office stays open."))
    with tenant_atomic():
        list(Branch.objects.select_for_update().filter(id=branch.id))
        if ties := ties_of(branch.id):
            words = ", ".join(f"{label} ({count})" for label, count in ties)
            raise Conflict(_("This branch cannot be closed yet. Move or end first: %s.") % words)
        event_id = _told(actor, branch, "core.branch.closed")
        if not Branch.objects.filter(id=branch.id, is_active=True).update(is_active=False, audit_event_id=event_id):
            raise Conflict


def branch_reopen(*, actor: Actor, branch: Branch) -> None:
    """Open a closed branch again. Raises Conflict while the one above it is closed."""
    actor.require("people.manage")
    with tenant_atomic():
        rows = _locked()
        above = rows[branch.id].parent_id
        if above is not None and not rows[above].is_active:
            raise Conflict(_("The branch above it is closed. Open that one first, or move this one."))
        event_id = _told(actor, branch, "core.branch.reopened")
        if not Branch.objects.filter(id=branch.id, is_active=False).update(is_active=True, audit_event_id=event_id):
            raise Conflict


def require_open(branch: Branch | None, *, field: str = "branch") -> None:
    """Raise Invalid for a branch that is closed: nobody and nothing new goes there.

    Call it in the act's own transaction: the branch cannot be closed before that ends.
    """
    if branch is not None and not still_open(branch):
        raise Invalid(fields={field: [_("This branch is closed.")]})


def still_open(branch: Branch) -> bool:
    """Whether the branch is open now, and until the open transaction ends; who asks the same does not wait."""
    with connection.cursor() as cursor:
        # Not through the ORM, which has no FOR SHARE: its locks would let people enter one after the other.
        cursor.execute("SELECT is_active FROM core_branch WHERE id = %s FOR SHARE", [branch.id])
        row = cursor.fetchone()
    return row is not None and bool(row[0])


def _locked() -> dict[UUID, Branch]:
    """All branches, which stay as they are until the open transaction ends."""
    return {row.id: row for row in Branch.objects.select_for_update().order_by("id")}


def _line(rows: dict[UUID, Branch], branch: Branch | None) -> list[UUID]:
    """The branch and all above it. A cycle in the data ends at the first repeat."""
    found: list[UUID] = []
    at = branch.id if branch else None
    while at is not None and at not in found:
        found.append(at)
        at = rows[at].parent_id
    return found


def _require_reach(actor: Actor, gained: set[UUID]) -> None:
    """Nobody gives more than they have: what counts in `gained` reaches one more branch from now on."""
    roles = {row.role_id for row in lasting_roles(RoleAssignment.objects.filter(branch__in=gained))}
    roles |= {row.role_id for row in living_keys(ApiKey.objects.filter(branch__in=gained))}
    require_what_is_given(actor=actor, roles=Role.objects.filter(id__in=roles))


def _require_words(code: str, name: str, branch: Branch | None) -> None:
    others = Branch.objects.exclude(id=branch.id) if branch else Branch.objects.all()
    if not code.strip() or others.filter(code=code.strip()).exists():
        raise Invalid(fields={"code": [_("Choose a code that no branch has.")]})
    if not name.strip():
        raise Invalid(fields={"name": [_("Give the branch a name.")]})


def _require_place(branch: Branch, parent: Branch | None) -> None:
    if branch.parent_id is None:
        raise Invalid(fields={"parent": [_("The head office is above all branches.")]})
    if parent is None:
        raise Invalid(fields={"parent": [_("Choose the branch above it.")]})
    if parent.id in branch_trees()[branch.id]:
        raise Invalid(fields={"parent": [_("A branch cannot belong to itself or to one below it.")]})
    require_open(parent, field="parent")


def _told(
    actor: Actor, branch: Branch, action: str, before: audit.Values | None = None, after: audit.Values | None = None
) -> UUID:
    return audit.record(
        actor=actor, action=action, object_type="core.branch", object_id=branch.id, before=before, after=after
    )
