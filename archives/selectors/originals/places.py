"""Places of storage: the tree that an actor sees, and what lies where."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from carloan.archives.models import Original, StorageMove, StoragePlace
from carloan.archives.policies.originals.codes import PLACE, read_code
from carloan.archives.policies.originals.places import RANKS, fits_in
from carloan.archives.selectors.originals.originals import VIEW
from carloan.core.actors import Actor
from carloan.core.errors import Forbidden, NotFound
from carloan.core.models import Branch

MANAGE: Final = "originals.keep"
MOST_SHOWN: Final = 2_000
_SEPARATOR: Final = " / "


def visible_places(actor: Actor, capability: str = VIEW) -> "QuerySet[StoragePlace]":
    """The places of the branches in which the actor has the capability."""
    rows = StoragePlace.objects.select_related("branch", "parent__parent__parent")
    right = actor.right(capability)
    return rows if right.everywhere else rows.filter(branch_id__in=list(right.branches))


def get_place_for(actor: Actor, place_id: UUID, capability: str = VIEW) -> StoragePlace:
    """One place. Strangers get NotFound; readers who lack `capability` for it get Forbidden."""
    place = visible_places(actor).filter(id=place_id).first()
    if place is None:
        raise NotFound
    if capability != VIEW and not visible_places(actor, capability).filter(id=place_id).exists():
        raise Forbidden(capability=capability)
    return place


def place_by_code(actor: Actor, text: str, capability: str = VIEW) -> StoragePlace | None:
    """The open place with this code on it, if the actor may see it."""
    code = read_code(text)
    if code is None or code.letter != PLACE:
        return None
    return visible_places(actor, capability).filter(number=code.number, closed_at=None).first()


def path_of(place: StoragePlace) -> str:
    """`Warehouse / shelf / box`: the place within all that it lies in. The parents were loaded with it."""
    names: list[str] = []
    here: StoragePlace | None = place
    while here is not None:
        names.append(here.name)
        here = here.parent
    return _SEPARATOR.join(reversed(names))


@dataclass(slots=True)
class Node:
    """A place of the tree with what lies in it; `held` counts what lies directly in it."""

    place: StoragePlace
    depth: int = 0
    originals: int = 0
    children: list["Node"] = field(default_factory=list)

    @property
    def held(self) -> int:
        return self.originals + len(self.children)

    @property
    def is_full(self) -> bool:
        return self.place.capacity is not None and self.held >= self.place.capacity


def tree_of(actor: Actor, *, branch: UUID | None = None) -> list[Node]:
    """The open places of the actor's branches from the outermost inwards, as lines in the order of the tree."""
    rows = visible_places(actor).filter(closed_at=None)
    if branch:
        rows = rows.filter(branch_id=branch)
    places = list(rows.order_by("branch__code", "name", "number")[:MOST_SHOWN])
    lying = dict(
        Original.objects.filter(place__in=[place.id for place in places])
        .values_list("place_id")
        .annotate(count=Count("id"))
    )
    nodes = {place.id: Node(place, originals=lying.get(place.id, 0)) for place in places}
    roots: list[Node] = []
    for node in nodes.values():
        parent = nodes.get(node.place.parent_id) if node.place.parent_id else None
        (parent.children if parent else roots).append(node)
    return list(_lines(roots, 0))


def _lines(nodes: Iterable[Node], depth: int) -> Iterable[Node]:
    for node in nodes:
        node.depth = depth
        yield node
        yield from _lines(node.children, depth + 1)


def held_in(place: StoragePlace) -> int:
    """How many open places and originals lie directly in a place."""
    inner = StoragePlace.objects.filter(parent=place, closed_at=None).count()
    return inner + Original.objects.filter(place=place).count()


def inner_places(place: StoragePlace) -> list[StoragePlace]:
    """Everything that lies in a place, from the outside inwards; the tree has four levels at most."""
    found: list[StoragePlace] = []
    level = [place]
    while level:
        level = list(StoragePlace.objects.filter(parent__in=level).order_by("name", "number"))
        found += level
    return found


def places_to_hold(actor: Actor, level: str) -> "QuerySet[StoragePlace]":
    """The open places into which a place of this kind may be put by the actor."""
    larger = [each for each in RANKS if fits_in(level, each)]
    return places_for_originals(actor).filter(level__in=larger)


def places_for_originals(actor: Actor) -> "QuerySet[StoragePlace]":
    """The open places in which the actor may put originals."""
    return visible_places(actor, MANAGE).filter(closed_at=None).order_by("branch__code", "name", "number")


def originals_in(actor: Actor, place: StoragePlace) -> list[Original]:
    """What lies directly in a place that the actor may see: whoever sees the place knows what is in the box."""
    rows = Original.objects.select_related("loan", "holder", "place__parent__parent__parent").filter(place=place)
    return list(rows.order_by("number")[:MOST_SHOWN])


def moves_of(place: StoragePlace) -> list[StorageMove]:
    """How a place was moved, the newest first."""
    return list(StorageMove.objects.select_related("source", "target", "by").filter(place=place).order_by("-id")[:50])


def branches_to_store(actor: Actor) -> "QuerySet[Branch]":
    """The branches in which the actor may make places."""
    right = actor.right(MANAGE)
    rows = Branch.objects.filter(is_active=True)
    return rows if right.everywhere else rows.filter(id__in=list(right.branches))


def places_of_branch(branch_id: UUID) -> int:
    """How many open places a branch has: it is not closed while something lies there."""
    return StoragePlace.objects.filter(Q(branch_id=branch_id), closed_at=None).count()
