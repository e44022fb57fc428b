"""结清证明: the letter that says that a loan is paid, as lines, table or paragraph."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from carloan.archives.recognition import values
from carloan.archives.recognition.extract import phrases
from carloan.archives.recognition.extract.contract import (
    BORROWER,
    LENDER,
    LOAN_NUMBER,
    MORTGAGEE,
    OTHERS,
    VEHICLE_PLATE,
    VEHICLE_VIN,
    is_whole_line,
    put_principal,
)  # fmt: skip
from carloan.archives.recognition.extract.field import Fields
from carloan.archives.recognition.extract.phrases import BARE_CODE, CODE, DAY, KNOWN_BY, MARK, ORGANISATION, PARTY, SEP
from carloan.archives.recognition.extract.prose import Prose
from carloan.archives.recognition.form import Form
from carloan.archives.recognition.sheet import Sheet
from carloan.lib import surnames

_CUSTOMER = r"(?:客户|借款人|贷款人|申请人|承租人)(?:姓名|名称)"
_OURS = r"(?:我[行司]|我公司|本[行司]|本公司)?的?"
_CALLED = rf"{_OURS}(?:借款人|(?:贷款)?客户|承租人)?"
# Who comes with the letter, or stands beside the borrower, is not the borrower.
_NOBODY_ELSE = "(?!委托|授权|指派|代理|共同|配偶|抵押人|保证人|担保人|经办|受托)"
# Names behind these stand in a sentence of their own or open a letter; those that only have a number are a guess.
_SURELY_CALLED = 6
# Who lends by trade, by the words of its name; a letter also names dealers and customers.
_LENDING = re.compile("银行|金融|租赁|信用社|联社|信托|财务|小额贷款|消费|典当|担保|资产管理")
_SEALED = r"(?:\([^)]*[签盖印章]\))?"
_COUNTER = "(?:经办|贷款|放款|出具|开具)(?:机构|银行|单位|网点|行)"
_PAID = "(?:结清|还清|清偿|付清|偿还完毕|归还完毕|支付完毕)"
_HOW = "(?:已经?|全部|全额|提前|足额|按期|如期|正式|一次性|予以){0,4}"
_WHAT = "(?:将(?:上述|该笔?|全部|贷款|借款|款项|本金|利息|本息|[及和]){1,6}?)?"
# By the first two it is the day of settlement. By the others it may be the day of a contract that was settled since, or
# the day on which it was found settled (截至).
_SURELY_SETTLED = 2
_SETTLED = (
    rf"(?:结清|还清|清偿|贷款结清|实际结清)(?:日期?|时间|日){SEP}{DAY}",
    rf"(?<![至止到期]){DAY}[\t ]*{_HOW}{_WHAT}{_HOW}{_PAID}",
    rf"(?:于|至|截至|截止|截至到|到){SEP}{DAY}[^。]{{0,40}}?(?:{_PAID}|全部归还)",
    rf"{DAY}[^。\n]{{0,12}}?(?:已?全部|已经?|提前)?(?:结清|还清|清偿)",
)
_ISSUED = (rf"(?:开具|出具|签发|打印|制单|证明)(?:日期|时间|日){SEP}{DAY}", rf"(?<![\u4e00-\u9fff])日期{SEP}{DAY}")

_CELLS = {
    "borrower_name": ("客户姓名", "借款人姓名", "客户名称", "借款人", "承租人", "户名", "姓名"),
    "borrower_id": ("身份证件号码", "身份证号码", "身份证号", "证件号码", "证件号"),
    "contract_no": ("借款合同编号", "贷款合同编号", "借款合同号", "贷款合同号", "合同编号", "合同号码", "合同号"),
    "principal": (
        "贷款金额(元)", "借款金额(元)", "贷款本金(元)", "贷款发放金额", "发放金额", "放款金额", "贷款金额", "借款金额",
        "贷款本金", "借款本金", "融资金额",
    ),
    "settled_on": ("结清日期", "结清时间", "结清日", "还清日期"),
    "plate": ("抵押车辆车牌号", "号牌号码", "车牌号码", "车牌号"),
    "vin": ("车辆识别代号", "车架号码", "车架号"),
    "rest": (
        "贷款账号", "还款账号", "放款账号", "放款日期", "发放日期", "发放日", "到期日期", "到期日", "贷款期限",
        "结清金额", "结清方式", "当前贷款余额(元)", "贷款余额", "已还利息", "已还本金", "本息合计", "打印日期",
        "证明编号",
    ),
}  # fmt: skip
_GRAMMARS: Mapping[str, Callable[[str], str | int | None]] = {
    "borrower_name": values.party, "borrower_id": lambda text: values.id_number(text) or values.tax_number(text),
    "contract_no": phrases.code_of, "principal": values.amount_with_cents, "settled_on": values.day,
    "plate": values.plate, "vin": values.vin_number,
}  # fmt: skip


def read(sheet: Sheet) -> Fields:
    """Its number, the contract's, lender, borrower, principal, car, the day of settlement and of the letter."""
    prose = Prose(Form(sheet, {}))
    fields = Fields()
    fields.texts = prose.texts
    contracts = prose.find(
        (*LOAN_NUMBER, rf"合同(?:编号|号码?)(?:变更)?{SEP}{CODE}", rf"第?{BARE_CODE}(?<=号)号?合同项下"), phrases.code
    )
    phrases.put(fields, "contract_no", contracts)
    strangers = {hit.value for hit in contracts}
    own = (
        rf"(?:证明|凭证|文件)(?:书)?(?:编号|号码?){SEP}{CODE}",
        rf"^(?:[^\n]*\t)?(?:编号|No\.?|文号){SEP}{CODE}", rf"^\({CODE}\)$",
        r"^(?:[^\n]*\t)?((?:(?!编号|号码)[^\t\n:]){0,16}第[A-Za-z0-9\-]{3,20}号)$",
    )  # fmt: skip
    numbers = [hit for hit in prose.find(own, phrases.code) if hit.value not in strangers]
    phrases.put(fields, "certificate_no", numbers[:1])
    # A number without a label of its own may be the contract's.
    if not prose.find(own[:1], phrases.code) and not contracts:
        fields.doubted("certificate_no", 0.9)
    names = (
        rf"(?:兹证明|兹有|今有|现有){SEP}{_CALLED}{SEP}{PARTY}", rf"{_CUSTOMER}{MARK}{PARTY}",
        rf"{BORROWER}{MARK}{PARTY}", rf"客户{MARK}{PARTY}", rf"^(?:[^\n]*\t)?(?:姓[\t ]*名|户[\t ]*名){SEP}{PARTY}",
        rf"^(?:尊敬的)?{PARTY}(?:先生|女士|小姐)(?:/女士)?[:]?$", rf"(?:客户|借款人|承租人){SEP}{PARTY}{KNOWN_BY}",
        rf"(?:^|[\t,。;:、]){_NOBODY_ELSE}{_CALLED}{_NOBODY_ELSE}{PARTY}(?:先生|女士)?{KNOWN_BY}",
        rf"^(?:尊敬的)?{PARTY}(?<!先生)(?<!女士)(?<!小姐):$",
    )  # fmt: skip
    found = [
        hit if hit.pattern <= _SURELY_CALLED else replace(hit, doubt=phrases.GUESSED)
        for hit in prose.find(names, phrases.party)
        if hit.pattern <= _SURELY_CALLED or values.organisation(hit.value) or surnames.begins(hit.value)
    ]
    phrases.put(fields, "borrower_name", found)
    name = str(found[0].value) if found else None
    roles = {"borrower": rf"{BORROWER}|{_CUSTOMER}|兹证明", "lender": LENDER, "other": OTHERS}
    phrases.put(fields, "borrower_id", phrases.of_role(prose, roles, "borrower", name))
    _put_lender(fields, prose, name)
    put_principal(fields, prose)
    phrases.put(fields, "plate", prose.find((VEHICLE_PLATE,), phrases.plate))
    phrases.put(fields, "vin", prose.find((VEHICLE_VIN,), phrases.vin))
    settled = [
        hit if hit.pattern < _SURELY_SETTLED else replace(hit, doubt=phrases.GUESSED)
        for hit in prose.find(_SETTLED, phrases.day)
    ]
    phrases.put(fields, "settled_on", settled)
    phrases.put(fields, "issue_date", prose.find(_ISSUED, phrases.day) or phrases.foot_day(prose))
    _put_cells(fields, prose)
    return fields


