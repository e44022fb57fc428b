"""A mapping at work: one row of a file becomes what will stand in the book, with every fault of the row at once."""

import hashlib
import hmac
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from datetime import date, timedelta
from typing import Any

from carloan.core.index_keys import index_keys
from carloan.lib import dates, identity_number, money
from carloan.lib.text import fold
from carloan.loans.policies.facts import (
    Faults,
    PersonFacts,
    VehicleFacts,
    agreed_guarantee,
    day_problems,
    normal_person,
    normal_vehicle,
    person_faults,
    vehicle_faults,
)
from carloan.loans.policies.schedule import LONGEST_TERM, first_due_date, months_later

from .doubts import doubts
from .faults import MESSAGES, Fault, of_problem
from .fields import ROLES, TARGETS, Target
from .reading import Row
from .records import PERSON_COLUMNS, PersonRow, Record

# What a file may leave open: unknown then, and never nothing.
MAY_BE_UNKNOWN = ("outstanding", "overdue", "days_overdue", "periods_paid", "next_due_on", "next_due")
_SEVERAL_PHONES = re.compile(r"[,;，；、/]+")
_MONTH = re.compile(r"(\d{1,2})[/-](\d{4})|(\d{4})[/-](\d{1,2})", re.ASCII)
_MDY = re.compile(r"(?P<m>\d{1,2})[/-](?P<d>\d{1,2})[/-](?P<y>\d{4})", re.ASCII)
_DMY = re.compile(r"(?P<d>\d{1,2})[/-](?P<m>\d{1,2})[/-](?P<y>\d{4})", re.ASCII)
_INT = re.compile(r"[+-]?\d{1,9}(\.0+)?", re.ASCII)
_PLAIN_MONEY = re.compile(r"\d{1,12}(\.\d{1,2})?", re.ASCII)
_NOISE = re.compile(r"0?\.\d{12,}", re.ASCII)


