"""Repayment plans: pure integer arithmetic in minor units, sums exact to the last one.

Interest of a period is the balance x yearly rate / 12, rounded half up; the last instalment takes what rounding left.
A first period that is not one month long bears interest by days (actual/360). Due days 29 to 31 fall on the last day of
shorter months and return to their own day afterwards.
"""

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Literal

from django.utils.translation import gettext_lazy as _

from carloan.lib.problems import Problem

from .facts import day_problems

Method = Literal["equal_instalment", "equal_principal", "interest_first", "balloon", "custom"]

PPM = 1_000_000
MONTHS = 12
LONGEST_TERM = 480
LARGEST_PRINCIPAL = 10**15


@dataclass(frozen=True, slots=True)
class Terms:
    """What a plan follows from, money in minor units. `balloon` is the principal left for the last day."""

    principal: int
    rate_ppm: int
    term: int
    method: Method
    starts_on: date
    due_day: int
    first_due_on: date | None = None
    balloon: int = 0


@dataclass(frozen=True, slots=True)
class Due:
    """One instalment: when, how much principal, interest and fee, and the principal that is open afterwards."""

    number: int
    due_on: date
    principal: int
    interest: int
    balance: int
    fee: int = 0

    @property
    def total(self) -> int:
        return self.principal + self.interest + self.fee


class ImpossibleTerms(ValueError):
    """No plan follows from these terms; `problems` says why for people."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(problems[0].code)
        self.problems = problems


def on_day(year: int, month: int, day: int) -> date:
    """The due day in a month: its last day where the month is shorter."""
    return date(year, month, min(day, calendar.monthrange(year, month)[1]))


def months_later(start: date, months: int, day: int) -> date:
    """`day` in the month that comes `months` after the month of `start`."""
    month = start.year * MONTHS + start.month - 1 + months
    return on_day(month // MONTHS, month % MONTHS + 1, day)


def first_due_date(starts_on: date, due_day: int) -> date:
    """The usual first due date: the due day of the month after the money was paid out."""
    return months_later(starts_on, 1, due_day)


def _first(terms: Terms) -> date:
    return terms.first_due_on or first_due_date(terms.starts_on, terms.due_day)


def problems(terms: Terms) -> list[Problem]:
    """Why no plan follows from these terms; empty when one does."""
    first = terms.first_due_on or terms.starts_on
    checks = (
        (0 < terms.principal <= LARGEST_PRINCIPAL, Problem("principal", _("The amount must be more than zero."))),
        (0 <= terms.rate_ppm <= PPM, Problem("rate", _("The yearly rate must lie between 0 and 100 %."))),
        (1 <= terms.term <= LONGEST_TERM, Problem("term", _("The term must lie between 1 and 480 months."))),
        (1 <= terms.due_day <= 31, Problem("due_day", _("The due day must lie between 1 and 31."))),
        (terms.method != "custom", Problem("method", _("An individual plan has no formula: give its instalments."))),
        (
            terms.balloon == 0 if terms.method != "balloon" else 0 < terms.balloon < terms.principal,
            Problem(
                "balloon", _("A balloon is more than zero and less than the amount, and stands in balloon loans only.")
            ),
        ),
        (first >= terms.starts_on, Problem("first_due_on", _("The first due date lies before the day of payment."))),
    )
    return [problem for good, problem in checks if not good] or _calendar_problems(terms)


def _calendar_problems(terms: Terms) -> list[Problem]:
    """Days of possible terms that the book does not take; the last due date is the fault of the term."""
    for code, day in (("first_due_on", terms.starts_on), ("first_due_on", terms.first_due_on)):
        if found := day_problems(day):
            return [Problem(code, problem.message) for problem in found]
    last = months_later(_first(terms), terms.term - 1, terms.due_day)
    return [Problem("term", problem.message) for problem in day_problems(last)]


def plan(terms: Terms) -> list[Due]:
    """The instalments of a loan. Raises ImpossibleTerms when the terms contradict themselves."""
    if found := problems(terms):
        raise ImpossibleTerms(found)
    first = _first(terms)
    dates = [first, *(months_later(first, step, terms.due_day) for step in range(1, terms.term))]
    level = _level_payment(terms)
    dues: list[Due] = []
    balance = terms.principal
    for number, due_on in enumerate(dates, start=1):
        monthly = _share(balance * terms.rate_ppm, MONTHS * PPM)
        principal = balance if number == terms.term else min(balance, max(0, _principal(terms, level, monthly)))
        interest = _broken_interest(terms, first, balance, monthly) if number == 1 else monthly
        balance -= principal
        dues.append(Due(number, due_on, principal, interest, balance))
    return dues


def custom_plan(principal: int, rows: Sequence[tuple[date, int, int]]) -> list[Due]:
    """An individual plan of (due date, principal, interest). Raises ImpossibleTerms unless it sums and runs on."""
    found = []
    if not rows:
        found.append(Problem("instalments", _("A plan needs at least one instalment.")))
    if sum(part for _day, part, _interest in rows) != principal:
        found.append(Problem("sum", _("The principal of the instalments does not add up to the amount of the loan.")))
    if any(part < 0 or interest < 0 for _day, part, interest in rows):
        found.append(Problem("negative", _("An instalment is less than zero.")))
    if any(later <= earlier for (earlier, *_rest), (later, *_others) in pairwise(rows)):
        found.append(Problem("order", _("The due dates do not run forward.")))
    if found:
        raise ImpossibleTerms(found)
    balance, dues = principal, []
    for number, (due_on, part, interest) in enumerate(rows, start=1):
        balance -= part
        dues.append(Due(number, due_on, part, interest, balance))
    return dues


def next_due(dues: Sequence[Due], paid: int) -> tuple[date | None, int]:
    """Day and open rest (minor units) of the first instalment that `paid`, allocated in order, leaves open.

    `paid` is one sum of principal and interest: principal repaid early counts for the next instalments whole, their
    interest included, as long as the plan is not made anew.
    """
    for due in dues:
        if paid < due.total:
            return due.due_on, due.total - paid
        paid -= due.total
    return None, 0


def coverage(dues: Sequence[Due], paid: int) -> list[int]:
    """How much of each instalment `paid` covers, minor units, allocated in order as next_due() does."""
    found = []
    for due in dues:
        found.append(min(max(paid, 0), due.total))
        paid -= found[-1]
    return found


def _share(numerator: int, denominator: int) -> int:
    """Rounded half up; both are never negative here."""
    return (2 * numerator + denominator) // (2 * denominator)


def _principal(terms: Terms, level: int, interest: int) -> int:
    if terms.method == "interest_first":
        return 0
    if terms.method == "equal_principal":
        return terms.principal // terms.term
    return level - interest


def _level_payment(terms: Terms) -> int:
    """The constant payment of an annuity, exact before its one rounding.

    With d = 12 x 10^6 and q = d + rate: (P q^n - B d^n) x rate / (d (q^n - d^n)); without interest (P - B) / n.
    """
    if terms.method not in ("equal_instalment", "balloon"):
        return 0
    if terms.rate_ppm == 0:
        return _share(terms.principal - terms.balloon, terms.term)
    unit = MONTHS * PPM
    grown, flat = (unit + terms.rate_ppm) ** terms.term, unit**terms.term
    return _share((terms.principal * grown - terms.balloon * flat) * terms.rate_ppm, unit * (grown - flat))


def _broken_interest(terms: Terms, first: date, balance: int, monthly: int) -> int:
    if first == first_due_date(terms.starts_on, terms.starts_on.day):
        return monthly
    return _share(balance * terms.rate_ppm * (first - terms.starts_on).days, 360 * PPM)
