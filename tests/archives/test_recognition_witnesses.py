"""In running text a label alone makes no value sure: a second place, a check that tells the part, or nothing else."""

from collections.abc import Sequence

import pytest

from carloan.archives.recognition import kinds, witnesses
from carloan.archives.recognition.certainty import LABEL_ALONE, SURE, settle
from carloan.archives.recognition.extract import Fields, phrases
from carloan.archives.recognition.extract.field import ALONE
from carloan.archives.recognition.extract.prose import Prose
from carloan.archives.recognition.form import Form
from carloan.archives.recognition.sheet import Line, Sheet
from tests.archives.test_recognition_kinds import BANK, OTHER, PERSON, VIN, Row, read, sheet, values

LENDER = "华信银行股份有限公司"


def heard(kind: str, *rows: Row, known: bool = True) -> Fields:
    """The values of one page that was read without a doubt, with their witnesses."""
    page = read_surely(sheet(*rows))
    fields = read(kind, page)
    fields.proven(*fields, by="reread")
    witnesses.hear(kind, fields, [fields.texts], known=known)
    settle(fields)
    return fields


def read_surely(page: Sheet) -> Sheet:
    lines = tuple(Line(line.text, 1.0, line.corners) for line in page.lines)
    return Sheet(page.number, page.width, page.height, lines)


def sure(fields: Fields) -> set[str]:
    return {name for name, field in fields.items() if field.confidence >= SURE}


LOAN = (
    "个人汽车借款合同", "合同编号：HX-2024-081501", f"贷款人：{LENDER}", f"借款人：张伟　证件号码：{PERSON}",
    "第一条　借款金额：人民币（大写）壹拾万元整，（小写）¥100,000.00。", "第二条　借款期限为36个月。",
    "第三条　借款年利率为6.87%。", f"第四条　车辆识别代号：{VIN}。",
    [(0, "贷款人（盖章）："), (16, "借款人（签字）：张伟")], "签订日期：2024年8月15日",
)  # fmt: skip


def without(rows: Sequence[Row], place: int, *instead: Row) -> list[Row]:
    return [*rows[:place], *instead, *rows[place + 1 :]]


def test_of_a_contract_that_names_one_of_each_every_value_has_a_witness() -> None:
    fields = heard("loan_contract", *LOAN)
    assert sure(fields) == set(fields)
    codes = {"sole", "signed", "together", "trade", "words"}
    assert {name: set(field.proofs) & codes for name, field in fields.items()} == {
        "contract_no": {"sole"}, "lender_name": {"trade"}, "borrower_name": {"signed"}, "borrower_id": {"together"},
        "principal": {"words"}, "total_in_words": {"words"}, "term_months": {"sole"}, "rate": {"sole"}, "vin": {"sole"},
        "issue_date": {"sole"},
    }  # fmt: skip


@pytest.mark.parametrize(
    ("place", "rows", "lost"),
    [
        # Another number that could be the contract's.
        (1, ["合同编号：HX-2024-081501", "关联号：DY-2024-0815"], {"contract_no"}),
        # Another who lends by trade.
        (2, [f"贷款人：{LENDER}", "开户行：恒信商业银行股份有限公司"], {"lender_name"}),
        # A sum in words beside the debt's.
        (4, ["车价壹拾伍万元整", LOAN[4]], {"principal", "total_in_words"}),
        (5, ["第二条　借款期限为36个月，宽限期6个月。"], {"term_months"}),
        (6, ["第三条　借款年利率为6.87%，LPR为3.45%。"], {"rate"}),
        (9, ["自2024年8月16日起计息。", "签订日期：2024年8月15日"], {"issue_date"}),
    ],
)
def test_where_something_else_could_be_meant_a_person_looks(place: int, rows: list[Row], lost: set[str]) -> None:
    fields = heard("loan_contract", *without(LOAN, place, *rows))
    assert set(fields) - sure(fields) == lost
    for name in lost:
        assert fields[name].confidence == LABEL_ALONE
        assert ALONE in fields[name].proofs


