"""What is wrong with a paper, and which of its values are proven. A paper with any problem waits for a person."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from carloan.archives.recognition import values
from carloan.archives.recognition.certainty import SURE
from carloan.archives.recognition.extract import Fields
from carloan.archives.recognition.extract.amounts import in_words
from carloan.lib import bank_card, identity_number, uscc, vin

# What a paper of a kind is worth nothing without.
REQUIRED: Final[Mapping[str, tuple[str, ...]]] = {
    "id_card_front": ("name", "sex", "ethnicity", "birth", "address", "number"),
    "id_card_back": ("authority", "valid_from", "valid_to"),
    "driving_licence": ("number", "name", "first_issue_date", "licence_class", "valid_from", "valid_to"),
    "vehicle_licence": ("plate", "owner_name", "vin", "engine_no", "register_date"),
    "vehicle_sales_invoice": (
        "invoice_number", "issue_date", "buyer_name", "vin", "seller_name", "total", "total_in_words", "tax",
        "price_without_tax",
    ),
    "vat_invoice": ("invoice_number", "issue_date", "buyer_name", "seller_name", "total"),
    "bank_card": ("number",),
    "vehicle_registration_certificate": ("certificate_no", "owner_name", "plate", "vin"),
    "loan_contract": ("contract_no", "borrower_name", "principal", "term_months"),
    "mortgage_contract": ("contract_no", "mortgagee_name", "mortgagor_name", "vin"),
    "settlement_certificate": ("contract_no", "borrower_name", "settled_on"),
    "insurance_policy": ("insurance_type", "policy_no", "insured_name", "vin", "premium", "valid_from", "valid_to"),
    "business_licence": ("name", "uscc", "legal_representative"),
}  # fmt: skip
# Whose number stands in which field: people (GB 11643), organisations (GB 32100), or either.
PEOPLE: Final = ("number", "borrower_id", "mortgagor_id", "owner_id", "insured_id", "buyer_id")
ORGANISATIONS: Final = ("buyer_id", "seller_tax_id", "borrower_id", "mortgagor_id", "mortgagee_id", "owner_id",
                        "insured_id", "uscc")  # fmt: skip

# Faults that already say of a value that it may not be what was read.
OF_THE_VALUE: Final = frozenset(
    {"id_length", "id_characters", "id_division", "id_birth", "id_check", "vin_length", "vin_characters", "vin_check",
     "uscc_length", "uscc_characters", "uscc_check", "card_length", "card_check"}
)  # fmt: skip
# What contradicts itself on a paper. One of the values was misread, or the paper is wrong: none of them is sure but
# what a check character proves.
CONTRADICTIONS: Final = frozenset(
    {"birth_differs", "sex_differs", "words_differ", "sum_differs", "same_party", "dates_out_of_order",
     "policy_not_one_year", "pages_disagree", "plate_region_differs"}
)  # fmt: skip
# So many days after its beginning an insurance is sold at the latest.
_LATE: Final = 31
# Told beside the paper and asked by nobody: such a value may be filed with its doubt, and keeps it.
BESIDE: Final = frozenset({"scope"})

__all__ = ["BESIDE", "MESSAGES", "REQUIRED", "SURE", "Fault", "completeness", "faults", "lift", "plate_letter_differs"]

MESSAGES: Final[dict[str, str | Promise]] = {
    "kind_unknown": _("The kind of this paper was not recognised."),
    "kind_unsure": _("The paper could be of more than one kind."),
    "kinds_mixed": _("The pages are of different kinds. They may be different papers in one file."),
    "page_blank": _("Nothing can be read on page %(pages)s."),
    "page_unreadable": _("The file broke off after page %(pages)s; the rest could not be opened."),
    "field_missing": _("Not readable: %(fields)s."),
    "field_unsure": _("Read with doubt, please check: %(fields)s."),
    "field_obscured": _("Partly covered or made unreadable: %(fields)s."),
    "pages_disagree": _("The pages or parts of this paper name different values: %(fields)s."),
    "policy_not_one_year": _("The insurance does not run for one year."),
    "expired": _("The paper expired on %(date)s."),
    "inspection_expired": _("The vehicle inspection expired on %(date)s."),
    "not_yet_valid": _("The paper is valid only from %(date)s."),
    "dates_out_of_order": _("The dates on the paper contradict each other: %(fields)s."),
    "date_in_future": _("A date on the paper lies in the future: %(fields)s."),
    "birth_differs": _("The printed date of birth differs from the one in the ID number."),
    "sex_differs": _("The printed sex differs from the one in the ID number."),
    "id_province_differs": _("The address does not match the region in the ID number."),
    "plate_lower_case": _("The plate is printed with a small letter."),
    "plate_region_differs": _("The plate is of another region than the office or the inspection stamp."),
    "words_differ": _("The amount in words and the amount in figures differ."),
    "sum_differs": _("Price and tax do not add up to the total."),
    "same_party": _("Buyer and seller bear the same tax number."),
    # Faults of single values, judged by the rules of their numbers.
    "id_length": _("An ID number has 18 characters."),
    "id_characters": _("The ID number holds a character that is not allowed."),
    "id_division": _("The ID number begins with a region that does not exist."),
    "id_birth": _("The date of birth in the ID number is impossible."),
    "id_check": _("The check digit of the ID number is wrong."),
    "vin_length": _("A VIN has 17 characters."),
    "vin_characters": _("The VIN holds I, O or Q, which no VIN has."),
    "vin_check": _("The check digit of the VIN is wrong."),
    "uscc_length": _("A unified social credit code has 18 characters."),
    "uscc_characters": _("The credit code holds a character that is not allowed there."),
    "uscc_check": _("The check character of the credit code is wrong."),
    "card_length": _("A bank card number has 13 to 19 digits."),
    "card_check": _("The check digit of the bank card number is wrong."),
    # Of the paper in its surroundings; the services find these.
    "no_loan": _("No loan matches this paper."),
    "several_loans": _("More than one loan matches this paper."),
    "beyond_reach": _("It names a loan beyond its sender's reach. Somebody who works with that loan files it."),
    "loan_differs": _("The paper names other values than the loan it was put on: %(fields)s."),
    "already_filed": _("The loan this paper belongs to holds the same file already."),
    "returned": _("Returned: %(reason)s"),
    "same_paper": _("The dossier holds a paper of this kind with this number already."),
    "possible_duplicate": _("The same file also lies in the dossier of another loan."),
    "recognition_failed": _("Recognition failed three times. Please type the values."),
}

_PROVINCE_OF_LETTER: Final = dict(
    zip(
        "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼",
        [
            "北京", "天津", "上海", "重庆", "河北", "河南", "云南", "辽宁", "黑龙江", "湖南",
            "安徽", "山东", "新疆", "江苏", "浙江", "江西", "湖北", "广西", "甘肃", "山西",
            "内蒙古", "陕西", "吉林", "福建", "贵州", "广东", "青海", "西藏", "四川", "宁夏",
            "海南",
        ],
        strict=True,
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing a person must look at. `code` is stable, `fields` are concerned, `data` fills the message."""

    code: str
    fields: tuple[str, ...] = ()
    data: Mapping[str, Any] | None = None

    def as_dict(self) -> dict[str, Any]:
        return {"code": self.code, "fields": list(self.fields), "data": dict(self.data or {})}


