"""Values of a born-digital page, held against the page's pixels.

A text layer says what its maker wants it to say: letters of a font may look like others, and words may stand where a
picture shows something else. A person sees pixels, so only what the engine reads there too is believed.
"""

import difflib
import re
import unicodedata
from typing import Final

from carloan.archives.recognition.certainty import group
from carloan.archives.recognition.engine import Pixels, engine
from carloan.archives.recognition.extract import Fields
from carloan.archives.recognition.sheet import Corners, Sheet

# Readings of words may differ by a rare character; figures may not differ at all.
ALIKE: Final = 0.75
# Below what a check digit may lift again (Fields.proven): whoever forges a layer forges that too.
DOUBT: Final = 0.3
# Room around the letters at the sides and above, of their height: the engine wants a little paper on each side.
ROOMS: Final = ((0.12, 0.1), (0.5, 0.25))
# How far clean print is pressed together at first, time growing with width: of 84 values 83 were read at the first (as
# they stand 82), in a quarter less time; words, which need be only nearly the same, bear more.
FIGURES_PRESSED: Final = 0.8
WORDS_PRESSED: Final = 0.6
# Signs that a person cannot tell apart either.
_TWINS: Final = str.maketrans("OoIl", "0011")
_FIGURES: Final = re.compile(r"[0-9]")


def confirm(fields: Fields, sheet: Sheet, pixels: Pixels) -> set[str]:
    """The values of this page that its pixels show too; every other one is doubted. About 20 ms each."""
    confirmed = set()
    for name, field in list(fields.items()):
        if field.page != sheet.number or not field.parts:
            continue
        # A paragraph, which nobody is asked for, by its ends.
        parts = field.parts[:: len(field.parts) - 1] if group(name) == "paragraph" and field.parts[1:] else field.parts
        if all(_shows(pixels, part.corners, _signs(part.text)) for part in parts):
            confirmed.add(name)
        else:
            fields.doubted(name, DOUBT)
    return confirmed


def _shows(pixels: Pixels, corners: Corners, said: str) -> bool:
    """Whether these signs stand there. What one crop shows badly another may show well; a forged sign no crop shows."""
    first = FIGURES_PRESSED if _FIGURES.search(said) else WORDS_PRESSED
    return any(
        _agree(said, _signs(engine().read_at(pixels, _around(corners, room), pressed=pressed).text))
        for room, pressed in ((ROOMS[0], first), (ROOMS[0], 1.0), (ROOMS[1], 1.0))
    )


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
    plain = unicodedata.normalize("NFKC", text).translate(_TWINS).upper()
    return "".join(sign for sign in plain if sign.isalnum())


def _around(corners: Corners, room: tuple[float, float]) -> Corners:
    """Level corners, a little wider."""
    (x0, y0), _, (x1, y1), _ = corners
    wide, high = room[0] * (y1 - y0), room[1] * (y1 - y0)
    return (x0 - wide, y0 - high), (x1 + wide, y0 - high), (x1 + wide, y1 + high), (x0 - wide, y1 + high)
