"""Names of files from outside: kept as they came, shown so that nothing in them deceives, sent as a header may."""

import re
import unicodedata
from typing import Final
from urllib.parse import quote

from carloan.lib.text import BLANK, safe_file_name

LONGEST: Final = 255
_FOLDERS: Final = re.compile(r"[/\\]")
# What a page would collapse or trim: each of them becomes a space that does not break.
_LOST_SPACE: Final = re.compile(r" {2,}|^ | \Z")
_NO_BREAK: Final = "\u00a0"
_ISOLATED: Final = ("\u2068", "\u2069")


def given_name(name: str) -> str:
    """The name without its folders, otherwise as it came, with every space and sign; at most LONGEST characters.

    '' when nothing is left. Half a character, which no column holds, becomes a question mark.
    """
    base = _FOLDERS.split(name)[-1].encode("utf-8", "replace").decode()
    if len(base) <= LONGEST:
        return base
    stem, dot, extension = base.rpartition(".")
    tail = dot + extension if 0 < len(extension) <= 10 and stem else ""
    return base[: LONGEST - len(tail)] + tail


def shown_name(name: str) -> str:
    """The name for people, the same on every page and in every message.

    Signs that cannot be seen or that turn the direction of reading stand there by their numbers ([U+202E]), spaces stay
    as many as they are, and a name of letters written from the right does not turn what stands beside it.
    """
    seen = "".join(_sign(sign) for sign in name) if name.strip() else "".join(map(_number, name))
    kept = _LOST_SPACE.sub(lambda spaces: _NO_BREAK * len(spaces.group()), seen)
    if any(unicodedata.bidirectional(sign) in ("R", "AL") for sign in kept):
        return kept.join(_ISOLATED)
    return kept


def attachment(name: str) -> str:
    """Content-Disposition of a download (RFC 6266): the name whole as RFC 5987 has it, and for old readers in ASCII."""
    plain = safe_file_name(unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode())
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def _sign(sign: str) -> str:
    """Controls, formats, separators of lines, blank letters and what nobody assigned, by their numbers."""
    category = unicodedata.category(sign)
    return _number(sign) if category.startswith("C") or category in ("Zl", "Zp") or BLANK.match(sign) else sign


def _number(sign: str) -> str:
    return f"[U+{ord(sign):04X}]"
