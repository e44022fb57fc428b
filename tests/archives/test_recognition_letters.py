"""Letters of settlement of banks, car finance and leasing companies: sentences and slips of any wording."""

import pytest

from tests.archives.test_recognition_kinds import OTHER, PERSON, VIN, Row, read, sheet, values

LENDER = "华信银行股份有限公司"
FINANCE = "盛源汽车金融有限公司"
LEASE = "泽润融资租赁有限公司"

# What is printed, and what it says.
LETTERS: dict[str, tuple[tuple[Row, ...], dict[str, object]]] = {
    "a bank's sentence": (
        (
            "贷款结清证明", f"兹有我行客户张伟（身份证号码：{PERSON}），于2021年3月12日在我行办理个人汽车消费贷款，",
            "借款合同号为（2021）华车贷借字第00815号，贷款金额人民币壹拾贰万元整（¥120,000.00），该笔贷款本息",
            "已于2024年3月12日全部还清，特此证明。", [(24, LENDER + "城东支行")], [(24, "2024年3月15日")],
        ),
        {
            "borrower_name": "张伟", "borrower_id": PERSON, "contract_no": "(2021)华车贷借字第00815号",
            "principal": 12_000_000, "total_in_words": "壹拾贰万元整", "settled_on": "2024-03-12",
            "lender_name": LENDER + "城东支行", "issue_date": "2024-03-15",
        },
    ),
    "to a customer": (
        (
            "贷款结清通知书", "张伟先生：",
            "您于2021年3月12日与我司签署的《汽车抵押贷款合同》（合同编号：HX-2021-00815）项下贷款",
            "120,000.00元已于2024年3月12日结清，双方债权债务关系终止。", [(24, FINANCE)], [(24, "2024-03-15")],
        ),
        {
            "borrower_name": "张伟", "contract_no": "HX-2021-00815", "principal": 12_000_000,
            "settled_on": "2024-03-12", "lender_name": FINANCE, "issue_date": "2024-03-15",
        },
    ),
    "to the vehicle office": (
        (
            "贷款结清证明", "成都市公安局交通管理局车辆管理所：",
            f"张伟（证件号码：{PERSON}）所有的号牌号码为川A12345、车架号为{VIN}的车辆已在贵所办理抵押登记，",
            "抵押权人为我公司。现借款人已于2024年3月12日清偿 HX-2021-00815 号合同项下全部贷款，请予办理解除抵押手续。",
            f"兹委托李敏（身份证号{OTHER}）前往办理。", [(24, f"抵押权人：{FINANCE}")], [(24, "2024年3月15日")],
        ),
        {
            "borrower_name": "张伟", "borrower_id": PERSON, "contract_no": "HX-2021-00815", "plate": "川A12345",
            "vin": VIN, "settled_on": "2024-03-12", "lender_name": FINANCE, "issue_date": "2024-03-15",
        },
    ),
    "a counter's slip": (
        (
            "个人贷款结清凭证", "第二联 客户留存", [(0, "户"), (4, "名"), (8, "张伟"), (24, "证件号码"), (32, PERSON)],
            [(0, "借款合同号"), (8, "(2021)华车贷借字第00815号"), (24, "贷款账号"), (32, "6210989044445250386")],
            [(0, "发放金额"), (8, "69,000.00"), (24, "结清金额"), (32, "3,450.00")],
            [(0, "发放日期"), (8, "2021.03.12"), (24, "结清日期"), (32, "2024.03.12")],
            [(0, "贷款余额"), (8, "0.00"), (24, "结清方式"), (32, "提前还款")],
            [(0, f"经办机构：{LENDER}大良支行"), (24, "打印日期：2024.03.15"), (36, "柜员：234315")],
        ),
        {
            "borrower_name": "张伟", "borrower_id": PERSON, "contract_no": "(2021)华车贷借字第00815号",
            "principal": 6_900_000, "settled_on": "2024-03-12", "lender_name": LENDER + "大良支行",
            "issue_date": "2024-03-15",
        },
    ),
    "values under their labels": (
        (
            "贷款结清告知函", [(0, "借款人"), (24, "身份证件号码")], [(0, "张伟"), (24, PERSON)],
            [(0, "合同号码"), (24, "贷款本金")], [(0, "HX-2021-00815"), (24, "¥51,000.00")],
            [(0, "发放日"), (24, "结清日")], [(0, "2021-03-12"), (24, "2024-03-12")],
            [(0, "车架号"), (24, "车牌号")], [(0, VIN), (24, "川A12345")], "该笔贷款已结清，无任何欠款。",
            [(24, FINANCE)], [(24, "2024-03-15")],
        ),
        {
            "borrower_name": "张伟", "borrower_id": PERSON, "contract_no": "HX-2021-00815", "principal": 5_100_000,
            "settled_on": "2024-03-12", "vin": VIN, "plate": "川A12345", "lender_name": FINANCE,
            "issue_date": "2024-03-15",
        },
    ),
    "a lessor's": (
        (
            "租赁合同结清证明",
            f"承租人张伟（身份证号：{PERSON}）与我司于2021年3月12日签订《融资租赁合同》（合同编号：HX-2021-00815），",
            f"租赁车辆车架号：{VIN}，车牌号：川A12345，融资金额为人民币132,230.00元。截至2024年3月12日，承租人已付清",
            "上述合同项下全部租金及留购价款100.00元，合同终止，租赁物所有权转移至承租人。特此证明。",
            [(24, f"出租人（盖章）：{LEASE}")], [(24, "2024年3月15日")],
        ),
        {
            "borrower_name": "张伟", "borrower_id": PERSON, "contract_no": "HX-2021-00815", "principal": 13_223_000,
            "settled_on": "2024-03-12", "vin": VIN, "plate": "川A12345", "lender_name": LEASE,
            "issue_date": "2024-03-15",
        },
    ),
    "a transferred debt": (
        (
            "还清通知", "张伟：",
            f"您原向成都锦程汽车销售有限公司申请的分期付款，其债权已于2022年1月5日转让给{FINANCE}，",
            "合同编号变更为HX-2021-00815。您已于2024年3月12日还清全部款项共计52,200.00元，其中本金51,000.00元。",
            [(24, "成都锦程汽车销售有限公司（代章）")], [(24, "2024年3月15日")],
        ),
        {
            "borrower_name": "张伟", "contract_no": "HX-2021-00815", "principal": 5_100_000,
            "settled_on": "2024-03-12", "lender_name": FINANCE, "issue_date": "2024-03-15",
        },
    ),
    "an online lender's": (
        (
            "结清证明", "编号：JQ20240312001",
            f"兹证明张伟，证件类型：居民身份证，证件号码：{PERSON}，在我行申请的个人汽车贷款，",
            "贷款合同编号：HX-2021-00815，发放日期：2021年3月12日，发放金额：人民币51,000.00元，现已于2024年3月12日结清。",
            [(24, LENDER)], [(24, "出具日期：2024年3月15日")],
        ),
        {
            "certificate_no": "JQ20240312001", "borrower_name": "张伟", "borrower_id": PERSON,
            "contract_no": "HX-2021-00815", "principal": 5_100_000, "settled_on": "2024-03-12", "lender_name": LENDER,
            "issue_date": "2024-03-15",
        },
    ),
    "two borrowers": (
        (
            "结清证明",
            f"兹证明我行客户张伟、李敏（证件号码分别为{PERSON}、{OTHER}）向我行贷款51,000.00元（合同编号HX-2021-00815），",
            "该笔贷款已于2024年3月12日提前结清。", [(24, LENDER)], [(24, "2024年3月15日")],
        ),
        {
            "borrower_name": "张伟", "contract_no": "HX-2021-00815", "principal": 5_100_000,
            "settled_on": "2024-03-12", "lender_name": LENDER, "issue_date": "2024-03-15",
        },
    ),
}  # fmt: skip


@pytest.mark.parametrize("letter", LETTERS)
def test_a_letter_says_what_was_settled_whatever_its_wording(letter: str) -> None:
    printed, meant = LETTERS[letter]
    told = values(read("settlement_certificate", sheet(*printed)))
    assert {name: told.get(name) for name in meant} == meant
