"""What is part of more: a number cut out of its sentence, a name at a space, a sum without its end, the last of several
entries of which one was not read."""

import pytest

from carloan.archives.recognition import certainty, neighbours, proof
from carloan.archives.recognition import values as grammars
from carloan.archives.recognition.doubts import doubt_shapes
from carloan.archives.recognition.extract import Field, Fields, lien
from carloan.archives.recognition.extract.field import ALONE
from carloan.archives.recognition.extract.readers import READERS
from carloan.archives.recognition.kinds import classify
from carloan.archives.recognition.recognise import _join, _Page
from carloan.archives.recognition.sheet import Sheet
from tests.archives.test_recognition_kinds import BANK, COMPANY, PERSON, REGISTER, Row, sheet, values
from tests.archives.test_recognition_layouts import transferred

SIGNED = ("个人汽车借款合同", "借款人：张伟", "贷款人：华信银行股份有限公司")
LETTER = ("结清证明", "客户：张伟", "特此证明", "华信银行股份有限公司", "2025年12月13日")


def looked_at(kind: str, page: Sheet) -> Fields:
    fields = READERS[kind](page)
    proof.lift(kind, fields)
    doubt_shapes(fields, page)
    neighbours.doubt(kind, fields, page)
    return fields


def doubtful(fields: Fields) -> set[str]:
    return {name for name, field in fields.items() if certainty.evidence(field) == "doubted"}


# Numbers in whose form words stand


@pytest.mark.parametrize(
    ("said", "number"),
    [
        ("您与我行签订编号为2024年个车贷字27357号的车辆贷款合同，已结清。", "2024年个车贷字27357号"),
        ("您与我行签订编号为（2024）个车贷字第27357号的车辆贷款合同，已结清。", "(2024)个车贷字第27357号"),
        ("您与我行签订编号为27357-2024号的车辆贷款合同，已结清。", "27357-2024"),
    ],
)
def test_a_contracts_number_is_counted_by_years_with_and_without_brackets(said: str, number: str) -> None:
    fields = looked_at("settlement_certificate", sheet(LETTER[0], said, *LETTER[1:]))
    assert fields["contract_no"].value == number
    assert "contract_no" not in doubtful(fields)


def test_a_day_behind_the_label_of_a_number_is_none() -> None:
    fields = looked_at("settlement_certificate", sheet(LETTER[0], "合同编号：2024年8月16日签订", *LETTER[1:]))
    assert "contract_no" not in fields


def test_a_number_that_was_cut_out_of_its_words_is_a_doubt() -> None:
    said = "您与我行签订编号为2024年度汽车消费分期付款贷款业务个字27357号的车辆贷款合同，已结清。"
    fields = looked_at("settlement_certificate", sheet(LETTER[0], said, *LETTER[1:]))
    assert "contract_no" not in fields or "contract_no" in doubtful(fields)


def test_a_letters_number_is_read_without_its_label() -> None:
    fields = looked_at("settlement_certificate", sheet(*LETTER, "文号：2025第7357号"))
    assert fields["certificate_no"].value == "2025第7357号"


def test_a_value_with_the_label_of_another_is_a_doubt() -> None:
    page = sheet("名称:华信汽车销售有限公司")
    fields = Fields(certificate_no=_of("文号:2025第7357号"), owner_name=_of("张伟"))
    doubt_shapes(fields, page)
    assert doubtful(fields) == {"certificate_no"}


def _of(value: str) -> Field:
    return Field(value, 0.9999, 1, None, text=value, proofs=("reread",))


# Names of models


POLICY = ("机动车辆商业保险单", "被保险人：张伟", "永泽财产保险股份有限公司")


@pytest.mark.parametrize(
    ("cell", "model", "doubted"),
    [
        ("厂牌型号 大众牌SVW6471APD", "大众牌SVW6471APD", False),
        ("厂牌型号 斯巴鲁牌FORESTER 2.5X", "斯巴鲁牌FORESTER2.5X", False),
        ("厂牌型号 斯巴鲁牌FORESTER 2.5I", "斯巴鲁牌FORESTER2.5I", True),
        ("厂牌型号 斯巴鲁牌FORESTER 2.5/尊享", "斯巴鲁牌FORESTER", True),
    ],
)
def test_a_models_name_does_not_end_at_a_space(cell: str, model: str, *, doubted: bool) -> None:
    fields = looked_at("insurance_policy", sheet(*POLICY, cell))
    assert fields["model"].value == model
    assert ("model" in doubtful(fields)) == doubted


