"""Words and numbers of running text as regular expressions, and how a match becomes a value."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from carloan.archives.recognition import values
from carloan.archives.recognition.extract.amounts import in_words
from carloan.archives.recognition.extract.field import Fields
from carloan.archives.recognition.extract.prose import Hit, Prose
from carloan.lib import identity_number, money, uscc

# The English beside a Chinese label (合同编号 Contract No.): words, no number, and something that parts.
_GLOSS: Final = r"(?:[A-Z][A-Za-z.]*[a-z.](?: ?[A-Za-z]+\.?){0,3}(?=[:\t]))?"
# What may stand between a label and its value.
SEP: Final = rf"{_GLOSS}[\t :为是_]*"
# Before a name, which any words could be, there must be something that parts.
MARK: Final = rf"{_GLOSS}[\t ]*[:\t][\t :_]*"
DAY: Final = (
    r"(\d{4}年\d{1,2}月\d{1,2}[日号]?|\d{4}[-./]\d{1,2}[-./]\d{1,2}"
    r"|[零〇○一二三四五六七八九]{4}年[一二三四五六七八九十]{1,2}月[一二三四五六七八九十]{1,3}日)"
)
_END: Final = (
    r"(?:有限责任公司|股份有限公司|有限公司|总公司|公司|银行|信用社|信用合作联社|联社|合作社|事务所|集团|服务中心|工厂)"
    r"(?!股份|有限|责任|集团)(?:[\u3400-\u9fff()]{1,14}?(?:分公司|支公司|分行|支行|营业部|分理处|分中心|卡中心))?"
    r"(?=$|[^\u3400-\u9fff]|与|和|向|于|在|的|所|签|依|为|对|同意|发放|提供|办理|统一|身份|证件|住所|住址|地址|联系|电话|法定|抵押|借款"
    r"|经办|复核)"
)
_ORGANISATION: Final = rf"(?:[\u3400-\u9fff·&A-Za-z0-9]|\([\u3400-\u9fff]{{1,8}}\)){{2,30}}?{_END}"
ORGANISATION: Final = rf"({_ORGANISATION})"
# Words that go on with the sentence. Some of them end a name (张有为) where nothing, or another one, follows.
_GOES_ON: Final = r"(?:[与的系]|[于在因自为](?![\t\n,.;:()\[\]/。、与于在的系因自为]|$))"
_AFTER_NAME: Final = (
    r"(?=$|[\t\n,.;:()\[\]/。、]|身份证|证件|公民|性别|住址|住所|地址|联系|电话|统一社会|先生|女士"
    rf"|{_GOES_ON}|名下|所有|抵押|借款|贷款)"
)
PERSON: Final = rf"([\u3400-\u9fff]{{2,4}}?(?:·[\u3400-\u9fff]{{1,12}})*){_AFTER_NAME}"
PARTY: Final = rf"(?:{ORGANISATION}|{PERSON})"
FIGURE: Final = (
    r"(?:人民币|RMB|CNY)?(?:\(?小写\)?)?[:_ ]*(?:人民币)?[¥￥Y]?[_ ]*(\d[\d,]*(?:\.\d{1,2})?)[_ ]*"
    r"(万?元|$|[\t;)。、大整(]|,(?![\t ]*\d))"
)
_NUMERALS: Final = "零〇壹贰叁肆伍陆柒捌玖拾佰仟万亿元圆角分整正"
CAPITALS: Final = rf"(?<![{_NUMERALS}])([{_NUMERALS}]{{3,40}})(?![{_NUMERALS}])"
VIN: Final = r"([0-9A-Z]{17})(?![0-9A-Za-z])"
PLATE: Final = r"([\u4e00-\u9fff][A-Z][·•.]?[A-Z0-9]{5,6}(?![A-Z0-9]))"
IDENTITY: Final = r"(?<![0-9A-Za-z])([0-9A-Z]{17}[0-9A-Zx])(?![0-9A-Za-z])"
# A number ends where no sign goes on with it; a dash may have been read as a point.
_NO_MORE: Final = r"(?![ :.·;~—–\-_/()]?[A-Za-z0-9])"
# Letters that a number may hold; 编号为 leads to one and is none of it.
_HAN: Final = r"(?:(?![号编码为是了])[\u4e00-\u9fff])"
# 2024年个车贷字12号 is counted by years without brackets; 2024年8月 is a day.
_YEAR: Final = rf"\d{{4}}(?!年\d){_HAN}{{1,8}}"
_OF_YEAR: Final = rf"(?:{_HAN}{{0,6}}[(\[〔【]\d{{2,4}}[)\]〕】]{_HAN}{{0,8}}|{_YEAR})"
CODE: Final = (
    rf"((?:{_OF_YEAR}|{_HAN}{{1,6}}(?=[A-Z0-9]))?[A-Za-z0-9][A-Za-z0-9\-_/()\[\]〔〕【】]*"
    rf"(?:{_HAN}{{0,6}}第[A-Za-z0-9\-]+)?[A-Za-z0-9\-_/]*号?){_NO_MORE}"
)

# The same without Han characters before it: inside a sentence they are the sentence. Before a year in brackets some are
# the number's own (穗银贷(2024)字第12号), and the words that lead to it (还清, 签订) are none of it.
_HAN_OF_NUMBER: Final = r"(?:(?![号编码为是了清偿订署据与和的该于在项])[\u4e00-\u9fff])"
BARE_CODE: Final = (
    rf"((?:(?:{_HAN_OF_NUMBER}{{0,6}}[(\[〔【]\d{{2,4}}[)\]〕】]{_HAN}{{0,8}}|(?<![A-Za-z0-9]){_YEAR})"
    rf"[A-Za-z0-9][A-Za-z0-9\-_/]{{2,38}}"
    rf"|(?<![A-Za-z0-9])[A-Za-z0-9][A-Za-z0-9\-_/]{{4,38}})号?){_NO_MORE}"
)

# What follows the name of a party in a sentence, and nothing else: its number.
KNOWN_BY: Final = r"(?=[(,、]?(?:身份证|证件|公民身份|统一社会))"

# From this share of a page's text on something stands at its foot.
_FOOT: Final = 0.5

# What is read worse says nothing against another reading.
WELL_READ: Final = 0.9
# The trust in what was found without a label of its own.
GUESSED: Final = 0.97

# Words that point to somebody named elsewhere (兹证明上述借款人).
_POINTS: Final = re.compile(
    "上述|下列|以下|以上|前述|该|本人|本公司|我行|我司|我公司|贵[行司公]|您|双方|客户|甲方|乙方|借款人|承租人|抵押人|车主"
    # What stands behind the word for a customer on a slip.
    "|留存|存根|回单|签[字名章]|盖章|信息|资料|服务|经理|敬启|特此"
)
_OURSELVES: Final = re.compile("[为是由向]?[我本贵该](?:公司|银行)")

Match = re.Match[str]


def first(match: Match) -> str:
    """The group that took part: patterns offer alternatives."""
    return next(group for group in match.groups() if group is not None)


def day(match: Match) -> str | None:
    return values.day(match[1])


def day_before(text: str) -> str:
    """The day that ends when this one begins: until 零时 of a day is until 24:00 of the one before."""
    return (date.fromisoformat(text) - timedelta(days=1)).isoformat()


def party(match: Match) -> str | None:
    name = _without_echo(first(match))
    return None if _POINTS.match(name) else values.party(name)


def organisation(match: Match) -> str | None:
    name = _without_echo(match[1])
    return None if _OURSELVES.fullmatch(name) else values.organisation(name)


def _without_echo(text: str) -> str:
    """A name without the bits of itself that a seal left before it: 行股份华信银行股份有限公司."""
    for size in range(min(8, len(text) // 2), 1, -1):
        if all(sign in text[size:] for sign in text[:size]) and text[:2] in text[size:]:
            return text[size:]
    return text


def amount(match: Match) -> int | None:
    """Minor units; `万元` multiplies."""
    try:
        minor = money.parse(match[1])
    except ValueError:
        return None
    return minor * 10_000 if match[2].startswith("万") else minor


def capitals(match: Match) -> str | None:
    return match[1] if in_words(match[1]) is not None else None


def code(match: Match) -> str | None:
    """A contract's number; its 号 belongs to it only where a 第 or a 字 opens it."""
    bare = match[1].strip("-_/.") if re.search("[第字]", match[1]) else match[1].rstrip("号").strip("-_/.")
    if bare.count("(") != bare.count(")"):
        bare = bare.rstrip("()")
    digits = sum(sign.isdigit() for sign in bare)
    if len(bare) < 5 or digits < 3 or values.id_number(bare) or re.fullmatch(r"1\d{10}|\d{1,4}-\d{1,2}-\d{1,2}", bare):
        return None
    return bare


