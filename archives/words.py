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
    "insurance_type": _("Kind of insurance"),
    "policy_no": _("Policy number"),
    "insurer_name": _("Insurer"),
    "insured_name": _("Insured"),
    "insured_id": _("ID or code of the insured"),
    "premium": _("Premium"),
    "tax_paid": _("Vehicle tax paid"),
    "lender_name": _("Lending party"),
    "loan_contract_no": _("Number of the loan contract"),
    "mortgagee_name": _("Mortgagee"),
    "mortgagee_id": _("Credit code of the mortgagee"),
    "mortgagor_name": _("Mortgagor"),
    "mortgagor_id": _("ID or code of the mortgagor"),
    "mortgage_date": _("Mortgage registered"),
    "release_date": _("Mortgage released"),
    "lien_pages": _("Pages with a mortgage"),
    "owner_id": _("ID or code of the owner"),
    "brand": _("Make"),
    "colour": _("Colour"),
    "origin": _("Made at home or imported"),
    "engine_model": _("Type of engine"),
    "fuel": _("Fuel"),
    "maker": _("Manufacturer"),
    "made_on": _("Date of manufacture"),
    "uscc": _("Unified social credit code"),
    "enterprise_type": _("Type of enterprise"),
    "legal_representative": _("Legal representative"),
    "registered_capital": _("Registered capital"),
    "established_on": _("Established"),
    "scope": _("Business scope"),
}
# What a value is called on one kind of paper, where that is not what it is called on the others.
LABELS_OF_KIND: Final[Mapping[tuple[str, str], Any]] = {
    ("bank_card", "number"): _("Card number"),
    ("id_card_front", "number"): _("ID number"),
    ("driving_licence", "number"): _("Licence number"),
}

# What proves a value, for people.
PROOFS: Final[Mapping[str, Any]] = {
    "check_digit": _("Its check digit is right."),
    "words": _("The amount in words says the same."),
    "sum": _("The parts add up to it."),
    "id_number": _("It agrees with the ID number."),
    "pages": _("Several pages say the same."),
    "one_year": _("The insurance runs for exactly one year."),
    "second_engine": _("A second engine read the same."),
    "reread": _("Read twice, both times the same."),
    "repeated": _("It stands on the paper more than once, always the same."),
    "list": _("It is one of the few values that are possible here."),
    "sole": _("Nothing else on the paper could be meant."),
    "signed": _("Somebody of this name signs in this part."),
    "together": _("Name and number stand together, and no other ones do."),
    "trade": _("Nobody else on the paper lends by trade."),
    "latest": _("No later day stands on the paper."),
    "book": _("The loan it lies on says the same."),
    "digital": _("Taken from the text of the file, not from a picture."),
    "reread_differs": _("Read twice, and differently."),
    "unwitnessed": _("Read well, but only its label says which value it is. Nothing else on the paper does."),
    "doubted": _("Its form speaks against it: something is missing or too much."),
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
    "loan": (
        "no_loan", "several_loans", "beyond_reach", "loan_differs", "already_filed", "possible_duplicate", "same_paper",
    ),
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

# The usual reasons; a free text can follow each. Paper and trail keep the code, each reader gets the words of their
# language.
OTHER_REASON: Final = "other"
RETURN_REASONS: Final[dict[str, Any]] = {
    "unreadable": _("The picture cannot be read"),
    "incomplete": _("Pages or parts are missing"),
    "wrong_paper": _("This is another paper than asked for"),
    "wrong_person": _("It belongs to another person or car"),
    "expired": _("The paper is no longer valid"),
    "altered": _("The paper looks altered"),
    OTHER_REASON: _("Another reason"),
}
ACCEPT_REASONS: Final[dict[str, Any]] = {
    "original_seen": _("Compared with the original"),
    "as_printed": _("It is printed so"),
    "confirmed": _("Confirmed by the customer or the office"),
    OTHER_REASON: _("Another reason"),
}

# Why a paper that could be read waits (services/keeping.py: WAITING).
WAITING_WORDS: Final[Mapping[str, Any]] = {
    "unavailable": _("The store of papers does not answer. The paper is read as soon as it does."),
    "store_away": _("The store of papers is not in its place. The paper is read as soon as it is back."),
    "file_lost": _("The file is missing in the store. Send the same file again, then the paper is read."),
    "file_damaged": _("The file was damaged in the store. Send the same file again, then the paper is read."),
}

# Reasons of refusals and returns as the trail tells them, in few words: a list has no room for advice.
REASON_WORDS: Final[Mapping[str, Any]] = {
    "empty": _("The file is empty"),
    "type_unknown": _("Not a kind of file that is taken"),
    "type_svg": _("An SVG drawing"),
    "type_html": _("A web page in place of a paper"),
    "type_office": _("An Office file"),
    "type_program": _("A program in place of a paper"),
    "polyglot": _("A file of two kinds at once"),
    "scanner_down": _("The virus scanner did not answer"),
    "encrypted": _("The file is locked with a password"),
    "damaged": _("The file is damaged"),
    "too_heavy": _("The file is too heavy to open"),
    "zip_nested": _("An archive inside the archive"),
    "zip_bomb": _("The archive unpacks to far too much"),
    "zip_encrypted": _("The archive is locked with a password"),
    "zip_damaged": _("The archive is damaged"),
    "zip_method": _("Packed in a way that cannot be opened"),
    "zip_empty": _("The archive is empty"),
    "nothing_taken": _("None of the files could be taken"),
    "too_large": _("The file is too large"),
    "too_many_pages": _("Too many pages"),
    "too_many_pixels": _("The picture is too large"),
    "malware": _("The virus scanner reported the file"),
    "active_content": _("A PDF that carries a program"),
    "zip_too_many": _("Too many files in the archive"),
    "zip_unsafe": _("Unsafe file names in the archive"),
    "zip_link": _("A link in the archive"),
    "recognition_failed": _("It could not be read by machine"),
    "store_away": _("The store of papers was away"),
    "file_lost": _("The file is missing in the store"),
    "file_damaged": _("The file is damaged in the store"),
    **RETURN_REASONS,
    **ACCEPT_REASONS,
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
        "certificate_no", "owner_name", "owner_id", "plate", "vehicle_type", "brand", "model", "vin", "engine_no",
        "use_character", "register_date", "issue_date", "authority", "mortgagee_name", "mortgagee_id", "mortgage_date",
        "release_date", "lien_pages",
    ),
    "loan_contract": (
        "contract_no", "lender_name", "borrower_name", "borrower_id", "principal", "total_in_words", "term_months",
        "rate", "issue_date", "vin", "plate",
    ),
    "mortgage_contract": (
        "contract_no", "loan_contract_no", "mortgagee_name", "mortgagor_name", "mortgagor_id", "plate", "model", "vin",
        "engine_no", "principal", "total_in_words", "issue_date",
    ),
    "settlement_certificate": (
        "certificate_no", "contract_no", "lender_name", "borrower_name", "borrower_id", "principal", "settled_on",
        "issue_date", "vin", "plate",
    ),
    "insurance_policy": (
        "insurance_type", "policy_no", "insurer_name", "insured_name", "insured_id", "plate", "model", "vin",
        "engine_no", "use_character", "premium", "tax_paid", "valid_from", "valid_to", "issue_date",
    ),
    "business_licence": (
        "name", "uscc", "enterprise_type", "legal_representative", "registered_capital", "established_on", "valid_to",
        "address", "scope", "authority", "issue_date",
    ),
    "other": (),
}  # fmt: skip

