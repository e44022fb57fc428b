"""What stands beside and below a value, and may belong to it: the rest of a name, of an address, of a number.

A detector cuts a line where the print fades, and a paragraph wraps where nobody expects it. What is read so is read
well, and is not all there: no confidence tells.
"""

import re
from collections.abc import Iterable
from typing import Final

from carloan.archives.recognition.extract import Fields
from carloan.archives.recognition.extract.field import Value
from carloan.archives.recognition.extract.readers import FORMS
from carloan.archives.recognition.form import Form
from carloan.archives.recognition.kinds import WRITINGS
from carloan.archives.recognition.piece import Piece
from carloan.archives.recognition.second import OPEN_ENDED
from carloan.archives.recognition.sheet import Corners, Sheet

DOUBT: Final = 0.9
# Gaps in heights of the line: nearer signs are of one word; lines of a paragraph follow each other within the second.
WORD: Final = 0.6
NEXT_LINE: Final = 1.75
# A full line of text: it ends so near to the right edge of all, is so long, and the next one follows within so much.
FULL: Final = 1.5
LONG: Final = 12.0
FOLLOWING: Final = 2.8
# Values of several words that may wrap.
_WRAPPING: Final = frozenset({"address", "name", "enterprise_type", "authority", "maker", "seller_name", "buyer_name"})
# Values whose form says how long they are: what stands beside them is not theirs.
_CLOSED: Final = frozenset({"sex", "ethnicity", "use_character", "origin", "insurance_type", "licence_class", "scope",
                            "lien_pages", "total_in_words"})  # fmt: skip


def doubt(kind: str, fields: Fields, sheet: Sheet) -> None:
    """Doubt the values that letters adjoin which nobody took: beside them, or below those that wrap."""
    labels, noise = FORMS.get(kind, ({}, None))
    form = Form(sheet, labels, noise)
    for name, field in list(fields.items()):
        if name in _CLOSED or field.page != sheet.number or not field.parts or _is_closed(field.value):
            continue
        own = [piece for part in field.parts if (piece := _holder(form, part.corners)) is not None]
        others = [piece for piece in form.pieces if piece.label is None and piece not in own]
        if not own:
            continue
        if kind in WRITINGS and name in OPEN_ENDED and field.parts[-1].ends and _is_cut_by_its_line(own[-1], form):
            fields.doubted(name, DOUBT)
            continue
        goes_on = name in _WRAPPING and kind in FORMS and _goes_on(own, form, others)
        # In running text nobody knows the labels, and a label may well adjoin its value.
        if goes_on or any(_adjoins(piece, others, before=kind in FORMS) for piece in own):
            fields.doubted(name, DOUBT)


def _is_cut_by_its_line(piece: Piece, form: Form) -> bool:
    """Whether a number stands at the end of a full line of text, and may go on in the next: that one begins with a
    letter or a figure, or was not read. (Where it was read as one with that line, it does not end here.)"""
    edge = max(other.right for other in form.pieces)
    if piece.right < edge - FULL * piece.height or piece.right - piece.left < LONG * piece.height:
        return False
    below = [
        other for other in form.pieces
        if 0.5 * piece.height < other.middle - piece.middle < FOLLOWING * piece.height
        and other.left < piece.right and piece.left < other.right
    ]  # fmt: skip
    first = min(
        below, key=lambda other: (round((other.middle - piece.middle) / piece.height), other.left), default=None
    )
    return first is None or (first.text[0].isascii() and first.text[0].isalnum())


def _is_closed(value: Value) -> bool:
    """Amounts, days and numbers of fixed length: one sign more or less and it is none."""
    return isinstance(value, int) or re.fullmatch(r"\d{4}-\d\d-\d\d|[0-9A-Z]{17,18}|long_term", value) is not None


def _holder(form: Form, corners: Corners) -> Piece | None:
    """The piece of the page that some corners lie on."""
    xs, ys = zip(*(form.straight(point) for point in corners), strict=True)
    x, y = sum(xs) / 4, sum(ys) / 4
    return next((p for p in form.pieces if p.label is None and _lies_on(p, x, y)), None)


def _lies_on(piece: Piece, x: float, y: float) -> bool:
    return piece.left <= x <= piece.right and abs(piece.middle - y) < 0.5 * piece.height


def _adjoins(piece: Piece, others: Iterable[Piece], *, before: bool) -> bool:
    """Whether a letter stands so near to an end of this line that it is of the same word."""
    for other in others:
        size = min(piece.height, other.height)
        level = abs(other.middle - piece.middle) < 0.4 * size and other.height < 1.6 * piece.height
        if not level or max(piece.height, other.height) > 1.8 * size:
            continue
        right, left = other.left - piece.right, piece.left - other.right
        if -0.4 * size < right < WORD * size and other.text[0].isalnum():
            return True
        if before and -0.4 * size < left < WORD * size and other.text[-1].isalnum():
            return True
    return False


def _goes_on(own: list[Piece], form: Form, others: Iterable[Piece]) -> bool:
    """Whether a line stands where the next line of the value would, or the one before: below its last or above its
    first, and no label before it."""
    first, last, left = own[0], own[-1], min(piece.left for piece in own)
    for other in others:
        below = 0.7 * last.height < other.middle - last.middle < NEXT_LINE * last.height
        above = 0.7 * first.height < first.middle - other.middle < NEXT_LINE * first.height
        in_column = abs(other.left - left) < (1.2 if below else 0.5) * last.height
        alike = 0.75 < other.height / last.height < 1.33
        if not ((below or above) and in_column and alike and other.text[0].isalnum()):
            continue
        label = form.label_beside(other)
        if label is None or any(form.label_beside(piece) is label for piece in own):
            return True
    return False
