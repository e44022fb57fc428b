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
    `digest` tells two states of a row apart."""

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
    digest: bytes = b""
