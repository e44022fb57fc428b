"""Whose name and whose number: labels that several parties share, columns, letters, and words that only point."""

import pytest

from carloan.archives.recognition.certainty import SURE, settle
from carloan.archives.recognition.sheet import Sheet
from tests.archives.test_recognition_kinds import BANK, COMPANY, OTHER, PERSON, VIN, read, sheet, values


def invoice(*rows: str | list[tuple[float, str]]) -> Sheet:
    return sheet("电子发票（机动车销售统一发票）", *rows, [(0, "厂牌型号"), (9, "大众牌SVW7141")])


def test_a_label_that_buyer_and_seller_share_belongs_to_the_name_in_its_row() -> None:
    page = invoice(
        [(0, "购买方名称"), (7, "京北汽车租赁有限公司"), (22, "纳税人识别号"), (32, COMPANY)],
        [(0, "销售方名称"), (7, "华信汽车销售有限公司"), (22, "纳税人识别号"), (32, BANK)],
    )
    fields = read("vehicle_sales_invoice", page)
    assert (fields["buyer_id"].value, fields["seller_tax_id"].value) == (COMPANY, BANK)


def test_the_number_of_a_buyer_never_stands_for_a_seller_whose_own_was_not_read() -> None:
    page = invoice(
        [(0, "购买方名称"), (7, "张伟"), (22, "统一社会信用代码/纳税人识别号"), (38, PERSON)],
        [(0, "销售方名称"), (7, "华信汽车销售有限公司"), (22, "统一社会信用代码/纳税人识别号")],
    )
    fields = read("vehicle_sales_invoice", page)
    assert fields["buyer_id"].value == PERSON
    assert "seller_tax_id" not in fields


def test_of_parties_that_head_columns_the_column_tells_whose_a_value_is() -> None:
    fields = read(
        "mortgage_contract",
        sheet(
            "车辆抵押合同",
            [(0, "抵押权人"), (22, "抵押人")],
            [(0, "名称"), (6, "华信银行股份有限公司"), (22, "姓名/名称"), (30, "张伟")],
            [(0, "信用代码"), (6, BANK), (22, "证件号码"), (30, PERSON)],
            [(0, "合同编号"), (6, "LTDY202402078457"), (22, "主合同编号"), (30, "GXD-QC2402-78213")],
        ),
    )
    told = values(fields)
    assert told["mortgagee_name"] == "华信银行股份有限公司"
    assert told["mortgagor_name"] == "张伟"
    assert told["mortgagor_id"] == PERSON
    settle(fields)
    assert fields["mortgagee_name"].confidence < SURE, "a bare 名称 says of nobody whose it is: a person looks"


LETTER = (
    "贷款结清证明书", "（202507第6380号）", "致：北京市公安局公安交通管理局车辆管理所",
    f"我公司客户张伟，证件号码{PERSON}，于2024年1月与我公司签订汽车贷款合同",
    "（合同编号：（2024）车贷字第08201号），贷款金额人民币60,988.00元，", f"所购车辆车架号为{VIN}。",
    "截至2025年7月16日，该客户已还清上述合同项下全部贷款本息。",
    "华信汽车金融有限公司2025年7月16日",
)  # fmt: skip


def test_a_letter_names_its_customer_in_a_sentence_and_its_number_under_the_title() -> None:
    told = values(read("settlement_certificate", sheet(*LETTER)))
    assert told == {
        "certificate_no": "202507第6380号", "contract_no": "(2024)车贷字第08201号", "borrower_name": "张伟",
        "borrower_id": PERSON, "lender_name": "华信汽车金融有限公司", "principal": 6_098_800, "vin": VIN,
        "settled_on": "2025-07-16", "issue_date": "2025-07-16",
    }  # fmt: skip


def test_who_signs_a_letter_and_does_not_lend_by_trade_is_a_guess() -> None:
    fields = read("settlement_certificate", sheet(*LETTER[:-1], "昆明锦程运输服务有限责任公司"))
    settle(fields)
    assert fields["lender_name"].confidence < SURE


def test_a_notice_to_a_customer_is_read_by_its_salutation() -> None:
    page = sheet(
        "结清通知书", "张伟先生/女士：", "您在我司办理的汽车贷款已于2026-11-17结清，特此证明。贷款信息如下：",
        [(0, "合同号"), (8, "GXD-QC2209-22572")], [(0, "证件号码"), (8, PERSON)],
    )  # fmt: skip
    told = values(read("settlement_certificate", page))
    assert (told["borrower_name"], told["settled_on"]) == ("张伟", "2026-11-17")