def test_letters_of_a_name_are_no_figures_and_those_of_a_code_are() -> None:
    assert grammars.model("斯巴鲁牌FORESTER") == "斯巴鲁牌FORESTER"
    assert grammars.model("大众牌SVW647OAPD") == "大众牌SVW6470APD"


def test_a_model_whose_make_was_lost_is_a_doubt() -> None:
    fields = Fields(model=_of("牌SVW6471APD"))
    doubt_shapes(fields, sheet("行驶证"))
    assert doubtful(fields) == {"model"}


# Sums and addresses


@pytest.mark.parametrize(
    ("words", "doubted"), [("壹拾万零叁仟元", True), ("壹拾万零叁仟元整", False), ("壹元零伍分", False)]
)
def test_a_sum_in_words_ends_as_such_sums_do(words: str, *, doubted: bool) -> None:
    fields = Fields(total_in_words=_of(words))
    doubt_shapes(fields, sheet("借款合同"))
    assert doubtful(fields) == ({"total_in_words"} if doubted else set())


def test_a_sentence_goes_on_in_the_next_line_not_in_one_below_that() -> None:
    rows: tuple[Row, ...] = (
        "汽车贷款合同", "合同编号：QD-2023-484377", "借款人：张伟", "贷款人：华信银行股份有限公司", "双方约定如下：",
        [(6, "一、所购车辆为大众牌轿车壹辆，乙方以该车作抵押，车辆的其余各项由附件载明。")],
        [(2, "二、甲方向乙方发放用于购买汽车的贷款，借款金额人民币277,000.00元（大写：贰拾柒万柒仟元")],
        "整），期限24个月。",
    )  # fmt: skip
    fields = looked_at("loan_contract", sheet(*rows))
    assert fields["total_in_words"].value == "贰拾柒万柒仟元整"


def test_a_lone_sign_below_an_address_is_its_last_and_no_half_of_a_label() -> None:
    page = sheet(
        "中华人民共和国机动车驾驶证", [(0, "证号"), (8, PERSON)], [(0, "姓名"), (8, "张伟")],
        [(0, "住址"), (8, "黑龙江省齐齐哈尔市龙沙区文昌路192")], [(8, "号")], [(0, "初次领证日期"), (8, "2015-06-14")],
    )  # fmt: skip
    assert values(looked_at("driving_licence", page))["address"] == "黑龙江省齐齐哈尔市龙沙区文昌路192号"


def test_an_address_that_took_in_a_day_is_a_doubt() -> None:
    fields = Fields(address=_of("重庆市万州区朝阳巷194弄14号757室2015-02-19"))
    doubt_shapes(fields, sheet("驾驶证"))
    assert doubtful(fields) == {"address"}


def test_a_day_that_goes_on_behind_a_speck_is_a_doubt() -> None:
    assert doubtful(looked_at("loan_contract", sheet(*SIGNED, "签订日期：2024-03-1'2"))) == {"issue_date"}
    assert doubtful(looked_at("loan_contract", sheet(*SIGNED, "签订日期：2024-03-1，借款人一份"))) == set()


@pytest.mark.parametrize(
    ("below", "doubted"), [(([],), True), (("746851》，由双方签订。",), False), (("，由双方签订。",), False)]
)
def test_a_number_at_the_end_of_a_full_line_may_go_on_below(below: tuple[str, ...], *, doubted: bool) -> None:
    page = sheet(
        "抵押合同", "乙方因购买汽车向甲方申请贷款并以所购车辆作为担保，担保的贷款合同编号为QC20220913",
        *below, "抵押人：张伟",
    )  # fmt: skip
    fields = looked_at("mortgage_contract", page)
    assert fields["loan_contract_no"].value == ("QC20220913746851" if below[0][:6] == "746851" else "QC20220913")
    assert ("loan_contract_no" in doubtful(fields)) == doubted


# Entries of a register


def joined(*pages: Sheet) -> Fields:
    read = [_Page(page, classify(page), READERS["vehicle_registration_certificate"](page)) for page in pages]
    return _join(iter(read))[0]


def test_of_liens_that_were_read_whole_the_last_is_known() -> None:
    fields = joined(sheet(*REGISTER))
    assert not [name for name in lien.NAMES if name in fields and ALONE in fields[name].proofs]


