"""What of a person the law still keeps, and until when: read anew for a request for deletion (PIPL 47)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal
from uuid import UUID

from django.utils import timezone

from carloan.compliance.holds import holdable
from carloan.compliance.models import DestructionItem
from carloan.compliance.names import Named, names_of
from carloan.compliance.policies.floors import Floor
from carloan.compliance.retention import class_label, classes_of, trigger_label
from carloan.compliance.selectors.destruction import obstacles
from carloan.compliance.selectors.retention import legal, standing_of
from carloan.core.actors import Actor

# `living`: in use, its time has not begun. `listed`: it stands on the list of a destruction.
Standing = Literal["living", "kept", "held", "free", "listed", "gone"]


@dataclass(frozen=True, slots=True)
class KeptClass:
    """A record class of a unit: since when and until when it is kept, and the longest floor of the law."""

    label: str
    trigger: str
    since: date | None
    keep_until: date | None
    floor: Floor | None


@dataclass(frozen=True, slots=True)
class Kept:
    """A unit of a person (themselves, or a loan they stand or stood in), and what is known of its records."""

    unit: str
    label: Any
    id: UUID
    named: Named | None
    standing: Standing
    classes: Sequence[KeptClass]


def kept_of(actor: Actor, party_id: UUID) -> list[Kept]:
    """The person first, then each loan: what stands in the way of its destruction, counted now."""
    units: dict[str, list[UUID]] = {}
    for kind, each in holdable("party").around(party_id):
        units.setdefault(kind, []).append(each)
    found = []
    for unit, ids in units.items():
        against, held = obstacles(unit, ids), standing_of(unit, ids)
        open_items = DestructionItem.objects.filter(unit=unit, object_id__in=ids, state=DestructionItem.State.LISTED)
        listed = set(open_items.values_list("object_id", flat=True))
        names = names_of(actor, [(holdable(unit).object_type, each) for each in ids])
        floors = _floors(unit)
        for each in ids:
            records = {one.record_class: one for one in held[each]}
            standing = _standing(against.get(each, ""), is_listed=each in listed, ended=bool(records))
            classes = [
                KeptClass(
                    class_label(code),
                    trigger_label(records[code].trigger) if code in records else "",
                    records[code].since if code in records else None,
                    records[code].keep_until if code in records else None,
                    floor,
                )
                for code, floor in floors.items()
            ]
            found.append(Kept(unit, holdable(unit).label, each, names.get(each), standing, classes))
    return found


def _standing(obstacle: str, *, is_listed: bool, ended: bool) -> Standing:
    if obstacle == "gone":
        return "gone"
    if obstacle == "held":
        return "held"
    if is_listed:
        return "listed"
    if not obstacle:
        return "free"
    return "kept" if ended else "living"


def _floors(unit: str) -> dict[str, Floor | None]:
    """The longest floor of the law by record class of a unit; None where the law of the place is not known."""
    view, today = legal(), timezone.localdate()
    return {each.code: next(iter(view.floors(each, today)), None) for each in classes_of(unit)}
