"""Strings with the numbers of people in them, and strings without any, each with what stands in it.

Made anew from a seed, by several hands: sentences of officers, lines of logs, JSON of partners, cells of tables, the
print of the demonstration's papers; vectors, statutes and loan tapes that nobody here wrote are read where they lie.
"""

import csv
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from pathlib import Path
from random import Random

from carloan.demonstration import organisations, people, places, samples, vehicles
from carloan.demonstration.specimens import FontMissing, render
from carloan.lib import identity_number, plates

SEED = 20_240_613
AS_OF = date(2024, 6, 13)
Number = tuple[str, str]  # kind, value without what parts its digits


@dataclass(frozen=True)
class Case:
    """`told` is what a perfect recogniser finds in the text."""

    source: str
    text: str
    told: tuple[Number, ...] = ()


def _old_id(random: Random) -> str:
    home, birth = places.district(random), date(1935, 1, 1) + timedelta(days=random.randrange(18_000))
    return f"{home.code}{birth:%y%m%d}{random.randrange(1000):03}"


def _foreigner_id(random: Random) -> str:
    birth = date(1950, 1, 1) + timedelta(days=random.randrange(18_000))
    body = f"9{random.choice(('11', '31', '44'))}{random.randrange(1000):03}{birth:%Y%m%d}{random.randrange(1000):03}"
    return body + identity_number.check_digit(body)


def _resident_id(random: Random) -> str:
    birth = date(1960, 1, 1) + timedelta(days=random.randrange(16_000))
    body = f"{random.choice(('810000', '820000', '830000'))}{birth:%Y%m%d}{random.randrange(1000):03}"
    return body + identity_number.check_digit(body)


def _citizen_id(random: Random) -> str:
    return people.person(random, as_of=AS_OF).id_number


def _fixed(random: Random) -> str:
    area, digits = random.choice(
        (("010", 7), ("021", 7), ("027", 7), ("0755", 7), ("0571", 6), ("0371", 6), ("0898", 6))
    )
    return f"{area}{random.randrange(2, 9)}{random.randrange(10**digits):0{digits}}"


def _other_card(random: Random) -> str:
    body = random.choice(("95588", "436742", "456351", "356833", "518710", "603367", "625965", "621098"))
    body += "".join(str(random.randrange(10)) for _ in range(random.choice((15, 18)) - len(body)))
    return next(body + str(check) for check in range(10) if _luhn(body + str(check)))


def _luhn(number: str) -> bool:
    doubled = [int(sign) * (1 + place % 2) for place, sign in enumerate(reversed(number))]
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0


def _plate(random: Random) -> str:
    def sign(most: str = "ABCDEFGHJKLMNPQRSTUVWXYZ0123456789", count: int = 1) -> str:
        return "".join(random.choice(most) for _ in range(count))

    area = random.choice(plates.PROVINCES) + random.choice("ABCDEFGHJKLMNP")
    digits = "0123456789"
    return random.choice(
        (
            f"{area}{sign(count=4)}{sign(digits)}",
            f"{area}{random.choice('DFABK')}{sign()}{sign(digits, 4)}",
            f"{area}{sign(digits, 5)}{random.choice('DF')}",
            f"{area}{sign(count=3)}{sign(digits)}{random.choice('警学')}",
            f"{area}{sign(digits, 4)}挂",
            f"粤Z{sign(count=3)}{sign(digits)}{random.choice('港澳')}",
            f"使{sign(digits, 6)}",
            f"{area}{sign(digits, 4)}领",
            f"{random.choice(plates.PROVINCES)}X{sign(digits, 4)}应急",
            f"民航{random.choice('ABCD')}{sign(digits, 4)}",
            f"临{area}{sign(digits, 5)}",
        )
    )


def _vin(random: Random) -> str:
    return vehicles.vin(random, random.choice(vehicles.MODELS).wmi, random.randrange(2012, 2024))


def _uscc(random: Random) -> str:
    return organisations.credit_code(random, places.district(random).code)


