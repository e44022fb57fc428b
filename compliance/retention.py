"""What is kept by the rules of retention: the app that owns the rows registers its record classes and their clocks.

A record class (档案门类) is a kind of record of one unit: the loan, or the person. A unit is what one key seals, hence
what is destroyed at once. The clock of a class says, for each unit that has such records, since when its time runs.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from carloan.compliance.policies.floors import Nature


@dataclass(frozen=True, kw_only=True)
class RecordClass:
    """`clocks` is a query with the columns of `CLOCK`, one row a unit whose time runs; it takes `%(tenant)s` and
    `%(now)s`, begins with SELECT and groups by nothing but `object_id`, so that one unit can be asked for cheaply.

    CLOCK: `object_id`; `trigger`, what set the time going, one of `triggers`; `since`, that day; `lawful_since`, from
    when the law counts, NULL while it does not count yet; `today`, the local day of the unit's place.

    Every ended unit has records of one of its `anchor` classes; without a row of any the unit is alive.
    """

    code: str
    label: Any
    unit: str
    nature: Nature
    triggers: Mapping[str, Any]
    clocks: str
    anchor: bool = False


_units: dict[str, Any] = {}
_classes: dict[str, RecordClass] = {}


def register_unit(code: str, label: Any) -> None:
    """A kind of unit, by the name of its kind of key, and what people call a list of them. Its destroyer, its holdable
    and its rows are registered under the same code."""
    if _units.setdefault(code, label) is not label:
        raise ValueError(f"the unit {code} is registered twice")


def units() -> dict[str, Any]:
    """The label of every kind of unit, in the order of registration."""
    return dict(_units)


def register_record_class(record_class: RecordClass) -> None:
    """Raises ValueError for a unit that nobody registered, and for a second class of this name."""
    if record_class.unit not in _units:
        raise ValueError(f"{record_class.code} belongs to the unit {record_class.unit}, which nobody registered")
    if _classes.setdefault(record_class.code, record_class) is not record_class:
        raise ValueError(f"the record class {record_class.code} is registered twice")


def record_classes() -> list[RecordClass]:
    """In the order of registration: the apps' order, then each app's own."""
    return list(_classes.values())


def record_class(code: str) -> RecordClass:
    """Raises KeyError for a class that no app has: default is refusal."""
    return _classes[code]


def class_label(code: str) -> str:
    return str(_classes[code].label) if code in _classes else code


def trigger_label(code: str) -> str:
    return next((str(each.triggers[code]) for each in _classes.values() if code in each.triggers), code)


def classes_of(unit: str) -> list[RecordClass]:
    """The classes whose records go when such a unit is destroyed."""
    return [each for each in _classes.values() if each.unit == unit]
