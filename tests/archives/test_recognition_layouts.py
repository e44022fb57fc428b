"""Where a value stands on forms of other makes: sides of an invoice, labels over values, numbers in two rows."""

from dataclasses import replace

import pytest

from carloan.archives.recognition import doubts, kinds, proof, witnesses
from carloan.archives.recognition import values as grammars
from carloan.archives.recognition.extract import Field, Fields
from carloan.archives.recognition.extract.field import ALONE
from carloan.archives.recognition.sheet import Corners, Sheet
from tests.archives.test_recognition_kinds import BANK, COMPANY, OTHER, PERSON, TODAY, VIN, Row, read, sheet, values

CARD = "6229086123456783"
GOODS = [(0, "项目名称"), (12, "单位"), (20, "数量"), (28, "金额"), (36, "税额")]
SUMS = [(0, "合 计"), (28, "100.00"), (36, "6.00")]
TOTAL = [(0, "价税合计（大写）"), (10, "壹佰零陆元整"), (28, "（小写）"), (34, "106.00")]


def test_of_an_invoices_two_names_the_one_that_was_read_is_of_the_side_it_stands_on() -> None:
    right = sheet(
        "电子发票（普通发票）", "开票日期：2026年01月11日",
        [(0, "购"), (22, "名称：华信汽车销售有限公司")],
        [(0, "买"), (22, f"统一社会信用代码/纳税人识别号：{BANK}")], GOODS, SUMS, TOTAL,
    )  # fmt: skip
    told = values(read("vat_invoice", right))
    assert told["seller_name"] == "华信汽车销售有限公司"
    assert told["seller_tax_id"] == BANK
    assert not {"buyer_name", "buyer_id"} & set(told)


def test_below_the_sums_stands_the_seller() -> None:
    page = sheet(
        "湖北增值税专用发票",
        "开票日期：2026年01月11日",
        GOODS,
        SUMS,
        TOTAL,
        "名称：华信汽车销售有限公司",
        f"纳税人识别号：{BANK}",
    )
    told = values(read("vat_invoice", page))
    assert (told["seller_name"], told["seller_tax_id"]) == ("华信汽车销售有限公司", BANK)
    assert not {"buyer_name", "buyer_id"} & set(told)


def test_a_number_behind_words_that_are_no_label_is_not_the_neighbours() -> None:
    page = sheet(
        "电子发票（普通发票）", "开票日期：2026年01月11日",
        [(0, "名称：张伟"), (22, "名称：华信汽车销售有限公司")],
        [(0, "统一社会信用代码/纳税人识别号："), (22, f"统一社会信用代妈/纳税入识剔号：{BANK}")],
        [(0, "纳税人识别号："), (22, f"纳税人识别号：{COMPANY}")], GOODS, SUMS, TOTAL,
    )  # fmt: skip
    assert "buyer_id" not in values(read("vat_invoice", page))


def test_under_a_label_whose_value_was_not_read_nothing_is_taken_that_stands_beside_another() -> None:
    page = sheet(
        "机动车登记证书编号：447573696360", "注册登记摘要信息栏", "登记日期", [(0, "发证日期"), (5, "2024-05-06")],
        [(0, "号牌号码"), (5, "川A12345")],
    )  # fmt: skip
    told = values(read("vehicle_registration_certificate", page))
    assert told["issue_date"] == "2024-05-06"
    assert "register_date" not in told


LICENCE = (
    "中华人民共和国机动车行驶证", "电子凭证",
    [(0, "号牌号码"), (20, "车辆类型")], [(0, "川A12345"), (20, "小型轿车")],
    [(0, "所有人"), (20, "使用性质")], [(0, "张伟"), (20, "非营运")],
    [(0, "车辆识别代号"), (20, "发动机号码")], [(0, VIN), (20, "CDF123456")],
    [(0, "注册日期"), (20, "发证日期")], [(0, "2024-05-06"), (20, "2024-05-07")],
    "住址", "四川省成都市金牛区人民中路12号阳光花园", "3栋2单元", "发证机关", "四川省成都市公安局交通警察支队",
)  # fmt: skip


