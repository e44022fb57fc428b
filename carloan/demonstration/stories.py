"""The loans of a lender as stories: who borrowed, for which car, on what terms, and how it went since.

A story depends on the seed, the lender, its number and `as_of`, and on nothing else that changes from run to run.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Literal

from carloan.demonstration import histories, organisations, papers, people, places, vehicles
from carloan.demonstration.lenders import Lender, Product
from carloan.loans.policies.schedule import Due, Terms, plan

SEED = "carloan-1"
Turn = Literal[
    "application", "approval", "disbursal", "declined", "withdrawn", "current", "late30", "late60", "late90", "late180",
    "settled_early", "settled_lately", "settled", "written_off",
]  # fmt: skip
# Of a thousand loans. The first fifty of a lender take the turns in this order, so that a small book has them all.
TURNS: tuple[tuple[Turn, int], ...] = (
    ("current", 521), ("late30", 70), ("late60", 45), ("late90", 30), ("late180", 40), ("application", 25),
    ("approval", 22), ("disbursal", 15), ("settled_early", 55), ("settled_lately", 30), ("settled", 95),
    ("declined", 20), ("withdrawn", 12), ("written_off", 20),
)  # fmt: skip
_OVERDUE_DAYS = {
    "late30": (1, 30),
    "late60": (31, 60),
    "late90": (61, 90),
    "late180": (91, 200),
    "written_off": (260, 420),
}
_STATES = {
    "application": "application", "approval": "approval", "disbursal": "disbursal", "declined": "declined",
    "withdrawn": "withdrawn", "settled_early": "settled", "settled_lately": "settled", "settled": "settled",
    "written_off": "written_off",
}  # fmt: skip
_METHODS = (("equal_instalment", 80), ("equal_principal", 9), ("balloon", 7), ("interest_first", 4))
# Loans of the archive are numbered from here on, however many others there are.
ARCHIVE_FROM = 90_000
_RELATIONS = ("父亲", "母亲", "哥哥", "姐姐", "朋友", "同事", "表弟")


@dataclass(frozen=True)
class Participant:
    """Somebody in a loan besides the borrower."""

    role: Literal["co_borrower", "guarantor", "emergency_contact", "owner"]
    who: people.Person | organisations.Organisation
    relation: str = ""
    guarantee: str = ""


@dataclass(frozen=True)
class Story:
    """One loan from application to where it stands on `as_of`. Money in minor units, rates in parts per million."""

    number: int
    turn: Turn
    branch: str
    product: str
    state: str
    method: str
    balloon: int
    due_day: int
    opened_on: date
    disbursed_on: date | None
    settled_on: date | None
    used: bool
    borrower: people.Person | organisations.Organisation
    participants: tuple[Participant, ...]
    deal: papers.Deal
    dues: tuple[Due, ...]
    payments: tuple[histories.Paid, ...]
    standing: histories.Standing

    @property
    def contract_no(self) -> str:
        return self.deal.contract_no

    @property
    def vehicle(self) -> vehicles.Vehicle:
        return self.deal.vehicle


class _Uniqueness:
    """No two people with one ID number, no two cars with one VIN or plate, in the whole demonstration of a lender."""

    def __init__(self) -> None:
        self.taken: set[str] = set()

    def person(
        self, random: Random, *, as_of: date, home: places.District, surname: str | None = None
    ) -> people.Person:
        while True:
            made = people.person(random, as_of=as_of, home=home, surname=surname)
            if self._claim(made.id_number, made.phone):
                return made

    def vehicle(self, random: Random, *, made: date, area: str, model: vehicles.Model) -> vehicles.Vehicle:
        while True:
            car = vehicles.vehicle(random, made=made, plate_area=area, model=model)
            if self._claim(car.vin, car.plate):
                return car

    def organisation(self, random: Random, *, as_of: date, home: places.District) -> organisations.Organisation:
        while True:
            made = organisations.organisation(random, as_of=as_of, home=home)
            if self._claim(made.uscc, made.name, made.legal_person.id_number):
                return made

    def _claim(self, *marks: str) -> bool:
        if self.taken & set(marks):
            return False
        self.taken.update(marks)
        return True


def stories(
    lender: Lender, count: int, *, as_of: date, seed: str = SEED, archived: Sequence[int] = ()
) -> Iterator[Story]:
    """The first `count` loans of a lender; a longer list begins with the shorter one. Behind them those that had ended
    so many years ago (`archived`, years)."""
    teller = _Teller(lender, as_of, seed)
    for number in range(1, count + 1):
        yield teller.story(number)
    for number, years in enumerate(archived, start=ARCHIVE_FROM + 1):
        yield teller.story(number, turn="settled", as_of=as_of - timedelta(days=years * 366))


class _Teller:
    """Tells one lender's stories in order, so that nobody and nothing appears twice."""

    def __init__(self, lender: Lender, as_of: date, seed: str) -> None:
        self.lender, self.as_of, self.seed = lender, as_of, seed
        self.unique = _Uniqueness()
        self.dealers = _dealers(lender, as_of, seed)

    def story(self, number: int, *, turn: Turn | None = None, as_of: date | None = None) -> Story:
        lender, unique = self.lender, self.unique
        as_of = as_of or self.as_of
        random = Random(f"{self.seed}|{lender.slug}|{number}")
        turn = turn or _turn(number, random)
        branch = random.choice(lender.selling)
        home = random.choice(places.districts_of(random.choice(branch.cities)))
        product = random.choices(lender.products, [product.weight for product in lender.products])[0]
        model = _model(product, random)
        price, principal = _price(product, model, random)
        terms = _terms(product, principal, turn, as_of, random)
        opened = (terms.starts_on if terms.paid_out else as_of) - timedelta(days=random.randrange(2, 16))
        company = unique.organisation(random, as_of=as_of, home=home) if random.random() < 0.07 else None
        buyer = company.legal_person if company else unique.person(random, as_of=as_of, home=home)
        made = opened - timedelta(days=random.randrange(700, 2200) if product.used else random.randrange(20, 120))
        account = histories.Account(terms.dues, terms.rate_ppm, as_of, random)
        settled_on = _live(turn, account, as_of)
        deal = papers.Deal(
            contract_no=f"{lender.prefix}{opened:%Y%m}{number:05}",
            lender=lender.legal_name,
            buyer=buyer,
            company=company,
            vehicle=unique.vehicle(random, made=made, area=home.plate, model=model),
            dealer=random.choice(self.dealers[home.city]),
            price=price,
            principal=principal,
            rate=terms.rate_ppm,
            term_months=terms.months,
            bought_on=opened - timedelta(days=1),
            signed_on=terms.starts_on - timedelta(days=1) if terms.paid_out else opened,
            settled_on=settled_on,
        )
        return Story(
            number=number,
            turn=turn,
            branch=branch.code,
            product=product.name,
            state=_STATES.get(turn, "servicing"),
            method=terms.method,
            balloon=terms.balloon,
            due_day=terms.due_day,
            opened_on=opened,
            disbursed_on=terms.starts_on if terms.paid_out else None,
            settled_on=settled_on,
            used=product.used,
            borrower=company or buyer,
            participants=self._participants(random, buyer, company, home, as_of),
            deal=deal,
            dues=terms.dues,
            payments=tuple(account.payments),
            standing=account.standing() if terms.dues else histories.Standing(),
        )

    def _participants(
        self,
        random: Random,
        buyer: people.Person,
        company: organisations.Organisation | None,
        home: places.District,
        as_of: date,
    ) -> tuple[Participant, ...]:
        def somebody(surname: str | None = None) -> people.Person:
            return self.unique.person(random, as_of=as_of, home=home, surname=surname)

        family = buyer.name[:1]
        found: list[Participant] = []
        if company:
            found.append(Participant("guarantor", buyer, "法定代表人", "joint"))
        else:
            if random.random() < 0.18:
                found.append(Participant("co_borrower", somebody(), "配偶"))
            if random.random() < 0.16:
                guarantee = random.choice(("joint", "general"))
                found.append(Participant("guarantor", somebody(family), random.choice(_RELATIONS), guarantee))
        found.append(
            Participant("emergency_contact", somebody(random.choice((family, None))), random.choice(_RELATIONS))
        )
        return tuple(found)


