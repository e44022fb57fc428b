"""Which objects have fields to reveal: the owning app registers the one door to its objects."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from carloan.compliance.names import register_reasons
from carloan.core.actors import Actor
from carloan.core.errors import NotFound

Finder = Callable[[Actor, UUID], Any]
# (actor, object, the loan on whose page it stood, if any) -> the loan through which the actor looks at it.
LoanOf = Callable[[Actor, Any, UUID | None], UUID | None]
# What the value of an object is called, where the column says it of every one alike.
Called = Callable[[Any], str]


@dataclass(frozen=True)
class Revealable:
    """`find(actor, id)` returns the object or raises NotFound; `loan_of` tells the loan for its trail: the one it
    belongs to or, for people in several, the one that was asked about if they stand in it. `called` names what is held
    by an object whose column is only "value"."""

    find: Finder
    loan_of: LoanOf
    called: Called | None = None


_registry: dict[str, Revealable] = {}

# Why somebody may look: shown as a choice, stored as a code.
REASONS: dict[str, Any] = {
    "customer_request": _("The customer asked"),
    "identity_check": _("Check of identity"),
    "contact": _("To contact the customer"),
    "correction": _("To correct data"),
    "dispute": _("Complaint or dispute"),
    "audit": _("Audit or inspection"),
    "legal": _("Court or authority"),
    "other": _("Other (say which)"),
}
register_reasons(REASONS)


def register_revealable(label: str, find: Finder, *, loan_of: LoanOf, called: Called | None = None) -> None:
    """`label` is the model's `app.model` in lower case."""
    _registry[label] = Revealable(find, loan_of, called)


def revealable(label: str) -> Revealable:
    """Raises NotFound for a type that nobody registered."""
    try:
        return _registry[label]
    except KeyError as error:
        raise NotFound from error