def test_on_the_telephones_licence_values_stand_under_their_labels() -> None:
    assert values(read("vehicle_licence", sheet(*LICENCE))) == {
        "plate": "川A12345", "vehicle_type": "小型轿车", "owner_name": "张伟", "use_character": "非营运", "vin": VIN,
        "engine_no": "CDF123456", "register_date": "2024-05-06", "issue_date": "2024-05-07",
        "address": "四川省成都市金牛区人民中路12号阳光花园3栋2单元", "authority": "四川省成都市公安局交通警察支队",
    }  # fmt: skip


def test_where_labels_stand_beside_their_values_nothing_is_taken_from_below() -> None:
    page = sheet(
        "中华人民共和国机动车行驶证", [(0, "号牌号码"), (6, "川A12345"), (20, "车辆类型"), (26, "小型轿车")],
        [(0, "所有人"), (6, "张伟")], [(0, "注册日期"), (20, "发证日期"), (26, "2024-05-07")], [(0, "2019-01-02")],
    )  # fmt: skip
    assert "register_date" not in values(read("vehicle_licence", page))


@pytest.mark.parametrize("last", ["3", "4"])
def test_a_cards_number_in_two_rows_is_one_by_its_check_digit(last: str) -> None:
    number = CARD[:-1] + last
    page = sheet("江左银行", "银联 UnionPay", number[:8], number[8:], "有效期至 09/31", "借记卡 DEBIT")
    told = values(read("bank_card", page))
    assert told.get("number") == (number if last == CARD[-1] else None)


def test_a_signed_copy_of_a_card_is_a_card_and_a_receipt_is_none() -> None:
    copy = sheet("江左银行", "储蓄卡", "银联", f"{CARD[:4]} {CARD[4:8]} {CARD[8:12]} {CARD[12:]}", "本人签名：张伟")
    assert kinds.classify(copy).kind == "bank_card"
    receipt = sheet("江左银行", "商户名称：华信", "银联", CARD, "持卡人签名：张伟", "消费")
    assert kinds.classify(receipt).kind == "other"


def test_a_cards_number_is_one_beside_the_figures_of_the_next_row() -> None:
    page = sheet("江左银行", "622908612345678904", "09/31 借记卡", "签名")
    assert kinds.classify(page).scores["bank_card"] >= kinds.ENOUGH


def test_a_letter_names_the_contract_under_which_all_is_paid() -> None:
    page = sheet(
        "贷款结清及解除抵押通知书", f"张伟（证件号码{PERSON}）所有的机动车，因向我公司申请汽车贷款，已办理抵押登记。",
        "现借款人已于2026年3月2日还清HX-2024-000123号合同项下全部款项，特此证明。",
        "华信汽车金融有限公司", "2026年3月5日",
    )  # fmt: skip
    told = values(read("settlement_certificate", page))
    assert told["contract_no"] == "HX-2024-000123"
    assert told["settled_on"] == "2026-03-02"


def test_what_calls_itself_a_loan_contract_may_speak_of_the_letter_that_settles_it() -> None:
    page = sheet(
        "汽车消费借款合同", "合同编号：HX-2024-000123", "借款人：张伟", "贷款人：华信银行股份有限公司",
        "借款人还清全部款项后，贷款人出具结清证明，并退还保险单。违约责任另行约定。",
    )  # fmt: skip
    assert kinds.classify(page).kind == "loan_contract"


def test_a_policy_may_name_the_contract_of_whoever_is_paid_first() -> None:
    page = sheet(
        "机动车商业保险保险单", "保险单号：PDAA20260000123456", "被保险人：张伟", "保险费合计：￥4,321.00",
        "特别约定：第一受益人为华信银行股份有限公司，合同编号：HX-2024-000123。",
    )  # fmt: skip
    assert kinds.classify(page).kind == "insurance_policy"


def test_an_office_that_begins_above_its_label_is_read_whole() -> None:
    page = sheet(
        "机动车登记证书编号：447573696360", "注册登记摘要信息栏", [(10, "新疆维吾尔自治区")],
        [(0, "2.登记机关"), (10, "喀什地区公安局交")], [(10, "通警察支队")],
    )  # fmt: skip
    told = values(read("vehicle_registration_certificate", page))
    assert told["authority"] == "新疆维吾尔自治区喀什地区公安局交通警察支队"


def test_the_number_in_a_lien_is_the_lenders_where_the_owners_line_was_lost() -> None:
    page = sheet(
        "机动车登记证书编号：447573696360", "注册登记摘要信息栏", "登记栏", "抵钾权入姓名/名称：华信银行股份有限公司",
        f"身份证明名称/号码：营业执照/{BANK}", "抵押登记日期：2023-09-18",
    )  # fmt: skip
    assert "owner_id" not in read("vehicle_registration_certificate", page)