def code_of(text: str) -> str | None:
    """A contract's number that is the whole of a text."""
    match = re.fullmatch(CODE, values.compact(text))
    return code(match) if match else None


def vin(match: Match) -> str | None:
    return values.vin_number(match[1])


def plate(match: Match) -> str | None:
    return values.plate(match[1])


def identity(match: Match) -> str | None:
    """18 characters of a person or an organisation."""
    return values.id_number(match[1]) or values.tax_number(match[1])


def is_company(number: str) -> bool:
    """Whether 18 signs are counted as organisations are: by letters among them, or by a check that no person's has."""
    return re.search("[A-Z]", number[:17]) is not None or (
        bool(identity_number.problems(number)) and not uscc.problems(number)
    )


def belongs(number: str, name: str | None) -> bool:
    """Whether a number has the form that its bearer's kind has: people and organisations are counted differently."""
    if name is None:
        return True
    is_company = values.organisation(name) is not None
    fits_person = re.fullmatch(r"\d{17}[\dX]", number) is not None and not identity_number.problems(number)
    fits_company = not uscc.problems(number)
    if fits_person == fits_company:
        return True
    return fits_company if is_company else fits_person


def put(fields: Fields, name: str, found: list[Hit[str]] | list[Hit[int]], *, doubt: float = 1.0) -> None:
    """The best one; printed more than once and read alike is a proof, read differently a doubt."""
    if not found:
        return
    best = found[0]
    fields.put(name, best, doubt=doubt)
    elsewhere = [hit for hit in found[1:] if hit.pieces[0].line is not best.pieces[0].line]
    if any(hit.value == best.value for hit in elsewhere):
        fields.proven(name, by="repeated")
    rivals = [hit for hit in elsewhere if hit.pattern == best.pattern and hit.value != best.value]
    if any(hit.confidence >= WELL_READ for hit in rivals):
        fields.doubted(name, 0.9)


