"""What people put into passwords and whoever guesses tries first: words, years, seasons, runs of keys.

Compared in one folded form, so that full-width signs, capitals and the usual swaps of letters (P@ssw0rd) hide nothing.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator

# Of the product, of the trade, and of sign-in itself, in the spellings that people here type. `guide.md` names them.
WORDS = (
    "carloan", "autoloan", "loan", "chedai", "guanjia", "daikuan", "fangkuan", "jiekuan", "huankuan", "cuishou",
    "zhengxin", "qiche", "chepai", "chejia", "jinrong", "yinhang", "credit", "finance", "mortgage", "vehicle",
    "archive", "dangan",
    "车贷", "管家", "贷款", "放款", "还款", "借款", "催收", "抵押", "解押", "征信", "汽车", "金融", "银行", "档案",
    "password", "passw", "mima", "admin", "welcome", "letmein", "iloveyou", "woaini", "密码", "口令", "欢迎",
)  # fmt: skip
# The shortest part of a name or address that counts; Han signs say more each.
SHORTEST, SHORTEST_HAN = 4, 2

_SWAPS = str.maketrans("0134578@$!|+l", "oieastbasiiti")
_PARTS = re.compile(r"[\W_]+")
_HAN = re.compile("[\u3400-\u9fff]")
_YEAR = re.compile(r"(?<!\d)(19[4-9]|20[0-4])\d(?!\d)")
_DATE = re.compile(r"(?:19|20)\d\d[-./年]?(?:0[1-9]|1[0-2]|[1-9])[-./月]?(?:0[1-9]|[12]\d|3[01])")
_SEASONS = "(?<![a-z])(?:spring|summer|autumn|fall|winter|(?:chun|xia|qiu|dong)(?:tian|ji))(?![a-z])|[春夏秋冬][天季]?"
_SEASON = re.compile(rf"(?:{_SEASONS})[\W_]*\d{{2,4}}|\d{{2,4}}年?[\W_]*(?:{_SEASONS})")
_ROWS = (
    "`1234567890-=", "~!@#$%^&*()_+", "qwertyuiop", "asdfghjkl", "zxcvbnm", "abcdefghijklmnopqrstuvwxyz",
    "1qaz", "2wsx", "3edc", "4rfv", "5tgb", "6yhn", "7ujm", "zaq1", "xsw2", "cde3", "vfr4",
)  # fmt: skip
_RUN = 4


def folded(text: str) -> str:
    """The form in which words are compared: normal signs, small letters, swaps undone, nothing between them."""
    return _PARTS.sub("", plain(text).translate(_SWAPS))


def plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def parts_of(names: Iterable[str]) -> Iterator[str]:
    """The names as they are compared, each whole and in its parts, without those that are too short to tell."""
    for name in names:
        for part in (name, *_PARTS.split(plain(name))):
            if len(folded(part)) >= (SHORTEST_HAN if _HAN.search(part) else SHORTEST):
                yield part


def held(password: str, words: Iterable[str]) -> str | None:
    """The first of the words that a password holds."""
    whole = folded(password)
    return next((word for word in words if folded(word) in whole), None)


def holds_time(password: str) -> bool:
    """Whether it holds a year, a date, or a season beside a number."""
    text = plain(password)
    return any(pattern.search(text) for pattern in (_YEAR, _DATE, _SEASON))


def holds_run(password: str) -> bool:
    """Whether it holds four neighbouring keys, letters or digits in their order, or four times the same sign."""
    text = plain(password)
    pieces = (text[at : at + _RUN] for at in range(len(text) - _RUN + 1))
    return any(len(set(piece)) == 1 or any(piece in row or piece[::-1] in row for row in _ROWS) for piece in pieces)
