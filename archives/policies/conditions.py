"""When a paper is asked for: a small condition on what is known of a loan, as data that an administrator edits.

A condition is alternatives of questions: it holds where everything that one alternative asks is so (若 … 且 …；或 …).
It is bounded when it is saved and cannot fail when it is run: a fact that is not known answers no question, whichever
way it is put, and nothing is asked for on a guess. `holder` is known of papers that are asked of persons alone. The
same runs here for one loan and in SQL for all of them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final, NamedTuple

from django.utils.translation import gettext_lazy as _

from carloan.lib.problems import Problem

MOST_ALTERNATIVES: Final = 5
MOST_QUESTIONS: Final = 5
# Beyond any loan: twelve figures of 分, a hundred years of months.
MOST: Final = 10**12


class Sort(StrEnum):
    """What a fact is made of."""

    CHOICE = "choice"
    YES_NO = "yes_no"
    MONEY = "money"
    MONTHS = "months"


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that is known of a loan or not. `choices` are the values of a choice with their words."""

    code: str
    label: Any
    sort: Sort
    choices: Mapping[str, Any] = field(default_factory=dict)


PRODUCTS: Final = {
    "new_car": _("New car"), "used_car": _("Used car"), "car_pledge": _("Loan on a car that is owned"),
    "lease": _("Finance lease"),
}  # fmt: skip
PARTIES: Final = {"person": _("Individual"), "organisation": _("Organisation")}
FACTS: Final[dict[str, Fact]] = {
    fact.code: fact
    for fact in (
        Fact("product", _("product"), Sort.CHOICE, PRODUCTS),
        Fact("borrower", _("borrower"), Sort.CHOICE, PARTIES),
        Fact("co_borrower", _("there is a co-borrower"), Sort.YES_NO),
        Fact("guarantor", _("there is a guarantor"), Sort.YES_NO),
        Fact("holder", _("whose paper it is"), Sort.CHOICE, PARTIES),
        Fact("other_owner", _("the car is somebody else's"), Sort.YES_NO),
        Fact("registered", _("the car bears a plate"), Sort.YES_NO),
        Fact("principal", _("loan amount"), Sort.MONEY),
        Fact("term", _("months"), Sort.MONTHS),
    )
}
OPERATORS: Final[dict[Sort, tuple[str, ...]]] = {
    Sort.CHOICE: ("is", "is_not"),
    Sort.YES_NO: ("is",),
    Sort.MONEY: ("at_least", "below"),
    Sort.MONTHS: ("at_least", "below"),
}
# The operators in SQL: a fact that is not known (NULL) makes each of them untrue.
_IN_SQL: Final = {"is": "=", "is_not": "<>", "at_least": ">=", "below": "<"}
Value = str | bool | int
# What is known of one loan; what is not known is None or left out.
Facts = Mapping[str, Value | None]


class Question(NamedTuple):
    """One question about one fact: money in 分, months as a count."""

    fact: str
    operator: str
    value: Value

    def holds(self, facts: Facts) -> bool:
        """Whether it is so; never of what is not known."""
        known = facts.get(self.fact)
        if known is None:
            return False
        match self.operator:
            case "is":
                return known == self.value
            case "is_not":
                return known != self.value
            case "at_least":
                return int(known) >= int(self.value)
            case _:
                return int(known) < int(self.value)


@dataclass(frozen=True, slots=True)
class Condition:
    """Alternatives of questions. Without alternatives it always holds: the paper is asked for of every loan."""

    alternatives: tuple[tuple[Question, ...], ...] = ()

    def holds(self, facts: Facts) -> bool:
        """Whether the paper is asked for of a loan of which this is known."""
        return not self.alternatives or any(
            all(question.holds(facts) for question in asked) for asked in self.alternatives
        )

    def sql(self, relation: str) -> tuple[str, list[Value]]:
        """The same for all rows of `relation`, which has a column for each fact: an expression and its parameters."""
        if not self.alternatives:
            return "true", []
        parameters: list[Value] = []
        parts = []
        for asked in self.alternatives:
            parts.append(" AND ".join(f"{relation}.{one.fact} {_IN_SQL[one.operator]} %s" for one in asked))
            parameters += [one.value for one in asked]
        # What is not known is untrue here, not NULL.
        return "coalesce(" + " OR ".join(f"({part})" for part in parts) + ", false)", parameters

    def as_json(self) -> list[list[list[Value]]]:
        """As it is stored."""
        return [[list(one) for one in asked] for asked in self.alternatives]


def condition_of(stored: Iterable[Iterable[Sequence[Any]]]) -> Condition:
    """The condition that was stored; it was checked when it was saved."""
    return Condition(tuple(tuple(Question(*one) for one in asked) for asked in stored))


def condition_problems(condition: Condition) -> list[Problem]:
    """Everything that keeps a condition from being saved, each problem once."""
    found = {}
    if len(condition.alternatives) > MOST_ALTERNATIVES:
        found["alternatives"] = Problem("alternatives", _("A condition has at most five alternatives."))
    for asked in condition.alternatives:
        if not asked:
            found["empty"] = Problem("empty", _("An alternative that asks nothing would always hold. Take it out."))
        if len(asked) > MOST_QUESTIONS:
            found["questions"] = Problem("questions", _("An alternative asks at most five questions."))
        for problem in filter(None, map(_problem, asked)):
            found.setdefault(problem.code, problem)
    return list(found.values())


def _problem(question: Question) -> Problem | None:
    fact = FACTS.get(question.fact)
    if fact is None:
        return Problem("fact", _("Choose what the condition asks about."))
    if question.operator not in OPERATORS[fact.sort]:
        return Problem("operator", _("Choose how it is compared."))
    if not _fits(fact, question.value):
        return Problem("value", _("Give a value that this can have."))
    return None


def _fits(fact: Fact, value: object) -> bool:
    match fact.sort:
        case Sort.CHOICE:
            return isinstance(value, str) and value in fact.choices
        case Sort.YES_NO:
            return isinstance(value, bool)
        case _:
            return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MOST
