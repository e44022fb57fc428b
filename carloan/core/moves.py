"""State machines (law 8): a table says which event leads from where to where, and one function writes the state.

A table lies in the policies of its app, so that services, pages, imports and tests read the same lines; what has no
line cannot happen. An act writes its audit event and takes its step in one transaction; the step leaves a row in the
history of what took it (core/transitions.py).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.db import connection

from carloan.lib.problems import Problem

from .errors import Conflict, Invalid
from .tenancy import current_tenant_id
from .transitions import Taken, keep

Guard = Callable[[Any], list[Problem]]


@dataclass(frozen=True, slots=True)
class Move:
    """One line: in the state `source`, `event` leads to `target`. `guard` tells from facts what stands in the way.

    `lease` marks what says only who works on the thing for a while: it is no step of the thing, so its history is
    silent about it.
    """

    source: str
    event: str
    target: str
    guard: Guard | None = field(default=None, kw_only=True)
    lease: bool = field(default=False, kw_only=True)

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

    def steps(self) -> set[tuple[str, str]]:
        """From which state to which other one any event leads."""
        return {(line.source, line.target) for line in self if line.source != line.target}

    def leaving(self, state: str) -> list[Line]:
        return [line for line in self if line.source == state]


# The machines that the database keeps too, by the table of their rows.
_kept: dict[str, Moves[Any]] = {}


def register_kept(table: str, moves: Moves[Any]) -> None:
    """Say that the database lets rows of a table take the steps of this machine alone (`guard_moves` of a migration):
    the catalogue's linter holds one against the other."""
    if _kept.setdefault(table, moves) is not moves:
        raise ValueError(f"the rows of {table} have two machines")


def kept_machines() -> dict[str, Moves[Any]]:
    """The machines that the database keeps too, by the table of their rows."""
    return dict(_kept)


def step(
    row: Any,
    moves: Moves[Any],
    event: str,
    *,
    facts: Any = None,
    also: Mapping[str, Any] | None = None,
    audit_event_id: UUID | None = None,
    **values: Any,
) -> None:
    """Take a row by `event` to its next state and set `values` with it, in one statement that compares first.

    The row in the database must still be in the state of the row in hand, at its `revision` if it has one (which rises)
    and as `also` says (whose lease it is, which job works on it). Raises Conflict when it is not or the table has no
    such line, Invalid with what the line's guard finds in `facts`. The row in hand follows.

    `audit_event_id` is the event of the act. The row and its history carry it; only a lease needs none.
    """
    move, source = _line(row, moves, event, facts), row.state
    if audit_event_id is not None:
        values["audit_event_id"] = audit_event_id
    elif not move.lease:
        raise TypeError(f"the step {event!r} does not say which event of the trail it belongs to")
    expected, values = {"state": source, **(also or {})}, {**values, "state": move.target}
    if hasattr(row, "revision"):
        expected["revision"], values["revision"] = row.revision, row.revision + 1
    if not type(row).objects.filter(id=row.id, **expected).update(**values):
        raise Conflict
    for name, value in values.items():
        setattr(row, name, value)
    if audit_event_id is not None and not move.lease:
        keep(type(row), [Taken(row.id, source, event, move.target)], audit_event_id)


_TOGETHER = """
UPDATE {table} SET state = taken.target, revision = {table}.revision + 1, audit_event_id = %s
FROM unnest(%s::uuid[], %s::int[], %s::text[], %s::text[]) AS taken (id, revision, source, target)
WHERE {table}.tenant_id = %s AND {table}.id = taken.id
    AND {table}.state = taken.source AND {table}.revision = taken.revision
"""


def step_together(steps: Iterable[tuple[Any, str, Any]], moves: Moves[Any], *, audit_event_id: UUID) -> None:
    """Take many rows of one model, each with a revision, by one act: (row, event, facts). As step(), but two statements
    for all of them. Raises Conflict when any row is not as it is in hand, and then no row may be taken for stepped: the
    caller's transaction ends.
    """
    taken = [(row, _line(row, moves, event, facts)) for row, event, facts in steps]
    if not taken:
        return
    model = type(taken[0][0])
    history = [Taken(row.id, row.state, line.event, line.target) for row, line in taken]
    with connection.cursor() as cursor:
        cursor.execute(
            _TOGETHER.format(table=connection.ops.quote_name(model._meta.db_table)),
            [
                audit_event_id,
                [str(row.id) for row, _ in taken],
                [row.revision for row, _ in taken],
                [step.source for step in history],
                [step.target for step in history],
                current_tenant_id(),
            ],
        )
        if cursor.rowcount != len(taken):
            raise Conflict
    for row, line in taken:
        row.state, row.revision, row.audit_event_id = line.target, row.revision + 1, audit_event_id
    keep(model, history, audit_event_id)


def _line(row: Any, moves: Moves[Any], event: str, facts: Any) -> Any:
    move = moves.need(row.state, event)
    if found := move.obstacles(facts):
        raise Invalid(fields={problem.code: [problem.message] for problem in found})
    return move
