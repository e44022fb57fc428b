"""How likely a value is right: measured on papers with known truth, not what the engine says of itself.

Engine confidence, proofs and structure sort every value into a cell; `measured.TABLE` holds how many values of the seen
papers fell into each cell and how many were wrong (`python -m benchmarks.recognition.calibration` writes it). A value
is accepted without a person from `SURE` on.
"""

from dataclasses import replace
from typing import Final

from carloan.archives.recognition.extract import Field, Fields
from carloan.archives.recognition.extract.field import ALONE
from carloan.archives.recognition.measured import TABLE

# The least probability of being right that needs no person's eye.
SURE: Final = 0.999
# Of the values of contracts and letters that were read surely and accepted by their labels, on layouts that no rule was
# fitted to, so many were right (132 of 143, docs/recognition.md).
LABEL_ALONE: Final = 0.923
# Before anything is counted a cell is worth one value, half of it wrong.
_PRIOR_COUNT, _PRIOR_WRONG = 1.0, 0.5
# The steps of the engine's confidence, lower bounds. Of what is read alike twice, all that was wrong among 2,470 values
# of the seen papers lay below the first.
STEPS: Final = (0.999, 0.99, 0.95, 0.9, 0.8, 0.0)
# Of wrong readings so many pass a check all the same: one in ten that is wrong in several places.
_LEAK: Final = 0.1
# Every check digit finds a single wrong sign, and four of five wrong readings have no other.
_LEAK_OF_DIGIT: Final = 0.02
# Words and figures are read apart: that both are misread to the same sum is rarer.
_LEAK_OF_SUMS: Final = 0.01
# Rarest: a misread word that is another of the 57 of a list, of 20,000 signs. 男 and 女, or C1 and C2, are too alike.
_LEAK_OF_LIST: Final = 0.003
_LISTED: Final = frozenset({"ethnicity", "use_character", "origin", "fuel", "colour", "authority", "insurance_type",
                           "enterprise_type"})  # fmt: skip

_FIGURES: Final = frozenset(
    {"number", "plate", "vin", "engine_no", "engine_model", "certificate_no", "invoice_code", "invoice_number",
     "buyer_id", "seller_tax_id", "borrower_id", "owner_id", "mortgagee_id", "mortgagor_id", "insured_id", "uscc",
     "contract_no", "loan_contract_no", "policy_no", "total", "tax", "price_without_tax", "principal", "premium",
     "tax_paid", "registered_capital", "rate", "term_months", "birth", "valid_from", "valid_to", "first_issue_date",
     "register_date", "issue_date", "settled_on", "mortgage_date", "release_date", "established_on", "made_on",
     "lien_pages"}
)  # fmt: skip
# Paragraphs: where one ends is a guess that no check confirms.
_PARAGRAPHS: Final = frozenset({"scope"})
# Proofs that a wrong reading passes seldom (a check character) or that tie two places of the paper together.
CHECKS: Final = frozenset(
    {"list", "check_digit", "words", "sum", "id_number", "pages", "repeated", "one_year", "second_engine"}
)


def group(name: str) -> str:
    """Which kind of writing a value is: figures, a paragraph, or other text (names, addresses, choices from a list)."""
    if name in _FIGURES:
        return "figures"
    return "paragraph" if name in _PARAGRAPHS else "text"


def evidence(field: Field) -> str:
    """The strongest thing that speaks for a value; a doubt outweighs all but a check."""
    if "doubted" in field.proofs or "reread_differs" in field.proofs:
        return "doubted"
    if CHECKS & set(field.proofs):
        return "checked"
    if "digital" in field.proofs:
        return "digital"
    return "agreed" if "reread" in field.proofs else "read"


def step(confidence: float) -> float:
    return next(step for step in STEPS if confidence >= step)


def probability(name: str, field: Field) -> float:
    """How often values of this cell were right on the seen papers. Small cells cannot say much, and do not.

    A check is worth what it catches: of what is wrong at this confidence, `_LEAK` gets through.
    """
    kind, said, at = group(name), evidence(field), step(field.confidence)
    if said == "checked":
        every = [TABLE.get((kind, other, at), (0, 0)) for other in ("checked", "agreed", "doubted", "read")]
        wrong = _share(sum(count for count, _ in every), sum(bad for _, bad in every))
        return (1 - wrong) / (1 - wrong + wrong * _leak(name, field))
    return 1.0 - _share(*TABLE.get((kind, said, at), (0, 0)))


def _leak(name: str, field: Field) -> float:
    if name in _LISTED and "list" in field.proofs:
        return _LEAK_OF_LIST
    if {"words", "sum"} & set(field.proofs):
        return _LEAK_OF_SUMS
    return _LEAK_OF_DIGIT if {"check_digit", "id_number"} & set(field.proofs) else _LEAK


def _share(count: int, wrong: int) -> float:
    return (wrong + _PRIOR_WRONG) / (count + _PRIOR_COUNT)


def settle(fields: Fields) -> None:
    """Turn the engine's confidences into probabilities, rounded down to the thousandths that are stored.

    What was read surely and has no witness for its part (witnesses.py) is worth what labels alone are worth.
    """
    for name, field in list(fields.items()):
        likely, proofs = probability(name, field), field.proofs
        if ALONE in proofs and likely >= SURE:
            likely = LABEL_ALONE
        else:
            proofs = tuple(code for code in proofs if code != ALONE)
        thousandths = int(likely * 1000 + 1e-9)
        fields[name] = replace(field, confidence=thousandths / 1000, reading=field.confidence, proofs=proofs)
