"""Data classes of the archive. What a field of a paper is called decides how it is masked (FIELD_RULES)."""

from collections.abc import Iterable

from carloan.core.registry import INTERNAL, NONE, SECRET, Field, Term, classify, register_terms

TEXT = Field("C2", mask="text", export="masked")

classify(
    "archives.Dossier",
    loan=NONE, pack_version=NONE, required=NONE, done=NONE, blocking=NONE, percent=NONE, expires_on=INTERNAL,
    opened_at=NONE, audit_event_id=NONE,
)  # fmt: skip
classify(
    "archives.TemplatePack",
    code=NONE, name=NONE, name_en=NONE, products=NONE, party=NONE, created_at=NONE, audit_event_id=NONE,
)  # fmt: skip
classify(
    "archives.PackVersion",
    pack=NONE, number=NONE, state=NONE, note=INTERNAL, made_by=NONE, published_by=NONE, published_at=NONE,
    retired_at=NONE, revision=NONE, created_at=NONE, audit_event_id=NONE,
)  # fmt: skip
classify(
    "archives.PackItem",
    version=NONE, position=NONE, key=NONE, name=NONE, name_en=NONE, stage=NONE, kinds=NONE, of=NONE, required=NONE,
    condition=NONE, count=NONE, expires=NONE, months=NONE, confidentiality=NONE, urgent=NONE, important=NONE,
    original=NONE,
)  # fmt: skip
classify(
    "archives.PaperTick",
    paper=NONE, dossier=NONE, item_key=INTERNAL, stage=NONE, party=NONE, valid_until=INTERNAL, placed_by=NONE,
    audit_event_id=NONE,
)  # fmt: skip
classify(
    "archives.Waiver",
    dossier=NONE, item_key=INTERNAL, party=NONE, state=NONE, reason=TEXT, until=NONE, asked_by=NONE, asked_at=NONE,
    decided_by=NONE, decided_at=NONE, answer=TEXT, revision=NONE, audit_event_id=NONE,
)  # fmt: skip
classify(
    "archives.StageClosing",
    dossier=NONE, stage=NONE, state=NONE, papers=NONE, digest=NONE, closed_by=NONE, closed_at=NONE, reason=TEXT,
    asked_by=NONE, asked_at=NONE, reopened_by=NONE, reopened_at=NONE, revision=NONE, audit_event_id=NONE,
)  # fmt: skip
classify(
    "archives.Paper",
    dossier=NONE, loan=NONE, branch=NONE, name=Field("C2", mask="text", export="masked"), media=NONE, size=NONE,
    sha256=INTERNAL, reader=NONE,
    stored=NONE, wrapped_key=SECRET, state=NONE, kind=INTERNAL, certainty=NONE, pages=NONE, problems=INTERNAL,
    reason=INTERNAL, note_code=INTERNAL, note=TEXT, source=NONE,
    uploaded_by=NONE, verified_by=NONE, lease_until=NONE, attempts=NONE, outages=NONE, revision=NONE,
    risk=INTERNAL, assigned_to=NONE, claimed_by=NONE, claimed_until=NONE,
    received_at=NONE, recognised_at=NONE, filed_at=NONE, audit_event_id=NONE,
)  # fmt: skip
classify(
    "archives.PaperPage",
    paper=NONE, number=NONE, width=NONE, height=NONE, turn=NONE, digital=NONE, source=NONE, corners=NONE,
    lines=TEXT, rendition=NONE, audit_event_id=NONE,
)  # fmt: skip
classify("archives.PageMark", code=INTERNAL, paper_id=NONE, page=NONE, audit_event_id=NONE)
classify(
    "archives.PaperField",
    paper=NONE, name=NONE, value=TEXT, original=TEXT, confidence=NONE, page=NONE, box=NONE, source=NONE,
    proofs=NONE, verified_by=NONE,
    audit_event_id=NONE,
)  # fmt: skip
classify(
    "archives.SearchSegment",
    pages=NONE, papers=NONE, starts=NONE, purge=NONE, index_version=NONE, retired_at=NONE,
)  # fmt: skip
classify("archives.SearchBlock", segment=NONE, first=INTERNAL, body=INTERNAL)
classify("archives.SearchSlot", segment=NONE, place=NONE, paper=NONE)

