"""State machines (law 8): a table says which event leads from where to where, and one function writes the state.

A table lies in the policies of its app, so that services, pages, imports and tests read the same lines; what has no
line cannot happen. An act writes its audit event and takes its step in one transaction.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from carloan.lib.problems import Problem

from .errors import Conflict, Invalid

Guard = Callable[[Any], list[Problem]]


@dataclass(frozen=True, slots=True)
class Move:
    """One line: in the state `source`, `event` leads to `target`. `guard` tells from facts what stands in the way."""

    source: str
    event: str
    target: str
    guard: Guard | None = field(default=None, kw_only=True)

    def obstacles(self, facts: Any) -> list[Problem]:
        return self.guard(facts) if self.guard else []


Line = TypeVar("Line", bound=Move)


class Moves(Generic[Line]):
    """The table of one kind of thing. `refusal` is what people read when their event has no line."""

    def __init__(self, *lines: Line, refusal: Any = None) -> None:
        self._lines = {(line.source, line.event): line for line in lines}
        if len(self._lines) < len(lines):
            raise ValueError("a state and an event have two lines")
        self._refusal = refusal

    def __iter__(self) -> Iterator[Line]:
        return iter(self._lines.values())

    def find(self, state: str, event: str) -> Line | None:
        """What the event means in a state; None where it means nothing."""
        return self._lines.get((state, event))

    def need(self, state: str, event: str) -> Line:
        """What the event means in a state. Raises Conflict where it means nothing."""
        if (line := self.find(state, event)) is None:
            raise Conflict(self._refusal)
        return line

    def leaving(self, state: str) -> list[Line]:
        return [line for line in self if line.source == state]


def step(
    row: Any, moves: Moves[Any], event: str, *, facts: Any = None, also: Mapping[str, Any] | None = None, **values: Any
) -> None:
    """Take a row by `event` to its next state and set `values` with it, in one statement that compares first.

    The row in the database must still be in the state of the row in hand, at its `revision` if it has one (which rises)
    and as `also` says (whose lease it is, which job works on it). Raises Conflict when it is not or the table has no
    such line, Invalid with what the line's guard finds in `facts`. The row in hand follows.
    """
    move = moves.need(row.state, event)
    if found := move.obstacles(facts):
        raise Invalid(fields={problem.code: [problem.message] for problem in found})
    expected, values = {"state": row.state, **(also or {})}, {**values, "state": move.target}
    if hasattr(row, "revision"):
        expected["revision"], values["revision"] = row.revision, row.revision + 1
    if not type(row).objects.filter(id=row.id, **expected).update(**values):
        raise Conflict
    for name, value in values.items():
        setattr(row, name, value)