def faults(kind: str, fields: Fields, *, today: date) -> list[Fault]:
    """Everything that is wrong with the values of one paper."""
    found = [*_numbers(kind, fields), *_plate(kind, fields), *_dates(kind, fields, today)]
    if kind in ("id_card_front", "driving_licence"):
        found += _person(kind, fields, today)
    if kind in ("vehicle_sales_invoice", "vat_invoice"):
        found += _amounts(fields)
    if kind in ("loan_contract", "mortgage_contract", "settlement_certificate"):
        found += _debt(fields)
    if kind == "insurance_policy":
        found += _year(fields)
    return found


def lift(kind: str, fields: Fields) -> None:
    """Note what proves values: their own check digits, or what they say of each other."""
    for name in PEOPLE:
        if name in fields and kind != "bank_card" and not identity_number.problems(str(fields[name].value)):
            fields.proven(name, by="check_digit")
    for name in ORGANISATIONS:
        if name in fields and not uscc.problems(str(fields[name].value)):
            fields.proven(name, by="check_digit")
    if "vin" in fields and vin.country(str(fields["vin"].value)) == "CN" and not vin.problems(str(fields["vin"].value)):
        fields.proven("vin", by="check_digit")
    if kind == "bank_card" and "number" in fields and not bank_card.problems(str(fields["number"].value)):
        fields.proven("number", by="check_digit")
    if kind == "insurance_policy" and not list(_year(fields)) and {"valid_from", "valid_to"} <= set(fields):
        fields.proven("valid_from", "valid_to", by="one_year")
    _lift_person(fields)


