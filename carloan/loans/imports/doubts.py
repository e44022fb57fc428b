"""What is doubtful in a row that is accepted: it is booked as it stands, and told beside the faults of other rows."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from carloan.lib import mobile, vin
from carloan.loans.policies.facts import VehicleFacts
from carloan.loans.policies.schedule import months_later

from .faults import Fault
from .fields import ROLES
from .records import PersonRow, Record

# What courts no longer enforce (民间借贷) and no bank asks: four times any car loan, so most likely a slip.
HIGHEST_RATE = 360_000
# A first or last period may be odd.
ODD_MONTHS = 1
# Extensions move the last due day and leave the agreed number of months as it was; more than this is a slip.
EXTENDED_MONTHS = 6
OF_AGE = 18


def doubts(record: Record, columns: Mapping[str, str], *, today: date) -> list[Fault]:
    """Every doubt about a record without faults. `columns` are the headers by field: what the file does not tell is
    no ground for one."""
    found = [*_of_terms(record), *_of_balances(record, columns, today), *_of_people(record)]
    if record.vehicle:
        found += _of_car(record.vehicle)
    return [Fault(columns.get(name, ""), code) for name, code in found]


def _of_terms(record: Record) -> Iterator[tuple[str, str]]:
    values = record.values
    if values["rate_ppm"] > HIGHEST_RATE:
        yield "rate", "rate_high"
    if not _matures_in_time(values):
        yield "matures_on", "maturity_differs"
    if (values["periods_paid"] or 0) > values["term"]:
        yield "periods_paid", "periods_high"


def _matures_in_time(values: Mapping[str, Any]) -> bool:
    """Lenders count the months of a loan from its first due day or from the day it was paid out: either will do."""
    day, term = values["due_day"], values["term"]
    ends = (months_later(values["first_due_on"], term - 1, day), months_later(values["disbursed_on"], term, day))
    earliest = months_later(min(ends), -ODD_MONTHS, day)
    latest = months_later(max(ends), ODD_MONTHS + EXTENDED_MONTHS, day)
    return bool(earliest <= values["matures_on"] <= latest)


def _of_balances(record: Record, columns: Mapping[str, str], today: date) -> Iterator[tuple[str, str]]:
    values = record.values
    if (values["outstanding"] or 0) > values["principal"]:
        yield "outstanding", "outstanding_high"
    if values["overdue"] and values["outstanding"] == 0:
        yield "overdue", "overdue_settled"
    if "days_overdue" not in columns:
        return
    if values["days_overdue"] and not values["overdue"] and "overdue" in columns:
        yield "days_overdue", "days_without_amount"
    if values["overdue"] and not values["days_overdue"]:
        yield "overdue", "amount_without_days"
    late = values["matures_on"] < (values["as_of"] or today)
    if late and values["outstanding"] and not values["days_overdue"]:
        yield "matures_on", "matured"


def _of_people(record: Record) -> Iterator[tuple[str, str]]:
    borrower = next((person for person in record.people if person.role == "borrower"), None)
    known = frozenset(borrower.facts.phones) if borrower else frozenset()
    for person in record.people:
        prefix = ROLES[person.role]
        facts = person.facts
        if facts.kind == "person" and any(char.isdigit() for char in facts.name):
            yield f"{prefix}_name", "name_digits"
        elif len(facts.name) == 1:
            yield f"{prefix}_name", "name_short"
        if any(mobile.kind(phone) == "service" for phone in facts.phones):
            yield f"{prefix}_phone", "phone_service"
        if person is not borrower and known & set(facts.phones):
            yield f"{prefix}_phone", "phone_same"
    if borrower and _is_minor(borrower, record.values["disbursed_on"]):
        yield "borrower_id", "borrower_young"


def _is_minor(person: PersonRow, on: date) -> bool:
    if person.facts.id_kind != "resident":
        return False
    # Year, month and day compare as text, leap days included.
    return f"{on.year - OF_AGE:04d}{on:%m%d}" < person.facts.id_number[6:14]


def _of_car(car: VehicleFacts) -> Iterator[tuple[str, str]]:
    if not car.vin:
        return
    if vin.problems(car.vin, check=True):
        yield "vin", "vin_foreign"
    elif car.model_year is not None:
        years = vin.parse(car.vin).model_years
        # A model year begins in the year before it.
        if years and all(abs(car.model_year - year) > 1 for year in years):
            yield "model_year", "model_year_differs"