STATE_TONES: Final = {
    "received": "st-blue st-busy", "recognising": "st-blue st-busy", "review": "st-orange", "filed": "st-green",
    "refused": "st-red",
}  # fmt: skip


def kind_label(kind: str) -> str:
    return str(kinds.LABELS[kind]) if kind in kinds.LABELS else gettext("Not yet known")


def field_label(name: str, kind: str = "") -> str:
    return str(LABELS_OF_KIND.get((kind, name)) or FIELD_LABELS.get(name, name))


def trail_word(name: str) -> str | None:
    """What a value of a paper is called, None for what is none of them."""
    if name == "item":
        return gettext("Item of the checklist")
    return str(FIELD_LABELS[name]) if name in FIELD_LABELS else None


def policy_word(name: str) -> str | None:
    """What a rule of recognised values is called (archives.fields.rules_of_papers)."""
    return field_label("number", "bank_card") if name == "card" else trail_word(name)


def fields_for(kind: str, present: Iterable[str]) -> list[str]:
    """The fields of a kind in the order of the paper, then whatever else was read."""
    expected = FIELDS_OF_KIND.get(kind, ())
    return [*expected, *sorted(name for name in present if name not in expected)]


def problem_word(code: str) -> str:
    """The group of problems that a code belongs to: its sentence needs facts that only the paper has."""
    group = next((group for group, codes in PROBLEM_GROUPS.items() if code in codes), "")
    return str(PROBLEM_LABELS.get(group) or REASON_WORDS.get(code, code))


def reason_text(code: str, text: str) -> str:
    """Why a person decided something: the usual reason in the reader's language, then what was typed. Without a code
    the text is all that was said."""
    usual = RETURN_REASONS | ACCEPT_REASONS
    label = str(usual.get(code, "")) if code != OTHER_REASON else ""
    return gettext("%(reason)s: %(text)s") % {"reason": label, "text": text} if label and text else label or text


def problem_text(problem: Mapping[str, Any], reason: str = "", kind: str = "") -> str:
    """One stored problem of a paper of `kind` as a sentence; `reason` is why it came back, as the reader sees it."""
    code = str(problem["code"])
    fields = gettext(", ").join(field_label(name, kind) for name in problem.get("fields", []))
    data = {"fields": fields, "reason": reason, **problem.get("data", {})}
    template = proof.MESSAGES.get(code) or refusals.MESSAGES.get(code) or WAITING_WORDS.get(code) or code
    try:
        return str(template) % data if "%(" in str(template) else str(template)
    except (KeyError, ValueError):
        return str(template)