def test_a_label_that_lost_its_first_character_is_no_part_of_another() -> None:
    page = sheet("机动车登记证书编号：447573696360", "注册登记摘要信息栏", "初次领证日期：2011-02-03")
    assert "issue_date" not in read("vehicle_registration_certificate", page)


def test_a_bare_number_at_the_head_of_an_invoice_is_its_code_when_it_is_written_as_one() -> None:
    for number, witnessed in (("044002500707", True), ("721306856479", False)):
        page = sheet(
            "广东增值税电子普通发票", number, "发票号码：12345678", "开票日期：2025年03月04日", "名称：张伟", GOODS,
            SUMS, TOTAL, "名称：华信汽车销售有限公司", f"纳税人识别号：{BANK}",
        )  # fmt: skip
        field = read("vat_invoice", page)["invoice_code"]
        assert (ALONE not in field.proofs) == witnessed


def test_a_price_without_tax_is_no_total() -> None:
    page = sheet(
        "电子发票（机动车销售统一发票）", [(0, "厂牌型号"), (9, "大众牌SVW7141")], "价税合计",
        [(0, "不含税价"), (9, "小写"), (13, "￥274513.27")],
    )  # fmt: skip
    assert "total" not in read("vehicle_sales_invoice", page)


def test_a_rest_of_a_misread_label_is_nobodys_name() -> None:
    page = sheet(
        "电子发票（机动车销售统一发票）", [(0, "厂牌型号"), (9, "大众牌SVW7141")],
        [(0, "购买方么称"), (9, "卓小军")],
    )  # fmt: skip
    fields = read("vehicle_sales_invoice", page)
    assert "buyer_name" not in fields or ALONE in fields["buyer_name"].proofs


def test_values_of_a_lost_label_are_not_its_neighbours() -> None:
    page = sheet(
        "电子发票（机动车销售统一发票）", [(0, "车辆类型"), (9, "小型轿车"), (22, "厂牌型号"), (30, "大众牌SVW7141")],
        [(0, "合格证号"), (30, "XIV916404198")], [(0, "发动机号码"), (9, "CDF123456"), (22, "车架号码"), (30, VIN)],
    )  # fmt: skip
    assert ALONE in read("vehicle_sales_invoice", page)["certificate_no"].proofs


def test_a_day_on_which_another_paper_was_signed_is_not_the_contracts() -> None:
    page = sheet(
        "借款合同", "合同编号：HX-2023-193068", f"借款人张伟（证件号码{PERSON}）与贷款人华信银行股份有限公司于",
        "2021年12月30日签订了编号为HX202112307731的借款合同。",
    )  # fmt: skip
    assert "issue_date" not in read("loan_contract", page)


def test_a_price_in_words_and_figures_is_no_debt() -> None:
    page = sheet(
        "汽车贷款合同", "合同编号：QD-2023-484377", "借款人：张伟", "贷款人：华信银行股份有限公司",
        "第一条 购买汽车一辆，总价贰拾玖万贰仟捌佰元整（¥292800.00），首付另付。",
    )  # fmt: skip
    assert "principal" not in read("loan_contract", page)


def test_a_sum_in_words_goes_on_behind_a_speck_at_the_end_of_its_line() -> None:
    page = sheet(
        "汽车贷款合同", "合同编号：QD-2023-484377", "借款人：张伟", "贷款人：华信银行股份有限公司",
        "第一条 甲方向乙方发放用于购买汽车的贷款，借款金额人民币277,000.00元（大写：贰拾柒万柒仟元.",
        "整），期限24个月。",
    )  # fmt: skip
    assert read("loan_contract", page)["total_in_words"].value == "贰拾柒万柒仟元整"


def test_a_contract_that_extends_another_is_known_by_no_title() -> None:
    page = sheet("借款合同（展期）", "合同编号：HX-2023-193068", "借款人：张伟", "贷款人：华信银行股份有限公司")
    assert kinds.classify(page).title is None