class Reader:
    """A mapping made ready for one header: cells in, records out."""

    def __init__(self, spec: Mapping[str, Any], header: Sequence[str], *, today: date) -> None:
        self.today = today
        # A row is personal data of few possible values: without a key its digest could be guessed.
        self.digest_keys = {each.version: each.derived("import") for each in index_keys()}
        self.currency = str(spec.get("currency", "CNY"))
        self.percent = spec.get("rate_unit", "percent") == "percent"
        self.empty = {fold(word).upper() for word in spec.get("empty", ())}
        self.key = spec.get("identity") or {}
        self.constants = dict(spec.get("constants", {}))
        self.words = {
            name: {fold(word).upper(): value for word, value in words.items()}
            for name, words in spec.get("values", {}).items()
        }
        self.column = {name: column["column"] for name, column in spec["columns"].items()}
        self.place = {name: number for number, name in enumerate(header)}
        self.plan = [
            (name, self.place[column["column"]], self._parser(name, TARGETS[name], str(column.get("format", ""))))
            for name, column in spec["columns"].items()
        ]
        self.roles = [role for role, prefix in ROLES.items() if f"{prefix}_name" in self.column]

    def read(self, row: Row) -> Record:
        """The record of a row. With faults it is only good for telling them."""
        record = Record(row.number, list(row.faults))
        broken = {fault.column for fault in row.faults}
        if "" in broken:
            return record  # the row as a whole is damaged: its cells may stand in the wrong columns
        values: dict[str, Any] = {}
        for name, place, parser in self.plan:
            text = row.cells[place]
            if not text or (text.upper() in self.empty):
                continue
            try:
                values[name] = parser(text)
            except _Unreadable as unreadable:
                if self.column[name] not in broken:
                    record.faults.append(Fault(self.column[name], unreadable.code))
        for name, text in self.constants.items():
            if name not in values:
                values[name] = self._parser(name, TARGETS[name], "")(text)
        self._loan(record, values)
        self._people(record, values)
        self._vehicle(record, values)
        self._payment(record, values)
        if record.faults:
            record.faults.sort(key=lambda fault: self.place.get(fault.column, -1))
        else:
            record.digests = self._digests(record)
            record.warnings = doubts(record, self.column, today=self.today)
            record.warnings.sort(key=lambda doubt: self.place.get(doubt.column, -1))
        return record

    # One cell ----------------------------------------------------------------------------------------------------

    def _parser(self, name: str, target: Target, form: str) -> Callable[[str], Any]:
        if target.kind == "money":
            return _money
        if target.kind == "rate":
            return self._rate
        if target.kind == "int":
            return _whole
        if target.kind == "date":
            day_of = {"month": _month, "mdy": _mdy, "dmy": _dmy}.get(form, _day)
            return lambda text: _within(day_of(text))
        if target.kind == "choice":
            known = {**{choice.upper(): choice for choice in target.choices}, **self.words.get(name, {})}
            return lambda text: _choice(known, text)
        return lambda text: _text(text, target.longest)

    def _rate(self, text: str) -> int:
        try:
            if _NOISE.fullmatch(text):
                # A binary fraction written out in full (0.053900000000000003): the noise is cut off behind 12 places.
                text = f"{round(int(text.partition('.')[2][:14].ljust(14, '0')), -4):014d}"
                text = f"0.{text}"
            if self.percent and "%" not in text and "‰" not in text:
                ppm = money.parse_rate(f"{text}%")
                if 0 < ppm < 1_000:
                    raise _Unreadable("rate_unit")
                return ppm
            return money.parse_rate(text)
        except ValueError as error:
            raise _Unreadable("rate") from error

    # One record --------------------------------------------------------------------------------------------------

    def _missing(self, record: Record, *names: str) -> None:
        told = {fault.column for fault in record.faults}
        for name in names:
            column = self.column.get(name, "")
            if column not in told or not column:
                record.faults.append(Fault(column, "missing"))

    def _fault(self, record: Record, name: str, code: str) -> None:
        record.faults.append(Fault(self.column.get(name, ""), code))

    def _loan(self, record: Record, values: dict[str, Any]) -> None:
        if self.key:
            parts = [values.get(name) for name in self.key["fields"]]
            if None not in parts:
                digest = hashlib.sha256("\x1f".join(map(str, parts)).encode()).hexdigest()
                values["contract_no"] = f"{self.key.get('prefix', '')}{digest[:14].upper()}"
        record.contract_no = values.get("contract_no", "")
        needed = [name for name in ("principal", "rate", "term", "disbursed_on") if name not in values]
        if not record.contract_no:
            needed += [name for name in self.key.get("fields", ("contract_no",)) if name not in values]
        if needed:
            self._missing(record, *dict.fromkeys(needed))
            return
        self._amounts(record, values)
        self._days(record, values)
        if not record.faults:
            self._terms(record, values)

    def _amounts(self, record: Record, values: dict[str, Any]) -> None:
        if values["principal"] <= 0:
            self._fault(record, "principal", "zero_amount")
        if not 1 <= values["term"] <= LONGEST_TERM:
            self._fault(record, "term", "term")
        for name in ("outstanding", "overdue", "next_due", "balloon"):
            if values.get(name, 0) < 0:
                self._fault(record, name, "negative_amount")
        for name in ("days_overdue", "periods_paid", "remaining_term"):
            if not 0 <= values.get(name, 0) <= 36_500:
                self._fault(record, name, "too_many")
        if not 1 <= values.get("due_day", 1) <= 31:
            self._fault(record, "due_day", "too_many")

    def _days(self, record: Record, values: dict[str, Any]) -> None:
        start = values["disbursed_on"]
        for name in ("first_due_on", "matures_on", "as_of"):
            if name in values and values[name] < start:
                self._fault(record, name, "date_order")
        for name in ("disbursed_on", "as_of"):
            # A day's grace for books that close behind the date line.
            if name in values and values[name] > self.today + timedelta(days=1):
                self._fault(record, name, "future")

    def _terms(self, record: Record, values: dict[str, Any]) -> None:
        start, term = values["disbursed_on"], values["term"]
        due_day = values.get("due_day") or values.get("first_due_on", start).day
        first = values.get("first_due_on") or first_due_date(start, due_day)
        matures = values.get("matures_on") or months_later(first, term - 1, due_day)
        if day_problems(matures):
            self._fault(record, "term", "date_range")
        # An empty cell of a mapped column makes the figure unknown as of the row's day; a column that is not there
        # leaves the book as it is.
        told = {name for name in MAY_BE_UNKNOWN if name in self.column} | set(values)
        record.given = frozenset(told | {"currency", "rate_ppm"})
        record.branch, record.officer = values.get("branch", ""), values.get("officer", "")
        record.values = {
            "external_no": values.get("external_no", ""),
            "product": values.get("product", ""),
            "state": values.get("state") or ("settled" if values.get("outstanding") == 0 else "servicing"),
            "currency": self.currency,
            "principal": values["principal"],
            "rate_ppm": values["rate"],
            "term": term,
            "method": values.get("method", "equal_instalment"),
            "balloon": values.get("balloon", 0),
            "due_day": due_day,
            "opened_on": start,
            "disbursed_on": start,
            "first_due_on": first,
            "matures_on": matures,
            **{name: values.get(name) for name in MAY_BE_UNKNOWN},
            "as_of": values.get("as_of"),
        }
        record.position = {
            **{name: record.values[name] for name in MAY_BE_UNKNOWN},
            "as_of": values.get("as_of", self.today),
            "remaining_term": values.get("remaining_term"),
        }

    def _people(self, record: Record, values: dict[str, Any]) -> None:
        for role in self.roles:
            prefix = ROLES[role]
            name, number = values.get(f"{prefix}_name", ""), values.get(f"{prefix}_id", "")
            phone = values.get(f"{prefix}_phone", "")
            if not name and not number and (role != "borrower" or not self.column):
                if role == "guarantor" and values.get("guarantee"):
                    self._fault(record, "guarantor_name", "guarantor_incomplete")
                continue
            if not name:
                self._missing(record, f"{prefix}_name")
                continue
            facts = normal_person(
                PersonFacts(
                    name=name,
                    id_number=number,
                    id_kind="resident"
                    if len(identity_number.normalise(number)) in (15, 18) and _is_resident(number)
                    else "none",
                    phones=tuple(_SEVERAL_PHONES.split(phone)) if phone else (),
                    address=values.get(f"{prefix}_address", ""),
                    employer=values.get(f"{prefix}_employer", ""),
                )
            )
            self._tell(
                record,
                person_faults(facts, today=self.today),
                {key: f"{prefix}_{tail}" for key, tail in PERSON_COLUMNS.items()},
            )
            guarantee = agreed_guarantee(role, values.get("guarantee", ""))
            relation = values.get("contact_relation", "") if role == "emergency_contact" else ""
            record.people.append(PersonRow(role, facts, guarantee, relation))

    def _vehicle(self, record: Record, values: dict[str, Any]) -> None:
        known = {spec.name: values[spec.name] for spec in fields(VehicleFacts) if spec.name in values}
        if not known:
            return
        record.vehicle = normal_vehicle(VehicleFacts(**known))
        self._tell(record, vehicle_faults(record.vehicle, today=self.today), {})

    def _payment(self, record: Record, values: dict[str, Any]) -> None:
        amount = values.get("paid")
        if not amount:
            return
        record.paid = amount
        parts = {part: values.get(f"paid_{part}") for part in ("interest", "principal", "penalty", "other")}
        given = {part: value for part, value in parts.items() if value is not None}
        if amount < 0 or min(given.values(), default=0) < 0:
            self._fault(record, "paid", "negative_amount")
        elif given and sum(given.values()) != amount:
            self._fault(record, "paid", "payment_parts")
        paid_on = values.get("paid_on") or values.get("as_of")
        if paid_on is None:
            self._missing(record, "paid_on")
            return
        record.payment = {
            "amount": amount,
            **{part: value or 0 for part, value in parts.items()},
            "unallocated": 0 if given else amount,
            "value_on": paid_on,
            "reference": f"IMPORT-{paid_on:%Y%m%d}",
        }

    def _tell(self, record: Record, faults: Faults, columns: Mapping[str, str]) -> None:
        for name, problems in faults.items():
            column = self.column.get(columns.get(name, name), "")
            for problem in problems:
                record.faults.append(
                    Fault(column, problem.code) if problem.code in MESSAGES else of_problem(column, problem)
                )

    def _digests(self, record: Record) -> dict[int, bytes]:
        position = dict(record.position or {})
        if record.values["as_of"] is None:
            # Not in the file: the day of reading must not make the same file look new tomorrow.
            position.pop("as_of")
        state = repr(
            (record.values, record.branch, record.officer, record.people, record.vehicle, position, record.payment)
        )
        row = state.encode()
        return {version: hmac.digest(key, row, "sha256")[:16] for version, key in self.digest_keys.items()}


