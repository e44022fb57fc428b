"""What an exam's result means, and which rights may wait for one."""

from calendar import monthrange
from datetime import date

from carloan.core.capabilities import Capability


def valid_until(taken_on: date, months: int) -> date:
    """The last day on which a passed exam counts: the corresponding day, or the last one of a shorter month."""
    place = taken_on.year * 12 + taken_on.month - 1 + months
    year, month = place // 12, place % 12 + 1
    return date(year, month, min(taken_on.day, monthrange(year, month)[1]))


def may_wait(capability: Capability) -> bool:
    """Whether a right may wait for an exam. Rights over people, roles, keys and training never do: a lender would shut
    itself out, and nobody could enter the exam that opens them again."""
    return capability.lendable and not capability.code.startswith("training.")
