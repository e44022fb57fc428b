"""How a unit is destroyed, and how one sees that it is gone: apps that keep something of it tell both, separately.

Whoever destroys and whoever bears witness share no code: a witness looks at what lies there, not at what was done.
"""

from collections.abc import Callable, Iterator
from uuid import UUID

from carloan.core.actors import Actor

# Destroys the unit's key and empties what it sealed. In one transaction, by the installation; may run twice.
Destroyer = Callable[[Actor, UUID], None]
# Removes what lies outside of both databases, behind the commit; how many things it removed. May run twice.
Cleaner = Callable[[UUID], int]
# Names what is still there: codes of `LEFT`.
Witness = Callable[[UUID], Iterator[str]]

_destroyers: dict[str, Destroyer] = {}
_cleaners: dict[str, list[Cleaner]] = {}
_witnesses: dict[str, list[Witness]] = {}


def register_destroyer(unit: str, destroyer: Destroyer) -> None:
    if _destroyers.setdefault(unit, destroyer) is not destroyer:
        raise ValueError(f"{unit} has two destroyers")


def register_cleaner(unit: str, cleaner: Cleaner) -> None:
    _cleaners.setdefault(unit, []).append(cleaner)


def register_witness(unit: str, witness: Witness) -> None:
    _witnesses.setdefault(unit, []).append(witness)


def destroy(actor: Actor, unit: str, unit_id: UUID) -> None:
    _destroyers[unit](actor, unit_id)


def clean(unit: str, unit_id: UUID) -> int:
    return sum(cleaner(unit_id) for cleaner in _cleaners.get(unit, []))


def left_of(unit: str, unit_id: UUID) -> list[str]:
    """What of a unit is still there, by every witness; nothing when it is gone."""
    return [code for witness in _witnesses.get(unit, []) for code in witness(unit_id)]