def doubt_contradicted(fields: Fields, told: Iterable[Fault]) -> None:
    """Doubt the values that contradict each other. Words and figures that agree outweigh a sum that does not."""
    for fault in told:
        outweigh = {"check_digit", "words"} if fault.code in ("sum_differs", "birth_differs", "sex_differs") else set()
        for name in fault.fields if fault.code in CONTRADICTIONS else ():
            if name in fields and not outweigh & set(fields[name].proofs):
                fields.doubted(name, 0.9)


def completeness(kind: str, fields: Fields, told: Iterable[Fault] = ()) -> list[Fault]:
    """Values the kind is worth nothing without that are missing, and doubtful ones that no fault of `told` names."""
    required = REQUIRED.get(kind, ())
    missing = tuple(name for name in required if name not in fields)
    named = {name for fault in told if fault.code in OF_THE_VALUE for name in fault.fields} | BESIDE
    unsure = tuple(name for name, field in fields.items() if field.confidence < SURE and name not in named)
    return [
        *([Fault("field_missing", missing)] if missing else []),
        *([Fault("field_unsure", unsure)] if unsure else []),
    ]


def _lift_person(fields: Fields) -> None:
    """Birth and sex that agree with a proven ID number were read right."""
    if "number" not in fields or identity_number.problems(str(fields["number"].value)):
        return
    person = identity_number.parse(str(fields["number"].value))
    if "birth" in fields and fields["birth"].value == person.birth.isoformat():
        fields.proven("birth", by="id_number")
    if "sex" in fields and fields["sex"].value == {"M": "男", "F": "女"}[person.sex]:
        fields.proven("sex", by="id_number")


def _numbers(kind: str, fields: Fields) -> Iterable[Fault]:
    for name in PEOPLE:
        if name in fields and (name == "number") <= (kind in ("id_card_front", "driving_licence")):
            yield from (Fault(code, (name,)) for code in _identity_problems(name, str(fields[name].value)))
    if "vin" in fields:
        yield from (Fault(p.code, ("vin",)) for p in vin.problems(str(fields["vin"].value)))
    for name in ("seller_tax_id", "mortgagee_id", "uscc"):
        number = str(fields[name].value) if name in fields else ""
        # Older tax numbers have 15 signs or 20 and no check character.
        if (name == "uscc" and number) or len(number) == 18:
            yield from (Fault(p.code, (name,)) for p in uscc.problems(number)[:1])
    if kind == "bank_card" and "number" in fields:
        yield from (Fault(p.code, ("number",)) for p in bank_card.problems(str(fields["number"].value)))


def _identity_problems(name: str, number: str) -> list[str]:
    """Of a number that is a person's or an organisation's: what is wrong by the rules of the one it looks like."""
    if name == "buyer_id" and len(number) != 18:
        return []
    person = [problem.code for problem in identity_number.problems(number)]
    if not person or (name in ORGANISATIONS and not uscc.problems(number)):
        return []
    looks_personal = number[:17].isdigit() and "id_division" not in person
    if name in ORGANISATIONS and not looks_personal:
        return [problem.code for problem in uscc.problems(number)[:1]]
    return person


def _person(kind: str, fields: Fields, today: date) -> Iterable[Fault]:
    if "number" not in fields:
        return
    number = str(fields["number"].value)
    wrong = {problem.code for problem in identity_number.problems(number, today=today)}
    if "birth" in fields and str(fields["birth"].value).replace("-", "") != number[6:14]:
        yield Fault("birth_differs", ("birth", "number"))
    if "sex" in fields and fields["sex"].value != ("男" if int(number[16]) % 2 else "女"):
        yield Fault("sex_differs", ("sex", "number"))
    # People move, so another province proves nothing; a region that does not exist matches no address at all.
    if "id_division" in wrong and "address" in fields:
        yield Fault("id_province_differs", ("address", "number"))


