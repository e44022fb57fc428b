"""How a borrower paid: money in against a repayment plan, day by day, and where the loan stands afterwards.

Pure: a plan, a habit and a random source in; payments and balances out. Amounts are in minor units.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Literal

from carloan.loans.policies.schedule import Due

Habit = Literal["punctual", "late", "partial", "generous"]
HABITS: tuple[tuple[Habit, int], ...] = (("punctual", 70), ("late", 18), ("partial", 6), ("generous", 6))
# Penalty interest is half as much again as the contract's rate (the usual 罚息), on 360 days.
PENALTY_NUMERATOR, PENALTY_DENOMINATOR = 3, 2 * 360 * 1_000_000
CHANNELS = (("direct_debit", 72), ("transfer", 13), ("wallet", 13), ("cash", 2))


@dataclass(frozen=True)
class Paid:
    """One movement of money and how it was allocated; the parts add up to the amount. Reversals are negative.

    The parts are of one `instalment`, 0 for what pays several.
    """

    value_on: date
    booked_on: date
    amount: int
    principal: int = 0
    interest: int = 0
    penalty: int = 0
    other: int = 0
    unallocated: int = 0
    channel: str = "direct_debit"
    corrects: int | None = None
    instalment: int = 0


@dataclass(frozen=True)
class Standing:
    """Where a loan stands on a day."""

    outstanding: int = 0
    overdue: int = 0
    days_overdue: int = 0
    periods_paid: int = 0
    next_due_on: date | None = None
    next_due: int = 0


@dataclass
class Account:
    """Open principal and interest of each instalment while payments are applied, oldest first."""

    dues: Sequence[Due]
    rate_ppm: int
    as_of: date
    random: Random
    payments: list[Paid] = field(default_factory=list)
    open_principal: list[int] = field(init=False)
    open_interest: list[int] = field(init=False)
    credit: int = 0

    def __post_init__(self) -> None:
        self.open_principal = [due.principal for due in self.dues]
        self.open_interest = [due.interest for due in self.dues]

    def open_of(self, index: int) -> int:
        return self.open_principal[index] + self.open_interest[index]

    def pay(self, index: int, on: date, amount: int, *, penalty: int = 0, extra: int = 0) -> None:
        """Book `amount` against one instalment: penalty is on top, `extra` stays unallocated as a credit."""
        # A credit pays at most half, so that every instalment still leaves a movement in the account.
        used = min(self.credit, amount // 2)
        self.credit -= used
        interest = min(self.open_interest[index], amount)
        principal = min(self.open_principal[index], amount - interest)
        self.open_interest[index] -= interest
        self.open_principal[index] -= principal
        self.credit += extra
        self._book(
            on,
            principal=principal,
            interest=interest,
            penalty=penalty,
            unallocated=extra - used,
            instalment=self.dues[index].number,
        )

    def bounce(self, index: int, on: date) -> None:
        """A debit that the bank took back the next day: both movements stand in the account."""
        due = self.dues[index]
        self._book(on, principal=due.principal, interest=due.interest, channel="direct_debit", instalment=due.number)
        back = min(_booking_day(on + timedelta(days=1)), self.as_of)
        self.payments.append(
            Paid(
                back,
                back,
                -due.total,
                principal=-due.principal,
                interest=-due.interest,
                channel="direct_debit",
                corrects=len(self.payments) - 1,
                instalment=due.number,
            )
        )

    def settle_early(self, on: date) -> None:
        """Everything open in one sum: interest by days since the last due date, one per cent fee on the principal."""
        principal = sum(self.open_principal)
        past = [due.due_on for due in self.dues if due.due_on <= on]
        days = (on - past[-1]).days if past else 0
        interest = principal * self.rate_ppm * days // (360 * 1_000_000)
        overdue = sum(self.open_interest[index] for index, due in enumerate(self.dues) if due.due_on <= on)
        fee = principal // 100
        self.open_principal = [0] * len(self.dues)
        self.open_interest = [0] * len(self.dues)
        self._book(
            on,
            principal=principal,
            interest=interest + overdue,
            other=fee,
            unallocated=-self.credit,
            channel="transfer",
        )
        self.credit = 0

    def standing(self) -> Standing:
        """Balances on `as_of`. An instalment counts as overdue from the day after it was due."""
        late = [index for index, due in enumerate(self.dues) if due.due_on < self.as_of and self.open_of(index)]
        coming = [index for index, due in enumerate(self.dues) if due.due_on >= self.as_of and self.open_of(index)]
        return Standing(
            outstanding=sum(self.open_principal),
            overdue=sum(self.open_of(index) for index in late),
            days_overdue=(self.as_of - self.dues[late[0]].due_on).days if late else 0,
            periods_paid=sum(1 for index in range(len(self.dues)) if not self.open_of(index)),
            next_due_on=self.dues[coming[0]].due_on if coming else None,
            next_due=self.open_of(coming[0]) if coming else 0,
        )

    def penalty(self, index: int, on: date) -> int:
        days = max(0, (on - self.dues[index].due_on).days)
        return self.open_of(index) * self.rate_ppm * days * PENALTY_NUMERATOR // PENALTY_DENOMINATOR

    def _book(
        self,
        on: date,
        *,
        principal: int = 0,
        interest: int = 0,
        penalty: int = 0,
        other: int = 0,
        unallocated: int = 0,
        channel: str | None = None,
        instalment: int = 0,
    ) -> None:
        amount = principal + interest + penalty + other + unallocated
        if amount <= 0:
            return
        way = channel or self.random.choices([name for name, _ in CHANNELS], [weight for _, weight in CHANNELS])[0]
        self.payments.append(
            Paid(
                on,
                min(_booking_day(on), self.as_of),
                amount,
                principal,
                interest,
                penalty,
                other,
                unallocated,
                channel=way,
                instalment=instalment,
            )
        )


def run(account: Account, habit: Habit, *, until: int) -> None:
    """Pay the first `until` instalments that are due by `as_of`, each in the manner of the habit."""
    random = account.random
    for index, due in enumerate(account.dues[:until]):
        if due.due_on > account.as_of:
            return
        if habit == "late" and random.random() < 0.35:
            on = min(account.as_of, due.due_on + timedelta(days=random.randrange(1, 13)))
            account.pay(index, on, account.open_of(index), penalty=account.penalty(index, on))
        elif habit == "partial" and random.random() < 0.3:
            first = account.open_of(index) * random.randrange(30, 80) // 100
            account.pay(index, due.due_on, first)
            rest = min(account.as_of, due.due_on + timedelta(days=random.randrange(2, 20)))
            account.pay(index, rest, account.open_of(index), penalty=account.penalty(index, rest))
        elif habit == "generous" and random.random() < 0.25:
            account.pay(index, due.due_on, account.open_of(index), extra=random.randrange(1, 20) * 1_000)
        elif random.random() < 0.012 and due.due_on + timedelta(days=6) < account.as_of:
            account.bounce(index, due.due_on)
            on = due.due_on + timedelta(days=random.randrange(2, 6))
            account.pay(index, on, account.open_of(index), penalty=account.penalty(index, on))
        else:
            account.pay(index, due.due_on, account.open_of(index))


def _booking_day(day: date) -> date:
    """Money of a weekend is booked on Monday."""
    return day + timedelta(days={5: 2, 6: 1}.get(day.weekday(), 0))
