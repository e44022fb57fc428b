"""Places of storage: made, renamed, moved with all that lies in them, closed."""

from typing import Final
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from carloan.archives.models import StorageMove, StoragePlace
from carloan.archives.policies.originals.places import fits_in
from carloan.archives.selectors.originals.places import MANAGE, held_in, inner_places, visible_places
from carloan.core import audit
from carloan.core.actors import Actor
from carloan.core.errors import Conflict, Forbidden, Invalid
from carloan.core.ids import uuid7
from carloan.core.models import Branch
from carloan.core.numbers import next_number
from carloan.core.tenancy import tenant_atomic
from carloan.lib.text import said

OBJECT: Final = "archives.storageplace"
SERIES: Final = "storage places"
MOST_CAPACITY: Final = 100_000


def place_make(
    *,
    actor: Actor,
    level: str,
    name: str,
    branch: Branch | None = None,
    parent: StoragePlace | None = None,
    capacity: int | None = None,
) -> StoragePlace:
    """Make a place: a warehouse in a branch, anything else in a larger place.

    Raises Invalid for a name that is there already, for a place that does not fit or is full or closed, Forbidden
    without the right in that branch.
    """
    actor.require_person(MANAGE)
    home = parent.branch if parent else branch
    faults = _faults(level, name, parent, capacity)
    if home is None:
        faults["branch"] = [_("Choose the branch of the warehouse.")]
    if faults or home is None:
        raise Invalid(fields=faults)
    _require_branch(actor, home.id)
    with tenant_atomic():
        if parent is not None:
            _require_room(parent)
        _require_free_name(name, home.id, parent)
        place = StoragePlace(id=uuid7(), branch=home, parent=parent, level=level, name=said(name), capacity=capacity)
        place.number = next_number(SERIES)
        place.audit_event_id = audit.record(
            actor=actor,
            action="archives.place.made",
            object_type=OBJECT,
            object_id=place.id,
            after={"number": place.number, "level": level, "name": place.name, "capacity": capacity},
        )
        place.save(force_insert=True)
    return place


def place_change(*, actor: Actor, place: StoragePlace, revision: int, name: str, capacity: int | None) -> StoragePlace:
    """Rename a place or change how much it holds. Raises Invalid, Conflict when somebody changed it meanwhile."""
    _require_place(actor, place)
    if faults := _faults(place.level, name, place.parent, capacity):
        raise Invalid(fields=faults)
    with tenant_atomic():
        held = _open_place(place)
        if held.revision != revision:
            raise Conflict
        if capacity is not None and held_in(held) > capacity:
            raise Invalid(fields={"capacity": [_("More lies in it than that.")]})
        if held.name != said(name):
            _require_free_name(name, held.branch_id, held.parent)
        before = {"name": held.name, "capacity": held.capacity}
        held.name, held.capacity, held.revision = said(name), capacity, held.revision + 1
        held.audit_event_id = audit.record(
            actor=actor,
            action="archives.place.changed",
            object_type=OBJECT,
            object_id=held.id,
            before=before,
            after={"name": held.name, "capacity": capacity},
        )
        held.save()
    return held


def place_move(*, actor: Actor, place: StoragePlace, target: StoragePlace) -> StoragePlace:
    """Put a place with all that lies in it into another one, also of another branch; originals stay in their boxes.

    Raises Invalid where it does not fit, is there already or the target is full or closed; Conflict for a warehouse;
    Forbidden without the right in either branch.
    """
    member_id = _require_place(actor, place)
    _require_branch(actor, target.branch_id)
    if place.parent is None:
        raise Conflict(_("A warehouse stays where it is."))
    if not fits_in(place.level, target.level) or target.id in {each.id for each in inner_places(place)}:
        raise Invalid(fields={"target": [_("It does not fit in there.")]})
    if target.id == place.parent_id:
        raise Invalid(fields={"target": [_("It is there already.")]})
    with tenant_atomic():
        held = _open_place(place)
        _require_room(target)
        _require_free_name(held.name, target.branch_id, target)
        event_id = audit.record(
            actor=actor,
            action="archives.place.moved",
            object_type=OBJECT,
            object_id=held.id,
            before={"place": place.parent.name},
            after={"place": target.name},
        )
        StorageMove.objects.create(
            place=held, source=place.parent, target=target, by_id=member_id, audit_event_id=event_id
        )
        held.parent, held.branch_id, held.revision = target, target.branch_id, held.revision + 1
        held.audit_event_id = event_id
        held.save()
        inner = [each.id for each in inner_places(held)]
        StoragePlace.objects.filter(id__in=inner).update(branch_id=target.branch_id, audit_event_id=event_id)
    return held


def place_close(*, actor: Actor, place: StoragePlace) -> StoragePlace:
    """Close an empty place. Raises Conflict while something lies in it, Forbidden without the right."""
    _require_place(actor, place)
    with tenant_atomic():
        held = _open_place(place)
        if held_in(held):
            raise Conflict(_("Something lies in it still: put it elsewhere first."))
        held.closed_at, held.revision = timezone.now(), held.revision + 1
        held.audit_event_id = audit.record(
            actor=actor, action="archives.place.closed", object_type=OBJECT, object_id=held.id
        )
        held.save()
    return held


def _require_place(actor: Actor, place: StoragePlace) -> UUID:
    member_id = actor.require_person(MANAGE)
    if not visible_places(actor, MANAGE).filter(id=place.id).exists():
        raise Forbidden(capability=MANAGE)
    return member_id


def _require_branch(actor: Actor, branch_id: UUID) -> None:
    branches = actor.branches(MANAGE)
    if branches is not None and branch_id not in branches:
        raise Forbidden(capability=MANAGE)


def _faults(level: str, name: str, parent: StoragePlace | None, capacity: int | None) -> dict[str, list[str]]:
    faults = {}
    if level not in StoragePlace.Level.values:
        faults["level"] = [_("This is not in the list.")]
    elif (parent is None) != (level == StoragePlace.Level.WAREHOUSE) or (parent and not fits_in(level, parent.level)):
        faults["level"] = [_("It does not fit in there.")]
    if not said(name) or len(said(name)) > 60:
        faults["name"] = [_("A name of up to 60 characters is needed.")]
    if capacity is not None and not 0 < capacity <= MOST_CAPACITY:
        faults["capacity"] = [_("From 1 to 100,000, or empty.")]
    return faults


def _open_place(place: StoragePlace) -> StoragePlace:
    held = StoragePlace.objects.select_for_update(no_key=True).get(id=place.id)
    if held.closed_at is not None:
        raise Conflict(_("This place is closed."))
    return held


def _require_room(parent: StoragePlace) -> None:
    held = StoragePlace.objects.select_for_update(no_key=True).get(id=parent.id)
    if held.closed_at is not None:
        raise Invalid(fields={"parent": [_("This place is closed.")]})
    if held.capacity is not None and held_in(held) >= held.capacity:
        raise Invalid(fields={"parent": [_("This place is full: it holds %(most)s.") % {"most": held.capacity}]})


def _require_free_name(name: str, branch_id: UUID, parent: StoragePlace | None) -> None:
    same = StoragePlace.objects.filter(branch_id=branch_id, parent=parent, name=said(name), closed_at=None)
    if same.exists():
        raise Invalid(fields={"name": [_("There is a place of this name there already.")]})