class _Unreadable(Exception):
    """A cell that its parser refuses."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def _is_resident(number: str) -> bool:
    return identity_number.normalise(number)[:17].isdigit()


def _money(text: str) -> int:
    if _PLAIN_MONEY.fullmatch(text):
        whole, _, fraction = text.partition(".")
        return int(whole) * 100 + int(fraction.ljust(2, "0") or 0)
    try:
        return money.parse(text)
    except ValueError as error:
        raise _Unreadable("amount") from error


def _whole(text: str) -> int:
    folded = text if text.isascii() else fold(text)
    folded = folded.removesuffix("期").removesuffix("天").removesuffix("个月").removesuffix("月")
    if not _INT.fullmatch(folded):
        raise _Unreadable("number")
    return int(folded.partition(".")[0])


def _day(text: str) -> date:
    try:
        if len(text) == 10 and text[4] == text[7] == "-" and text.isascii():
            return date.fromisoformat(text)
        return dates.parse(text)
    except ValueError as error:
        raise _Unreadable("date") from error


def _within(day: date) -> date:
    if day_problems(day):
        raise _Unreadable("date_range")
    return day


def _month(text: str) -> date:
    match = _MONTH.fullmatch(text)
    if not match:
        return _day(text)
    month, year = (match[1], match[2]) if match[1] else (match[4], match[3])
    return _built(int(year), int(month), 1)


def _mdy(text: str) -> date:
    match = _MDY.fullmatch(text)
    return _built(int(match["y"]), int(match["m"]), int(match["d"])) if match else _day(text)


def _dmy(text: str) -> date:
    match = _DMY.fullmatch(text)
    return _built(int(match["y"]), int(match["m"]), int(match["d"])) if match else _day(text)


def _built(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError as error:
        raise _Unreadable("date") from error


def _choice(known: Mapping[str, str], text: str) -> str:
    try:
        return known[fold(text).upper()]
    except KeyError as error:
        raise _Unreadable("unknown_value") from error


def _text(text: str, longest: int) -> str:
    folded = fold(text)
    if len(folded) > longest:
        raise _Unreadable("too_long")
    return folded