def _passport(random: Random) -> str:
    number = f"{random.randrange(21_000_000, 99_999_999)}"
    return random.choice((f"E{number}", f"G{number}", f"E{random.choice('ABCDEFGHJK')}{number[:7]}"))


def _permit(random: Random) -> str:
    return f"{random.choice('HM')}{random.randrange(10**8):08}" + random.choice(("", f"{random.randrange(100):02}"))


def _mail(random: Random) -> str:
    name = random.choice(("lan.li", "wang_xm", "zhao+loan", "qq12345", "chen-jie", "u.2024"))
    return f"{name}@{random.choice(('example.com', 'mail.example.cn', 'bank-demo.com.cn', 'qq.example.com'))}"


Maker = Callable[[Random], str]
MAKERS: dict[str, tuple[Maker, ...]] = {
    "id_number": (_citizen_id, _citizen_id, _citizen_id, _old_id, _foreigner_id, _resident_id),
    "phone": (people.mobile, people.mobile, people.mobile, _fixed),
    "card": (people.card, people.card, _other_card),
    "plate": (_plate,),
    "vin": (_vin,),
    "uscc": (_uscc,),
    "passport": (_passport,),
    "permit": (_permit,),
    "email": (_mail,),
}
WORDS = {
    "id_number": "身份证",
    "phone": "手机",
    "card": "银行卡",
    "plate": "车牌",
    "vin": "车架号",
    "uscc": "统一社会信用代码",
    "passport": "护照",
    "permit": "通行证",
    "email": "邮箱",
}
# One number: {n}; its word: {w}.
ONE = (
    "{n}", "客户{n}", "{w}{n}已核对", "{w}：{n}。", "{w}号 {n}，请尽快补件", "与客户核对{w}（{n}）无误",
    "【{n}】", "、{n}；",
    "客户来电称{w}由{n}变更", "贷后回访：{n}无人接听，下午再联系", "担保人资料见附件，{n}", "{w}={n}&state=active",
    "note: {n} checked by officer", "\t{n}\t", "原{w}号码为{n}现已作废", "经办人登记「{n}」", "补录{w}\n{n}\n补录人",
    "2024-03-05 13:20 登记 {n} 金额138,000.00元", "第3期逾期，{w}{n}", "请于5月1日前确认{n}",
)  # fmt: skip
LINES = (
    '2024-06-13 08:01:22,118 INFO carloan.loans party updated: {n}', '{{"value": "{n}", "kind": "{k}", "rev": 12}}',
    "ERROR import row 118: column 7: {n} is not what stands in the book", "GET /search?q={n} 200 35ms",
    "('{n}', None, 3, Decimal('1290.50'))", "|{n}|36|9.88%|正常|", '<td class="num">{n}</td>',
    "csv,{n},2024-05-01,3600.00",
)  # fmt: skip
TWO = (
    "{a}，{b}", "借款人{a}，共同借款人{b}", "{a}\n{b}", "{a} / {b}", '{{"a": "{a}", "b": "{b}"}}',
    "由{a}改为{b}", "（{a}）（{b}）",
)  # fmt: skip
_FULL = {code: code + 0xFEE0 for code in [*range(0x30, 0x3A), *range(0x41, 0x5B)]}


def _groups(number: str, *sizes: int, by: str) -> str:
    parts: list[str] = []
    rest = number
    for size in sizes:
        parts, rest = [*parts, rest[:size]], rest[size:]
    return by.join([part for part in [*parts, rest] if part])


