"""The office of the traffic police on licences: in its red square seal, three short lines under each other, or in print
behind its label on the telephone's."""

import re

from carloan.archives.recognition import values
from carloan.archives.recognition.extract.field import Fields
from carloan.archives.recognition.form import Form, Found
from carloan.archives.recognition.piece import Piece
from carloan.lib import divisions

_OFFICE = re.compile(r".{2,12}(省|市|自治区|州|县|盟).{0,20}公安.{0,3}局.{0,20}(支队|大队|总队|管理所)")
_PART = re.compile(r"[\u4e00-\u9fff]{2,8}")


def put(fields: Fields, form: Form) -> None:
    """`authority`; the office of a place that is on the list of places is that office."""
    printed = form.beside("authority", _office) or (form.below("authority", _office) if form.heads_values() else None)
    fields.put("authority", printed or authority(form))
    if "authority" not in fields:
        return
    office = str(fields["authority"].value)
    # A seal names its province first (GA 482); without, its first line was not read.
    if not office.startswith(divisions.PROVINCES):
        fields.doubted("authority", 0.9)
    elif divisions.is_traffic_police(office):
        fields.from_list("authority")


def _office(text: str) -> str | None:
    bare = values.compact(text)
    return bare if _OFFICE.fullmatch(bare) else None


def authority(form: Form) -> Found[str] | None:
    """The office named by the seal, when its lines make up a whole name. A lost first character makes it doubtful."""
    for anchor in form.pieces:
        if not _PART.fullmatch(anchor.text) or anchor.label is not None:
            continue
        stack = [p for p in form.pieces if _stands_with(p, anchor)]
        stack.sort(key=lambda piece: piece.middle)
        text = "".join(piece.text for piece in stack)
        if _OFFICE.fullmatch(text):
            whole = not re.match(r"(东|西|南|北|徽|苏|江|建|川|州|林|宁)省", text)
            return Found(text, text, tuple(stack), form.sheet, doubt=1.0 if whole else 0.5)
    return None


def _stands_with(piece: Piece, anchor: Piece) -> bool:
    near = abs(piece.middle - anchor.middle) < 2.2 * anchor.height
    shared = min(piece.right, anchor.right) - max(piece.left, anchor.left)
    return (
        near
        and shared > 0.6 * (anchor.right - anchor.left)
        and bool(_PART.fullmatch(piece.text))
        and piece.label is None
    )
