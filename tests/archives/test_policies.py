"""Pure decisions: matching, masking, grams, values as people write them, the second engine's opinion."""

import time
from dataclasses import replace
from typing import Any, ClassVar
from uuid import UUID

import numpy as np
import pytest
from django.utils import translation
from PIL import Image, ImageDraw, ImageFont

from carloan.archives.policies.grams import Hasher, normal
from carloan.archives.policies.matching import LoanFacts, choose, confirmed, contradictions, identifiers, printed_models
from carloan.archives.policies.outcome import outcome
from carloan.archives.recognition import second
from carloan.archives.recognition.certainty import evidence
from carloan.archives.recognition.extract import Field, Fields, contract, insurance_policy, settlement
from carloan.archives.recognition.proof import Fault
from carloan.archives.recognition.sheet import Line, Sheet
from carloan.archives.values import normal_value, written
from carloan.archives.words import field_label, problem_text

A, B = UUID(int=1), UUID(int=2)
KEY = b"k" * 32


def test_every_identifier_must_lead_to_the_same_loan() -> None:
    assert choose([frozenset({A}), frozenset({A, B})]) == (A, "")
    assert choose([frozenset({A}), frozenset({B})]) == (None, "several_loans")
    assert choose([frozenset({A, B})]) == (None, "several_loans")
    assert choose([frozenset(), frozenset()]) == (None, "no_loan")
    assert choose([frozenset(), frozenset({A})]) == (A, "")


def facts(**more: frozenset[str]) -> LoanFacts:
    empty: dict[str, Any] = dict.fromkeys(("identities", "names", "vins", "plates", "engines"), frozenset())
    return LoanFacts(contract_no="HX-1", **(empty | more))


def test_what_the_book_does_not_know_contradicts_nothing() -> None:
    assert contradictions("vehicle_licence", {"vin": "X", "plate": "Y", "owner_name": "Z"}, facts()) is None
    found = contradictions(
        "vehicle_licence",
        {"vin": "LFV", "plate": "鄂E3887k"},
        facts(vins=frozenset({"LSG"}), plates=frozenset({"鄂E3887K"})),
    )
    assert found is not None
    assert found.fields == ("vin",)


def test_the_number_of_a_bank_card_is_no_identity() -> None:
    assert identifiers("bank_card", {"number": "6222"}) == {}
    with translation.override("zh-hans"):
        assert field_label("number", "bank_card") == "卡号"
        assert problem_text({"code": "field_missing", "fields": ["number"]}, kind="bank_card").count("卡号") == 1
    assert identifiers("id_card_front", {"number": "1101"}) == {"number": "1101"}


def test_only_a_known_kind_on_a_loan_without_faults_is_filed() -> None:
    assert outcome("id_card_front", has_loan=True, faults=[]) == "filed"
    assert outcome("id_card_front", has_loan=True, faults=[Fault("possible_duplicate")]) == "filed"
    assert outcome("id_card_front", has_loan=False, faults=[]) == "review"
    assert outcome("other", has_loan=True, faults=[]) == "review"
    assert outcome("id_card_front", has_loan=True, faults=[Fault("expired")]) == "review"


def test_hostile_text_is_read_in_time() -> None:
    for text in ("a-" * 25_000, "1 " * 25_000, "9" * 50_000, "借款金额" * 12_000, "壹" * 50_000, "保险公司" * 12_000):
        started = time.process_time()
        lines = tuple(
            Line(text[at : at + 400], 1.0, ((0, at), (100, at), (100, at + 1), (0, at + 1)))
            for at in range(0, len(text), 400)
        )
        sheet = Sheet(1, 1000, 60_000, lines)
        for read in (contract.read_loan, contract.read_mortgage, settlement.read, insurance_policy.read):
            read(sheet)
        assert time.process_time() - started < 8


def test_a_page_has_every_gram_of_what_it_contains_and_tenants_share_none() -> None:
    hasher = Hasher(KEY)
    page = set(hasher.of_page("借款人 张三\n抵押登记 ＡＢ12").tolist())
    for query in ("抵押登记", "张", "ab12", "三抵押", "AB 12"):
        assert set(hasher.of_word(normal(query))) <= page, query
    assert not set(hasher.of_word("登抵")) <= page
    assert not page & set(Hasher(b"o" * 32).of_page("借款人 张三\n抵押登记 ＡＢ12").tolist())
    assert normal("抵 押\n登　记") == "抵押登记"


