"""Registration certificates with liens, contracts, policies, licences: values from sentences and cells, and proofs."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest

from carloan.archives.recognition import certainty, doubts, kinds, neighbours, proof
from carloan.archives.recognition.extract import Field, Fields, lien
from carloan.archives.recognition.extract.prose import Prose
from carloan.archives.recognition.extract.readers import READERS
from carloan.archives.recognition.form import Form
from carloan.archives.recognition.sheet import Corners, Line, Sheet
from carloan.archives.recognition.values import tax_number
from carloan.lib import divisions, surnames

TODAY = date(2026, 11, 22)
PERSON, OTHER = "110101199001011229", "11010119900307888X"
COMPANY, BANK = "91110108MA01GXQN09", "913100001322035693"
VIN = "LFGGF53W0WH228343"
Row = str | Sequence[tuple[float, str]]


def sheet(*rows: Row, number: int = 1) -> Sheet:
    """A page of these rows: a text at the left edge, or texts at their own places (in characters)."""
    lines = []
    for place, row in enumerate(rows):
        for left, text in [(0, row)] if isinstance(row, str) else row:
            wide = sum(1.0 if ord(sign) > 255 else 0.5 for sign in text)
            x0, x1, y = 24.0 * left, 24.0 * (left + wide), 60.0 + 44 * place
            lines.append(Line(text, 0.995, ((x0, y), (x1, y), (x1, y + 26), (x0, y + 26))))
    return Sheet(number, 1100, 1600, tuple(lines))


def read(kind: str, page: Sheet) -> Fields:
    assert kinds.classify(page).kind == kind
    fields = READERS[kind](page)
    proof.lift(kind, fields)
    return fields


def values(fields: Fields) -> dict[str, object]:
    return {name: field.value for name, field in fields.items()}


REGISTER = (
    "机动车登记证书编号：447573696360", "登 记 栏",
    "抵押登记", "抵押权人姓名/名称：盛源汽车金融有限公司", f"身份证明名称/号码：统一社会信用代码/{COMPANY}",
    "抵押登记日期：2019-03-12", "解除抵押登记", "解除抵押日期：2021-04-05",
    "抵押登记", "抵押权人姓名/名称：华信银行股份有限公司", f"身份证明名称/号码：统一社会信用代码/{BANK}",
    "抵押登记日期：2023年07月06日",
)  # fmt: skip


def test_of_several_liens_the_last_one_counts_and_stands() -> None:
    fields = read("vehicle_registration_certificate", sheet(*REGISTER))
    assert values(fields) == {
        "certificate_no": "447573696360", "mortgagee_name": "华信银行股份有限公司", "mortgagee_id": BANK,
        "mortgage_date": "2023-07-06", "lien_pages": "1",
    }  # fmt: skip
    assert lien.stands(fields) is True
    every = lien.liens(Prose(Form(sheet(*REGISTER), {})))
    assert [(one.begun and one.begun.value, one.released and one.released.value) for one in every] == [
        ("2019-03-12", "2021-04-05"), ("2023-07-06", None),
    ]  # fmt: skip


def test_a_later_page_that_only_releases_ends_the_lien() -> None:
    first = READERS["vehicle_registration_certificate"](sheet(*REGISTER, number=3))
    second = READERS["vehicle_registration_certificate"](
        sheet("登记栏", "解除抵押登记", "解除抵押日期：2024-08-09", number=4)
    )
    lien.follow(first, second)
    joined = Fields({**first, **second})
    assert (joined["mortgage_date"].value, joined["release_date"].value) == ("2023-07-06", "2024-08-09")
    assert lien.stands(joined) is False
    assert lien.stands(Fields()) is None


def test_a_release_before_its_mortgage_is_a_fault() -> None:
    rows = (*REGISTER, "解除抵押登记日期：2022-01-01")
    fields = read("vehicle_registration_certificate", sheet(*rows))
    found = proof.faults("vehicle_registration_certificate", fields, today=TODAY)
    assert ("dates_out_of_order", ("mortgage_date", "release_date")) in [(fault.code, fault.fields) for fault in found]


def test_the_vehicle_page_reads_numbered_boxes_and_cells_of_two_lines() -> None:
    fields = read(
        "vehicle_registration_certificate",
        sheet(
            "机动车登记证书", "注册登记摘要信息栏",
            [(0, "1.机动车所有人/身份证明名称/号码"), (20, f"赵海燕/居民身份证/{PERSON}")],
            [(0, "2.登记机关"), (6, "南昌市公安局交通警察支队"), (20, "3.登记日期2023-07-02 4.机动车登记编号"),
             (38, "赣AFQ9853")],
            [(0, "5.车辆类型"), (8, "小型普通客车"), (20, "6.车辆品牌"), (28, "比亚迪牌")],
            [(0, "7.车辆型号"), (8, "BYD6480STHEV2"), (20, "9.车辆识别代号/车架号"), (32, VIN)],
        ),
    )  # fmt: skip
    assert values(fields) == {
        "owner_name": "赵海燕", "owner_id": PERSON, "authority": "南昌市公安局交通警察支队",
        "register_date": "2023-07-02", "plate": "赣AFQ9853", "vehicle_type": "小型普通客车", "brand": "比亚迪牌",
        "model": "BYD6480STHEV2", "vin": VIN,
    }  # fmt: skip


CONTRACT = (
    "个人汽车贷款借款合同", "合同编号：HX-2023-246667", "贷款人：华信银行股份有限公司", f"统一社会信用代码：{BANK}",
    "借款人：程静怡", f"证件号码：{PERSON}", "共同借款人：李强", f"证件号码：{OTHER}",
    "第一条　借款金额：人民币（大写）壹拾叁万壹仟陆佰元整，（小写）¥131,600.00。",
    "第二条　借款期限为36个月，自放款之日起计算。", "第三条　借款年利率为6.87%（单利），采用等额本息方式归还。",
    "第四条　借款用途为购买丰田牌GTM7206HEVS车辆一辆，车辆识别代号",
    f"{VIN}，购车总价人民币188000.00元。", "签订日期：2023年12月6日",
)  # fmt: skip


def test_a_loan_contract_gives_each_party_its_own_number() -> None:
    fields = read("loan_contract", sheet(*CONTRACT))
    assert values(fields) == {
        "contract_no": "HX-2023-246667", "lender_name": "华信银行股份有限公司", "borrower_name": "程静怡",
        "borrower_id": PERSON, "principal": 13_160_000, "total_in_words": "壹拾叁万壹仟陆佰元整", "term_months": 36,
        "rate": 68_700, "vin": VIN, "issue_date": "2023-12-06",
    }  # fmt: skip
    assert "words" in fields["principal"].proofs
    assert "check_digit" in fields["borrower_id"].proofs
    assert "check_digit" in fields["vin"].proofs


def test_words_that_say_another_sum_are_a_fault_and_prove_nothing() -> None:
    rows = [row.replace("壹拾叁万", "壹拾肆万") if isinstance(row, str) else row for row in CONTRACT]
    fields = read("loan_contract", sheet(*rows))
    assert fields["principal"].value == 13_160_000
    assert "words" not in fields["principal"].proofs
    assert "words_differ" in {fault.code for fault in proof.faults("loan_contract", fields, today=TODAY)}


def test_a_mortgage_contract_tells_its_number_from_the_loan_contracts() -> None:
    fields = read(
        "mortgage_contract",
        sheet(
            "机动车抵押合同", "合同编号：DY20231224736", "抵押权人（甲方）：泽润融资租赁有限公司",
            "抵押人（乙方）：程静怡",
            f"身份证号码：{PERSON}", "为担保编号为HX-2023-246667的《借款合同》项下债务的履行，乙方自愿提供抵押担保。",
            f"第一条　抵押车辆：号牌号码浙BKJ257，厂牌型号丰田牌GTM7206HEVS，车辆识别代号{VIN}，发动机号L15B8738111。",
            "第二条　主债权本金为人民币（小写）¥131,600.00，大写：壹拾叁万壹仟陆佰元整。", "签订日期：2023-12-06",
        ),
    )  # fmt: skip
    assert values(fields) == {
        "contract_no": "DY20231224736", "loan_contract_no": "HX-2023-246667", "mortgagee_name": "泽润融资租赁有限公司",
        "mortgagor_name": "程静怡", "mortgagor_id": PERSON, "plate": "浙BKJ257", "model": "丰田牌GTM7206HEVS",
        "vin": VIN, "engine_no": "L15B8738111", "principal": 13_160_000, "total_in_words": "壹拾叁万壹仟陆佰元整",
        "issue_date": "2023-12-06",
    }  # fmt: skip


def test_a_settlement_certificate_in_one_sentence() -> None:
    fields = read(
        "settlement_certificate",
        sheet(
            [(28, "编号：JQ2025000123")], "结 清 证 明",
            f"兹证明程静怡（身份证号码：{PERSON}）与我公司签订的编号为HX-2023-246667的借款合同，贷款金额",
            "131,600.00元，已于2025年11月06日结清全部本息，双方债权债务关系终止。特此证明。",
            [(24, "泽润融资租赁有限公司")], [(24, "2025年11月7日")],
        ),
    )  # fmt: skip
    assert values(fields) == {
        "certificate_no": "JQ2025000123", "contract_no": "HX-2023-246667", "lender_name": "泽润融资租赁有限公司",
        "borrower_name": "程静怡", "borrower_id": PERSON, "principal": 13_160_000, "settled_on": "2025-11-06",
        "issue_date": "2025-11-07",
    }  # fmt: skip


def policy(until: str = "2027年03月01日零时止", premium: str = "950.00") -> Sheet:
    return sheet(
        "机动车交通事故责任强制保险单",
        [(0, "东屿财产保险股份有限公司南京分公司"), (22, "保险单号：PDZA20269726564712")],
        [(0, "被保险人"), (8, "刘国栋")], [(0, "被保险人身份证号码"), (12, PERSON)],
        [(0, "号牌号码"), (8, "粤AFX4590"), (16, "使用性质"), (24, "非营运")],
        [(0, "发动机号码"), (8, "L15B8990479"), (18, "识别代码（车架号）"), (30, VIN)],
        f"保险费合计（人民币大写）：玖佰伍拾元整　（¥：{premium}元）",
        f"保险期间　自2026年03月01日零时起至{until}", "签单日期：2026-02-20",
    )  # fmt: skip


def test_a_policy_that_ends_at_midnight_ended_the_day_before() -> None:
    fields = read("insurance_policy", policy())
    assert values(fields) == {
        "insurance_type": "compulsory", "policy_no": "PDZA20269726564712",
        "insurer_name": "东屿财产保险股份有限公司南京分公司", "insured_name": "刘国栋", "insured_id": PERSON,
        "plate": "粤AFX4590", "use_character": "非营运", "engine_no": "L15B8990479", "vin": VIN, "premium": 95_000,
        "valid_from": "2026-03-01", "valid_to": "2027-02-28", "issue_date": "2026-02-20",
    }  # fmt: skip
    assert "words" in fields["premium"].proofs
    assert "one_year" in fields["valid_to"].proofs
    assert read("insurance_policy", policy("2027年02月28日二十四时止"))["valid_to"].value == "2027-02-28"


def test_a_policy_of_another_length_or_another_premium_in_words_is_not_proven() -> None:
    fields = read("insurance_policy", policy(until="2028年02月28日二十四时止", premium="960.00"))
    assert "policy_not_one_year" in {fault.code for fault in proof.faults("insurance_policy", fields, today=TODAY)}
    assert "one_year" not in fields["valid_to"].proofs
    assert certainty.evidence(fields["premium"]) == "doubted"


def test_a_business_licence_with_capital_in_words_and_no_end() -> None:
    fields = read(
        "business_licence",
        sheet(
            "营业执照", f"统一社会信用代码　{COMPANY}",
            [(0, "名　　称"), (7, "南京远腾物流有限公司"), (24, "注册资本"), (30, "伍佰万元整")],
            [(0, "类　　型"), (7, "有限责任公司"), (24, "成立日期"), (30, "2015年03月02日")],
            [(0, "法定代表人"), (7, "欧阳明"), (24, "营业期限"), (30, "2015年03月02日至长期")],
            [(0, "住　　所"), (7, "江苏省南京市建邺区江东路88号")],
            [(0, "经营范围"), (7, "道路货物运输；国内货物运输代理；普通货物仓储服务；装")], [(7, "卸搬运")],
            [(20, "登记机关　南京市建邺区市场监督管理局")], [(30, "2020 年 05 月 06 日")],
        ),
    )  # fmt: skip
    assert values(fields) == {
        "uscc": COMPANY, "name": "南京远腾物流有限公司", "registered_capital": 500_000_000,
        "enterprise_type": "有限责任公司", "established_on": "2015-03-02", "legal_representative": "欧阳明",
        "valid_to": "long_term", "address": "江苏省南京市建邺区江东路88号",
        "scope": "道路货物运输;国内货物运输代理;普通货物仓储服务;装卸搬运", "authority": "南京市建邺区市场监督管理局",
        "issue_date": "2020-05-06",
    }  # fmt: skip


def test_a_credit_code_is_mended_only_where_its_check_character_proves_it() -> None:
    assert tax_number(COMPANY.replace("0", "O")) == COMPANY
    assert tax_number(COMPANY.replace("0", "O").replace("8", "3")) is None


def held(value: str, confidence: float = 0.999, *proofs: str) -> Field:
    return Field(value, confidence, 1, None, text=value, proofs=proofs)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("authority", "融成都市公安局交通警察支队"), ("authority", "木齐市公安局交通警察支队"),
        ("address", "淮市工业路7号"), ("address", "河北省承德市"), ("owner_name", "丂静怡"),
        ("enterprise_type", "型有限责任公司"), ("vehicle_type", "型小型轿车"),
        ("seller_name", "称济南鼎成汽车有限公司"),
        ("name", "南京远腾物流有限公司有限责任公司"), ("engine_no", "4GI5297792"),
        ("enterprise_type", "有限责任公司供核验"),
    ],
)  # fmt: skip
def test_half_a_value_is_never_sure(name: str, value: str) -> None:
    fields = Fields({name: held(value, 0.999, "reread")})
    doubts.doubt_shapes(fields, sheet("x"))
    certainty.settle(fields)
    assert fields[name].confidence < certainty.SURE


def test_words_of_warning_that_run_into_a_value_are_a_doubt() -> None:
    page = sheet("仅供办理汽车贷款使用", "住所 福建省福州市台江区文化路554号理汽车贷款使用")
    fields = Fields(address=held("福建省福州市台江区文化路554号理汽车贷款使用", 0.999, "reread"))
    doubts.doubt_shapes(fields, page)
    assert certainty.evidence(fields["address"]) == "doubted"


def test_certainty_is_what_was_counted_and_never_rounded_up() -> None:
    fields = Fields(
        vin=held(VIN, 0.99, "check_digit"), principal=held("1", 0.999, "reread"), contract_no=held("x", 0.999),
        scope=held("x", 0.999, "reread"), owner_name=held("李蓝", 0.999, "check_digit", "doubted"),
        plate=held("浙BKJ257", 0.85, "reread"),
    )  # fmt: skip
    certainty.settle(fields)
    sure = {name for name, field in fields.items() if field.confidence >= certainty.SURE}
    assert sure == {"vin", "principal"}
    assert fields["vin"].reading == 0.99
    assert all(field.confidence * 1000 == int(field.confidence * 1000) for field in fields.values())


def test_names_and_places_begin_as_names_and_places_do() -> None:
    assert all(map(surnames.begins, ("欧阳明", "李蓝", "穆高寒", "买买提·艾力", "Anna Li")))
    assert not surnames.begins("内刘春燕")
    assert divisions.begins("石家庄市长安区")
    assert not divisions.begins("家庄市长安区")


def shaken(page: Sheet, kind: str = "business_licence") -> Fields:
    fields = READERS[kind](page)
    doubts.doubt_shapes(fields, page)
    neighbours.doubt(kind, fields, page)
    return fields


def doubtful(fields: Fields) -> set[str]:
    return {name for name, field in fields.items() if certainty.evidence(field) == "doubted"}


def test_letters_beside_a_value_or_a_line_that_goes_on_below_it_are_a_doubt() -> None:
    whole = sheet(
        [(0, "名称"), (6, "南京远腾物流有限公司")],
        [(0, "住所"), (6, "江苏省南京市建邺区江东路")],
        "成立日期 2015年03月02日",
    )
    assert doubtful(shaken(whole)) == set()
    # The detector cut the street's number off; the brackets keep the rest from being joined.
    cut = sheet(
        [(0, "名称"), (6, "南京远腾物流有限公司"), (16.3, "甲")], [(0, "住所"), (6, "江苏省南京市建邺区江东路")]
    )
    assert doubtful(shaken(cut)) == {"name"}
    three = sheet([(0, "住所"), (6, "江苏省南京市")], [(6, "建邺区江东路")], [(6, "八号远腾大厦")], [(6, "十二层西侧")])
    assert "address" in doubtful(shaken(three))


def test_a_name_that_is_printed_otherwise_elsewhere_is_a_doubt() -> None:
    page = sheet("销售方: 济南鼎成汽车服务有限公司", "济南鼎城汽车服务有限公司")
    fields = Fields(seller_name=held("济南鼎成汽车服务有限公司", 0.999, "reread"))
    doubts.doubt_shapes(fields, page)
    assert doubtful(fields) == {"seller_name"}


def test_a_label_that_names_two_values_leaves_a_doubt_and_the_same_one_twice_is_a_proof() -> None:
    rows = (
        "借款合同",
        "合同编号:HX-2024-000123",
        "借款人:李蓝",
        f"身份证号码:{PERSON}",
        "贷款人:华信银行股份有限公司",
        "借款期限:36个月",
    )
    twice = read("loan_contract", sheet(*rows, "合同编号:HX-2024-000123"))
    assert "repeated" in twice["contract_no"].proofs
    torn = read("loan_contract", sheet(*rows, "合同编号:HX-2024-000124"))
    assert doubtful(torn) == {"contract_no"}


@pytest.mark.parametrize(
    ("said", "name"),
    [("张有为", "张有为"), ("张有为,身份证", "张有为"), ("李蓝为购买车辆", "李蓝"), ("李自在与", "李自在")],
)
def test_a_name_may_end_in_a_word_of_sentences(said: str, name: str) -> None:
    rows = ("借款合同", "合同编号:HX-2024-000123", f"借款人:{said}", "贷款人:华信银行股份有限公司", "借款期限:36个月")
    assert read("loan_contract", sheet(*rows))["borrower_name"].value == name


def test_the_number_of_a_proposal_is_no_policy_s() -> None:
    page = sheet(
        "机动车商业保险保险单", "投保单号:TDAA202533070000000001", "被保险人 李蓝",
        "保险期间自2026年4月13日零时起至2027年4月12日二十四时止",
    )  # fmt: skip
    assert "policy_no" not in read("insurance_policy", page)


def test_a_number_that_goes_on_behind_a_misread_dash_is_none() -> None:
    fields = read(
        "loan_contract",
        sheet("借款合同", "合同编号:YC-2024:405380", "借款人:李蓝", "贷款人:华信银行股份有限公司", "借款期限:36个月"),
    )
    assert "contract_no" not in fields


def test_both_parties_of_an_invoice_stand_in_one_row_even_when_it_leans() -> None:
    left, right = "济南泰润汽车租赁有限公司", "济南鼎成汽车销售服务有限公司"
    for lean in (-9.0, 9.0):
        page = sheet(
            "电子发票(普通发票)",
            [(0, "名称:"), (3, left), (22, "名称:"), (25, right)],
            "价税合计(大写)",
            "发票号码:24952000000012345678",
        )
        moved = tuple(
            replace(line, corners=shifted(line.corners, lean)) if line.corners[0][0] > 500 else line
            for line in page.lines
        )
        fields = READERS["vat_invoice"](replace(page, lines=moved))
        assert (fields["buyer_name"].value, fields["seller_name"].value) == (left, right)


def shifted(corners: Corners, down: float) -> Corners:
    a, b, c, d = ((x, y + down) for x, y in corners)
    return a, b, c, d


def test_specks_between_the_letters_of_labels_and_dates_are_read_past() -> None:
    fields = READERS["id_card_front"](sheet("姓名 李蓝", "出.生 1990年1.月20日"))
    assert values(fields) == {"name": "李蓝", "birth": "1990-01-20"}


def test_a_list_behind_a_contract_is_a_page_of_it() -> None:
    contract = kinds.classify(sheet("最高额抵押合同", "抵押权人:泽润融资租赁有限公司", "抵押人:李蓝"))
    annex = kinds.classify(sheet("附件一:抵押物清单", "车牌号码"))
    assert (contract.kind, annex.kind) == ("mortgage_contract", "other")
    assert kinds.going_on(annex, contract).kind == "mortgage_contract"
    assert kinds.going_on(annex, None).kind == "other"
    assert kinds.going_on(kinds.classify(sheet("公司食堂本周菜单")), contract).kind == "other"


def test_a_doubt_that_a_fault_of_the_value_tells_is_not_told_again() -> None:
    fields = Fields(seller_tax_id=held("91500106MA2CE71F65", 0.9), total=held("1", 0.9))
    told = [proof.Fault("uscc_check", ("seller_tax_id",))]
    (unsure,) = (fault for fault in proof.completeness("vat_invoice", fields, told) if fault.code == "field_unsure")
    assert unsure.fields == ("total",)


def test_the_office_of_a_listed_place_is_on_a_list() -> None:
    assert divisions.is_traffic_police("山东省青岛市公安局交通警察支队")
    assert not divisions.is_traffic_police("山东省青鸟市公安局交通警察支队")
    assert not divisions.is_traffic_police("山东省青岛市公安局交通警察支队一")


def test_an_address_of_three_rows_leaves_none_out_though_the_last_begins_nearer_to_the_edge() -> None:
    page = Sheet(
        1, 1000, 640,
        tuple(
            Line(text, 0.999, ((x0, y0), (x1, y0), (x1, y1), (x0, y1)))
            for text, (x0, y0, x1, y1) in {
                "住址": (58, 320, 142, 368),
                "山东省烟台市芝罘区观山大": (193, 323, 618, 363),
                "街与观山大街交汇处澜庭": (191, 365, 584, 408),
                "10-2-126": (194, 412, 337, 450),
                "公民身份号码": (62, 532, 281, 575),
            }.items()
        ),
    )  # fmt: skip
    address = READERS["id_card_front"](page)["address"]
    assert address.value == "山东省烟台市芝罘区观山大街与观山大街交汇处澜庭10-2-126"
