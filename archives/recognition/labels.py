"""How the labels of a form are spelled, as an engine sees them: spaced out, with specks between, a character lost."""

import functools
import re
import unicodedata
from typing import Final

# Marks in a row's text where one line ends and the next begins.
SEAM: Final = "\x1f"
# Between the letters of a label: room, a seam, and specks that were read as points.
_GAP: Final = rf"[\s{SEAM}.·]*"
# Names the form of a label that lost its last character: it may be the first of what stands behind it.
CUT: Final = "cut"


@functools.cache
def label_pattern(spelling: str) -> re.Pattern[str]:
    """A label with gaps between its characters; of four or more Han characters one may be missing.

    Of two that are set far apart (名 … 称) one may stand alone in its line where the other was not seen.
    """
    characters = [re.escape(c) for c in spelling if not c.isspace()]
    forms = [_GAP.join(characters)]
    is_han = all("\u4e00" <= c <= "\u9fff" for c in spelling)
    if len(characters) == 2 and is_han:
        forms += [rf"(?<![^{SEAM}]){c}(?![^{SEAM}])" for c in characters]
    if len(characters) >= 4 and is_han:
        forms += [_GAP.join(characters[:i] + characters[i + 1 :]) for i in range(1, len(characters) - 1)]
        # Without its first or last character it may be the middle of another word (证日期 of 领证日期).
        forms.append(rf"(?<![\u4e00-\u9fff]){_GAP.join(characters[1:])}")
        forms.append(rf"(?P<{CUT}>{_GAP.join(characters[:-1])})")
    return re.compile("|".join(forms))


def fold_characters(text: str) -> str:
    """Half-width where one character stays one character, so that positions keep their meaning."""
    return "".join(
        folded
        if len(folded := unicodedata.normalize("NFKC", c)) == 1 and folded.isprintable()
        else " "
        if c.isspace()
        else c
        for c in text
    )
