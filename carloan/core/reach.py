"""How far a right over somebody's data goes: a right held in one branch counts only for objects of that branch.

The app that owns a type tells which of its objects a capability reaches; a type that nobody registered is reached only
by rights that hold everywhere. A person in several loans is reached through any of them: the reach of a party is the
union of the loans that the right reaches.
"""

from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from .actors import Actor

# (actor, capability, ids) -> those of the ids that the capability reaches, in one query.
Reacher = Callable[[Actor, str, list[UUID]], Iterable[UUID]]
_reachers: dict[str, Reacher] = {}


def register_reach(label: str, reacher: Reacher) -> None:
    """`label` is the model's `app.model` in lower case."""
    _reachers[label] = reacher


def reaches(actor: Actor, capability: str, instance: Any) -> bool:
    """Whether the actor has the capability for this object. Rows that were loaded together are asked about together."""
    if actor.right(capability).everywhere:
        return True
    reacher = _reachers.get(instance._meta.label_lower)
    if reacher is None or not actor.can(capability):
        return False
    known = instance.__dict__.setdefault("_reached", {})
    asked_by, answer = known.get(capability, (None, False))
    if asked_by is actor:
        return bool(answer)
    together = [each for each in instance.__dict__.get("_together", ()) if isinstance(each, type(instance))]
    together = together or [instance]
    found = set(reacher(actor, capability, [each.pk for each in together]))
    for each in together:
        each.__dict__.setdefault("_reached", {})[capability] = (actor, each.pk in found)
    return instance.pk in found


def reached(actor: Actor, capability: str, label: str, ids: list[UUID]) -> set[UUID]:
    """Which of these objects of a type (`app.model` in lower case) the capability covers, without their rows."""
    if actor.right(capability).everywhere:
        return set(ids)
    reacher = _reachers.get(label)
    return set(reacher(actor, capability, ids)) if reacher is not None and actor.can(capability) else set()


def load_together(instances: list[Any]) -> None:
    """Remember that these rows came in one go, so that the first question about one answers for all."""
    for each in instances:
        each.__dict__["_together"] = instances