def test_english_beside_a_label_is_no_value_and_a_pointing_word_is_nobody() -> None:
    page = sheet(
        "贷款结清证明", "Certificate of Loan Settlement",
        [(0, "借款人Borrower："), (14, "张伟")], [(0, "证件号码ID No.："), (14, PERSON)],
        [(0, "合同编号Contract No.："), (14, "GXD-QC2409-19399")],
        [(0, "结清日期Settlement Date："), (14, "2026/11/17")],
        "兹证明上述借款人已结清该笔贷款的全部本金及利息。",
    )  # fmt: skip
    told = values(read("settlement_certificate", page))
    assert told["borrower_name"] == "张伟"
    assert (told["contract_no"], told["settled_on"]) == ("GXD-QC2409-19399", "2026-11-17")


@pytest.mark.parametrize(
    ("printed", "meant"),
    [
        ("合同编号：（2024）车贷字第08201号", "(2024)车贷字第08201号"), ("合同编号：HX2024-0815号", "HX2024-0815"),
        ("协议编号：（2023）车贷字第35661号", "(2023)车贷字第35661号"),
        ("合同编号：沪银（2024）个贷字第12号", "沪银(2024)个贷字第12号"),
    ],
)  # fmt: skip
def test_a_contract_number_is_read_whole_and_without_the_words_before_it(printed: str, meant: str) -> None:
    told = values(
        read("loan_contract", sheet("个人汽车借款合同", printed, "借款人：张伟", "贷款人：华信银行股份有限公司"))
    )
    assert told["contract_no"] == meant


def test_a_mortgage_names_its_loan_contract_without_the_sentence_around_it() -> None:
    page = sheet(
        "抵押合同", "合同编号：（2025）抵字第33745号", "抵押权人：华信银行股份有限公司", "抵押人：张伟",
        "双方签订了编号为（2025）车贷字第94419号的《汽车贷款合同》。",
    )  # fmt: skip
    told = values(read("mortgage_contract", page))
    assert (told["contract_no"], told["loan_contract_no"]) == ("(2025)抵字第33745号", "(2025)车贷字第94419号")


def test_a_party_is_known_by_the_number_in_brackets_behind_it() -> None:
    page = sheet(
        "借款合同",
        "编号GXD-QC2212-13892",
        f"借款方张伟（证件号码{PERSON}）向",
        "贷款方华信汽车金融有限公司借款，经双方协商订立合同如下：",
    )
    told = values(read("loan_contract", page))
    assert (told["borrower_name"], told["borrower_id"]) == ("张伟", PERSON)


def test_a_title_that_runs_into_a_label_is_no_insurer() -> None:
    page = sheet(
        "机动车交通事故责任强制保险", "保险公司", [(0, "被保险人"), (8, "张伟")],
        [(0, "保单号"), (8, "82684173015AJQ18366209")],
        [(0, "交强险保费"), (8, "712.50元")], "保险期间 自2026年01月11日00时00分起至2027年01月10日24时00分止",
    )  # fmt: skip
    told = values(read("insurance_policy", page))
    assert "insurer_name" not in told
    assert (told["premium"], told["valid_from"], told["valid_to"]) == (71_250, "2026-01-11", "2027-01-10")


def test_a_label_broken_over_two_lines_of_its_cell_is_one_label() -> None:
    page = sheet(
        "机动车登记证书编号：447573696360", "注册登记摘要信息栏",
        [(30, "4.机动车登"), (40, "川A12345")], [(30, "记编号")],
    )  # fmt: skip
    fields = read("vehicle_registration_certificate", page)
    assert fields["plate"].value == "川A12345"


def test_beside_a_register_the_owners_number_is_not_the_lenders() -> None:
    page = sheet(
        [(0, "机动车登记证书编号：447573696360"), (24, "登记栏")], [(24, "抵押登记")],
        [(0, "1.机动车所有人/身份证明名称/号码"), (24, "抵押权人姓名/名称：华信银行股份有限公司")],
        [(0, OTHER), (24, f"身份证明名称/号码：营业执照/{BANK}")], [(24, "抵押登记日期：2023-09-18")],
    )  # fmt: skip
    fields = read("vehicle_registration_certificate", page)
    assert fields["mortgagee_id"].value == BANK


def test_an_office_is_read_without_letters_of_its_label() -> None:
    page = sheet(
        "营业执照",
        f"统一社会信用代码 {COMPANY}",
        "名称 京北商贸有限公司",
        "注册资本 壹拾万元整",
        "登 记 机烟台市芝罘区市场监督管理局",
    )
    assert read("business_licence", page)["authority"].value == "烟台市芝罘区市场监督管理局"


@pytest.mark.parametrize(
    ("printed", "listed"),
    [
        ("有限责任公司（自然人投资或控股）", True),
        ("个体工商户", True),
        ("有限责任公司", False),
        ("有限责任公司（自燃人独资）", False),
    ],
)
def test_a_type_of_enterprise_is_proven_when_it_is_on_the_registers_list_and_whole(
    printed: str, *, listed: bool
) -> None:
    page = sheet("营业执照", f"统一社会信用代码 {COMPANY}", f"类型 {printed}", "注册资本 壹拾万元整")
    assert ("list" in read("business_licence", page)["enterprise_type"].proofs) == listed
