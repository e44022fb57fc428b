"""Fold text that people typed, copied out of PDFs or photographed, into one comparable form."""

import re
import unicodedata

# Bidirectional controls, zero-width marks, soft hyphen, BOM: invisible, and able to make one name read as another.
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]"
)
_HAN = "\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
_CJK_SIGNS = "\u3001-\u3003\u3008-\u3011\u3014-\u301f\uff01-\uff60"
_GAP_IN_HAN = re.compile(rf"(?<=[{_HAN}{_CJK_SIGNS}])\s+(?=[{_HAN}{_CJK_SIGNS}])")
_DOTS = re.compile("[·•・‧∙⋅．]")
_SPACES = re.compile(r"\s+")
# Letters by their class, and nothing to the eye.
BLANK = re.compile("[\u2800\u3164\uffa0]")
_GAPS_BUT_LINES = {ord("\r"): " ", ord("\t"): " "}
_GAPS = {**_GAPS_BUT_LINES, ord("\n"): " "}
_UNSAFE_IN_FILE_NAME = re.compile(r'[\\/:*?"<>|\s]+')
_RESERVED = frozenset(
    {"con", "prn", "aux", "nul", *(f"com{n}" for n in range(1, 10)), *(f"lpt{n}" for n in range(1, 10))}
)

MAX_FILE_NAME_BYTES = 200


def strip_controls(text: str, *, keep_lines: bool = False) -> str:
    """Without control characters, lone surrogates, unassigned code points and changes of reading direction."""
    text = _INVISIBLE.sub("", text)
    if text.isprintable():
        return text
    text = text.translate(_GAPS_BUT_LINES if keep_lines else _GAPS)
    # Pages of text hold nothing else that is not printed.
    if text.replace("\n", "").isprintable():
        return text
    return "".join(char for char in text if char == "\n" or unicodedata.category(char) not in ("Cc", "Cs", "Cn", "Co"))


def said(text: str) -> str:
    """What a person wrote, without what cannot be seen around and in it: '' when nothing was said."""
    return BLANK.sub("", strip_controls(text, keep_lines=True)).strip()


def fold(text: str) -> str:
    """Full-width to half-width, the invisible away, white space collapsed, gaps and breaks inside Han words closed."""
    # Nearly every value is clean already; imports fold dozens of values a row.
    if text.isprintable() and "  " not in text:
        if text.isascii():
            return text.strip()
        if " " not in text and unicodedata.is_normalized("NFKC", text) and not _INVISIBLE.search(text):
            return text
    folded = unicodedata.normalize("NFKC", strip_controls(text))
    folded = _SPACES.sub(" ", strip_controls(folded)).strip()
    return _GAP_IN_HAN.sub("", folded) if " " in folded else folded


def fold_key(text: str) -> str:
    """The form in which two spellings of one name or number are equal: folded, upper case, no spaces, one dot."""
    key = "".join(text.split())
    # A page of text is nearly always clean but for its spaces and line breaks, and is folded for every look at it.
    if not key.isprintable() or not unicodedata.is_normalized("NFKC", key) or _INVISIBLE.search(key):
        key = fold(text).replace(" ", "")
    key = key.upper()
    return key if key.isascii() else _DOTS.sub("·", key)


def safe_file_name(name: str, *, fallback: str = "file") -> str:
    """A name that every file system and header takes: no path, no controls, at most 200 bytes, extension kept."""
    base = strip_controls(unicodedata.normalize("NFC", name)).replace("\\", "/").rsplit("/", 1)[-1]
    base = _UNSAFE_IN_FILE_NAME.sub("_", base).strip("._ ")
    stem, dot, extension = base.rpartition(".")
    if not dot or len(extension) > 10:
        stem, dot, extension = base, "", ""
    if stem.lower() in _RESERVED:
        stem = f"_{stem}"
    room = MAX_FILE_NAME_BYTES - len((dot + extension).encode())
    stem = stem.encode()[:room].decode(errors="ignore").rstrip("._ ")
    return f"{stem or fallback}{dot}{extension}"
