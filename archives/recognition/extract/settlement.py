"""结清证明: the letter that says that a loan is paid, as lines, table or paragraph."""

import re
from dataclasses import replace

from carloan.archives.recognition.extract import phrases
from carloan.archives.recognition.extract.contract import (
    BORROWER,
    LENDER,
    LOAN_NUMBER,
    OTHERS,
    VEHICLE_PLATE,
    VEHICLE_VIN,
    put_principal,
)  # fmt: skip
from carloan.archives.recognition.extract.field import Fields
from carloan.archives.recognition.extract.phrases import BARE_CODE, CODE, DAY, KNOWN_BY, MARK, ORGANISATION, PARTY, SEP
from carloan.archives.recognition.extract.prose import Prose
from carloan.archives.recognition.form import Form
from carloan.archives.recognition.sheet import Sheet

_CUSTOMER = r"(?:客户|借款人|贷款人|申请人)(?:姓名|名称)"
# Who lends by trade, by the words of its name; a letter also names dealers and customers.
_LENDING = re.compile("银行|金融|租赁|信用社|联社|信托|财务|小额贷款|消费|典当|担保|资产管理")
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


def read(sheet: Sheet) -> Fields:
    """Its number, the contract's, lender, borrower, principal, car, the day of settlement and of the letter."""
    prose = Prose(Form(sheet, {}))
    fields = Fields()
    fields.texts = prose.texts
    contracts = prose.find(
        (*LOAN_NUMBER, rf"合同(?:编号|号码?){SEP}{CODE}", rf"第?{BARE_CODE}(?<=号)合同项下"), phrases.code
    )
    phrases.put(fields, "contract_no", contracts)
    strangers = {hit.value for hit in contracts}
    own = (
        rf"(?:证明|凭证|文件)(?:书)?(?:编号|号码?){SEP}{CODE}",
        rf"^(?:[^\n]*\t)?(?:编号|No\.?|文号){SEP}{CODE}", rf"^\({CODE}\)$",
        r"^(?:[^\n]*\t)?((?:(?!编号|号码)[^\t\n]){0,16}第[A-Za-z0-9\-]{3,20}号)$",
    )  # fmt: skip
    numbers = [hit for hit in prose.find(own, phrases.code) if hit.value not in strangers]
    phrases.put(fields, "certificate_no", numbers[:1])
    # A number without a label of its own may be the contract's.
    if not prose.find(own[:1], phrases.code) and not contracts:
        fields.doubted("certificate_no", 0.9)
    names = (
        rf"兹证明{SEP}(?:借款人|客户)?{SEP}{PARTY}", rf"{_CUSTOMER}{MARK}{PARTY}", rf"{BORROWER}{MARK}{PARTY}",
        rf"客户{MARK}{PARTY}", rf"^(?:[^\n]*\t)?(?:姓名|户名){SEP}{PARTY}",
        rf"^(?:尊敬的)?{PARTY}(?:先生|女士|小姐)(?:/女士)?[:]?$", rf"(?:客户|借款人|承租人){SEP}{PARTY}{KNOWN_BY}",
    )  # fmt: skip
    found = prose.find(names, phrases.party)
    phrases.put(fields, "borrower_name", found)
    name = str(found[0].value) if found else None
    roles = {"borrower": rf"{BORROWER}|{_CUSTOMER}|兹证明", "lender": LENDER, "other": OTHERS}
    phrases.put(fields, "borrower_id", phrases.of_role(prose, roles, "borrower", name))
    lender = [hit for hit in prose.find((rf"{LENDER}{SEP}{ORGANISATION}",), phrases.organisation) if hit.value != name]
    signer = [hit for hit in phrases.foot_organisation(prose) if hit.value != name]
    certain = bool(lender) or (len({hit.value for hit in signer}) == 1 and _LENDING.search(signer[0].value))
    phrases.put(fields, "lender_name", [*lender, *signer[:1]], doubt=1.0 if certain else phrases.GUESSED)
    put_principal(fields, prose)
    phrases.put(fields, "plate", prose.find((VEHICLE_PLATE,), phrases.plate))
    phrases.put(fields, "vin", prose.find((VEHICLE_VIN,), phrases.vin))
    settled = [
        hit if hit.pattern < _SURELY_SETTLED else replace(hit, doubt=phrases.GUESSED)
        for hit in prose.find(_SETTLED, phrases.day)
    ]
    phrases.put(fields, "settled_on", settled)
    phrases.put(fields, "issue_date", prose.find(_ISSUED, phrases.day) or phrases.foot_day(prose))
    return fields
