"""Logs without personal data and without forged lines.

What has a form is masked wherever it stands: what `carloan.lib.personal` finds (also what merely looks like a number of
somebody: a log needs none) and tokens. What has none, as names and places of living, is masked where its field stands
beside it (`name=…`, `"address": "…"`), for each field that the registry masks elsewhere, and where PostgreSQL quotes
rows. A name in the middle of a sentence cannot be told from any other word: sentences of ours name ids.
"""

import logging
import re
from functools import lru_cache

from carloan.lib import personal

from .registry import masked_names

# Keys of other systems, and one-time links of borrowers.
_TOKENS = re.compile(r"(clk_[a-z2-7]+_[a-z2-7]+_|/d/)[\w-]{20,}")
# What PostgreSQL tells of a row that breaks a rule; without an end all of the line is the row.
_ROW = re.compile(r"(Key \([^()\n]*+(?:\([^()\n]*+\)[^()\n]*+)*+\)=|Failing row contains )\((?:.*\)|.*)")
_TRACED = frozenset({"id_number", "phone", "card", "number"})
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\x85\u2028\u2029]|\n(?=\S)")


# Whoever reaches the broker or a form decides how long a line is; the end of a traceback says most.
LONGEST = 64 * 1024
TAIL = 16 * 1024
# A word cut in two may look like none of the forms: up to so many characters of it go with what is cut out.
WORD = 200


def scrub(text: str) -> str:
    """The text with what has a form masked, and its middle left out when it is too long for a log."""
    return _mask(_shortened(text))


def _shortened(text: str) -> str:
    if len(text) <= LONGEST:
        return text
    head, tail = text[: LONGEST - TAIL], text[-TAIL:]
    gap = max(head.rfind(sign, len(head) - WORD) for sign in " \n")
    head = head[:gap] if gap >= 0 else head[:-WORD]
    gaps = [gap for sign in " \n" if (gap := tail.find(sign, 0, WORD)) >= 0]
    tail = tail[min(gaps) :] if gaps else tail[WORD:]
    return f"{head} … {len(text) - len(head) - len(tail)} characters left out … {tail}"


def _mask(text: str) -> str:
    text = _ROW.sub(r"\1(***)", _TOKENS.sub(r"\1***", text))
    text = _fields(masked_names()).sub(r"\g<field>***", text)
    return personal.hide(text, by=_trace, doubtful=True)


def _trace(found: personal.Found) -> str:
    """Enough to tell two lines about one number from two about different ones."""
    if found.kind == "email":
        return f"***{found.value[found.value.rindex('@') :]}"
    return f"{found.value[:3]}***{found.value[-2:]}" if found.kind in _TRACED else "***"


@lru_cache(maxsize=4)
def _fields(names: frozenset[str]) -> re.Pattern[str]:
    """A masked field with its value, as keywords, JSON and representations write them; nothing without fields."""
    if not names:
        return re.compile(r"(?P<field>)(?!)")
    name = "|".join(sorted(map(re.escape, names), key=len, reverse=True))
    # A quotation that was cut off goes to the end of its line.
    value = r"""("[^"\n]*+"?|'[^'\n]*+'?|[^\s"',;，；。)\]}]++)"""
    return re.compile(rf"""(?P<field>(?<![\w.])["']?(?:{name})["']?\s*+[=:：]\s*+){value}""")


class ScrubFilter(logging.Filter):
    """Masks personal data and tokens in the finished message."""

    def filter(self, record: logging.LogRecord) -> bool:
        try:
            message = record.getMessage()
        except (TypeError, ValueError):
            message = str(record.msg)
        record.msg, record.args = scrub(message), None
        return True


class StrangersFault(logging.Filter):
    """A request that Django refused: one line of warning. It is no error of ours, and anybody may send as many."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.levelno, record.levelname = logging.WARNING, "WARNING"
        record.exc_info = record.exc_text = None
        return True


class LineFormatter(logging.Formatter):
    """One record, one line: control characters cannot start a line of their own."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802
        record.message = _CONTROL.sub(lambda found: f"\\x{ord(found[0]):02x}", record.message)
        return super().formatMessage(record)

    def formatException(self, ei: object) -> str:  # noqa: N802
        return scrub(super().formatException(ei))  # type: ignore[arg-type]
