"""Which rows the files of the vault belong to: the app that stores a part tells, the sweep of left-over files asks."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class _Part:
    pattern: re.Pattern[str]
    model: Any
    name_field: str


_registry: list[_Part] = []


def register_vault_part(pattern: str, model: Any, *, name_field: str) -> None:
    """Files of parts that match `pattern` carry the id of a row of `model`; without that row nobody can open them.

    `name_field` of the row says where its first file lies, "" when it has none any more.
    """
    _registry.append(_Part(re.compile(pattern), model, name_field))


def owner_of_part(part: str) -> Any:
    """The model behind a part, None for one that nobody registered: its files are never touched."""
    return next((each.model for each in _registry if each.pattern.fullmatch(part)), None)


def names_of_files(most: int) -> Iterator[str]:
    """Where files of the tenant at work lie by its rows: of each model the oldest and the newest, `most` of either."""
    for part in _registry:
        names = part.model.objects.exclude(**{part.name_field: ""}).values_list(part.name_field, flat=True)
        yield from names.order_by("id")[:most]
        yield from names.order_by("-id")[:most]