def _dealers(lender: Lender, as_of: date, seed: str) -> dict[str, list[organisations.Organisation]]:
    """A few dealers a city: the same names come back on many invoices."""
    random = Random(f"{seed}|{lender.slug}|dealers")

    def dealer(city: str) -> organisations.Organisation:
        home = random.choice(places.districts_of(city))
        return organisations.organisation(random, as_of=as_of, trade="dealer", home=home)

    return {city: [dealer(city) for _ in range(4)] for branch in lender.selling for city in branch.cities}


@dataclass(frozen=True)
class _Terms:
    """What was agreed; `starts_on` is the day of payment, or `as_of` while nothing is paid out."""

    rate_ppm: int
    months: int
    method: str
    balloon: int
    due_day: int
    starts_on: date
    paid_out: bool
    dues: tuple[Due, ...]


def _terms(product: Product, principal: int, turn: Turn, as_of: date, random: Random) -> _Terms:
    months = random.choice(product.terms)
    rate = random.randrange(*product.rates, 100)
    disbursed = _disbursed(turn, months, as_of, random)
    method = random.choices([name for name, _ in _METHODS], [weight for _, weight in _METHODS])[0]
    balloon = principal * random.choice((20, 30)) // 100 // 10_000 * 10_000 if method == "balloon" else 0
    due_day = random.choice((*range(1, 29), 30, 31))
    start = disbursed or as_of
    terms = Terms(principal, rate, months, method, start, due_day, balloon=balloon)  # type: ignore[arg-type]
    dues = tuple(plan(terms)) if disbursed else ()
    return _Terms(rate, months, method, balloon, due_day, start, disbursed is not None, dues)