def _written(random: Random, kind: str, number: str) -> str:
    """The number as somebody or something writes it."""
    ways: list[str] = [number] * 5
    by = random.choice((" ", "-", "\u3000", " - ", "—", "·", "."))
    cut = random.randrange(3, len(number) - 2)
    broken = f"{number[:cut]}\n{number[cut:]}"
    if kind != "email":
        ways.append(number.translate(_FULL))
    match kind:
        case "phone" if number[0] == "0":
            area = 3 if number[:2] in ("01", "02") else 4
            ways += [broken, f"{number[:area]}-{number[area:]}", f"({number[:area]}){number[area:]}"]
        case "phone":
            ways += [broken, " ".join(number), f"+86 {number}", f"86{number}"]
            ways += [_groups(number, 3, 4, by=by), _groups(number, 3, by=by), _groups(number, 4, 3, by=by)]
        case "id_number" if len(number) == 18:
            ways += [broken, _groups(number, 6, 8, by=by), _groups(number, 6, 4, 4, by=by), number.lower()]
            ways += [_groups(number, 4, 4, 4, 4, by=by), _groups(number, 3, 3, 4, 4, by=by)]
            ways += [" ".join(number)] if number.isdigit() else []
        case "card":
            ways += [broken, _groups(number, 4, 4, 4, 4, by=by), _groups(number, 6, by=by), " ".join(number)]
        case "plate" if number[0] in plates.PROVINCES:
            ways += [number[:2] + sign + number[2:] for sign in "· .•-"]
        case "vin":
            ways += [broken, number.lower(), _groups(number, 3, 6, by=" "), _groups(number, 9, by="-")]
        case "uscc":
            ways += [broken, number.lower(), _groups(number, 2, 6, by=" "), _groups(number, 8, by="-")]
    return random.choice(ways)


def made(each: int = 250) -> Iterator[Case]:
    """`each` cases a kind, in the sentences of people and the lines of machines; then pairs of different kinds."""
    random = Random(SEED)
    for kind, makers in MAKERS.items():
        for place in range(each):
            number = makers[place % len(makers)](random)
            written = _written(random, kind, number)
            form = random.choice(LINES if place % 4 == 3 else ONE)
            yield Case(
                "lines" if place % 4 == 3 else "sentences",
                form.format(n=written, w=WORDS[kind], k=kind),
                ((kind, number),),
            )
    for _place in range(each):
        (one, other) = random.sample(sorted(MAKERS), 2)
        a, b = random.choice(MAKERS[one])(random), random.choice(MAKERS[other])(random)
        yield Case("pairs", random.choice(TWO).format(a=a, b=b), ((one, a), (other, b)))


def nobodys(count: int = 1_000) -> Iterator[Case]:
    """Amounts, days, contracts, ids, measures, places: numbers of nobody."""
    random = Random(SEED + 1)

    def digits(count: int) -> str:
        return "".join(str(random.randrange(10)) for _ in range(count))

    def day() -> date:
        return date(2010, 1, 1) + timedelta(days=random.randrange(6_000))

    makers: tuple[Callable[[], str], ...] = (
        lambda: f"合同编号HX-{day():%Y}-{digits(6)}已归档",
        lambda: f"贷款合同 DK{day():%Y%m%d}{digits(4)}，期限36期",
        lambda: f"CD{day():%Y}{digits(8)}",
        lambda: f"金额{random.randrange(10**7):,}.{digits(2)}元，利率{random.randrange(3, 20)}.{digits(2)}%",
        lambda: f"放款{random.randrange(10**4, 10**8)}.00元整，余额 {random.randrange(10**6)}.{digits(2)}",
        lambda: f"{day():%Y-%m-%d} 至 {day():%Y-%m-%d}，{random.randrange(12, 60)}期",
        lambda: f"{day():%Y年%m月%d日}{random.randrange(24):02}时{random.randrange(60):02}分",
        lambda: (
            f"{day():%Y-%m-%d} 13:{random.randrange(10, 60)}:{random.randrange(10, 60)},{digits(3)}"
            f" INFO done in {digits(3)}ms"
        ),
        lambda: f"发票代码 {random.choice(('144', '031', '150'))}{digits(9)} 发票号码 {digits(8)}",
        lambda: f"数电票号码 {day():%y}44{digits(16)}",
        lambda: f"{random.randrange(1 << 128):032x}",
        lambda: f"paper {digits(4)}a2cb-9468-7427-8ccc-{digits(12)} is gone",
        lambda: f"sha256 {random.randrange(1 << 256):064x}",
        lambda: (
            f"型号{random.choice(vehicles.MODELS).code}，外廓尺寸{random.choice(vehicles.MODELS).size}mm，整备质量{digits(4)}kg"
        ),
        lambda: f"{places.address(random, places.district(random))}，邮编{digits(6)}",
        lambda: (
            f"批次{digits(6)}第{random.randrange(999)}行：应还 {digits(4)}.{digits(2)}，实还 {digits(4)}.{digits(2)}"
        ),
        lambda: f"客服热线 400-{digits(3)}-{digits(4)}，官网 www.example.com",
        lambda: f"10.{random.randrange(256)}.{random.randrange(256)}.{random.randrange(256)}:5{digits(3)}",
        lambda: f"page {random.randrange(99)}/{random.randrange(99)}, dpi 300, 2480x3508, turn 90",
        lambda: f"epoch {random.randrange(1_500_000_000, 1_900_000_000)} lsn 0/{random.randrange(1 << 28):X}",
        lambda: f"核准文号 银保监复〔{day():%Y}〕{digits(3)}号",
        lambda: f"快递单号 SF{digits(13)}，今天{random.randrange(8, 20)}点送达",
        lambda: "\t".join(f"{random.randrange(100, 99999)}.{digits(2)}" for _ in range(6)),
        lambda: f"v{random.randrange(9)}.{random.randrange(20)}.{random.randrange(30)} build {digits(8)}",
        lambda: f"新款{random.choice('ABC')}级轿车，{random.randrange(10, 40)}万元起，云A区停车位{digits(3)}号",
        lambda: f"抵押登记证书编号 {random.choice('京沪粤苏')}{digits(4)}字第{digits(4)}号",
    )
    for place in range(count):
        yield Case("nobody", makers[place % len(makers)]())


