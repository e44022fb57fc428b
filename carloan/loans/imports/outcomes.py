"""What became of a row, in words: before it is booked what would, afterwards what did."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from carloan.loans.models import ImportRow, Loan

from .fields import TARGETS

_WORDS = {
    "created": (_("Would be new"), _("Booked as new")),
    "updated": (_("Would change"), _("Changed in the book")),
    "unchanged": (_("Unchanged"), _("Unchanged")),
    "kept": (_("Older than the book"), _("Older than the book")),
    "rejected": (_("Would be left out"), _("Left out")),
}
OUTCOMES = tuple(_WORDS)
assert set(OUTCOMES) == set(ImportRow.Outcome.values)


def outcome_label(outcome: str, *, dry: bool) -> Any:
    """`dry`: nothing of it is booked yet."""
    return _WORDS[outcome][not dry]


def field_label(name: str) -> str:
    """What a changed field is called: as in a mapping, else as the column of the loan."""
    if name in TARGETS:
        return str(TARGETS[name].label)
    return str(Loan._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
