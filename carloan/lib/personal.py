"""Where numbers of people stand in running text: notes, recognised text, mails, logs.

One recogniser for all of them. It finds what is written as people, scanners and machines write it (full width, with
gaps, dashes, dots and line breaks, against Han characters without a gap) and believes check digits: an eighteen-digit
number of an invoice is nobody's. After a word that names the number ("身份证号", "卡号") it believes the word instead:
scanners misread digits. What merely looks like a number of somebody is found too where `doubtful` asks for it: a log
needs none of it.

Each form is tried once from each place where a number may begin and looks a bounded number of characters ahead, so the
time goes with the length of the text, whoever wrote it.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from carloan.lib import bank_card, identity_number, plates, uscc, vin

Kind = Literal["email", "id_number", "uscc", "vin", "card", "phone", "permit", "passport", "plate", "number"]


@dataclass(frozen=True, slots=True)
class Found:
    """A number in a text: `text[start:end]`, and `value`, the same without what parts its digits."""

    kind: Kind
    start: int
    end: int
    value: str


# One character for one, so that places in the folded text are places in the text.
_FOLD: Final = {
    **{code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)},
    **{first + digit: ord("0") + digit for first in (0x0660, 0x06F0, 0x1D7CE, 0x1D7D8, 0x1D7E2, 0x1D7EC, 0x1D7F6)
       for digit in range(10)},
    **dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u30fc"), ord("-")),
    **dict.fromkeys(map(ord, "·•・‧∙⋅"), ord(".")),
    **dict.fromkeys(map(ord, "\t\u00a0\u3000\u202f\u205f\u2060\ufeff\u00ad"), ord(" ")),
    **dict.fromkeys(range(0x2000, 0x2010), ord(" ")),
    **dict.fromkeys(map(ord, "\r\x0b\x0c\x85\u2028\u2029"), ord("\n")),
}  # fmt: skip

_D = "[0-9]"
# What may part the digits of one number: a few of these and nothing else.
_S = r"[ .\n-]{0,3}+"
_GAP = r"[ .\n-]{1,3}+"
_BREAK = r" {0,2}+\n {0,2}+"
# Numbers in groups begin with three digits together; one by one they are read from their first digit only.
_START = rf"(?:(?={_D}{{3}})(?<!{_D})|(?={_D}[ .\n-]+{_D}(?!{_D}))(?<!{_D})(?<!{_D}[ .\n-]))"
# Without a digit, an at-sign or an area of a plate there is nobody's number, in whatever width it is written.
_SIGNS = re.compile(rf"[\d@\uff20]|[{plates.PROVINCES}][ .·-]?[A-Za-z\uff21-\uff3a\uff41-\uff5a]")
# Between the signs of a value that is known: lines of a form are ended and set in.
_GAPS = r"[ .\n-]{0,8}"


def _digits(least: int, most: int) -> str:
    return rf"{_D}(?:{_S}{_D}){{{least - 1},{most - 1}}}+(?!{_D})"


_BIRTH = rf"(?:1{_S}[89]|2{_S}0){_S}{_D}{_S}{_D}{_S}(?:0{_S}[1-9]|1{_S}[0-2]){_S}[0-3]{_S}{_D}"
_ID_18 = re.compile(rf"{_START}(?=([1-9]{_S}(?:{_D}{_S}){{5}}{_BIRTH}(?:{_S}{_D}){{3}}{_S}[0-9Xx×Х*])(?!{_D}))")
_ID_15 = re.compile(
    rf"(?<![0-9A-Za-z.-])(?=([1-8]{_D}{{5}}(?:{_BREAK})?{_D}{{2}}(?:0[1-9]|1[0-2])[0-3]{_D}(?:{_BREAK})?{_D}{{3}})"
    r"(?![0-9A-Za-z-]|\.[0-9]))"
)
_MOBILE = re.compile(
    rf"{_START}(?=((?:(?:\+|00)?86[ .\n-]{{0,2}}|0)?1[3-9](?:"
    rf"{_D}{{9}}"  # 13812345678
    rf"|{_D}(?:{_GAP}{_D}{{4}}{_GAP}{_D}{{4}}|{_GAP}{_D}{{8}}|{_D}{{4}}{_GAP}{_D}{{4}})"
    rf"|{_D}{_GAP}{_D}{{3}}{_GAP}{_D}{{5}}|{_D}{{2}}{_GAP}{_D}{{3}}{_GAP}{_D}{{4}}"
    rf")|(?<!{_D}[ .\n-])1{_GAP}[3-9](?:{_GAP}{_D}){{9}})(?![0-9]|\.[0-9]{{1,2}}(?![0-9])))"
)
_AREA_CODE = rf"(?:010|02[0-57-9]|0[3-9]{_D}{{2}})"
_FIXED = re.compile(
    rf"(?<![0-9A-Za-z])(?<![0-9][.-])(?=(\(?{_AREA_CODE}\)?[ .\n-]{{0,2}}"
    rf"[2-8](?:{_D}{{6,7}}|{_D}{{2,3}}{_GAP}{_D}{{4}}))(?![0-9A-Za-z]|\.[0-9]|-[0-9]{{3}}))"
)
# Eight digits after an area code of four are those of large cities only: an invoice's code looks like the others.
_EIGHT = "0(?:311|37[179]|411|43[12]|451|51[0-9]|523|527|53[126]|551|57[1-9]|591|595|731|755|757|760|769|791|898)"
_DIALLED = re.compile(
    rf"(?:86)?1[3-9]{_D}{{9}}|0(?:10|2{_D})[2-8]{_D}{{7}}|0[3-9]{_D}{{2}}[2-8]{_D}{{6}}|{_EIGHT}[2-8]{_D}{{7}}"
)
_ISSUER = rf"(?:6[025689]|4{_D}|5[1-8]|3[57]|9[0-589])"
_ISSUERS = re.compile(rf"(?={_D}{{16,19}}$)(?:6[025689]|4|5[1-8]|3[57]|940|955|966|984)")
_CARD = re.compile(
    rf"{_START}(?<!{_D}\.)(?=({_ISSUER}(?:"
    rf"{_D}{{14,17}}|{_D}{{2}}(?:{_GAP}{_D}{{4}}){{3}}(?:{_GAP}{_D}{{1,3}})?|{_D}{{4}}{_GAP}{_D}{{10,13}}"
    rf")|(?<!{_D}[ .\n-])[3-69](?:{_GAP}{_D}){{15,18}})(?![0-9]|\.[0-9]))"
)
# A line ended within a number of digits.
_BROKEN = re.compile(rf"{_START}(?=([0-9](?:{_D}|{_BREAK}(?={_D})){{10,19}}+)(?![0-9]|[.-][0-9]))")
_USCC_SIGN = "[0-9A-HJ-NP-RTUWXYa-hj-np-rtuwxy]"
_CUT = r"[ \n-]{0,3}+"
# The division (six digits) stands together, or is cut behind its province, or where a line ends.
_DIVISION = rf"(?:(?:{_D}(?:{_BREAK})?+){{6}}|{_D}{{2}}{_CUT}{_D}{{4}})"
_USCC = re.compile(
    rf"(?<![0-9A-Za-z])(?=([1-9ANYany]{_USCC_SIGN}{_CUT}{_DIVISION}(?:{_CUT}{_USCC_SIGN}){{10}})(?![0-9A-Za-z]))"
)
# Who registers and what: the first two characters in use.
_REGISTERED = re.compile("1[1239]|2[19]|3[1-59]|4[19]|5[1-49]|6[129]|7[129]|8[19]|9[1239]|A[19]|N[1239]|Y1")
# The last four of every number and the tenth part of the ninth are digits (GB 16735): that keeps words out.
_V = "[0-9A-HJ-NPR-Z]"
_VIN = re.compile(
    rf"(?<![0-9A-Za-z])(?=(?P<whole>(?i:{_V}{{17}}))(?![0-9A-Za-z])"
    rf"|(?<!{_V}[ .\n-])(?P<parted>{_V}(?:{_CUT}{_V}){{7}}{_CUT}[0-9X](?:{_CUT}{_V}){{4}}(?:{_CUT}{_D}){{4}})"
    rf"(?![0-9A-Za-z]))"
)
_PERMIT = re.compile(
    r"(?<![0-9A-Za-z/.-])(?=([HM][0-9]{10}|[HM][0-9]{8}|[A-Z]{1,2}[0-9]{6}\([0-9A]\)|[A-Z][12][0-9]{8})(?![0-9A-Za-z/-]))"
)
_PASSPORT = re.compile(r"(?<![0-9A-Za-z/.-])(?=((?:[EG][0-9]|E[A-HJ-NP-Z])[0-9]{7})(?![0-9A-Za-z/-]))")
_PLATE_SIGN = "[0-9A-Za-z]"
_PROVINCE = f"[{plates.PROVINCES}]"
_PLATE = re.compile(
    rf"(?=({_PROVINCE}[ .-]?[A-Za-z][ .-]{{0,2}}+{_PLATE_SIGN}{{4,6}}+[ .-]?(?:应急|[港澳警学挂领临])?"
    rf"|WJ[ .-]?{_PROVINCE}?[ .-]?{_PLATE_SIGN}{{5}}+|[使领][ .-]?{_D}{{6}}|{_D}{{6}}[使领]|{_PROVINCE}{_D}{{5}}领"
    rf"|临{_PROVINCE}[A-Za-z][ .-]?{_PLATE_SIGN}{{4,5}}+|民航[ .-]?[A-Za-z]{_PLATE_SIGN}{{4}}+)(?![0-9A-Za-z]))"
)
_PARTED_PLATE = re.compile(
    rf"(?=({_PROVINCE}[ .-]?[A-Za-z][ .-]{{0,2}}+{_PLATE_SIGN}{{1,5}}+(?:[ .-]|{_BREAK}){_PLATE_SIGN}{{1,5}}+"
    rf"[ .-]?[警学挂]?)(?![0-9A-Za-z]))"
)
# What looks like a plate or vehicle is hidden from logs whatever it is.
_PLATE_LIKE = re.compile(rf"(?=({_PROVINCE}[A-HJ-Za-hj-z][. -]?{_PLATE_SIGN}{{4,6}}(?:应急|[港澳警学挂使领临])?))")
_VIN_LIKE = re.compile(rf"(?<![0-9A-Za-z])(?=((?=[A-Za-z]*[0-9])(?=[0-9]*[A-Za-z])(?i:{_V}){{17}})(?![0-9A-Za-z]))")
_LONG_NUMBER = re.compile(rf"(?<!{_D})({_D}{{9,}}+[Xx]?)")
# A run of its letters is taken whole: asking anew from each letter of a long one takes its square.
_MAIL = re.compile(r"(?<![A-Za-z0-9.+%_-])([A-Za-z0-9.+%_-]++@[A-Za-z0-9-]++(?:\.[A-Za-z0-9-]++)++)")
# Ids of things, files and digests have long runs of digits by chance.
_IDS = re.compile(
    r"(?<![0-9A-Za-z])(?=[0-9-]{0,35}[a-f])(?:[0-9a-f]{64}|[0-9a-f]{40}|[0-9a-f]{32}"
    r"|[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12})(?![0-9A-Za-z])"
)

_AFTER = r"(?:号码|号|编号|no\.?|number)?[\"']?[ :=是为\n\"'(]{0,4}"
_END = "(?![0-9A-Za-z])"


_WORDS: dict[Kind, str] = {
    "id_number": "身份证|身份号|证件|居民证|id_number|id[ _-]?card",
    "card": "银行卡|储蓄卡|借记卡|信用卡|卡号|[账帐][号户]|card|account",
    "permit": "通行证|台胞证|回乡证|居住证|签注|permit",
    "passport": "护照|passport",
    "phone": "手机|电话|座机|联系方式|致电|拨打|微信|mobile|phone|tel",
    "vin": "车架|车辆识别代[号码]|vin",
}
# Asked of the text in small letters: a set of first characters is looked for several times faster than without case.
_ANY_WORD = re.compile("|".join(_WORDS.values()))


def _after(kind: Kind, number: str) -> tuple[Kind, re.Pattern[str]]:
    return kind, re.compile(rf"(?i:{_WORDS[kind]}){_AFTER}({number})")


_LABELLED: Final[tuple[tuple[Kind, re.Pattern[str]], ...]] = (
    _after("id_number", rf"[1-9](?:{_S}{_D}){{13,16}}{_S}[0-9Xx×Х*](?!{_D})"),
    _after("card", _digits(12, 21)),
    _after("permit", rf"(?:[A-Z]{{0,2}}{_D}{{8,10}}|[1-9]{_D}{{16}}[0-9Xx])(?:\([0-9A-Z]\))?{_END}"),
    _after("passport", rf"[A-Z]{{0,2}}{_D}{{6,9}}{_END}"),
    _after("phone", rf"\+?{_digits(7, 14)}"),
    _after("vin", rf"(?i:[0-9A-Z](?:[ -]?[0-9A-Z]){{16}}){_END}"),
)


def find(text: str, *, doubtful: bool = False) -> list[Found]:
    """Every number of somebody in the text, in their order, none within another.

    `doubtful` adds what merely looks like one (kind "number", and plates and vehicles without a right form).
    """
    if not _SIGNS.search(text):
        return []
    folded = text.translate(_FOLD)
    taken = bytearray(len(folded))
    found = []
    for match in _IDS.finditer(folded):
        taken[match.start() : match.end()] = b"\1" * (match.end() - match.start())
    for kind, start, end in _candidates(folded, doubtful):
        if taken.find(1, start, end) < 0:
            taken[start:end] = b"\1" * (end - start)
            told = folded[start:end]
            found.append(Found(kind, start, end, told if kind == "email" else _whole(told)))
    return sorted(found, key=lambda each: each.start)


def places(text: str, value: str) -> list[tuple[int, int]]:
    """Where a value that somebody knows stands in a text, in whatever width, case and parts it is written there."""
    signs = _whole(value.translate(_FOLD))
    form = _GAPS.join(map(re.escape, signs))
    return [match.span() for match in re.finditer(form, text.translate(_FOLD), re.IGNORECASE)] if signs else []


def days_in(text: str, year: int, month: int, day: int) -> list[tuple[int, int]]:
    """Where a day stands in a text: as 1990-03-07, 1990.3.7 or 1990年3月7日, also within a number of somebody."""
    gap = r"[ \n]{0,8}"
    end = rf"(?:{gap}日|(?!{_D})|(?={_D}{{3}}[0-9Xx]))"
    form = rf"{gap.join(str(year))}{gap}[年./-]?{gap}0?{month}{gap}[月./-]?{gap}0?{day}{end}"
    return [match.span() for match in re.finditer(form, text.translate(_FOLD))]


def hide(text: str, *, by: Callable[[Found], str], doubtful: bool = False) -> str:
    """The text with `by(found)` in the place of each number."""
    parts, rest = [], 0
    for found in find(text, doubtful=doubtful):
        parts += [text[rest : found.start], by(found)]
        rest = found.end
    return "".join([*parts, text[rest:]]) if parts else text


def _candidates(folded: str, doubtful: bool) -> Iterator[tuple[Kind, int, int]]:
    """The kinds in the order in which they are believed: the strongest check first."""
    for match in _MAIL.finditer(folded):
        yield "email", *match.span(1)
    for kind, form, judge in _FORMS:
        for match in form.finditer(folded):
            group = match.lastgroup or 1
            if judge(_whole(match[group])):
                yield kind, *match.span(group)
    for kind, form in _LABELLED if _ANY_WORD.search(folded.lower()) else ():
        for match in form.finditer(folded):
            yield kind, *match.span(1)
    if doubtful:
        for kind, form in _LIKE:
            for match in form.finditer(folded):
                yield kind, *match.span(1)


def _whole(number: str) -> str:
    """Without what parts its digits. Plain replacing takes a third of the time of a pattern."""
    return number.replace(" ", "").replace("-", "").replace(".", "").replace("\n", "")


def _is_id(value: str) -> bool:
    number = identity_number.normalise(value)
    return identity_number.check_digit(number[:17]) == number[17] and not identity_number.problems(number)


def _is_old_id(value: str) -> bool:
    # Without a check digit the birthday must stand: nobody is born in the future, few wait for a loan at ninety.
    return not identity_number.problems(value) and date(1920, 1, 1) <= identity_number.parse(value).birth


def _is_card(value: str) -> bool:
    return len(set(value)) > 2 and bool(_ISSUERS.match(value)) and bank_card.luhn_ok(value)


def _is_phone(value: str) -> bool:
    return bool(_DIALLED.fullmatch(value.replace("(", "").replace(")", "")))


def _is_uscc(value: str) -> bool:
    code = value.upper()
    if not _REGISTERED.match(code) or (code[2:4] not in identity_number.PROVINCES and code[2:4] != "10"):
        return False
    return uscc.check_character(code[:17]) == code[17] and not uscc.problems(code)


def _is_vin(value: str) -> bool:
    number = value.upper()
    digits = sum(sign.isdigit() for sign in number)
    # Where makers need no check digit the form must be plain: the last four digits, letters and digits mixed.
    plain = 5 <= digits < 17 and number[13:].isdigit() and number[8] in "0123456789X"
    if digits == 17 or vin.problems(number, check=False):
        return False
    return vin.check_digit(number) == number[8] or (plain and vin.country(number) is not None)


def _is_taiwan_id(value: str) -> bool:
    first = "ABCDEFGHJKLMNPQRSTUVXYWZIO".index(value[0]) + 10
    digits = [first // 10, first % 10, *map(int, value[1:])]
    return (
        sum(digit * weight for digit, weight in zip(digits, (1, 9, 8, 7, 6, 5, 4, 3, 2, 1, 1), strict=True)) % 10 == 0
    )


def _is_hong_kong_id(value: str) -> bool:
    letters, check = value[:-9], value[-2]
    signs = [36, *(ord(sign) - 55 for sign in letters)][-2:] + [int(sign) for sign in value[-9:-3]]
    total = sum(sign * weight for sign, weight in zip(signs, range(9, 1, -1), strict=True))
    return (total + (10 if check == "A" else int(check))) % 11 == 0


def _is_permit(value: str) -> bool:
    if value.endswith(")"):
        return _is_hong_kong_id(value)
    return (value[0] in "HM" and len(value) in (9, 11)) or (len(value) == 10 and _is_taiwan_id(value))


def _is_passport(value: str) -> bool:
    return not re.match("E20[0-3][0-9][01][0-9]", value)  # a number of a day: contracts are numbered like that


def _is_plate(value: str) -> bool:
    return plates.kind(value) is not None or bool(re.match("WJ", value))


def _always(value: str) -> bool:
    return True


_FORMS: Final[tuple[tuple[Kind, re.Pattern[str], Callable[[str], bool]], ...]] = (
    ("id_number", _ID_18, _is_id),
    ("uscc", _USCC, _is_uscc),
    ("vin", _VIN, _is_vin),
    ("card", _CARD, _is_card),
    ("card", _BROKEN, _is_card),
    ("phone", _MOBILE, _always),
    ("phone", _FIXED, _is_phone),
    ("phone", _BROKEN, _is_phone),
    ("id_number", _ID_15, _is_old_id),
    ("permit", _PERMIT, _is_permit),
    ("passport", _PASSPORT, _is_passport),
    ("plate", _PLATE, _is_plate),
    ("plate", _PARTED_PLATE, _is_plate),
)
_LIKE: Final[tuple[tuple[Kind, re.Pattern[str]], ...]] = (
    ("plate", _PLATE_LIKE),
    ("vin", _VIN_LIKE),
    ("number", _LONG_NUMBER),
)