def test_values_that_contradict_each_other_are_not_sure() -> None:
    page = sheet(
        "电子发票（普通发票）", "开票日期：2026年01月11日", "名称：张伟", GOODS, SUMS,
        [(0, "价税合计（大写）"), (10, "壹佰零柒元整"), (28, "（小写）"), (34, "106.00")],
    )  # fmt: skip
    fields = read("vat_invoice", page)
    proof.doubt_contradicted(fields, proof.faults("vat_invoice", fields, today=TODAY))
    assert "doubted" in fields["total_in_words"].proofs
    assert "doubted" in fields["total"].proofs


def test_a_lone_day_is_not_surely_the_licences_where_the_founding_day_was_not_found() -> None:
    page = sheet(
        "营业执照", f"统一社会信用代码 {COMPANY}", [(0, "名称"), (6, "京北商贸有限公司")], "成立日期",
        "注册资本 壹拾万元整", [(12, "2024年10月03日")],
    )  # fmt: skip
    fields = read("business_licence", page)
    assert "established_on" not in fields
    assert fields["issue_date"].trust < 1


def test_the_words_of_an_amount_outweigh_a_label_that_was_lost() -> None:
    page = sheet(
        "电子发票（普通发票）", "开票日期：2026年01月11日", "名称：张伟", GOODS, SUMS,
        [(0, "价税合计（大写）"), (10, "壹佰零陆元整"), (28, "（小写）"), (34, "106.00")],
    )  # fmt: skip
    fields = read("vat_invoice", page)
    for name in ("total", "buyer_name"):
        fields.proven(name, by=ALONE)
    witnesses.hear("vat_invoice", fields, [("",)], known=True)
    assert ALONE not in fields["total"].proofs
    assert ALONE in fields["buyer_name"].proofs


def test_a_code_and_a_number_that_were_read_as_one_are_a_doubt() -> None:
    rows: list[Row] = [
        "电子发票（机动车销售统一发票）",
        "开票日期：2025年03月04日",
        [(0, "厂牌型号"), (9, "大众牌SVW7141")],
    ]
    for number, doubted in (("13209242368829775717", True), ("25442000000123456789", False)):
        page = sheet(*rows, f"发票号码：{number}")
        fields = read("vehicle_sales_invoice", page)
        doubts.doubt_shapes(fields, page)
        assert ("doubted" in fields["invoice_number"].proofs) == doubted


@pytest.mark.parametrize("other", [VIN, "津C1125B", "2025/04/07"])
def test_what_is_a_vehicles_number_a_plate_or_a_day_is_no_model(other: str) -> None:
    assert grammars.model(other) is None
    assert grammars.model("宝来牌FV7146BADEG") == "宝来牌FV7146BADEG"


def test_a_seal_without_its_province_lost_a_line() -> None:
    fields = read("vehicle_licence", sheet(*LICENCE[:-1], "拉萨市公安局交通警察支队"))
    assert "doubted" in fields["authority"].proofs
    assert "list" not in fields["authority"].proofs


def test_a_price_that_adjoins_an_engines_number_is_no_part_of_it() -> None:
    page = sheet(
        "机动车抵押合同", "合同编号：HX-DY-2024-01", "抵押权人：华信银行股份有限公司", "抵押人：张伟",
        "发动机号码：TZ220X703844134,600.00",
    )  # fmt: skip
    assert values(read("mortgage_contract", page)).get("engine_no") != "TZ220X703844134"


def test_a_label_that_is_the_end_of_a_longer_word_names_nobody_surely() -> None:
    """The day of the first registration was not read; the day of the transfer is none."""
    page = sheet(
        "机动车登记证书编号：447573696360", "转移登记摘要信息栏",
        [(0, "登记机关"), (8, "郑州市公安局交通警察支队车辆管理所")],
        [(0, "转移登记日期"), (8, "2024-05-06")], [(0, "机动车登记编号"), (8, "川A12345")],
    )  # fmt: skip
    fields = read("vehicle_registration_certificate", page)
    assert ALONE in fields["register_date"].proofs
    assert ALONE not in fields["plate"].proofs


def test_behind_the_value_of_another_label_a_label_is_no_end_of_a_word() -> None:
    page = sheet(
        "中华人民共和国机动车驾驶证", "姓名张伟性别男", f"证号{PERSON}", "准驾车型C1", "住址河南省漯河市人民路7号"
    )
    assert ALONE not in read("driving_licence", page)["sex"].proofs