@pytest.mark.parametrize(
    ("name", "typed", "stored"),
    [
        ("birth", "1990年1月24日", "1990-01-24"), ("valid_to", "长期", "long_term"), ("total", "¥10,354.50", "1035450"),
        ("rate", "6.87%", "68700"), ("term_months", "36", "36"), ("vin", "lfggf53w0wh228343 ", "LFGGF53W0WH228343"),
        ("name", " 李 蓝 ", "李蓝"), ("address", "", ""), ("premium", "950元", "95000"),
        ("insurance_type", "交强险", "compulsory"), ("insurance_type", "商业", "commercial"),
        ("mortgage_date", "2023年07月06日", "2023-07-06"), ("registered_capital", "500万元", "500000000"),
    ],
)  # fmt: skip
def test_what_people_type_is_stored_in_one_form(name: str, typed: str, stored: str) -> None:
    assert normal_value(name, typed) == stored
    assert normal_value(name, written(name, stored)) == stored


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("birth", "31.2.2020"),
        ("total", "viel"),
        ("rate", "x"),
        ("term_months", "zwei"),
        ("name", "x" * 400),
        ("name", "张＊"),
        ("vin", "LSV**********7371"),
    ],
)
def test_what_cannot_be_is_refused(name: str, typed: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        normal_value(name, typed)


@pytest.mark.skipif(not second.is_installed(), reason="tesseract is not installed")
def test_the_second_engine_settles_a_doubt_or_deepens_it() -> None:
    image = Image.new("RGB", (500, 80), "white")
    ImageDraw.Draw(image).text((20, 20), "LFV2A21K5H3123456", fill="black", font=ImageFont.load_default(36))
    pixels = np.asarray(image)

    def field(text: str) -> Fields:
        return Fields(vin=Field(text, 0.8, 1, (0.0, 0.0, 1.0, 1.0), text=text))

    right, wrong, other_page = field("LFV2A21K5H3123456"), field("LFV2A21K5H3128456"), field("LFV2A21K5H3123456")
    second.confirm(right, 1, pixels)
    second.confirm(wrong, 1, pixels)
    second.confirm(other_page, 2, pixels)
    assert right["vin"].proofs == ("second_engine",)
    assert wrong["vin"].confidence < 0.6
    assert evidence(wrong["vin"]) == "doubted"
    assert (other_page["vin"].confidence, other_page["vin"].proofs) == (0.8, ())


class TestWhatTheBookConfirms:
    LOAN = LoanFacts(
        contract_no="HT-1", identities=frozenset({"110101199003070038"}), names=frozenset({"杨健"}), vins=frozenset(),
        plates=frozenset(), engines=frozenset(), terms={"term_months": "60", "principal": "8000000"},
    )  # fmt: skip
    READ: ClassVar = {
        "contract_no": "HT-1", "borrower_id": "110101199003070038", "borrower_name": "杨健", "term_months": "60",
        "principal": "8000001", "lender_name": "某银行",
    }  # fmt: skip

    def confirmed(self, *unsure: str, put_there: bool = False) -> set[str]:
        return set(confirmed("loan_contract", self.READ, unsure, self.LOAN, put_there=put_there))

    def test_values_that_the_loan_has_too_need_no_person(self) -> None:
        assert self.confirmed("borrower_name", "term_months") == {"borrower_name", "term_months"}
        assert self.confirmed("contract_no", "borrower_name") == {"contract_no", "borrower_name"}

    def test_another_value_or_one_the_book_does_not_know_stays_in_doubt(self) -> None:
        assert self.confirmed("principal", "lender_name") == set()

    def test_a_loan_that_only_doubtful_identifiers_name_confirms_nothing(self) -> None:
        assert self.confirmed("contract_no", "borrower_id", "borrower_name") == set()
        assert self.confirmed("contract_no", "borrower_id", "borrower_name", put_there=True) == {
            "contract_no", "borrower_id", "borrower_name",
        }  # fmt: skip

    def test_a_number_read_surely_names_the_loan_though_its_label_alone_says_what_it_is(self) -> None:
        unsure = ["contract_no", "borrower_name"]
        read = self.READ | {"borrower_id": "110101198503071239"}
        assert confirmed("loan_contract", read, [*unsure, "borrower_id"], self.LOAN, put_there=False) == frozenset()
        found = confirmed(
            "loan_contract", read, [*unsure, "borrower_id"], self.LOAN, put_there=False, read_surely=["contract_no"]
        )
        assert found == {"contract_no", "borrower_name"}

    def test_the_book_witnesses_a_part_only_of_who_plays_it(self) -> None:
        loan = replace(
            self.LOAN,
            names=frozenset({"杨健", "王芳"}),
            parts={
                "borrower_name": frozenset({"杨健"}), "lender_name": frozenset({"华信银行股份有限公司"}),
                "settled_on": frozenset({"2025-07-16"}),
            },
        )  # fmt: skip
        unsure = ["borrower_name", "lender_name", "settled_on"]
        said = {"contract_no": "HT-1", "lender_name": "华信银行股份有限公司", "settled_on": "2025-07-16"}
        right = confirmed("settlement_certificate", said | {"borrower_name": "杨健"}, unsure, loan, put_there=True)
        assert right == set(unsure)
        guarantor = said | {"borrower_name": "王芳", "settled_on": "2025-07-18"}
        assert confirmed("settlement_certificate", guarantor, unsure, loan, put_there=True) == {"lender_name"}

    def test_an_address_and_a_model_are_what_the_book_says_of_person_and_car(self) -> None:
        loan = replace(
            self.LOAN,
            addresses=frozenset({"浙江省温州市龙湾区梧桐苑19号楼"}),
            models=printed_models("大众", "途观L SVW6471APD"),
        )
        read = {
            "number": "110101199003070038",
            "address": "浙江省温州市龙湾区梧桐苑19号楼",
            "model": "大众牌SVW6471APD",
        }
        assert confirmed("id_card_front", read, ["address", "model"], loan, put_there=False) == {"address", "model"}
        other = read | {"address": "浙江省温州市龙湾区梧桐苑18号楼", "model": "大众牌SVW6471APO"}
        assert confirmed("id_card_front", other, ["address", "model"], loan, put_there=False) == frozenset()
