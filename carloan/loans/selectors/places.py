"""Branches and colleagues as files and other systems name them: by code, number or name, whatever the spelling."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from carloan.core import selectors
from carloan.lib.text import fold_key

Named = Mapping[str, UUID | None]


def branches_named() -> Named:
    """The open branches by code and by name (`fold_key`); None where two of them are meant."""
    return _named((key, branch.id) for branch in selectors.branches() for key in (branch.code, branch.name))


def officers_named() -> Named:
    """Who works here by number and by name (`fold_key`); None where two people are meant: nobody guesses which."""
    return _named(
        (key, member.id) for member in selectors.members() for key in (member.employee_no, member.display_name)
    )


def pick(named: Named, text: str) -> tuple[UUID | None, str]:
    """Whom or what a text means, and why nobody: `unknown`, or `several`."""
    key = fold_key(text)
    found = named.get(key)
    return found, "" if found else "several" if key in named else "unknown"


def _named(pairs: Iterable[tuple[str, UUID]]) -> Named:
    found: dict[str, UUID | None] = {}
    for text, row_id in pairs:
        if key := fold_key(text):
            found[key] = row_id if found.get(key, row_id) == row_id else None
    return found