@pytest.mark.parametrize("lost", [3, 5, 7, 9, 10, 11])
def test_of_liens_of_which_a_line_was_lost_nobody_knows_which_is_the_last(lost: int) -> None:
    rows = [row for place, row in enumerate(REGISTER) if place != lost]
    fields = joined(sheet(*rows))
    assert all(ALONE in fields[name].proofs for name in lien.NAMES if name in fields)


def test_a_page_whose_lien_was_not_read_leaves_those_of_the_next_in_doubt() -> None:
    torn = sheet(*REGISTER[:2], "抵押登记", "抵押登记日期：2019-03-0'4")
    after = sheet(*REGISTER[:2], *REGISTER[8:], number=2)
    fields = joined(torn, after)
    assert fields["lien_pages"].value == "2"
    assert all(ALONE in fields[name].proofs for name in lien.NAMES if name in fields)


def test_a_title_above_the_head_of_the_first_entry_is_no_entry() -> None:
    fields = joined(sheet(*REGISTER[:2], "抵押登记", *REGISTER[8:]))
    assert not [name for name in lien.NAMES if name in fields and ALONE in fields[name].proofs]


def test_an_owners_number_above_a_later_one_may_be_an_earlier_owners() -> None:
    assert ALONE not in transferred()["owner_id"].proofs
    sold = transferred([(0, "称/号妈"), (12, f"华信租赁有限公司/营业执照/{BANK}")])
    assert (sold["owner_id"].value, ALONE in sold["owner_id"].proofs) == (PERSON, True)


def test_an_organisations_number_is_no_persons() -> None:
    page = sheet(
        "机动车登记证书编号：447573696360", [(0, "机动车所有人"), (12, "张伟")],
        [(0, "登记机关"), (12, "郑州市公安局交通警察支队车辆管理所")], [(0, "登记日期"), (12, "2021-03-04")],
        [(0, "机动车登记编号"), (12, "豫A12345")], [(0, "身份证明名称/号码"), (12, f"营业执照/{BANK}")],
    )  # fmt: skip
    fields = READERS["vehicle_registration_certificate"](page)
    assert "owner_id" not in fields or ALONE in fields["owner_id"].proofs


# Sides of a form


def test_of_names_side_by_side_each_heads_its_own_half() -> None:
    page = sheet(
        "电子发票（机动车销售统一发票）", "发票号码：23449803294862800145",
        [(0, "购买方名称"), (8, "湛江海纳科技有限公司"), (24, "销售方名"), (32, "湛江万里达汽车有限公司")],
        [(0, "统一社会"), (24, "称")],
        [(0, "信用代码"), (8, BANK), (24, "纳税人识别号"), (32, COMPANY)],
    )  # fmt: skip
    told = values(looked_at("vehicle_sales_invoice", page))
    assert told.get("buyer_id") in (None, BANK)
    assert told["seller_tax_id"] == COMPANY


def invoice(*numbers: tuple[float, str]) -> Sheet:
    return sheet(
        "电子发票（机动车销售统一发票）", "发票号码：23449803294862800145",
        [(0, "购买方"), (8, "名称：张伟"), (24, "经销商"), (32, "名称：湛江万里达汽车有限公司")], numbers,
    )  # fmt: skip


def test_a_number_is_a_doubt_where_another_one_is_nobodys() -> None:
    seller = (26.0, f"统一社会信用代码/纳税人识别号：{COMPANY}")
    page = invoice((4, f"本人证照号：{PERSON}"), seller)
    fields = looked_at("vehicle_sales_invoice", page)
    assert {name for name in ("buyer_id", "seller_tax_id") if name in fields} <= doubtful(fields)
    assert fields["buyer_id"].value == COMPANY, "what is doubted is another's number beside a label of such"
    alone = looked_at("vehicle_sales_invoice", invoice(seller))
    assert "buyer_id" not in doubtful(alone)


@pytest.mark.parametrize(("row", "sure"), [("VALID THRU 09/33", True), ("MONTH/YEAR 04/25 至VALI", False)])
def test_of_two_months_on_a_card_the_one_that_was_read_may_be_the_first(row: str, *, sure: bool) -> None:
    fields = READERS["bank_card"](sheet("华信银行", "6229086123456783", row))
    assert (ALONE not in fields["valid_to"].proofs) == sure
