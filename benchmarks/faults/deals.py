"""The deals behind the loans of the lenders here, by number: 1 and 2 stand in the book, the others in no book."""

from datetime import date
from random import Random
from typing import Final

from benchmarks.recognition.case import Case
from benchmarks.recognition.seen import cast
from carloan.demonstration import papers, samples

AS_OF: Final = date(2026, 11, 22)


def deal_of(number: int) -> papers.Deal:
    return samples.deal(_chances(number), as_of=AS_OF)


def case_of(number: int) -> Case:
    """The same deal, as the papers of the added kinds tell it."""
    return cast.case(_chances(number), as_of=AS_OF)


def _chances(number: int) -> Random:
    return Random(f"faults|{number}")
