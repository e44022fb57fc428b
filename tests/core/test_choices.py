"""What the database lets into a column of choices is what the code knows: neither list may run ahead of the other."""

from collections.abc import Iterator
from typing import Any

from django.db.models import CheckConstraint, Q

from carloan.core.registry import own_models


def closed_columns(condition: Q) -> Iterator[tuple[str, list[Any]]]:
    """(column, values) of each `column__in=[…]` that stands alone or is required beside others."""
    if condition.negated or (condition.connector == Q.OR and len(condition.children) > 1):
        return
    for child in condition.children:
        if isinstance(child, Q):
            yield from closed_columns(child)
        elif isinstance(child, tuple) and child[0].endswith("__in"):
            yield child[0].removesuffix("__in"), list(child[1])


def closed_lists() -> list[tuple[str, list[Any], list[Any]]]:
    """(constraint, values in the database, values in the code) of all columns with choices."""
    found = []
    for model in own_models():
        for constraint in model._meta.constraints:
            if isinstance(constraint, CheckConstraint) and isinstance(constraint.condition, Q):
                for column, values in closed_columns(constraint.condition):
                    choices = getattr(model._meta.get_field(column), "choices", None) or ()
                    known = [value for value, _label in choices]
                    if known:
                        found.append((constraint.name, sorted(values), sorted(known)))
    return found


def test_the_database_and_the_code_know_the_same_choices() -> None:
    lists = closed_lists()
    assert len(lists) > 10
    assert [name for name, stored, known in lists if stored != known] == []
