"""How likely a value is right: measured on papers with known truth, not what the engine says of itself.

Engine confidence, proofs and structure sort every value into a cell; `measured.TABLE` holds how many values of the seen
papers fell into each cell and how many were wrong (`python -m benchmarks.recognition.calibration` writes it). A value is
accepted without a person from `SURE` on.
"""

from dataclasses import replace
from typing import Final

from carloan.archives.recognition import values
from carloan.archives.recognition.extract import Field, Fields
from carloan.archives.recognition.measured import TABLE
from carloan.lib import divisions, surnames

# The least probability of being right that needs no person's eye.
SURE: Final = 0.999
# Before anything is counted a cell is worth one value, half of it wrong.
_PRIOR_COUNT, _PRIOR_WRONG = 1.0, 0.5
# The steps of the engine's confidence, lower bounds.
STEPS: Final = (0.99, 0.97, 0.9, 0.8, 0.0)

_FIGURES: Final = frozenset(
    {"number", "plate", "vin", "engine_no", "engine_model", "certificate_no", "invoice_code", "invoice_number",
     "buyer_id", "seller_tax_id", "borrower_id", "owner_id", "mortgagee_id", "mortgagor_id", "insured_id", "uscc",
     "contract_no", "loan_contract_no", "policy_no", "total", "tax", "price_without_tax", "principal", "premium",
     "tax_paid", "registered_capital", "rate", "term_months", "birth", "valid_from", "valid_to", "first_issue_date",
     "register_date", "issue_date", "settled_on", "mortgage_date", "release_date", "established_on", "made_on",
     "lien_pages"}
)  # fmt: skip
_CHOICES: Final = frozenset(
    {"sex", "ethnicity", "licence_class", "use_character", "origin", "fuel", "colour", "insurance_type"}
)
# Paragraphs: where one ends is a guess that no check confirms.
_PARAGRAPHS: Final = frozenset({"scope"})
# Proofs that a wrong reading passes seldom (a check character) or that tie two places of the paper together.
_CHECKS: Final = frozenset({"check_digit", "words", "sum", "id_number", "pages", "one_year", "second_engine"})
_NAMES: Final = frozenset({"name", "owner_name", "buyer_name", "borrower_name", "mortgagor_name", "insured_name",
                           "legal_representative"})  # fmt: skip


def group(name: str) -> str:
    """Which kind of writing a value is: figures, a choice from a list, a paragraph, or other text in Han."""
    for called, names in (("figures", _FIGURES), ("choice", _CHOICES), ("paragraph", _PARAGRAPHS)):
        if name in names:
            return called
    return "han"


def evidence(field: Field) -> str:
    """The strongest thing that speaks for a value; a doubt outweighs all but a check."""
    if "doubted" in field.proofs or "reread_differs" in field.proofs:
        return "doubted"
    if _CHECKS & set(field.proofs):
        return "checked"
    if "digital" in field.proofs:
        return "digital"
    if {"reread", "repeated"} & set(field.proofs):
        return "agreed"
    return "read"


def step(confidence: float) -> float:
    return next(step for step in STEPS if confidence >= step)


def probability(name: str, field: Field) -> float:
    """How often values of this cell were right on the seen papers. Small cells cannot say much, and do not."""
    count, wrong = TABLE.get((group(name), evidence(field), step(field.confidence)), (0, 0))
    return 1.0 - (wrong + _PRIOR_WRONG) / (count + _PRIOR_COUNT)


def settle(fields: Fields) -> None:
    """Turn the engine's confidences into probabilities, rounded down to the thousandths that are stored."""
    for name, field in list(fields.items()):
        thousandths = int(probability(name, field) * 1000 + 1e-9)
        fields[name] = replace(field, confidence=thousandths / 1000, reading=field.confidence)


def doubt_shapes(fields: Fields) -> None:
    """Values that were read well but are not all there, or more than there is: half an address, a seal's letters."""
    for name in ("address",):
        if name in fields and not values.is_whole_address(str(fields[name].value)):
            fields.doubted(name, 0.5)
    for name in ("address", "authority"):
        if name in fields and not divisions.begins(str(fields[name].value)):
            fields.doubted(name, 0.9)
    for name in _NAMES & set(fields):
        held = str(fields[name].value)
        if values.organisation(held) is None and not surnames.begins(held):
            fields.doubted(name, 0.9)
