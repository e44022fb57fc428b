"""What belongs to a unit of retention: the rows and files that a backup of the archive takes along.

The app that owns a table says which of its rows go with a loan or a person; who stores files, which those are and how
one opens. Clear columns are sealed with the unit's key as well, so that nothing of a backup outlives that key.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

# Rows as the database tells them (to_jsonb), by the label of their model.
Row = Mapping[str, Any]
Rows = Mapping[str, Sequence[Row]]


def _nothing(rows: Sequence[Row]) -> Collection[str]:
    return ()


@dataclass(frozen=True, kw_only=True)
class UnitRows:
    """The rows of `model`, which people call `label`, whose `by` (a look-up of the ORM) is the unit's id, narrowed by
    `only`.

    `ended(rows)`: the ids, as text, of those rows of a backup that an act took away since: they are not lost, and no
    backup brings them back.
    """

    label: Any
    model: Any
    by: str
    only: Mapping[str, Any] = field(default_factory=dict)
    ended: Callable[[Sequence[Row]], Collection[str]] = _nothing


@dataclass(frozen=True, kw_only=True)
class UnitFiles:
    """`names(ids)`: where the containers of these units lie in the store of papers. `opened(name, rows, file)`: the
    clear bytes of one of them, through the key that the unit's rows hold; `digest(name, rows)`: the SHA-256 that they
    must have."""

    names: Callable[[Sequence[UUID]], Mapping[UUID, Sequence[str]]]
    opened: Callable[[str, Rows, Any], Iterator[bytes]]
    digest: Callable[[str, Rows], str]


_rows: dict[str, list[UnitRows]] = {}
_files: dict[str, UnitFiles] = {}
_found: dict[str, Callable[[UUID], None]] = {}


def register_unit_rows(unit: str, *rows: UnitRows) -> None:
    _rows.setdefault(unit, []).extend(rows)


def register_unit_files(unit: str, files: UnitFiles) -> None:
    if _files.setdefault(unit, files) is not files:
        raise ValueError(f"the files of {unit} are registered twice")


def register_unit_found(unit: str, find_again: Callable[[UUID], None]) -> None:
    """`find_again(id)` makes a unit findable whose rows came back from a backup; indexes are in none."""
    if _found.setdefault(unit, find_again) is not find_again:
        raise ValueError(f"{unit} is made findable twice")


def units() -> list[str]:
    """Every unit of which something is taken along, in the order of registration."""
    return list(_rows)


def rows_of_unit(unit: str) -> list[UnitRows]:
    """In the order of registration."""
    return list(_rows.get(unit, []))


def files_of_unit(unit: str) -> UnitFiles | None:
    """None for a unit without files."""
    return _files.get(unit)


def find_again(unit: str, unit_id: UUID) -> None:
    if unit in _found:
        _found[unit](unit_id)
