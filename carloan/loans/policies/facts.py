"""What the book accepts about people, cars and terms: normal forms and faults, for forms, API and imports alike."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from django.utils.translation import gettext_lazy as _

from carloan.lib import identity_number, mobile, plates, uscc, vin
from carloan.lib.masks import STAR
from carloan.lib.problems import Problem
from carloan.lib.text import fold, fold_key

Faults = dict[str, list[Problem]]

# No car loan of a Chinese lender is older than the first rules for them (1998), and the longest one that begins today
# ends long before 2100. What lies outside is a slip of the hand, and breaks every calendar that is drawn from it.
FIRST_DAY, LAST_DAY = date(1990, 1, 1), date(2100, 12, 31)
FIRST_MODEL_YEAR = 1950
LONGEST_NAME = 120
LONGEST_TEXT = 300
# What of a car is not sealed.
VEHICLE_PLAIN = ("make", "model", "model_year", "condition", "use", "price")
# Each has keys of their own, entered in one act; no loan has so many.
MOST_PEOPLE = 50


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """A party as somebody entered it; empty strings are what is not known."""

    name: str
    kind: str = "person"
    id_kind: str = "none"
    id_number: str = ""
    phones: tuple[str, ...] = ()
    address: str = ""
    employer: str = ""
    occupation: str = ""


@dataclass(frozen=True, slots=True)
class VehicleFacts:
    """A car as somebody entered it; price in minor units."""

    vin: str = ""
    plate: str = ""
    engine_no: str = ""
    make: str = ""
    model: str = ""
    model_year: int | None = None
    condition: str = "unknown"
    use: str = "unknown"
    price: int | None = None

    def __bool__(self) -> bool:
        return bool(self.vin or self.plate or self.engine_no or self.make or self.model)


def day_problems(day: date | None) -> list[Problem]:
    """Why a day cannot stand in the book; one that is not known can."""
    if day is None or FIRST_DAY <= day <= LAST_DAY:
        return []
    return [Problem("date_range", _("A date must lie between 1990 and 2100."))]


def days_faults(days: Mapping[str, date | None]) -> Faults:
    """The days of a loan or payment that cannot stand in the book, by field."""
    return {name: found for name, day in days.items() if (found := day_problems(day))}


def id_kind_of(number: str) -> str:
    """The kind of document that a normalised number most likely is."""
    if not number:
        return "none"
    if not identity_number.problems(number):
        return "resident"
    if not uscc.problems(number):
        return "uscc"
    return "resident" if len(number) in (15, 18) and number[:6].isdigit() and number[:17].isdigit() else "other"


def normal_id_number(kind: str, number: str) -> str:
    """One person, one number: the 15-digit form becomes the 18-digit one."""
    if kind == "resident":
        number = identity_number.normalise(number)
        return (
            identity_number.upgrade(number) if len(number) == 15 and number.isascii() and number.isdigit() else number
        )
    return uscc.normalise(number) if kind == "uscc" else fold_key(number)


def normal_person(facts: PersonFacts) -> PersonFacts:
    """The facts in the form that is stored and compared; the number tells the kind of document."""
    kind = facts.id_kind
    if facts.id_number and kind == "none":
        kind = id_kind_of(identity_number.normalise(facts.id_number))
    phones = dict.fromkeys(mobile.normalise(phone) for phone in facts.phones if phone.strip())
    return replace(
        facts,
        name=fold(facts.name),
        kind="organisation" if kind == "uscc" else facts.kind,
        id_kind=kind if facts.id_number else "none",
        id_number=normal_id_number(kind, facts.id_number) if facts.id_number else "",
        phones=tuple(phone for phone in phones if phone),
        address=fold(facts.address),
        employer=fold(facts.employer),
        occupation=fold(facts.occupation),
    )


def person_faults(facts: PersonFacts, *, today: date) -> Faults:
    """Why a normalised person cannot stand in the book, by field; empty when it can."""
    faults: Faults = {}
    if not facts.name:
        faults["name"] = [Problem("name_missing", _("The name is missing."))]
    elif len(facts.name) > LONGEST_NAME:
        faults["name"] = [Problem("too_long", _("This is too long."))]
    if found := _number_problems(facts, today):
        faults["id_number"] = found
    for phone in facts.phones:
        if found := mobile.problems(phone):
            faults["phone"] = found
    for name in ("address", "employer", "occupation"):
        if len(getattr(facts, name)) > (60 if name == "occupation" else LONGEST_TEXT):
            faults[name] = [Problem("too_long", _("This is too long."))]
    return faults | _masked(facts, ("name", "id_number", "address", "employer", "occupation"))


def _masked(facts: PersonFacts | VehicleFacts, names: tuple[str, ...]) -> Faults:
    """A masked value that comes back must never replace the real one: stars stand in no name, address or number."""
    return {
        name: [Problem("masked", _("This is a masked value. Leave the field as it was, or type the whole value."))]
        for name in names
        if STAR in getattr(facts, name)
    }


def _number_problems(facts: PersonFacts, today: date) -> list[Problem]:
    if facts.id_kind == "resident":
        return identity_number.problems(facts.id_number, today=today)
    if facts.id_kind == "uscc":
        return uscc.problems(facts.id_number)
    if facts.id_number and not 4 <= len(facts.id_number) <= 40:
        return [Problem("id_length_other", _("A document number has 4 to 40 characters."))]
    return []


def agreed_guarantee(role: str, guarantee: str) -> str:
    """The kind of a guarantor's guarantee: without a clear agreement a general one (民法典 686). Others give none."""
    return (guarantee or "general") if role == "guarantor" else ""


def contact_kind(number: str) -> str:
    """As what a normalised telephone number is kept: mobile, or the line at home or (hotlines) at work."""
    return {"mobile": "mobile", "service": "work"}.get(mobile.kind(number), "home")


def normal_vehicle(facts: VehicleFacts) -> VehicleFacts:
    """The facts in the form that is stored and compared."""
    return replace(
        facts,
        vin=vin.normalise(facts.vin),
        plate=plates.normalise(facts.plate),
        engine_no=fold_key(facts.engine_no),
        make=fold(facts.make),
        model=fold(facts.model),
    )


def vehicle_faults(facts: VehicleFacts, *, today: date) -> Faults:
    """Why a normalised car cannot stand in the book, by field."""
    faults: Faults = {}
    if facts.vin and (found := vin.problems(facts.vin)):
        faults["vin"] = found
    if facts.plate and (found := plates.problems(facts.plate)):
        faults["plate"] = found
    if facts.model_year is not None and not FIRST_MODEL_YEAR <= facts.model_year <= today.year + 2:
        faults["model_year"] = [Problem("model_year", _("This model year is impossible."))]
    if facts.price is not None and facts.price < 0:
        faults["price"] = [Problem("negative_amount", _("The amount is less than zero."))]
    for name, limit in (("engine_no", 40), ("make", 60), ("model", 80)):
        if len(getattr(facts, name)) > limit:
            faults[name] = [Problem("too_long", _("This is too long."))]
    return faults | _masked(facts, ("vin", "plate", "engine_no"))
