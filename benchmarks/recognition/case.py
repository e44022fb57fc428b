"""One invented deal with all that its papers name. Each split invents its own people, places, makes and lenders."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random
from typing import Final

from carloan.lib import money

FAULTS: Final = ("id_check", "vin_check", "words_differ", "dates_out_of_order")


@dataclass(frozen=True)
class Party:
    """A person or a company. `paper` is what proves who it is."""

    name: str
    number: str
    address: str
    phone: str
    paper: str = "居民身份证"
    sex: str = "男"
    representative: str = ""

    @property
    def is_company(self) -> bool:
        return self.paper != "居民身份证"


@dataclass(frozen=True)
class Car:
    plate: str
    vin: str
    engine_no: str
    engine_model: str
    brand: str
    model: str
    vehicle_type: str
    colour: str
    maker: str
    origin: str
    fuel: str
    displacement: str
    power: str
    seats: int
    mass: int
    size: str
    wheelbase: int
    use_character: str
    made_on: date
    certificate_no: str


@dataclass(frozen=True)
class Company:
    """What a business licence says. `capital` in minor units; `valid_to` None is without end."""

    name: str
    uscc: str
    enterprise_type: str
    legal_representative: str
    capital: int
    established_on: date
    valid_to: date | None
    address: str
    scope: str
    authority: str
    issued_on: date
    number: str


@dataclass(frozen=True)
class Policy:
    """`sums`: what is insured, the sum in minor units and the premium in minor units of each part."""

    insurer: Party
    policy_no: str
    premium: int
    tax_paid: int
    valid_from: date
    valid_to: date
    issued_on: date
    sums: tuple[tuple[str, int, int], ...]


@dataclass(frozen=True)
class Case:
    """Money in minor units, `rate` in parts per million a year."""

    borrower: Party
    co_borrower: Party
    lender: Party
    dealer: Party
    car: Car
    company: Company
    compulsory: Policy
    commercial: Policy
    authority: str
    register_date: date
    contract_no: str
    mortgage_no: str
    price: int
    principal: int
    rate: int
    term_months: int
    signed_on: date
    account: str
    mortgage_date: date
    release_date: date
    settled_on: date
    settlement_no: str
    # Printed where the principal stands in capitals; a fault lets it say something else.
    principal_in_words: str
    faults: tuple[str, ...] = ()

    @property
    def last_due(self) -> date:
        months = self.signed_on.month - 1 + self.term_months
        return date(self.signed_on.year + months // 12, months % 12 + 1, min(self.signed_on.day, 28))


def spoil(case: Case, fault: str) -> Case:
    """The same deal with one thing wrong that a check must find. Raises ValueError for a fault nobody knows."""
    made = replace(case, faults=(*case.faults, fault))
    if fault == "id_check":
        return replace(made, borrower=replace(case.borrower, number=_off_by_one(case.borrower.number)))
    if fault == "vin_check":
        return replace(made, car=replace(case.car, vin=_off_by_one(case.car.vin)))
    if fault == "words_differ":
        return replace(made, principal_in_words=money.to_capitals(case.principal + 1_000_000))
    if fault == "dates_out_of_order":
        # What ends ends before it began.
        early = case.mortgage_date - timedelta(days=40)
        swapped = [
            replace(policy, valid_from=policy.valid_to, valid_to=policy.valid_from)
            for policy in (case.compulsory, case.commercial)
        ]
        return replace(made, release_date=early, compulsory=swapped[0], commercial=swapped[1])
    raise ValueError(fault)


def _off_by_one(number: str) -> str:
    """The number with its last digit but one changed: a slip the check digit shows."""
    place = max(index for index, sign in enumerate(number[:-1]) if sign.isdigit())
    return number[:place] + str((int(number[place]) + 1) % 10) + number[place + 1 :]


def schedule(random: Random, *, as_of: date, term_months: int) -> tuple[date, date, date, date]:
    """Signed, registered, mortgaged and settled, in the order in which it happens."""
    signed = as_of - timedelta(days=random.randrange(500, 1800))
    registered = signed + timedelta(days=random.randrange(2, 12))
    mortgaged = registered + timedelta(days=random.randrange(1, 25))
    settled = min(as_of - timedelta(days=5), signed + timedelta(days=random.randrange(360, term_months * 30 + 361)))
    return signed, registered, mortgaged, settled