_NAME = Field("C2", mask="name", export="masked")
_IDENTITY = Field("C2", mask="id_number", guarded=True, export="masked")
_ADDRESS = Field("C2", mask="address", guarded=True, export="masked")
CARD_TERM, INVOICE_TERM = Term("card", tails=(4, 6)), Term("invoice_number")
# The other values by which papers are found are those of the book (policies/matching.py).
register_terms(CARD_TERM, INVOICE_TERM)
_CARD = Field("C2", mask="card", guarded=True, search=CARD_TERM, export="masked")
_VIN = Field("C2", mask="vin", export="masked")
_PLATE = Field("C2", mask="plate", export="masked")
_DATE = Field("C2", mask="date", export="masked")
_AMOUNT = Field("C2", export="clear")

# How a recognised value is treated, by its field name. An unknown name is masked whole: default is refusal.
FIELD_RULES: dict[str, Field] = {
    "name": _NAME, "owner_name": _NAME, "buyer_name": _NAME, "borrower_name": _NAME, "seller_name": INTERNAL,
    "number": _IDENTITY, "borrower_id": _IDENTITY, "buyer_id": _IDENTITY, "seller_tax_id": INTERNAL,
    "birth": _DATE, "address": _ADDRESS, "sex": Field("C2", mask="text"), "ethnicity": Field("C2", mask="text"),
    "vin": _VIN, "engine_no": _VIN, "plate": _PLATE, "certificate_no": _VIN,
    "total": _AMOUNT, "total_in_words": _AMOUNT, "tax": _AMOUNT, "price_without_tax": _AMOUNT, "principal": _AMOUNT,
    "rate": _AMOUNT, "term_months": INTERNAL, "contract_no": INTERNAL, "invoice_code": INTERNAL,
    "invoice_number": Field("C1", search=INVOICE_TERM),
    "authority": INTERNAL, "valid_from": INTERNAL, "valid_to": INTERNAL, "licence_class": INTERNAL,
    "first_issue_date": INTERNAL, "vehicle_type": INTERNAL, "use_character": INTERNAL, "model": INTERNAL,
    "register_date": INTERNAL, "issue_date": INTERNAL, "settled_on": INTERNAL, "bank_name": INTERNAL,
    "mortgagor_name": _NAME, "insured_name": _NAME, "legal_representative": _NAME,
    "owner_id": _IDENTITY, "mortgagor_id": _IDENTITY, "insured_id": _IDENTITY,
    "mortgagee_name": INTERNAL, "mortgagee_id": INTERNAL, "lender_name": INTERNAL, "insurer_name": INTERNAL,
    "mortgage_date": INTERNAL, "release_date": INTERNAL, "lien_pages": INTERNAL, "loan_contract_no": INTERNAL,
    "brand": INTERNAL, "colour": INTERNAL, "origin": INTERNAL, "engine_model": INTERNAL, "fuel": INTERNAL,
    "maker": INTERNAL, "made_on": INTERNAL,
    "insurance_type": INTERNAL, "policy_no": INTERNAL, "premium": _AMOUNT, "tax_paid": _AMOUNT,
    "uscc": INTERNAL, "enterprise_type": INTERNAL, "registered_capital": INTERNAL, "established_on": INTERNAL,
    "scope": INTERNAL,
}  # fmt: skip


def rule_of_field(kind: str, name: str) -> Field:
    """The rule of a recognised field; the number of a bank card is a card, any other paper's number is an identity."""
    if kind == "bank_card" and name == "number":
        return _CARD
    # What a business licence says of a company is public.
    if kind == "business_licence" and name in ("name", "address"):
        return INTERNAL
    return FIELD_RULES.get(name, TEXT)


# The picture of a paper shows all that stands on it to whoever may see clear values. A lender may raise the pictures of
# a kind to class C3 (`guarded`): nobody sees one but by an opening that two people decided about.
PICTURE = Field("C2", mask="text", export="never")
# What such an opening is of.
PICTURE_OPENING = "archives.picture"


def picture_rules(kinds: Iterable[str]) -> dict[str, Field]:
    """The rules of pictures, by the kind of paper."""
    return dict.fromkeys(kinds, PICTURE)


def policy_key(kind: str, name: str) -> str:
    """What a lender's policy of masking calls the rule of a recognised field."""
    return "paper.card" if kind == "bank_card" and name == "number" else f"paper.{name}"


def rules_of_papers() -> dict[str, Field]:
    """The rules that a lender may tighten, by what policies call them."""
    return {**FIELD_RULES, "card": _CARD}
