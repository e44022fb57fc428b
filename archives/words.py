"""What kinds, fields and problems are called for people, and in which order a kind's fields are shown."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from carloan.archives.recognition import kinds, proof, refusals

FIELD_LABELS: Final[Mapping[str, Any]] = {
    "name": _("Name"),
    "sex": _("Sex"),
    "ethnicity": _("Ethnicity"),
    "birth": _("Date of birth"),
    "address": _("Address"),
    "number": _("Number of the paper"),
    "authority": _("Issued by"),
    "valid_from": _("Valid from"),
    "valid_to": _("Valid to"),
    "licence_class": _("Class"),
    "first_issue_date": _("First issued"),
    "plate": _("Plate number"),
    "owner_name": _("Owner"),
    "vehicle_type": _("Type of vehicle"),
    "use_character": _("Use"),
    "model": _("Make and model"),
    "vin": _("VIN"),
    "engine_no": _("Engine number"),
    "register_date": _("Registered"),
    "issue_date": _("Issued"),
    "certificate_no": _("Certificate number"),
    "invoice_code": _("Invoice code"),
    "invoice_number": _("Invoice number"),
    "buyer_name": _("Buyer"),
    "buyer_id": _("Buyer's ID or tax number"),
    "seller_name": _("Seller"),
    "seller_tax_id": _("Seller's tax number"),
    "total": _("Total"),
    "total_in_words": _("Total in words"),
    "tax": _("Tax"),
    "price_without_tax": _("Price without tax"),
    "contract_no": _("Contract number"),
    "borrower_name": _("Borrower"),
    "borrower_id": _("Borrower's ID number"),
    "principal": _("Loan amount"),
    "term_months": _("Months"),
    "rate": _("Yearly rate"),
    "settled_on": _("Settled on"),
    "bank_name": _("Bank"),
}

# What people ask the queue for, instead of one of some fifty codes.
PROBLEM_GROUPS: Final[Mapping[str, tuple[str, ...]]] = {
    "doubt": ("field_unsure", "field_obscured", "pages_disagree"),
    "missing": ("field_missing", "page_blank", "page_unreadable", "recognition_failed"),
    "number": (
        "id_length", "id_characters", "id_division", "id_birth", "id_check", "vin_length", "vin_characters",
        "vin_check", "uscc_length", "uscc_characters", "uscc_check", "card_length", "card_check",
    ),
    "differs": (
        "birth_differs", "sex_differs", "id_province_differs", "plate_lower_case", "plate_region_differs",
        "dates_out_of_order",
    ),
    "money": ("words_differ", "sum_differs", "same_party"),
    "expired": ("expired", "inspection_expired", "not_yet_valid", "date_in_future"),
    "loan": ("no_loan", "several_loans", "beyond_reach", "loan_differs", "already_filed", "possible_duplicate"),
    "kind": ("kind_unknown", "kind_unsure", "kinds_mixed"),
    "returned": ("returned",),
}  # fmt: skip
PROBLEM_LABELS: Final[Mapping[str, Any]] = {
    "doubt": _("Read with doubt"),
    "missing": _("Not readable"),
    "number": _("Number cannot be right"),
    "differs": _("Contradicts itself"),
    "money": _("Amounts differ"),
    "expired": _("Expired or dated wrongly"),
    "loan": _("Loan unclear"),
    "kind": _("Kind unclear"),
    "returned": _("Returned"),
}

# The usual reasons; a free text can follow each. The trail keeps the code.
RETURN_REASONS: Final[Mapping[str, Any]] = {
    "unreadable": _("The picture cannot be read"),
    "incomplete": _("Pages or parts are missing"),
    "wrong_paper": _("This is another paper than asked for"),
    "wrong_person": _("It belongs to another person or car"),
    "expired": _("The paper is no longer valid"),
    "altered": _("The paper looks altered"),
    "other": _("Another reason"),
}
ACCEPT_REASONS: Final[Mapping[str, Any]] = {
    "original_seen": _("Compared with the original"),
    "as_printed": _("It is printed so"),
    "confirmed": _("Confirmed by the customer or the office"),
    "other": _("Another reason"),
}

RISKS: Final[Mapping[str, tuple[str, Any]]] = {
    "high": ("st-red", _("High risk")),
    "medium": ("st-yellow", _("Medium risk")),
    "low": ("", _("Low risk")),
}

_VEHICLE: Final = ("plate", "owner_name", "vehicle_type", "use_character", "model", "vin", "engine_no")
FIELDS_OF_KIND: Final[Mapping[str, tuple[str, ...]]] = {
    "id_card_front": ("name", "sex", "ethnicity", "birth", "address", "number"),
    "id_card_back": ("authority", "valid_from", "valid_to"),
    "driving_licence": (
        "number", "name", "sex", "address", "birth", "first_issue_date", "licence_class", "valid_from", "valid_to",
        "authority",
    ),
    "vehicle_licence": (*_VEHICLE, "address", "register_date", "issue_date", "valid_to", "authority"),
    "vehicle_sales_invoice": (
        "invoice_code", "invoice_number", "issue_date", "buyer_name", "buyer_id", "vehicle_type", "model",
        "certificate_no",
        "engine_no", "vin", "total", "total_in_words", "price_without_tax", "tax", "seller_name", "seller_tax_id",
    ),
    "vat_invoice": (
        "invoice_code", "invoice_number", "issue_date", "buyer_name", "buyer_id", "price_without_tax", "tax", "total",
        "total_in_words", "seller_name", "seller_tax_id",
    ),
    "bank_card": ("number", "bank_name", "valid_to", "name"),
    "vehicle_registration_certificate": (
        "certificate_no", *_VEHICLE, "register_date", "issue_date", "authority",
    ),
    "loan_contract": (
        "contract_no", "borrower_name", "borrower_id", "principal", "total_in_words", "term_months", "rate",
        "issue_date", "vin",
        "plate",
    ),
    "settlement_certificate": (
        "contract_no", "borrower_name", "borrower_id", "principal", "settled_on", "issue_date", "vin", "plate",
    ),
    "other": (),
}  # fmt: skip

STATE_TONES: Final = {
    "received": "st-blue st-busy", "recognising": "st-blue st-busy", "review": "st-orange", "filed": "st-green",
    "refused": "st-red",
}  # fmt: skip


def kind_label(kind: str) -> str:
    return str(kinds.LABELS[kind]) if kind in kinds.LABELS else gettext("Not yet known")


def field_label(name: str) -> str:
    return str(FIELD_LABELS.get(name, name))


def fields_for(kind: str, present: Iterable[str]) -> list[str]:
    """The fields of a kind in the order of the paper, then whatever else was read."""
    expected = FIELDS_OF_KIND.get(kind, ())
    return [*expected, *sorted(name for name in present if name not in expected)]


def problem_text(problem: Mapping[str, Any], reason: str = "") -> str:
    """One stored problem as a sentence in the reader's language; `reason` is the paper's note as the reader sees it."""
    code = str(problem["code"])
    fields = gettext(", ").join(field_label(name) for name in problem.get("fields", []))
    data = {"fields": fields, "reason": reason, **problem.get("data", {})}
    template = proof.MESSAGES.get(code) or refusals.MESSAGES.get(code) or code
    try:
        return str(template) % data if "%(" in str(template) else str(template)
    except (KeyError, ValueError):
        return str(template)
