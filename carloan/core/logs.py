"""Logs without personal data and without forged lines."""

import logging
import re

# Long digit runs are identity, card, phone or account numbers; a log needs none of them.
_DIGITS = re.compile(r"(?<!\d)(\d{3})\d{4,}(\d{2}[\dXx]{0,2})(?![\d-])")
_TOKENS = re.compile(r"(clk_[a-z2-7]+_[a-z2-7]+_)[\w-]+")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\x85\u2028\u2029]|\n(?=\S)")


def scrub(text: str) -> str:
    return _TOKENS.sub(r"\1***", _DIGITS.sub(r"\1***\2", text))


class ScrubFilter(logging.Filter):
    """Masks long numbers and tokens in the finished message."""

    def filter(self, record: logging.LogRecord) -> bool:
        try:
            message = record.getMessage()
        except (TypeError, ValueError):
            message = str(record.msg)
        record.msg, record.args = scrub(message), None
        return True


class LineFormatter(logging.Formatter):
    """One record, one line: control characters cannot start a line of their own."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802
        record.message = _CONTROL.sub(lambda found: f"\\x{ord(found[0]):02x}", record.message)
        return super().formatMessage(record)

    def formatException(self, ei: object) -> str:  # noqa: N802
        return scrub(super().formatException(ei))  # type: ignore[arg-type]
