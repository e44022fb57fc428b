"""Walks a state machine: every event in every state, through whatever takes the step, against the table and the row."""

from collections.abc import Callable, Iterable
from typing import Any

from carloan.core.errors import Conflict
from carloan.core.moves import Moves
from carloan.core.tenancy import tenant_atomic
from carloan.core.transitions import history_of
from tests.cast import past_the_triggers


class _Undone(Exception):
    """Takes a step back once it was looked at."""


def walk(row: Any, moves: Moves[Any], states: Iterable[str], act: Callable[[Any, Any], Any]) -> tuple[int, int]:
    """How many pairs of state and event were taken and how many refused.

    `act` takes the fresh row and the event. What the table allows must leave the row in the target, in hand and in the
    database, and one step in its history (none for a lease); what it does not allow must raise Conflict and change
    nothing. Each pair begins from the same row.
    """
    taken = refused = 0
    events = sorted({move.event for move in moves})
    for state in states:
        for event in events:
            try:
                with tenant_atomic():
                    there = type(row).objects.filter(id=row.id)
                    with past_the_triggers():
                        there.update(state=state)
                    fresh, before, told = there.get(), there.values().get(), len(history_of(row))
                    move = moves.find(state, event)
                    try:
                        with tenant_atomic():
                            act(fresh, event)
                    except Conflict:
                        assert move is None, f"{state} {event} was refused"
                        assert there.values().get() == before
                        assert len(history_of(row)) == told
                        refused += 1
                    else:
                        assert move is not None, f"{state} {event} was taken"
                        assert there.get().state == move.target, f"{state} {event}"
                        steps = [
                            (step.number, step.source, step.event, step.target, step.audit_event_id)
                            for step in history_of(row)[told:]
                        ]
                        step = (told + 1, state, event, move.target, there.get().audit_event_id)
                        assert steps == ([] if move.lease else [step])
                        taken += 1
                    raise _Undone
            except _Undone:
                continue
    return taken, refused
