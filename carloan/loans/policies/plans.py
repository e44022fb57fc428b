"""Which of a loan's plans counts: by the day it is asked for and by what was known at a moment."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Protocol, TypeVar


class Version(Protocol):
    @property
    def version(self) -> int: ...
    @property
    def effective_on(self) -> date: ...
    @property
    def recorded_at(self) -> datetime: ...


V = TypeVar("V", bound=Version)


def counting(versions: Iterable[V], *, on: date, known_at: datetime | None = None) -> V | None:
    """The newest version that is effective by the day, of those recorded by `known_at` (None: all that are recorded).

    A day before all of them has the one that takes effect first: the loan is repaid by no other plan yet.
    """
    known = [each for each in versions if known_at is None or each.recorded_at <= known_at]
    effective = [each for each in known if each.effective_on <= on]
    if effective:
        return max(effective, key=lambda each: each.version)
    return min(known, key=lambda each: (each.effective_on, -each.version), default=None)


def usual_day(disbursed_on: date | None, *, today: date) -> date:
    """From which day a plan counts if nobody says otherwise: from the payment, else from the day it is recorded.

    Not later than that day: what was agreed for a payment to come counts from the agreement on.
    """
    return min(disbursed_on or today, today)
