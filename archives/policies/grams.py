"""Grams of a text: keyed hashes of its characters and of runs of two and three, from which a substring is found.

A substring of up to three characters is a gram itself, so the index answers for it exactly. A longer one stands on a
page only if all its runs of three do; the text confirms it.
"""

import struct
from hashlib import blake2b
from typing import Final

import numpy as np
import numpy.typing as npt

from carloan.lib.text import fold_key

# Of one character, for the query 张; of two, for 抵押; of three, which sort out nearly all that is merely scattered.
LONGEST: Final = 3
_MOST_REMEMBERED: Final = 400_000

Hashes = npt.NDArray[np.int64]


def normal(text: str) -> str:
    """The form in which text is compared: half-width, upper case, without any space or line break."""
    return fold_key(text)


class Hasher:
    """Hashes grams with one tenant's index key. Text repeats its grams, so a batch of pages shares one hasher."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._known: dict[str, int] = {}

    def of_page(self, text: str) -> Hashes:
        """Every gram of a page, sorted, each once."""
        plain = normal(text)
        grams = {plain[at : at + size] for size in range(1, LONGEST + 1) for at in range(len(plain) - size + 1)}
        if len(self._known) > _MOST_REMEMBERED:
            self._known.clear()
        hashes = np.fromiter((self._hash(gram) for gram in grams), dtype=np.int64, count=len(grams))
        return np.unique(hashes)

    def of_word(self, word: str) -> list[int]:
        """What a page must have to contain `word` (in normal form): the word itself, or its runs of three."""
        size = min(len(word), LONGEST)
        return [self._hash(gram) for gram in dict.fromkeys(word[at : at + size] for at in range(len(word) - size + 1))]

    def _hash(self, gram: str) -> int:
        known = self._known.get(gram)
        if known is None:
            (known,) = struct.unpack("!q", blake2b(gram.encode(), digest_size=8, key=self._key).digest())
            self._known[gram] = known
        return known


def is_exact(word: str) -> bool:
    """Whether the index alone says for certain that a page has the word."""
    return len(word) <= LONGEST
