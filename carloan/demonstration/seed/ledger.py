"""The old core system's ledger of a lender: one line a loan that was paid out, as such systems export it."""

import csv
import io
from collections.abc import Iterable, Mapping
from datetime import date

from carloan.demonstration import organisations, people
from carloan.demonstration.stories import Participant, Story
from carloan.lib import money

_METHODS = {
    "equal_instalment": "等额本息",
    "equal_principal": "等额本金",
    "interest_first": "先息后本",
    "balloon": "气球贷",
}
_GUARANTEES = {"joint": "连带责任保证", "general": "一般保证"}


def ledger(told: Iterable[Story], *, officers: Mapping[str, str], as_of: date) -> bytes:
    """The file, UTF-8 with a byte order mark as Chinese spreadsheets want it. `officers`: numbers by branch code."""
    out = io.StringIO(newline="")
    writer: csv.DictWriter[str] | None = None
    for story in told:
        row = _row(story, officers[story.branch], as_of)
        if writer is None:
            writer = csv.DictWriter(out, fieldnames=list(row))
            writer.writeheader()
        writer.writerow(row)
    return out.getvalue().encode("utf-8-sig")


def _row(story: Story, officer: str, as_of: date) -> dict[str, str]:
    deal, standing = story.deal, story.standing
    first, last = story.dues[0], story.dues[-1]
    return {
        "合同编号": deal.contract_no,
        "客户编号": f"C{deal.contract_no[2:]}",
        "产品名称": story.product,
        "机构号": story.branch,
        "客户经理工号": officer,
        "贷款状态": _state(story),
        "贷款金额": money.plain(deal.principal),
        "年利率(%)": f"{deal.rate // 10_000}.{deal.rate % 10_000:04}",
        "期数": str(deal.term_months),
        "还款方式": _METHODS[story.method],
        "尾款": money.plain(story.balloon) if story.balloon else "",
        "放款日期": story.disbursed_on.isoformat() if story.disbursed_on else "",
        "首期还款日": first.due_on.isoformat(),
        "到期日": last.due_on.isoformat(),
        "还款日": str(story.due_day),
        "截止日期": as_of.isoformat(),
        "贷款余额": money.plain(standing.outstanding),
        "逾期金额": money.plain(standing.overdue),
        "逾期天数": str(standing.days_overdue),
        "已还期数": str(standing.periods_paid),
        "剩余期数": str(deal.term_months - standing.periods_paid),
        "下期还款日": standing.next_due_on.isoformat() if standing.next_due_on else "",
        "下期应还": money.plain(standing.next_due) if standing.next_due else "",
        **_borrower(story.borrower),
        **_other(story, "co_borrower", "共同借款人", "共同借款人证件号码", "共同借款人手机号"),
        **_other(story, "guarantor", "担保人", "担保人证件号码", "担保人手机号"),
        "担保方式": _GUARANTEES.get(guarantor.guarantee, "") if (guarantor := _first(story, "guarantor")) else "",
        **_contact(_first(story, "emergency_contact")),
        "车架号": story.vehicle.vin,
        "车牌号": story.vehicle.plate,
        "发动机号": story.vehicle.engine_no,
        "品牌": story.vehicle.model.make,
        "车型": f"{story.vehicle.model.series} {story.vehicle.model.code}",
        "年款": str(story.vehicle.made.year),
        "新车/二手车": "二手车" if story.used else "新车",
        "使用性质": use_of(story),
        "车价": money.plain(deal.price),
    }


def use_of(story: Story) -> str:
    """使用性质 as the registration names it."""
    if "网约车" in story.product:
        return "网约车"
    return "货运" if "货车" in story.vehicle.model.vehicle_type else "非营运"


def _state(story: Story) -> str:
    if story.state != "servicing":
        return {"settled": "提前结清" if story.turn == "settled_early" else "结清", "written_off": "核销"}[story.state]
    return "逾期" if story.standing.days_overdue else "正常"


def _borrower(who: people.Person | organisations.Organisation) -> dict[str, str]:
    if isinstance(who, organisations.Organisation):
        values = (who.name, who.uscc, who.phone, who.address, "")
    else:
        values = (who.name, who.id_number, who.phone, who.address, who.employer)
    return dict(zip(("借款人", "证件号码", "手机号", "住址", "工作单位"), values, strict=True))


def _first(story: Story, role: str) -> Participant | None:
    return next((one for one in story.participants if one.role == role), None)


def _other(story: Story, role: str, *columns: str) -> dict[str, str]:
    one = _first(story, role)
    if one is None or isinstance(one.who, organisations.Organisation):
        return dict.fromkeys(columns, "")
    return dict(zip(columns, (one.who.name, one.who.id_number, one.who.phone), strict=True))


def _contact(one: Participant | None) -> dict[str, str]:
    columns = ("紧急联系人", "紧急联系人电话", "与借款人关系")
    return dict(zip(columns, (one.who.name, one.who.phone, one.relation) if one else ("", "", ""), strict=True))