def _plate(kind: str, fields: Fields) -> Iterable[Fault]:
    if "plate" not in fields:
        return
    plate = str(fields["plate"].value)
    if plate != plate.upper():
        yield Fault("plate_lower_case", ("plate",))
    province = _PROVINCE_OF_LETTER.get(plate[0])
    office = str(fields["authority"].value) if "authority" in fields else ""
    # A seal that lost its first character still names the rest of its province.
    fits = province is None or office.startswith((province, province[1:] + "省"))
    if not fits and ("省" in office[:5] or office.startswith(tuple(_PROVINCE_OF_LETTER.values()))):
        yield Fault("plate_region_differs", ("plate", "authority"))


def _dates(kind: str, fields: Fields, today: date) -> Iterable[Fault]:
    now = today.isoformat()

    def value(name: str) -> str:
        return str(fields[name].value) if name in fields else ""

    end, start = value("valid_to"), value("valid_from")
    if end and end != "long_term" and end < now:
        yield Fault("inspection_expired" if kind == "vehicle_licence" else "expired", ("valid_to",), {"date": end})
    if start and start > now:
        yield Fault("not_yet_valid", ("valid_from",), {"date": start})
    for earlier, later in (
        ("valid_from", "valid_to"), ("register_date", "issue_date"), ("birth", "first_issue_date"),
        ("first_issue_date", "valid_from"), ("birth", "valid_from"), ("mortgage_date", "release_date"),
        ("settled_on", "issue_date"), ("established_on", "issue_date"), ("established_on", "valid_to"),
        ("made_on", "register_date"), ("register_date", "mortgage_date"),
    ):  # fmt: skip
        if kind == "insurance_policy" and earlier == "register_date":
            continue
        if value(earlier) and value(later) and value(later) != "long_term" and value(earlier) > value(later):
            yield Fault("dates_out_of_order", (earlier, later))
    # No insurance is sold long after it began: the year is one before, or the day is another's.
    if kind == "insurance_policy" and _is_late(start, value("issue_date")):
        yield Fault("dates_out_of_order", ("valid_from", "valid_to", "issue_date"))
    future = tuple(
        name for name in (
            "birth", "first_issue_date", "register_date", "issue_date", "settled_on", "mortgage_date", "release_date",
            "established_on", "made_on",
        ) if value(name) > now
    )  # fmt: skip
    if future:
        yield Fault("date_in_future", future)


def _is_late(start: str, sold: str) -> bool:
    try:
        return date.fromisoformat(sold) > date.fromisoformat(start) + timedelta(days=_LATE)
    except ValueError:
        return False


def _amounts(fields: Fields) -> Iterable[Fault]:
    total, words = fields.get("total"), fields.get("total_in_words")
    if total and words and in_words(str(words.value)) != total.value:
        yield Fault("words_differ", ("total", "total_in_words"))
    price, tax = fields.get("price_without_tax"), fields.get("tax")
    # Rounding per line may leave one 分.
    if total and price and tax and abs(int(price.value) + int(tax.value) - int(total.value)) > 1:
        yield Fault("sum_differs", ("total", "price_without_tax", "tax"))
    buyer, seller = fields.get("buyer_id"), fields.get("seller_tax_id")
    if buyer and seller and buyer.value == seller.value:
        yield Fault("same_party", ("buyer_id", "seller_tax_id"))


def _debt(fields: Fields) -> Iterable[Fault]:
    principal, words = fields.get("principal"), fields.get("total_in_words")
    if principal and words and in_words(str(words.value)) != principal.value:
        yield Fault("words_differ", ("principal", "total_in_words"))


def _year(fields: Fields) -> Iterable[Fault]:
    """A policy runs for a year; another length is rare enough for a person to look at."""
    if not {"valid_from", "valid_to"} <= set(fields):
        return
    try:
        start, end = (date.fromisoformat(str(fields[name].value)) for name in ("valid_from", "valid_to"))
    except ValueError:
        return
    if start <= end and not 364 <= (end - start).days <= 366:
        yield Fault("policy_not_one_year", ("valid_from", "valid_to"))


def plate_letter_differs(fields: Fields, text: str) -> Fault | None:
    """The inspection stamp names an area (粤B) other than the plate's."""
    if "plate" not in fields:
        return None
    stamp = values.inspection_area(text)
    return Fault("plate_region_differs", ("plate",)) if stamp and stamp != str(fields["plate"].value)[0] else None