def test_a_name_that_nobody_signs_needs_its_number_and_nobody_elses() -> None:
    unsigned = without(LOAN, 8, "贷款人（盖章）：")
    assert {"borrower_name", "borrower_id"} <= sure(heard("loan_contract", *unsigned))
    with_another = without(unsigned, 3, LOAN[3], f"共同借款人：王芳　证件号码：{OTHER}")
    assert not {"borrower_name", "borrower_id"} & sure(heard("loan_contract", *with_another))
    # Who signs is known; the number behind this name is theirs, whoever else has one.
    signed = without(LOAN, 3, LOAN[3], f"共同借款人：王芳　证件号码：{OTHER}")
    assert {"borrower_name", "borrower_id"} <= sure(heard("loan_contract", *signed))


def test_a_check_digit_does_not_tell_whose_a_number_is() -> None:
    agent = without(without(LOAN, 3, "借款人：张伟", f"代理人：王芳　证件号码：{OTHER}"), 8, "贷款人（盖章）：")
    assert "borrower_id" not in sure(heard("loan_contract", *agent))


MORTGAGE = (
    "抵押合同", "合同编号：DY-2024-0815", f"抵押权人：{LENDER}", f"抵押人：张伟　证件号码：{PERSON}",
    "为担保编号为HX-2024-081501的《借款合同》项下债务的履行，双方订立本合同。",
    [(0, "抵押权人（盖章）："), (16, "抵押人（签字）：张伟")],
)  # fmt: skip


def test_two_numbers_are_sure_when_they_are_all_there_are_and_neither_says_it_is_the_others() -> None:
    assert {"contract_no", "loan_contract_no"} <= sure(heard("mortgage_contract", *MORTGAGE))
    alone = without(MORTGAGE, 4, "双方订立本合同。")
    assert "contract_no" not in sure(heard("mortgage_contract", *alone)), "it may be the number of the loan"
    swapped = without(without(MORTGAGE, 1, "合同编号：JK-2024-0815"), 4, "为担保编号为DY-2024-081501的《借款合同》。")
    assert not {"contract_no", "loan_contract_no"} & sure(heard("mortgage_contract", *swapped))


def test_its_own_number_behind_its_own_label_is_no_number_of_the_loan() -> None:
    page = sheet(
        "机动车抵押合同",
        "抵押合同编号：DY20221226652",
        "借款合同编号：YC-2022-487727",
        "债权人（抵押权人）：华信银行股份有限公司",
    )
    told = values(read("mortgage_contract", page))
    assert (told["contract_no"], told["loan_contract_no"]) == ("DY20221226652", "YC-2022-487727")
    assert told["mortgagee_name"] == LENDER


LETTER = (
    "贷款结清证明", "编号：JQ-2025-0716", f"借款人：张伟　证件号码：{PERSON}", "合同编号：HX-2024-081501",
    "借款金额：人民币100,000.00元",
    "上述借款已于2025年7月16日全部结清。", LENDER, "2025年7月18日",
)  # fmt: skip


def test_a_letter_is_written_after_all_it_tells_and_the_day_that_remains_is_the_settlements() -> None:
    fields = heard("settlement_certificate", *LETTER)
    assert {"settled_on", "issue_date", "certificate_no", "contract_no", "principal"} <= sure(fields)
    assert (fields["settled_on"].value, fields["issue_date"].value) == ("2025-07-16", "2025-07-18")
    more = heard("settlement_certificate", *without(LETTER, 3, LETTER[3], "借款日期：2024年8月15日"))
    assert "settled_on" not in sure(more)
    assert "issue_date" in sure(more)


