"""What the database accepts in a column of choices is what the model names: two lists that can drift apart."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db import models

MODELS = [model for model in apps.get_models() if model._meta.constraints]


def leaves(condition: Any) -> Iterator[tuple[str, Any]]:
    """(lookup, value) of every comparison in a condition."""
    for child in condition.children:
        if isinstance(child, tuple):
            yield child
        elif isinstance(child, models.Q):
            yield from leaves(child)


def compared(model: type[models.Model]) -> Iterator[tuple[str, set[Any], set[Any], bool]]:
    """Constraint, values it names, values of the choices, and whether it says nothing else."""
    for constraint in model._meta.constraints:
        if not isinstance(constraint, models.CheckConstraint):
            continue
        found = list(leaves(constraint.condition))
        for lookup, value in found:
            name, _, how = lookup.partition("__")
            column = next((one for one in model._meta.concrete_fields if one.name == name), None)
            if column is not None and column.choices and how in ("", "in"):
                choices = {key for key, _label in column.flatchoices}
                yield constraint.name, set(value) if how == "in" else {value}, choices, len(found) == 1


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_constraints_name_the_choices_of_their_column(model: type[models.Model]) -> None:
    for name, values, choices, whole in compared(model):
        assert values <= choices, (name, "a value that the model no longer has", values - choices)
        if whole:
            assert values == choices, (name, "a choice that the database refuses", choices - values)


def test_there_is_something_to_compare() -> None:
    names = {name for model in MODELS for name, _values, _choices, whole in compared(model) if whole}
    assert {"loans_loan_state", "loans_party_kind", "loans_importbatch_state", "core_rolecapability_scope"} <= names
    assert len(names) >= 15
