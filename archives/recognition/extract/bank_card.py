"""Bank cards: the number embossed or printed, the bank, the month it is valid to."""

import itertools
import re
from collections.abc import Sequence
from dataclasses import replace

from carloan.archives.recognition import values
from carloan.archives.recognition.extract.field import Fields
from carloan.archives.recognition.form import Form, Found
from carloan.archives.recognition.piece import Piece
from carloan.archives.recognition.sheet import Sheet
from carloan.lib import bank_card

# Words beside the month from which a card is valid.
_TWO_MONTHS = re.compile(r"FROM|MEMBER|SINCE|起|\d\d/\d\d ?(?:至|到|-|—|~|TO)", re.IGNORECASE)


def read(sheet: Sheet) -> Fields:
    """number, bank_name, valid_to, name."""
    form = Form(sheet, {})
    fields = Fields()
    number = form.anywhere(values.card_number, doubt=1.0) or _grouped(form)
    fields.put("number", number)
    fields.put("bank_name", form.anywhere(bank, doubt=1.0))
    if "bank_name" not in fields and number and (name := bank_card.bank_name(number.value)):
        fields.put("bank_name", number, value=name, doubt=0.98)
    months = form.everywhere(valid_month)
    if months:
        last = max(months, key=lambda found: found.value)
        # Where two months are printed, the one that was read may be the first.
        is_first = len(months) == 1 and _TWO_MONTHS.search(sheet.text) is not None
        fields.put("valid_to", replace(last, alone=is_first))
    return fields


def _grouped(form: Form) -> Found[str] | None:
    """Groups of four that were read as lines of their own, side by side in one row, or in two where a card stands
    upright: then only its check digit makes them one number."""
    rows = _rows_of_digits(form)
    for row in rows:
        if len(row) > 1 and values.card_number(_digits(row)):
            return Found(_digits(row), _digits(row), tuple(row), form.sheet)
    for upper, lower in itertools.pairwise(rows):
        number = _digits(upper) + _digits(lower)
        whole = len(_digits(upper)) % 4 == 0 and values.card_number(number) and not bank_card.problems(number)
        if whole and _goes_on_below(upper[0], lower[0]):
            return Found(number, number, (*upper, *lower), form.sheet)
    return None


def _rows_of_digits(form: Form) -> list[list[Piece]]:
    """From the top; in none is a gap wider than two digits, which may hide a group."""
    groups = [p for p in form.pieces if re.fullmatch(r"\d{3,16}", _digits([p]))]
    rows: list[list[Piece]] = []
    for first in sorted(groups, key=lambda p: (p.middle, p.left)):
        row = [p for p in groups if abs(p.middle - first.middle) < 0.6 * first.height and p.left >= first.left]
        row.sort(key=lambda p: p.left)
        if not any(b.left - a.right > 2.0 * first.height for a, b in itertools.pairwise(row)):
            rows.append(row)
    return rows


def _digits(row: Sequence[Piece]) -> str:
    return "".join(re.sub(r"\s", "", piece.text) for piece in row)


def _goes_on_below(upper: Piece, lower: Piece) -> bool:
    size = upper.height
    near = 0.6 * size < lower.middle - upper.middle < 2.5 * size and abs(lower.left - upper.left) < size
    return near and 0.8 < lower.height / size < 1.25


def bank(text: str) -> str | None:
    """The bank's own name; 银行 alone is what is left of a hidden one."""
    bare = values.compact(text)
    match = re.match(r"[\u4e00-\u9fff]{2,12}银行|中国邮政储蓄银行|[\u4e00-\u9fff]{2,10}(农村信用社|信用合作社)", bare)
    return match[0] if match else None


def valid_month(text: str) -> str | None:
    """MM/YY as the last day of that month."""
    match = re.search(r"(?<!\d)(0[1-9]|1[0-2])/(\d\d)(?!\d)", values.compact(text))
    return values.last_of_month(2000 + int(match[2]), int(match[1])) if match else None
