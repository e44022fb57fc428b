"""Simplified read as traditional: of cursive or faint print the reader gives the traditional form of a sign now and
then (眾 for 众), and the simplified one, which is printed, is what it would have said next.

Traditional print seldom leaves it in such doubt: one in seven of 2,513 pairs, printed clean and blurred.
"""

import functools
from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
from opencc import OpenCC

# As sure as this share of what it is of the traditional form, the reader may have seen the simplified one.
SEEN_TOO: Final = 1e-3
NONE: Final = -1


@functools.cache
def _converter() -> OpenCC:
    return OpenCC("t2s")


@functools.cache
def _simplified(sign: str) -> str:
    """The simplified form of a traditional sign that no mainland standard print has (GB 2312); "" of any other."""
    if len(sign) != 1 or not "\u4e00" <= sign <= "\u9fff" or _is_standard(sign):
        return ""
    other = str(_converter().convert(sign))
    return other if other != sign and len(other) == 1 and _is_standard(other) else ""


def _is_standard(sign: str) -> bool:
    try:
        sign.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


def counterparts(signs: Sequence[str]) -> npt.NDArray[np.int64]:
    """For each of a reader's signs the place of its simplified form in the same list, NONE where it has none."""
    places = {sign: place for place, sign in enumerate(signs)}
    return np.array([places.get(_simplified(sign), NONE) for sign in signs], dtype=np.int64)


def is_simplified(texts: Iterable[str]) -> bool:
    """Whether a page is in simplified script: of the signs that differ between the two, most are."""
    simple = traditional = 0
    for sign in "".join(texts):
        if _simplified(sign):
            traditional += 1
        elif sign in _forms():
            simple += 1
    return simple > traditional


@functools.cache
def _forms() -> frozenset[str]:
    """Simplified signs that have another traditional form."""
    return frozenset(filter(None, (_simplified(chr(code)) for code in range(0x4E00, 0xA000))))
