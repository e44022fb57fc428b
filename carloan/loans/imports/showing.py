"""Cells of an import file as they may leave it: masked by the rules of the fields that their columns are mapped to."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import models

from carloan.core.actors import Actor
from carloan.core.registry import rule_of
from carloan.core.sealed import sealed_fields
from carloan.lib.masks import MASKS
from carloan.loans.models import ContactPoint, ImportBatch, Party, Vehicle

from .fields import ROLES, TARGETS
from .records import PERSON_COLUMNS

HOMES: dict[str, tuple[type[models.Model], str]] = {
    **{
        f"{prefix}_{tail}": (ContactPoint, "value") if field == "phone" else (Party, field)
        for prefix in ROLES.values()
        for field, tail in PERSON_COLUMNS.items()
    },
    **{name: (Vehicle, name) for name in sealed_fields(Vehicle)},
}
UNKNOWN = "text"


def sees_cells(actor: Actor, batch: ImportBatch) -> bool:
    """In clear only for the one who brought the file, and only with the right to clear values."""
    return actor.can("sight.clear") and actor.membership_id is not None and batch.uploaded_by_id == actor.membership_id


def masks_of(header: Sequence[str], spec: Mapping[str, Any]) -> list[str | None]:
    """The mask of each column, None for one that is shown. What is mapped to nothing may hold anything: masked."""
    meanings: dict[str, list[str | None]] = {}
    for target, column in spec.get("columns", {}).items():
        if target in TARGETS:
            home = HOMES.get(target)
            meanings.setdefault(column["column"], []).append(rule_of(*home).mask if home else None)
    return [next((mask for mask in meanings.get(name, [UNKNOWN]) if mask), None) for name in header]


def masked(cells: Sequence[str], masks: Sequence[str | None], *, damaged: bool = False) -> list[str]:
    """`damaged` rows may hold their cells in the wrong columns: nothing of them is shown."""
    if damaged:
        return [MASKS[UNKNOWN](cell) for cell in cells]
    rules = [*masks, *[UNKNOWN] * (len(cells) - len(masks))]
    return [MASKS[mask](cell) if mask and cell else cell for cell, mask in zip(cells, rules, strict=True)]