def test_of_several_inspections_the_last_one_counts_and_nobody_is_sure_that_it_is_the_last() -> None:
    stamps = ["检验有效期至2024年06月", "检验有效期至2026年06月"]
    for read_of_them, alone in ((stamps, True), (stamps[1:], False)):
        field = read("vehicle_licence", sheet(*LICENCE, *read_of_them))["valid_to"]
        assert field.value == "2026-06-30"
        assert (ALONE in field.proofs) is alone


POLICY = (
    "机动车商业保险保险单（续保）", "恒岳财产保险股份有限公司", [(0, "被保险人：张伟"), (20, f"证件号码：{PERSON}")],
    f"车架号：{VIN}", "上年保险期间：2024年05月10日至2025年05月09日",
)  # fmt: skip


def test_an_earlier_policys_number_and_year_are_not_this_ones() -> None:
    own = ("保险期间：自2025年05月10日0时起至2026年05月09日24时止", "保险单号：PDAA202541010000123456")
    past = "上年保单号：PDAA202441010000654321"
    told = read("insurance_policy", sheet(*POLICY, past, *own))
    assert values(told).get("policy_no") == "PDAA202541010000123456"
    assert (told["valid_from"].value, told["valid_to"].value) == ("2025-05-10", "2026-05-09")
    told = read("insurance_policy", sheet(*POLICY, past))
    assert not {"policy_no", "valid_from", "valid_to"} & set(told)
    told = read("insurance_policy", sheet(*POLICY, "主险保单号：PDAA202441010000654321"))
    assert ALONE in told["policy_no"].proofs


def transferred(*rows: Row) -> Fields:
    page = sheet(
        "机动车登记证书编号：447573696360", [(0, "机动车所有人"), (12, f"张伟/居民身份证/{PERSON}")],
        [(0, "登记机关"), (12, "郑州市公安局交通警察支队车辆管理所")], [(0, "登记日期"), (12, "2021-03-04")],
        [(0, "机动车登记编号"), (12, "豫A12345")], *rows,
    )  # fmt: skip
    return read("vehicle_registration_certificate", page)


def test_of_a_car_that_was_sold_nobody_knows_the_owner_where_one_of_the_entries_lost_a_value() -> None:
    entry: list[Row] = [
        [(0, "机动车所有人"), (12, f"李娜/居民身份证/{OTHER}")],
        [(0, "登记机关"), (12, "洛阳市公安局交通警察支队车辆管理所")],
        [(0, "登记日期"), (12, "2024-05-06")], [(0, "机动车登记编号"), (12, "豫C67890")],
    ]  # fmt: skip
    assert transferred(*entry)["owner_name"].value == "李娜"
    for lost in range(len(entry)):
        told = transferred(*entry[:lost], *entry[lost + 1 :])
        assert all(ALONE in told[name].proofs for name in ("owner_name", "owner_id", "plate"))
    assert not any(ALONE in field.proofs for field in transferred().values())


def test_a_label_below_the_first_half_of_another_is_that_ones_end() -> None:
    rows: list[Row] = ["营业执照", f"统一社会信用代码 {COMPANY}", [(0, "类型"), (8, "有限责任公司分公司")]]
    page = sheet(*rows, [(0, "隶属企业")], [(0, "名称"), (8, "京北商贸有限公司")])
    broken = Sheet(1, page.width, page.height, tuple(
        replace(line, corners=_raised(line.corners, 12)) if line.text in ("名称", "京北商贸有限公司") else line
        for line in page.lines
    ))  # fmt: skip
    assert ALONE in read("business_licence", broken)["name"].proofs
    whole = sheet(*rows, [(0, "名称"), (8, "京北商贸有限公司")])
    assert ALONE not in read("business_licence", whole)["name"].proofs


def _raised(corners: Corners, by: float) -> Corners:
    a, b, c, d = ((x, y - by) for x, y in corners)
    return a, b, c, d


def test_the_code_of_the_enterprise_that_a_branch_belongs_to_is_not_surely_its_own() -> None:
    rows: list[Row] = [
        "营业执照",
        [(0, "名称"), (8, "京北商贸有限公司城南分公司")],
        [(0, "成立日期"), (8, "2021年03月04日")],
    ]
    told = read("business_licence", sheet(*rows, [(0, "隶属企业编码"), (8, COMPANY)]))
    assert ALONE in told["uscc"].proofs
    # Its label in two lines, the code and a name between.
    parted = [(0, "隶属企业"), (8, "京北商贸有限公司")], [(0, "注册号"), (8, COMPANY)]
    assert ALONE in read("business_licence", sheet(*rows, *parted))["uscc"].proofs
    assert ALONE not in read("business_licence", sheet(*rows, [(8, COMPANY)]))["uscc"].proofs