def put_named(fields: Fields, name: str, found: list[Hit[str]]) -> None:
    """A party by its own name (借款人); by a lesser one (乙方, 投保人) it is a guess."""
    put(fields, name, found, doubt=GUESSED if found and found[0].pattern else 1.0)


def whose(prose: Prose, roles: dict[str, str]) -> Callable[[int], str | None]:
    """Tells which party a place of the rows speaks of: the one that was mentioned last.

    `roles` are patterns of how the parties are called on this paper; signatures are no mentions. Under two that head
    columns side by side (抵押权人 | 抵押人, then a label and a value for each) the column decides.
    """
    text = prose.rows.text
    mentions = sorted(
        (match.start(), called)
        for called, pattern in roles.items()
        for match in re.finditer(rf"(?:{pattern})(?!\((?:[^)]*[签章盖印]))", text)
    )
    called = "|".join(rf"(?P<{name}_>{pattern})" for name, pattern in roles.items())
    heads: dict[int, tuple[str, str]] = {}
    for line in re.finditer(r"^([^\t\n]+)\t([^\t\n]+)$", text, re.MULTILINE):
        found = [re.fullmatch(f"(?:{called}):?", cell) for cell in line.groups()]
        names = [str(match.lastgroup).removesuffix("_") for match in found if match]
        if len(names) == 2 and names[0] != names[1]:
            heads[line.start(2)] = (names[0], names[1])

    def bearer(at: int) -> str | None:
        before = [mention for mention in mentions if mention[0] <= at]
        if not before:
            return None
        if (columns := heads.get(before[-1][0])) is None:
            return before[-1][1]
        return columns[text.count("\t", text.rfind("\n", 0, at) + 1, at) >= 2]

    return bearer


def named_in_columns(prose: Prose, roles: dict[str, str], role: str) -> list[Hit[str]]:
    """The names of a party that stand behind a bare 姓名 or 名称 where the party was mentioned last."""
    bearer = whose(prose, roles)
    hits = prose.find((rf"(?:^|\t)(?:姓名|名称|姓名/名称|单位名称|全称){SEP}{PARTY}",), party)
    return [replace(hit, doubt=GUESSED) for hit in hits if bearer(hit.start) == role]


def of_role(prose: Prose, roles: dict[str, str], role: str, name: str | None) -> list[Hit[str]]:
    """The numbers of 18 signs that belong to a party: of its form, and where it was mentioned last (`whose`)."""
    bearer = whose(prose, roles)
    hits = []
    for hit in prose.find((IDENTITY,), identity):
        if bearer(hit.start) not in (None, role) or not belongs(hit.value, name):
            continue
        hits.append(hit)
    if hits and is_proven(hits[0].value):
        # What was joined of two cells, or is a VIN and a count, is no number beside a good one.
        hits = [hit for hit in hits if is_proven(hit.value)]
    return hits


def is_proven(number: str) -> bool:
    """Whether its check digit makes it the number of a person or of an organisation."""
    return not identity_number.problems(number) or not uscc.problems(number)


def foot_day(prose: Prose) -> list[Hit[str]]:
    """The date that stands alone in the last lines: the day of the letter. It is a guess when there are several
    different ones, when it stands higher up, or in a cell that no signature or seal shares."""
    patterns = (
        rf"^(?:日期|时间)?{SEP}{DAY}$", rf"^{_ORGANISATION}[\t ]*{DAY}$", rf"[签章盖印][^\n]*\t{DAY}$", rf"\t{DAY}$",
    )  # fmt: skip
    alone = prose.find(patterns, day)
    if not alone:
        return []
    last = max(alone, key=lambda hit: hit.start)
    low = last.start >= _FOOT * len(prose.rows.text)
    certain = len({hit.value for hit in alone}) == 1 and low and last.pattern < len(patterns) - 1
    return [last if certain else replace(last, doubt=GUESSED)]


def foot_organisation(prose: Prose) -> list[Hit[str]]:
    """The organisations that stand alone in a line, lowest first: who signs."""
    return prose.find(
        (rf"^{ORGANISATION}(?:\(盖?公?章\))?$", rf"[\t]{ORGANISATION}$", rf"^{ORGANISATION}[\t ]*\d{{4}}[年\-./]"),
        organisation,
    )[::-1]
