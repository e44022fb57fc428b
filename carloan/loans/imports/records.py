"""What a row of a file says, once it is read."""

from dataclasses import dataclass, field
from typing import Any

from carloan.loans.policies.facts import PersonFacts, VehicleFacts

from .faults import Fault

PERSON_COLUMNS = {"name": "name", "id_number": "id", "phone": "phone", "address": "address", "employer": "employer"}


@dataclass(frozen=True, slots=True)
class PersonRow:
    role: str
    facts: PersonFacts
    guarantee: str = ""
    relation: str = ""


@dataclass(slots=True)
class Record:
    """What a row says. Money in minor units; `values` are columns of Loan, of which the file states those `given`;
    `digests` tell two states of a row apart, by version of the lender's index key, the newest first."""

    number: int
    faults: list[Fault] = field(default_factory=list)
    warnings: list[Fault] = field(default_factory=list)
    contract_no: str = ""
    values: dict[str, Any] = field(default_factory=dict)
    given: frozenset[str] = frozenset()
    branch: str = ""
    officer: str = ""
    people: list[PersonRow] = field(default_factory=list)
    vehicle: VehicleFacts = field(default_factory=VehicleFacts)
    position: dict[str, Any] | None = None
    payment: dict[str, Any] | None = None
    paid: int = 0
    digests: dict[int, bytes] = field(default_factory=dict)

    @property
    def digest(self) -> bytes:
        """Under the newest version; empty for a row with faults."""
        return next(iter(self.digests.values()), b"")
