"""Rights that wait for something: an app says which capabilities are shut for a member, and what would open them.

Nothing is shut unless an app registers a gate. What a gate says comes with the query that reads who somebody is, so it
counts from the next request on and costs none of its own. It shuts rights of people, their own and lent ones; a key of
another system passes no exam and waits for none.
"""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from django.db.models import JSONField, Model, QuerySet, Value

from .actors import Right

Row = TypeVar("Row", bound=Model)

_gate: list[Callable[[], Any]] = []


def register_gate(expression: Callable[[], Any]) -> None:
    """The expression that a query of memberships is annotated with: a list of `{"right": code, "exam": title}`, one
    for each right that waits and each exam that it waits for."""
    _gate[:] = [expression]


def with_gate(rows: QuerySet[Row]) -> QuerySet[Row]:
    """The same memberships, each with what its rights wait for as `waits`."""
    annotated: QuerySet[Row] = rows.annotate(waits=_gate[0]() if _gate else Value(None, JSONField()))
    return annotated


def shut_of(waits: Any, rights: Mapping[str, Right]) -> dict[str, str]:
    """Of the rights that somebody has those that wait, each with the exams that would open it."""
    shut: dict[str, list[str]] = {}
    for each in waits or ():
        if each["right"] in rights:
            shut.setdefault(each["right"], []).append(each["exam"])
    return {right: ", ".join(sorted(exams)) for right, exams in shut.items()}
