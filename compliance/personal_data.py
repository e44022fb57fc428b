"""What the installation holds of a person: the app that owns the rows gathers them for the person's own copy (PIPL 45).

A gatherer tells what concerns this person and nothing of anybody else: values of other people leave it masked. What
the person gave, or was collected under a contract with them, goes along when they have their data transferred to
another handler (PIPL 45 para. 3). What the lender made of it, and whatever is not named here, stays.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Datum:
    """One value: the name that machines know it by, what people call it, and what it says."""

    name: str
    label: str
    value: str


Record = Sequence[Datum]
Gatherer = Callable[[UUID], Iterable[Record]]


@dataclass(frozen=True, slots=True)
class Section:
    """A kind of record, such as loans or payments. `gather(party_id)` is asked by the installation, not by a person.

    `transfers` names the values that a transfer carries; a section without any stays behind."""

    code: str
    label: Any
    gather: Gatherer
    transfers: frozenset[str] = frozenset()


# The section in which the person is named.
IDENTITY: Final = "identity"
_sections: dict[str, Section] = {}


def register_personal_data(code: str, label: Any, gather: Gatherer, *, transfers: Iterable[str] = ()) -> None:
    if code in _sections:
        raise ValueError(f"{code} is gathered twice")
    _sections[code] = Section(code, label, gather, frozenset(transfers))


def sections() -> list[Section]:
    """In the order of registration: compliance, then the apps above it in theirs."""
    return list(_sections.values())


def sections_of_transfer() -> list[Section]:
    """Those of which something goes along with a transfer."""
    return [section for section in sections() if section.transfers]


def name_of(party_id: UUID) -> str:
    """What the person is called, in clear: for a letter to them. Raises KeyDestroyed of one who is gone."""
    told = (one for record in _sections[IDENTITY].gather(party_id) for one in record)
    return next((one.value for one in told if one.name == "name"), "")


def record(*values: tuple[str, Any, Any]) -> list[Datum]:
    """A record of (name, label, value); what is empty is left out."""
    return [Datum(name, str(label), str(value)) for name, label, value in values if value not in (None, "")]


Entry = Callable[..., UUID]
_entry: list[Entry] = []


def register_entry(enter: Entry) -> None:
    """`enter(actor=, name=, id_number=, phone=)`: the id of a person whom nobody found by a loan, known or new."""
    if _entry:
        raise ValueError("people are entered in one place")
    _entry.append(enter)


def entry() -> Entry:
    return _entry[0]
