"""Facts that the running installation is asked for as evidence: an app registers what it can tell of the open lender.

A fact holds numbers, days and states and nothing of a borrower: it leaves the house in the auditor's pack.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Line:
    """One thing told: its words, the value in words, and whether it is as it should be (None: it only informs)."""

    label: str
    value: str
    good: bool | None = None


@dataclass(frozen=True, kw_only=True)
class Fact:
    """`read()` tells the lines of the open lender; `url_name` is where people see it, for those with `capability`."""

    code: str
    label: Any
    read: Callable[[], list[Line]]
    url_name: str = ""
    capability: str = ""


_facts: dict[str, Fact] = {}


def register_fact(*facts: Fact) -> None:
    for fact in facts:
        if _facts.setdefault(fact.code, fact) is not fact:
            raise ValueError(f"the fact {fact.code} is registered twice")


def all_facts() -> list[Fact]:
    """In the order of registration."""
    return list(_facts.values())


def fact(code: str) -> Fact:
    """Raises KeyError for one that nobody registered."""
    return _facts[code]
