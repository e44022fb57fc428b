"""The amounts of an invoice: 大写 and 小写, price and tax, each the proof of the others."""

from carloan.archives.recognition import values
from carloan.archives.recognition.extract.field import Fields
from carloan.archives.recognition.form import Form, Found
from carloan.archives.recognition.piece import Piece
from carloan.lib import money


def put_words(fields: Fields, form: Form) -> None:
    """`total_in_words`, as printed."""
    words = form.beside("words", values.capitals) or form.anywhere(values.capitals)
    if words:
        fields.put("total_in_words", words, value=words.value[0])


def beside_words(form: Form) -> Found[int] | None:
    """The 小写 that stands in the row of the total in words."""
    words = form.anywhere(values.capitals)
    return _in_row(form, words.pieces[0]) if words else None


def beside_price(form: Form) -> Found[int] | None:
    """The amount in the row of 不含税价; its 小写 label stands between."""
    found = form.beside("price_without_tax", values.amount_with_cents)
    if found:
        return found
    for label in form.labels("price_without_tax"):
        if amount := _in_row(form, label):
            return amount
    return None


def _in_row(form: Form, anchor: Piece) -> Found[int] | None:
    level = [
        p for p in form.pieces
        if p.label is None and p is not anchor and p.left > anchor.left
        and abs(p.middle - anchor.middle) < 0.9 * max(p.height, anchor.height)
    ]  # fmt: skip
    for piece in sorted(level, key=lambda p: p.left):
        if (value := values.amount_with_cents(piece.text)) is not None:
            # Another amount may be next in the row where this one was not read: words or a sum tell.
            return Found(value, piece.text, (piece,), form.sheet, alone=True)
    return None


def prove(fields: Fields) -> None:
    """Readings that agree with each other are right: capitals = figures, price + tax = total."""
    total, words = fields.get("total"), fields.get("total_in_words")
    if total and words and in_words(str(words.value)) == total.value:
        fields.proven("total", "total_in_words", by="words")
    price, tax = fields.get("price_without_tax"), fields.get("tax")
    if total and price and tax and int(price.value) + int(tax.value) == total.value:
        fields.proven("total", "price_without_tax", "tax", by="sum")


def in_words(text: str) -> int | None:
    try:
        return money.from_capitals(text)
    except ValueError:
        return None
