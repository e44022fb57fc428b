"""What a column can mean: the targets of a mapping, with the kind of value each takes."""

from dataclasses import dataclass
from typing import Any, Literal

from django.utils.translation import gettext_lazy as _

from carloan.loans.models import Loan

Kind = Literal["text", "number", "money", "rate", "int", "date", "choice"]


@dataclass(frozen=True, slots=True)
class Target:
    """One meaning. `number` is text that must not have been mangled as a number (identity, phone, VIN…)."""

    label: Any
    kind: Kind
    group: Any
    longest: int = 300
    choices: tuple[str, ...] = ()


LOAN, BALANCE, PERSON, OTHERS, CAR, PAID = (
    _("Loan"),
    _("Where it stands"),
    _("Borrower"),
    _("Others"),
    _("Vehicle"),
    _("Payment of the period"),
)
# The people of a row by the prefix of their columns.
ROLES = {"borrower": "borrower", "co_borrower": "co_borrower", "guarantor": "guarantor", "emergency_contact": "contact"}

TARGETS: dict[str, Target] = {
    "contract_no": Target(_("Contract number"), "number", LOAN, 64),
    "external_no": Target(_("Number in the other system"), "number", LOAN, 64),
    "product": Target(_("Product"), "text", LOAN, 60),
    "principal": Target(_("Loan amount"), "money", LOAN),
    "rate": Target(_("Yearly rate"), "rate", LOAN),
    "term": Target(_("Months"), "int", LOAN),
    "method": Target(_("Repayment"), "choice", LOAN, choices=tuple(Loan.Method.values)),
    "balloon": Target(_("Balloon"), "money", LOAN),
    "disbursed_on": Target(_("Paid out on"), "date", LOAN),
    "first_due_on": Target(_("First due on"), "date", LOAN),
    "matures_on": Target(_("Matures on"), "date", LOAN),
    "due_day": Target(_("Due day"), "int", LOAN),
    "state": Target(_("Stage"), "choice", LOAN, choices=tuple(Loan.State.values)),
    "branch": Target(_("Branch (code or name)"), "text", LOAN, 120),
    "officer": Target(_("Loan officer (number or name)"), "text", LOAN, 80),
    "as_of": Target(_("Balances as of"), "date", BALANCE),
    "outstanding": Target(_("Outstanding principal"), "money", BALANCE),
    "overdue": Target(_("Overdue amount"), "money", BALANCE),
    "days_overdue": Target(_("Days overdue"), "int", BALANCE),
    "periods_paid": Target(_("Instalments paid"), "int", BALANCE),
    "remaining_term": Target(_("Months left"), "int", BALANCE),
    "next_due_on": Target(_("Next due on"), "date", BALANCE),
    "next_due": Target(_("Next amount due"), "money", BALANCE),
    "borrower_name": Target(_("Borrower: name"), "text", PERSON, 120),
    "borrower_id": Target(_("Borrower: ID number"), "number", PERSON, 40),
    "borrower_phone": Target(_("Borrower: telephone"), "number", PERSON, 40),
    "borrower_address": Target(_("Borrower: address"), "text", PERSON),
    "borrower_employer": Target(_("Borrower: employer"), "text", PERSON),
    "co_borrower_name": Target(_("Co-borrower: name"), "text", OTHERS, 120),
    "co_borrower_id": Target(_("Co-borrower: ID number"), "number", OTHERS, 40),
    "co_borrower_phone": Target(_("Co-borrower: telephone"), "number", OTHERS, 40),
    "guarantor_name": Target(_("Guarantor: name"), "text", OTHERS, 120),
    "guarantor_id": Target(_("Guarantor: ID number"), "number", OTHERS, 40),
    "guarantor_phone": Target(_("Guarantor: telephone"), "number", OTHERS, 40),
    "guarantee": Target(_("Kind of guarantee"), "choice", OTHERS, choices=("general", "joint")),
    "contact_name": Target(_("Emergency contact: name"), "text", OTHERS, 120),
    "contact_phone": Target(_("Emergency contact: telephone"), "number", OTHERS, 40),
    "contact_relation": Target(_("Emergency contact: relation"), "text", OTHERS, 20),
    "vin": Target(_("VIN"), "number", CAR, 40),
    "plate": Target(_("Plate number"), "number", CAR, 20),
    "engine_no": Target(_("Engine number"), "number", CAR, 40),
    "make": Target(_("Make"), "text", CAR, 60),
    "model": Target(_("Model"), "text", CAR, 80),
    "model_year": Target(_("Model year"), "int", CAR),
    "condition": Target(_("New or used"), "choice", CAR, choices=("new", "used")),
    "use": Target(_("Use"), "choice", CAR, choices=("private", "commercial", "ride_hailing")),
    "price": Target(_("Price"), "money", CAR),
    "paid": Target(_("Amount paid"), "money", PAID),
    "paid_interest": Target(_("of it interest"), "money", PAID),
    "paid_principal": Target(_("of it principal"), "money", PAID),
    "paid_penalty": Target(_("of it penalty interest"), "money", PAID),
    "paid_other": Target(_("of it other"), "money", PAID),
    "paid_on": Target(_("Paid on"), "date", PAID),
}

# Without these nothing is a loan. The number may come from a key that the mapping computes.
REQUIRED = ("contract_no", "principal", "rate", "term", "disbursed_on")