def test_the_day_of_a_contract_that_was_settled_since_is_not_the_day_of_settlement() -> None:
    since = "张伟于2024年8月15日与我公司签订借款合同，现已全部结清。"
    fields = heard("settlement_certificate", *without(LETTER, 5, since))
    assert "settled_on" not in sure(fields)
    found = heard("settlement_certificate", *without(LETTER, 5, "截至2025年7月16日，上述借款已全部结清。"))
    assert found["settled_on"].value == "2025-07-16"
    assert "settled_on" not in sure(found), "the day on which it was found settled"


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("汽车贷款抵押合同", "mortgage_contract"), ("个人汽车抵押借款合同", "loan_contract"),
        ("抵押及保证合同", "mortgage_contract"),
        ("贷款结清暨解除抵押通知书", "settlement_certificate"), ("个人汽车贷款借款及抵押合同", None),
        ("根据借款合同的约定", None),
    ],
)  # fmt: skip
def test_a_contract_or_letter_is_what_it_calls_itself_in_a_line_of_its_own(title: str, kind: str | None) -> None:
    assert kinds.classify(sheet("样本", title, "双方经协商一致，订立本合同：")).title == kind


def beyond_doubt(kind: str, *rows: Row) -> bool:
    page = sheet(*rows)
    return kinds.is_beyond_doubt(kind, [kinds.classify(page)], Prose(Form(page, {})).rows.text)


def test_a_kind_is_beyond_doubt_when_the_paper_calls_itself_so_and_nothing_speaks_for_another() -> None:
    assert beyond_doubt("loan_contract", *LOAN)
    assert beyond_doubt("mortgage_contract", *MORTGAGE)
    assert beyond_doubt("settlement_certificate", *LETTER)
    assert not beyond_doubt("loan_contract", *without(LOAN, 0, "甲乙双方约定如下")), "it has no title"
    secured: list[Row] = ["汽车抵押贷款合同", *LOAN[1:], "抵押人：张伟", f"抵押权人：{LENDER}"]
    assert not beyond_doubt("loan_contract", *secured), "it has parties to a mortgage"
    assert not beyond_doubt("vehicle_registration_certificate", *MORTGAGE)


def test_of_a_paper_whose_kind_is_unsure_no_part_is_known() -> None:
    assert sure(heard("loan_contract", *LOAN, known=False)) == set()


def test_what_was_read_badly_is_not_said_to_lack_a_witness() -> None:
    page = sheet(*without(LOAN, 6, "第三条　借款年利率为6.87%，LPR为3.45%。"))
    fields = read("loan_contract", page)
    witnesses.hear("loan_contract", fields, [fields.texts], known=True)
    settle(fields)
    assert fields["rate"].confidence < SURE
    assert ALONE not in fields["rate"].proofs


def test_forms_and_cards_need_no_witness() -> None:
    fields = read(
        "business_licence",
        sheet("营业执照", f"统一社会信用代码 {BANK}", "名称 京北商贸有限公司", "注册资本 壹拾万元整"),
    )
    before = dict(fields)
    witnesses.hear("business_licence", fields, [()], known=True)
    assert fields == before
    witnesses.hear("business_licence", fields, [()], known=False)
    assert all(ALONE in field.proofs for field in fields.values()), "if it is none, they are values of something else"


# Two columns: read by rows a line of the one is followed by a line of the other, read by columns it is not.
BESIDE = (
    [(0, "抵押合同"), (30, "特别约定")],
    [(0, "抵押人张伟，其身份证件的号码为1101011990"), (30, "抵押权人华信银行可以随时")],
    [(0, "01011229，自愿以其车辆提供担保，并承诺其"), (30, "查看车辆，费用由该方承担")],
    [(0, "陈述均为真实。"), (30, "。")],
)  # fmt: skip


def test_a_value_found_by_columns_has_its_place_among_the_rows() -> None:
    prose = Prose(Form(sheet(*BESIDE), {}))
    (hit,) = prose.find((phrases.IDENTITY,), phrases.identity)
    assert hit.value == PERSON
    assert prose.rows.text[hit.start :].startswith(PERSON[:10]), "broken over two lines, only the columns hold it whole"
    roles = {"mortgagor": "抵押人", "mortgagee": "抵押权人"}
    assert phrases.whose(prose, roles)(hit.start) == "mortgagor"
