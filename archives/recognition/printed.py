"""Values of a born-digital page, held against the page's pixels.

A text layer says what its maker wants it to say: letters of a font may look like others, and words may stand where a
picture shows something else. A person sees pixels, so only what the engine reads there too is believed.
"""

import difflib
import re
import unicodedata
from typing import Final

from carloan.archives.recognition.engine import Pixels, engine
from carloan.archives.recognition.extract import Fields
from carloan.archives.recognition.sheet import Box, Corners, Sheet

# Readings of words may differ by a rare character; figures may not differ at all.
ALIKE: Final = 0.75
# Below what a check digit may lift again (Fields.proven): whoever forges a layer forges that too.
DOUBT: Final = 0.3
# Room around the box of the letters, of its height: the engine wants a little paper on each side.
ROOM: Final = (0.12, 0.1)
_FIGURES: Final = re.compile(r"[0-9]")


def confirm(fields: Fields, sheet: Sheet, pixels: Pixels) -> set[str]:
    """The values of this page that its pixels show too; every other one is doubted. About 20 ms each."""
    confirmed = set()
    for name, field in list(fields.items()):
        if field.page != sheet.number or field.box is None:
            continue
        said = _signs(field.text or str(field.value))
        seen = engine().read_at(pixels, _corners(field.box, sheet))
        if _agree(said, _signs(seen.text)):
            confirmed.add(name)
        else:
            fields.doubted(name, DOUBT)
    return confirmed


def _agree(said: str, seen: str) -> bool:
    """Whether the figures are the same and the words nearly so; `seen` may hold more, boxes are not tight."""
    figures = "".join(_FIGURES.findall(said))
    if figures and figures not in "".join(_FIGURES.findall(seen)):
        return False
    shared = sum(
        block.size for block in difflib.SequenceMatcher(None, said, seen, autojunk=False).get_matching_blocks()
    )
    return shared >= ALIKE * len(said)


def _signs(text: str) -> str:
    return "".join(sign for sign in unicodedata.normalize("NFKC", text).upper() if sign.isalnum())


def _corners(box: Box, sheet: Sheet) -> Corners:
    x0, y0, x1, y1 = box[0] * sheet.width, box[1] * sheet.height, box[2] * sheet.width, box[3] * sheet.height
    wide, high = ROOM[0] * (y1 - y0), ROOM[1] * (y1 - y0)
    return (x0 - wide, y0 - high), (x1 + wide, y0 - high), (x1 + wide, y1 + high), (x0 - wide, y1 + high)
