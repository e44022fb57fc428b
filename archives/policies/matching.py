"""To which loan a paper belongs, and whether it contradicts the loan it was put on. Pure decisions."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from carloan.archives.recognition.proof import Fault
from carloan.lib.text import fold_key

# Which recognised fields identify a loan, a vehicle or a person, and under which field the book indexes them.
IDENTIFIERS: Mapping[str, str] = {
    "contract_no": "contract_no",
    "vin": "vin",
    "plate": "plate",
    "engine_no": "engine_no",
    "number": "id_number",
    "borrower_id": "id_number",
    "buyer_id": "id_number",
    "owner_id": "id_number",
    "mortgagor_id": "id_number",
    "insured_id": "id_number",
    "loan_contract_no": "contract_no",
}
NAMES = ("name", "owner_name", "buyer_name", "borrower_name", "mortgagor_name", "insured_name")
# A mortgage contract bears a number of its own, which no loan has; a business licence names a company.
_OWN_NUMBER = frozenset({"mortgage_contract"})
_NAMELESS = frozenset({"business_licence"})

# Under which number a paper of a kind is the same one, whoever photographed it. Kinds without one of their own (the
# back of an identity card) are told by nothing.
NUMBERS: Mapping[str, str] = {
    "id_card_front": "number",
    "driving_licence": "number",
    "vehicle_licence": "vin",
    "vehicle_sales_invoice": "invoice_number",
    "vat_invoice": "invoice_number",
    "bank_card": "number",
    "vehicle_registration_certificate": "certificate_no",
    "loan_contract": "contract_no",
    "mortgage_contract": "contract_no",
    "settlement_certificate": "certificate_no",
    "insurance_policy": "policy_no",
    "business_licence": "uscc",
}


@dataclass(frozen=True, slots=True)
class LoanFacts:
    """What the book knows of one loan, in comparable form; empty sets are what it does not know."""

    contract_no: str
    identities: frozenset[str]
    names: frozenset[str]
    vins: frozenset[str]
    plates: frozenset[str]
    engines: frozenset[str]
    addresses: frozenset[str] = frozenset()
    # As papers write them: the make with 牌 and the model's code (大众牌SVW6471APD), or the code alone.
    models: frozenset[str] = frozenset()
    # What was agreed, by the names that papers have for it, as they write it (minor units, months, parts per million).
    terms: Mapping[str, str] = field(default_factory=dict)
    # Who plays which part, by the names that contracts and letters have for it: a guarantor is no borrower.
    parts: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def of_identifier(self, name: str) -> frozenset[str]:
        """What the book knows under the identifier that a paper calls `name`."""
        return {
            "contract_no": frozenset({self.contract_no}), "id_number": self.identities, "vin": self.vins,
            "plate": self.plates, "engine_no": self.engines,
        }[IDENTIFIERS[name]]  # fmt: skip


def identifiers(kind: str, fields: Mapping[str, str]) -> dict[str, str]:
    """The values by which a paper finds its loan. A card's number is no identity."""
    return {
        name: value
        for name, value in fields.items()
        if name in IDENTIFIERS
        and value
        and not (kind == "bank_card" and name == "number")
        and not (kind in _OWN_NUMBER and name == "contract_no")
    }


def choose(found: Sequence[frozenset[UUID]]) -> tuple[UUID | None, str]:
    """The one loan that every identifier which leads anywhere leads to, or why there is none."""
    leading = [loans for loans in found if loans]
    if not leading:
        return None, "no_loan"
    common = frozenset.intersection(*leading)
    if len(common) == 1:
        return next(iter(common)), ""
    return None, "several_loans"


def contradictions(kind: str, fields: Mapping[str, str], loan: LoanFacts) -> Fault | None:
    """The fields that name something else than the loan does. What the book does not know contradicts nothing."""
    wrong = [name for name in NAMES if kind not in _NAMELESS and _strange(fields.get(name), loan.names)]
    wrong += [name for name, value in identifiers(kind, fields).items() if _strange(value, loan.of_identifier(name))]
    return Fault("loan_differs", tuple(dict.fromkeys(wrong))) if wrong else None


def confirmed(
    kind: str,
    fields: Mapping[str, str],
    unsure: Collection[str],
    loan: LoanFacts,
    *,
    put_there: bool,
    read_surely: Collection[str] = (),
) -> frozenset[str]:
    """Those of the `unsure` values of which the loan's book says the same: nobody misreads a value into another's.

    The book speaks only when the loan is known without them: a person put the paper there, or an identifier names it
    that is sure, or was `read_surely` and wants no more than a witness of its part. Parts are compared one by one.
    """
    named = identifiers(kind, fields)
    anchored = put_there or any(
        (name not in unsure or name in read_surely) and _same(value, loan.of_identifier(name))
        for name, value in named.items()
    )
    if not anchored:
        return frozenset()
    said = {name: loan.of_identifier(name) for name in named}
    said |= {name: loan.names for name in NAMES if kind not in _NAMELESS}
    said |= {"address": loan.addresses if kind not in _NAMELESS else frozenset(), "model": loan.models}
    said |= {name: frozenset({value}) for name, value in loan.terms.items()}
    said |= loan.parts
    return frozenset(name for name in unsure if _same(fields.get(name), said.get(name, frozenset())))


def printed_models(make: str, model: str) -> frozenset[str]:
    """How papers write a car of the book: 大众 and 途观L SVW6471APD are printed 大众牌SVW6471APD, or its code alone."""
    codes = [word for word in model.split() if len(word) >= 5 and any(sign.isdigit() for sign in word)]
    return frozenset(form for code in codes for form in (code, f"{make}牌{code}"))


def _same(value: str | None, known: frozenset[str]) -> bool:
    return bool(value) and fold_key(str(value)) in {fold_key(one) for one in known}


def _strange(value: str | None, known: frozenset[str]) -> bool:
    return bool(value and known) and not _same(value, known)