def test_a_day_in_the_column_of_other_values_has_a_label_that_was_not_read() -> None:
    rows: list[Row] = [
        "营业执照", f"统一社会信用代码 {COMPANY}", [(0, "名称"), (8, "京北商贸有限公司")],
        [(0, "类型"), (8, "有限责任公司")],
        [(0, "成立日期"), (8, "2021年03月04日")], [(0, "法定代表人"), (8, "张伟")],
    ]  # fmt: skip
    for left, certain in ((8, False), (26, True)):
        told = read("business_licence", sheet(*rows, [(left, "2024年10月03日")]))
        assert told["issue_date"].value == "2024-10-03"
        assert (told["issue_date"].trust == 1) is certain


def test_whoever_pays_is_not_surely_whoever_is_insured() -> None:
    rows = ("机动车商业保险保险单", "恒岳财产保险股份有限公司", f"车架号：{VIN}", "保险单号：PDAA202541010000123456")
    payer: Row = [(0, "投保人：李娜"), (20, f"证件号码：{OTHER}")]
    told = read("insurance_policy", sheet(*rows, payer))
    assert ALONE in told["insured_id"].proofs
    told = read("insurance_policy", sheet(*rows, "被保险人：张伟", payer))
    assert ALONE in told["insured_id"].proofs
    told = read("insurance_policy", sheet(*rows, payer, [(0, "被保险人：张伟"), (20, f"证件号码：{PERSON}")]))
    assert told["insured_name"].value == "张伟"


def test_days_that_no_label_calls_the_insurances_may_be_anothers() -> None:
    rows = ("机动车商业保险保险单", "恒岳财产保险股份有限公司", f"车架号：{VIN}", "保险单号：PDAA202541010000123456")
    for label, alone in (("", True), ("保险期间：", False)):
        told = read("insurance_policy", sheet(*rows, f"{label}自2025年05月10日0时起至2026年05月09日24时止"))
        assert [ALONE in told[name].proofs for name in ("valid_from", "valid_to")] == [alone, alone]


def test_an_insurance_that_was_sold_long_after_it_began_is_the_one_before() -> None:
    fields = Fields()
    for name, value in (("valid_from", "2024-05-10"), ("valid_to", "2025-05-09"), ("issue_date", "2025-05-01")):
        fields[name] = Field(value, 0.9999, 1, None, proofs=("reread",))
    told = proof.faults("insurance_policy", fields, today=TODAY)
    proof.doubt_contradicted(fields, told)
    assert all("doubted" in field.proofs for field in fields.values())


def test_an_amount_that_is_only_next_in_the_row_of_a_label_is_not_surely_its_own() -> None:
    rows: list[Row] = ["电子发票（机动车销售统一发票）", [(0, "厂牌型号"), (9, "大众牌SVW7141")]]
    page = sheet(*rows, [(0, "不含税价"), (6, "小写"), (9, "86725.66"), (20, "增值税税额"), (28, "11274.34")])
    lost = sheet(*rows, [(0, "不含税价"), (6, "小写"), (20, "增值税税额"), (28, "11274.34")])
    assert values(read("vehicle_sales_invoice", page))["price_without_tax"] == 8672566
    assert ALONE in read("vehicle_sales_invoice", lost)["price_without_tax"].proofs


def test_beside_a_second_label_stands_nobody_surely_where_the_first_ones_value_was_misread() -> None:
    rows: list[Row] = ["营业执照", f"统一社会信用代码 {COMPANY}", [(0, "类型"), (8, "有限责任公司")]]
    second_label: Row = [(0, "名称"), (8, "京北商贸有限公司")]
    misread: Row = [(0, "名称"), (8, "京北商贸有限公")]
    other: Row = "经营范围"
    for first, alone in ((misread, True), (other, False)):
        told = read("business_licence", sheet(*rows, first, second_label))
        assert told["name"].value == "京北商贸有限公司"
        assert (ALONE in told["name"].proofs) is alone
