"""What a dossier has to hold, what it holds, and what keeps its stage from closing.

A pack lists the papers of each stage. Which of them a loan is asked for follows from its facts and its people; how each
stands follows from the papers that tick it and from waivers, on a day. Nothing is stored twice: whoever asks counts.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final, NamedTuple
from uuid import UUID

from carloan.archives.policies.conditions import Condition, Facts

STAGES: Final = ("application", "approval", "disbursal", "servicing", "settled")


class Of(StrEnum):
    """Whose paper it is: the loan's, or one of each person in a role."""

    LOAN = "loan"
    BORROWER = "borrower"
    CO_BORROWER = "co_borrower"
    GUARANTOR = "guarantor"
    OWNER = "owner"


class State(StrEnum):
    """How an item stands."""

    MISSING = "missing"
    RECEIVED = "received"
    IN_REVIEW = "in_review"
    VERIFIED = "verified"
    REJECTED = "rejected"
    WAIVED = "waived"
    EXPIRED = "expired"


DONE: Final = frozenset({State.VERIFIED, State.WAIVED})


@dataclass(frozen=True, slots=True)
class ItemRule:
    """A line of a pack: `kinds` tick it, `count` of them. `of` a role it is asked of each person in it.

    `required` keeps its stage from closing; `condition` says of which loans it is asked for at all.
    """

    key: str
    stage: str
    kinds: frozenset[str]
    of: Of = Of.LOAN
    required: bool = True
    condition: Condition = field(default_factory=Condition)
    count: int = 1


class Ticked(NamedTuple):
    """A paper that stands for an item: its state (`Paper.State`) and the last day on which it is valid, if any."""

    state: str
    valid_until: date | None = None


class Waived(NamedTuple):
    """An approved waiver (豁免): until a day, or for good."""

    until: date | None = None


class Person(NamedTuple):
    """Somebody in a role of the loan: `kind` as the book says it (`conditions.PARTIES`)."""

    id: UUID
    kind: str = "person"


class Asked(NamedTuple):
    """An item that is asked for: of the loan, or of one person."""

    rule: ItemRule
    party_id: UUID | None = None


class Standing(NamedTuple):
    """How an item that is asked for stands; `valid_until`: the day after which it will have expired."""

    asked: Asked
    state: State
    valid_until: date | None = None


def asked_of(rules: Iterable[ItemRule], facts: Facts, people: Mapping[Of, Sequence[Person]]) -> list[Asked]:
    """The items that a loan is asked for, in the order of the pack: one for each person of a role."""
    found = []
    for rule in rules:
        if rule.of == Of.LOAN:
            found += [Asked(rule)] if rule.condition.holds(facts) else []
        else:
            found += [
                Asked(rule, who.id)
                for who in people.get(rule.of, ())
                if rule.condition.holds({**facts, "holder": who.kind})
            ]
    return found


def standing(asked: Asked, papers: Sequence[Ticked], waiver: Waived | None, *, today: date) -> Standing:
    """How an item stands on a day. Valid papers count most, then a waiver, then what is on its way."""
    valid = sorted(
        (one.valid_until or date.max for one in papers if one.state == "filed" and _is_valid(one, today)), reverse=True
    )
    if len(valid) >= asked.rule.count:
        until = valid[asked.rule.count - 1]
        return Standing(asked, State.VERIFIED, None if until == date.max else until)
    if waiver is not None and (waiver.until is None or today <= waiver.until):
        return Standing(asked, State.WAIVED, waiver.until)
    states = {one.state for one in papers}
    if "review" in states:
        return Standing(asked, State.IN_REVIEW)
    if states & {"received", "recognising"}:
        return Standing(asked, State.RECEIVED)
    if any(one.state == "filed" and not _is_valid(one, today) for one in papers):
        return Standing(asked, State.EXPIRED)
    return Standing(asked, State.REJECTED if "refused" in states else State.MISSING)


def _is_valid(paper: Ticked, today: date) -> bool:
    return paper.valid_until is None or today <= paper.valid_until


def blocking(standings: Iterable[Standing], stage: str) -> list[Standing]:
    """What keeps a stage from closing: required items of it that are neither verified nor waived."""
    return [
        one for one in standings if one.asked.rule.stage == stage and one.asked.rule.required and one.state not in DONE
    ]


class Completeness(NamedTuple):
    """How many required items are done of those that are asked for up to a stage."""

    done: int
    asked: int

    @property
    def percent(self) -> int:
        """Whole percents, rounded down: a hundred is complete and nothing else is."""
        return 100 * self.done // self.asked if self.asked else 100


def completeness(standings: Iterable[Standing], stage: str) -> Completeness:
    """Of the required items up to a stage and in it."""
    reached = frozenset(STAGES[: STAGES.index(stage) + 1])
    counted = [one for one in standings if one.asked.rule.required and one.asked.rule.stage in reached]
    return Completeness(sum(one.state in DONE for one in counted), len(counted))