def printed(count: int = 4) -> Iterator[Case]:
    """The print of the demonstration's papers: labels, values and addresses of one page together."""
    random = Random(SEED + 2)
    kinds = {
        "number": "id_number", "buyer_id": "id_number", "vin": "vin", "plate": "plate", "borrower_id": "id_number",
    }  # fmt: skip
    for _ in range(count):
        papers = samples.papers_of(samples.deal(random, as_of=AS_OF), random, as_of=AS_OF)
        for name in ("id_card_front", "driving_licence", "vehicle_licence", "bank_card", "loan_contract"):
            try:
                specimen = render(papers[name], layout=0)
            except FontMissing:
                return
            told = {
                ("card" if name == "bank_card" else kinds[field], str(truth.value))
                for field, truth in specimen.fields.items()
                if field in kinds
            }
            if phone := getattr(papers[name], "borrower_phone", ""):
                told.add(("phone", phone))
            yield Case("papers", specimen.text, tuple(sorted(told)))


def of_others(shared: Path) -> Iterator[Case]:
    """What nobody on this project wrote: published vectors, and statutes and loan tapes with nobody's numbers."""
    vectors = shared / "vectors"
    for row in json.loads((vectors / "idcard.json").read_text())["valid"]:
        yield Case("vectors", f"证件 {row['n']} 有效", (("id_number", row["n"].upper()),))
    for code in json.loads((vectors / "uscc.json").read_text())["valid"]:
        if len(code) == 18:
            yield Case("vectors", f"企业{code}存续", (("uscc", code),))
    for row in json.loads((vectors / "vin.json").read_text())["all"]:
        if row["alphabet_ok"] and row["checkdigit_ok"] and not row["vin"].isdigit():
            yield Case("vectors", f"抵押车辆{row['vin']}", (("vin", row["vin"].upper()),))
    for number in json.loads((vectors / "plates.json").read_text())["generated_examples"]:
        yield Case("vectors", f"车辆 {number} 入库", (("plate", plates.normalise(number)),))
    for law in sorted((shared / "laws").glob("*.md")):
        text = "\n".join(line for line in law.read_text().splitlines() if "http" not in line)
        for start in range(0, len(text), 400):
            yield Case("statutes", text[start : start + 400])
    for name in ("loans/auto_loans_us_abs.csv", "credit/UCI_Credit_Card.csv"):
        with (shared / name).open(newline="") as file:
            for row in islice(csv.reader(file), 1, 400):
                yield Case("tapes", ",".join(row))