def _put_lender(fields: Fields, prose: Prose, borrower: str | None) -> None:
    """By its part, by the counter it keeps, as who signs, or to whom the debt was transferred."""
    patterns = (
        rf"{LENDER}{_SEALED}{SEP}{ORGANISATION}", rf"(?:{MORTGAGEE}{_SEALED}|{_COUNTER}){SEP}{ORGANISATION}",
        rf"转[让移](?:给|予|至|与|到){SEP}{ORGANISATION}",
    )  # fmt: skip
    named = [hit for hit in prose.find(patterns, phrases.organisation) if hit.value != borrower]
    beside = prose.find((rf"^{ORGANISATION}[\t ]?(?:经办|复核|柜员|打印)[:人]",), phrases.organisation)
    signer = [hit for hit in [*phrases.foot_organisation(prose), *beside] if hit.value != borrower]
    lends = _LENDING.search(signer[0].value) if len({hit.value for hit in signer}) == 1 else None
    by_part = bool(named) and named[0].pattern == 0
    phrases.put(
        fields, "lender_name", [*named, *signer[:1]], doubt=1.0 if by_part or (not named and lends) else phrases.GUESSED
    )


def _put_cells(fields: Fields, prose: Prose) -> None:
    """What is still missing, from the cells of a slip: beside labels of one or two lines, or below them."""
    cells = Form(prose.form.sheet, _CELLS)
    for name, grammar in _GRAMMARS.items():
        labels = cells.labels(name)
        if name in fields or not labels or not any(is_whole_line(label) for label in labels):
            continue
        headed = cells.heads_values()
        # Without a sentence around it nothing but the place says whose a value is.
        fields.put(
            name,
            cells.below(name, grammar, reach=4.0) if headed else cells.beside(name, grammar),
            doubt=phrases.GUESSED,
        )
