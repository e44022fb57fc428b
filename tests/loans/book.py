"""Loans and files for the tests: people with valid numbers, cars with valid VINs, all made from a serial number."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from openpyxl import Workbook

from carloan.core.actors import Actor
from carloan.core.tenancy import tenant_atomic
from carloan.lib import identity_number, vin
from carloan.loans.models import Loan
from carloan.loans.policies.facts import PersonFacts, VehicleFacts
from carloan.loans.services.loans import PersonIn, loan_open

HEADER = [
    "合同编号",
    "借款人姓名",
    "证件号码",
    "手机号",
    "车架号",
    "车牌号",
    "贷款金额",
    "年利率",
    "期数",
    "放款日期",
    "还款方式",
    "当前余额",
    "已还期数",
    "逾期天数",
    "机构",
]


def id_number(serial: int) -> str:
    born = date(1960, 1, 1) + timedelta(days=serial % 14_000)
    body = f"440308{born:%Y%m%d}{serial // 14_000 % 1000:03d}"
    return body + identity_number.check_digit(body)


def vin_number(serial: int) -> str:
    body = f"LSVAA49J0E{serial:07d}"
    return body[:8] + vin.check_digit(body) + body[9:]


def phone(serial: int) -> str:
    return f"138{serial % 100_000_000:08d}"


def name(serial: int) -> str:
    return (
        "王李张刘陈杨赵黄周吴"[serial % 10]
        + "伟芳娜秀英敏静丽强磊"[serial // 10 % 10]
        + "一二三四五六七八九十"[serial // 100 % 10]
    )


def core_row(serial: int, **changes: str) -> list[str]:
    """A line of a Chinese core-system export, in the order of HEADER."""
    row = {
        "合同编号": f"CAR2024{serial:08d}",
        "借款人姓名": name(serial),
        "证件号码": id_number(serial),
        "手机号": phone(serial),
        "车架号": vin_number(serial),
        "车牌号": f"粤B{serial % 100_000:05d}",
        "贷款金额": f"{80_000 + serial % 1000}.50",
        "年利率": "5.88%",
        "期数": "36",
        "放款日期": "2024-03-15",
        "还款方式": "等额本息",
        "当前余额": f"{50_000 + serial % 1000}.25",
        "已还期数": "12",
        "逾期天数": str(serial % 7 * 10 if serial % 5 == 0 else 0),
        "机构": "101",
    }
    return list({**row, **changes}.values())


def csv_bytes(rows: Iterable[Sequence[str]], *, encoding: str = "utf-8-sig", delimiter: str = ",") -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return text.getvalue().encode(encoding)


def xlsx_bytes(rows: Iterable[Sequence[Any]]) -> bytes:
    book = Workbook()
    assert book.active is not None
    for row in rows:
        book.active.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def core_file(count: int, *, first: int = 1, **options: Any) -> bytes:
    return csv_bytes([HEADER, *(core_row(serial) for serial in range(first, first + count))], **options)


def person(serial: int, role: str = "borrower", **more: str) -> PersonIn:
    facts = PersonFacts(
        name(serial),
        id_number=id_number(serial),
        phones=(phone(serial),),
        address=f"广东省深圳市南山区科技路{serial}号",
    )
    return PersonIn(facts, role, **more)


def car(serial: int) -> VehicleFacts:
    return VehicleFacts(
        vin_number(serial),
        f"粤B{serial % 100_000:05d}",
        f"EA{serial:06d}",
        "大众",
        "朗逸",
        2024,
        "new",
        "private",
        13_000_000,
    )


def open_loan(actor: Actor, serial: int = 1, **more: Any) -> Loan:
    facts = {
        "principal": 8_000_000,
        "rate_ppm": 58_800,
        "term": 36,
        "opened_on": date(2026, 1, 10),
        "disbursed_on": date(2026, 1, 15),
        "due_day": 15,
        "contract_no": f"HT-{serial:06d}",
        "people": [person(serial)],
        "vehicle": car(serial),
    }
    with tenant_atomic(actor.tenant_id):
        return loan_open(actor=actor, **{**facts, **more})
