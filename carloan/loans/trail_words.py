"""What the values of the book's acts say in the trail: amounts, rates, columns and filters as the pages show them."""

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db.models import BigIntegerField
from django.forms import BooleanField
from django.utils.translation import gettext as _

from carloan.compliance.forms import filter_label
from carloan.compliance.names import name_of_thing, register_field_words
from carloan.compliance.values import Words, register_value_words
from carloan.core.models import AuditEvent, Branch
from carloan.core.selectors import currency
from carloan.lib import money

from .forms import LoanFilterForm
from .imports.fields import TARGETS
from .imports.outcomes import outcome_label
from .imports.spec import profiles
from .models import Allocation, Loan
from .selectors.import_results import DOUBTFUL

EXPORTED = "loans.loans.exported"
# What an export calls otherwise than the form whose filters it follows.
_ASKED = {"branch_id": "branch"}


def book_words(event: AuditEvent) -> Words:
    """Values of loans, people, vehicles and payments."""
    code = _currency(event)

    def value(name: str, value: Any) -> Any:
        if isinstance(value, int) and not isinstance(value, bool) and _is_amount(event.object_type, name):
            return money.show(value, code())
        return money.show_rate(value) if name == "rate_ppm" and isinstance(value, int) else None

    return Words(value)


def loan_words(event: AuditEvent) -> Words:
    """As `book_words`; an export says by which filters the list was narrowed."""
    if event.action != EXPORTED:
        return book_words(event)

    def value(name: str, value: Any) -> Any:
        return str(value).upper() if name == "kind" else _filter_word(_ASKED.get(name, name), value)

    def label(name: str) -> str | None:
        return _("Searched for words") if name == "text_search" else _label(_ASKED.get(name, name))

    return Words(value, label)


def view_words(event: AuditEvent) -> Words:
    """The filters of a saved view, each by its name on the list."""

    def value(name: str, value: Any) -> Any:
        if name != "query" or not isinstance(value, str):
            return None
        told = [
            f"{_label(key) or filter_label(key)}: {_filter_word(key, text) or text}" for key, text in parse_qsl(value)
        ]
        return _(", ").join(told)

    return Words(value)


def import_words(event: AuditEvent) -> Words:
    """What a mapping says of the columns of a file, and the mapping it began with."""

    def value(name: str, value: Any) -> Any:
        if name == "columns" and isinstance(value, dict):
            return _(", ").join(f"{_target(field)}: {column}" for field, column in value.items())
        if name == "profile":
            known = profiles()
            return known[value].name if value in known else value
        return _shown_word(value) if name == "shown" else None

    return Words(value)


def batch_word(name: str) -> str | None:
    return _("Rows taken") if name == "shown" else name_of_thing(name)


def _shown_word(shown: str) -> str:
    if shown == DOUBTFUL:
        return _("Doubtful rows")
    return str(outcome_label(shown, dry=False)) if shown else _("Everything")


def _currency(event: AuditEvent) -> Callable[[], str]:
    """Asked only where there is an amount: the currency of the loan, otherwise the lender's."""
    known: list[str] = []

    def code() -> str:
        if not known:
            loan = Loan.objects.filter(id=event.loan_id).first() if event.loan_id else None
            known.append(loan.currency if loan else currency())
        return known[0]

    return code


def _is_amount(object_type: str, name: str) -> bool:
    if object_type == "loans.payment" and name in Allocation.Component.values:
        return True
    try:
        # Money is an integer of minor units, and of the book's columns nothing else is that long.
        return isinstance(apps.get_model(object_type)._meta.get_field(name), BigIntegerField)
    except (LookupError, ValueError, FieldDoesNotExist):
        return False


def _target(field: str) -> str:
    return str(TARGETS[field].label) if field in TARGETS else field


def _label(name: str) -> str | None:
    field = LoanFilterForm.base_fields.get(name)
    return str(field.label) if field else None


def _filter_word(name: str, value: Any) -> str | None:
    """What a filter of the list asks for, as its form says it; amounts of an address are written by people already."""
    field = LoanFilterForm.base_fields.get(name)
    if name == "branch":
        return next((branch.name for branch in Branch.objects.filter(id=value)), None)
    if name in ("least", "most") and isinstance(value, int):
        return money.show(value, currency())
    if isinstance(field, BooleanField):
        return _("yes")
    return next((str(label) for key, label in getattr(field, "choices", ()) if key == value), None)


register_value_words("loans.loan", loan_words)
for object_type in ("loans.loanparty", "loans.party", "loans.vehicle", "loans.payment"):
    register_value_words(object_type, book_words)
for object_type in ("core.savedview", "loans.savedview"):
    register_value_words(object_type, view_words)
register_value_words("loans.importbatch", import_words)
for object_type in ("loans.savedview", "loans.importprofile"):
    register_field_words(object_type, name_of_thing)
register_field_words("loans.importbatch", batch_word)