def _turn(number: int, random: Random) -> Turn:
    if number <= 2 * len(TURNS):
        return TURNS[(number - 1) % len(TURNS)][0]
    return random.choices([turn for turn, _ in TURNS], [weight for _, weight in TURNS])[0]


def _disbursed(turn: Turn, term: int, as_of: date, random: Random) -> date | None:
    """When the money was paid out so that the story can have gone the way it went."""
    if turn in ("application", "approval", "disbursal", "declined", "withdrawn"):
        return None
    if turn in ("settled", "settled_lately"):
        age = term * 30.44 + (random.randrange(2, 20) if turn == "settled_lately" else random.randrange(60, 500))
        return as_of - timedelta(days=int(age) + 32)
    least = {"late30": 3, "late60": 5, "late90": 6, "late180": 9, "written_off": 17, "settled_early": 8}.get(turn, 1)
    months = random.randrange(least, max(least + 1, min(term - 1, 40)))
    return as_of - timedelta(days=int(months * 30.44) + random.randrange(0, 28))


def _price(product: Product, model: vehicles.Model, random: Random) -> tuple[int, int]:
    """The price paid, a share of the list price in whole yuan, and the amount lent, in whole thousands of yuan."""
    paid = random.randrange(45, 80) if product.used else random.randrange(88, 101)
    price = paid * model.price // 100 * 100
    lent = 100 - random.randrange(*product.down_payment)
    return price, price * lent // 100 // 100_000 * 100_000


def _model(product: Product, random: Random) -> vehicles.Model:
    fitting = [model for model in vehicles.MODELS if product.electric is None or model.electric == product.electric]
    return random.choices(fitting, [model.weight for model in fitting])[0]


def _live(turn: Turn, account: histories.Account, as_of: date) -> date | None:
    """Let the borrower pay as the turn wants; the answer is the day of settlement."""
    if not account.dues:
        return None
    random = account.random
    habit = random.choices([name for name, _ in histories.HABITS], [weight for _, weight in histories.HABITS])[0]
    if turn in _OVERDUE_DAYS:
        low, high = _OVERDUE_DAYS[turn]
        fitting = [at for at, due in enumerate(account.dues) if low <= (as_of - due.due_on).days <= high]
        stop = random.choice(fitting) if fitting else len(account.dues)
        histories.run(account, habit, until=stop)
        if stop < len(account.dues) and random.random() < 0.25:
            part = account.open_of(stop) * random.randrange(20, 70) // 100
            account.pay(stop, account.dues[stop].due_on + timedelta(days=1), part)
        return None
    if turn == "settled_early":
        past = sum(1 for due in account.dues if due.due_on < as_of)
        stop = random.randrange(max(1, past // 2), max(2, past))
        histories.run(account, habit, until=stop)
        on = min(as_of - timedelta(days=2), account.dues[stop - 1].due_on + timedelta(days=random.randrange(3, 26)))
        account.settle_early(on)
        return on
    histories.run(account, habit, until=len(account.dues))
    return account.payments[-1].value_on if turn in ("settled", "settled_lately") else None
