"""What can be wrong or doubtful in a row of a file: column, code and a sentence, never the value itself."""

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext, override

from carloan.lib.problems import Problem


def _(text: str) -> str:
    """Marks a sentence for translation. Django's own mark asks for settings, which the sandbox does not have."""
    return text


MESSAGES = {
    "amount": _("This is not an amount of money."),
    "branch_foreign": _("You may not import loans into this branch."),
    "branch_several": _("Several branches have this name. Give the code of one."),
    "branch_unknown": _("There is no branch with this code or name."),
    "cell_broken": _("The characters cannot be read: the file is damaged or in another encoding."),
    "cell_error": _("The spreadsheet shows an error value here."),
    "cells_extra": _("The row has more cells than the header."),
    "cells_missing": _("The row has fewer cells than the header; the file may be cut off."),
    "control": _("The cell holds control characters."),
    "date": _("This is not a date, or an impossible one."),
    "date_range": _("A date must lie between 1990 and 2100."),
    "date_order": _("This date lies before the day the loan was paid out."),
    "duplicate": _("The same loan stands in row %(row)s already."),
    "formula": _("The cell holds a formula. Save the file with values."),
    "future": _("This day has not come yet."),
    "guarantor_incomplete": _("The kind of a guarantee is given without a guarantor."),
    "many_cells": _("The row is damaged: quotes or line breaks are wrong. Rows behind it may be part of it."),
    "missing": _("The value is missing."),
    "negative_amount": _("The amount is less than zero."),
    "number": _("This is not a whole number."),
    "number_lost": _("The number lost its last digits in a spreadsheet. Save the column as text."),
    "officer_several": _("Several colleagues have this name or number. Give a number that only one of them has."),
    "officer_unknown": _("There is no colleague with this number or name."),
    "other_borrower": _("The loan is in the book with another borrower."),
    "other_vehicle": _("The loan is in the book with another VIN."),
    "payment_differs": _("A payment with this date is in the book with another amount."),
    "payment_parts": _("Interest, principal and the rest do not add up to the amount paid."),
    "misfit": _(
        "The row does not fit what the book holds of the borrower or the car. Let somebody who sees clear values "
        "import it."
    ),
    "name_differs": _("This ID number belongs to a party with another name."),
    "rate": _("This is not a yearly rate."),
    "rate_unit": _("The rate is below 0.1 %: the mapping reads percent, and the file seems to hold fractions."),
    "shredded": _("What the book held of this loan was destroyed. It takes no changes any more."),
    "state_move": _("The loan is in a stage from which a file cannot take it to this one."),
    "state_settled": _("The loan is settled. A file does not reopen it; reopen it on its page, with a reason."),
    "terms_differ": _("The terms differ from the book. Terms of a paid-out loan are not changed by a file."),
    "term": _("The term must lie between 1 and 480 months."),
    "too_long": _("This is too long."),
    "too_many": _("The number is out of range."),
    "unknown_value": _("The mapping does not know this value."),
    "writing": _("The database refused this row."),
    "zero_amount": _("The amount must be more than zero."),
}


# Where the sentence names something of the row, the one for all of them.
SUMMARIES = {"duplicate": _("The same loan stands in another row already.")}
# Doubts: the row is booked, and somebody should look at it.
DOUBTS = {
    "amount_without_days": _("An overdue amount without a day overdue."),
    "borrower_young": _("The borrower was not yet 18 when the loan was paid out."),
    "days_without_amount": _("Days overdue without an overdue amount."),
    "matured": _("The last due day has passed with principal outstanding, yet nothing is said to be overdue."),
    "maturity_differs": _("Maturity and number of months do not fit together."),
    "model_year_differs": _("The VIN speaks of another model year."),
    "name_digits": _("The name holds digits."),
    "name_short": _("The name is a single character."),
    "outstanding_high": _("More principal is outstanding than was lent."),
    "overdue_settled": _("Something is overdue though no principal is outstanding."),
    "periods_high": _("More instalments are paid than the loan has months."),
    "phone_same": _("The same telephone number as the borrower's."),
    "phone_service": _("This is a hotline, not somebody's telephone."),
    "rate_high": _("The yearly rate is above 36 %."),
    "vin_foreign": _(
        "The check digit of the VIN does not fit. Makers of this country need not keep it: compare the papers."
    ),
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault or doubt. `column` is the header's text, '' for the whole row; `message` is English, translated when
    shown."""

    column: str
    code: str
    message: str = ""
    data: dict[str, Any] = field(default_factory=dict)

    @property
    def summary(self) -> str:
        """The English sentence for all rows with this fault: nothing of the single row in it."""
        return SUMMARIES.get(self.code) or self.message or sentence(self.code)

    def as_json(self) -> dict[str, Any]:
        found = {"column": self.column, "code": self.code, "message": self.message or sentence(self.code)}
        return found | ({"data": self.data} if self.data else {})


def sentence(code: str) -> str:
    """The English sentence of a code of ours, '' for one that carloan.lib or a policy words."""
    return MESSAGES.get(code) or DOUBTS.get(code, "")


def of_problem(column: str, problem: Problem) -> Fault:
    """A fault that carloan.lib or a policy found; its English sentence is the key of its translation."""
    with override(None):
        return Fault(column, problem.code, str(problem.message))


def told(stored: dict[str, Any]) -> str:
    """A stored fault in the reader's language."""
    sentence = gettext(stored["message"])
    return sentence % stored["data"] if stored.get("data") else sentence
