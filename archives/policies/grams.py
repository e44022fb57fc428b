"""Grams of a text: keyed hashes of its characters and of runs of two and three, from which a substring is found.

A substring of up to three characters is a gram itself, so the index answers for it exactly. A longer one stands on a
page only if all its runs of three do; the text confirms it.

A run of three characters fits into one block of AES, so a page's runs are encrypted together, each by itself, and the
first half of what becomes of a run is its hash: a permutation that nobody can tell from chance without the key, cut to
64 bits. One hash a run would take thirty times as long.
"""

from typing import Final

import numpy as np
import numpy.typing as npt
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.ciphers.modes import ECB

from carloan.lib.text import fold_key

# Of one character, for the query 张; of two, for 抵押; of three, which sort out nearly all that is merely scattered.
LONGEST: Final = 3
# A character takes 21 bits; 0 is none.
_BITS: Final = 21

Hashes = npt.NDArray[np.int64]


def normal(text: str) -> str:
    """The form in which text is compared: half-width, upper case, without any space or line break."""
    return fold_key(text)


class Hasher:
    """Hashes grams with one tenant's index key (32 bytes)."""

    def __init__(self, key: bytes) -> None:
        # Each block is one run and equal runs shall be equal: what is wrong with this mode elsewhere is the point here.
        self._cipher = Cipher(AES256(key), ECB())  # noqa: S305

    def of_page(self, text: str) -> Hashes:
        """Every gram of a page, sorted, each once."""
        ones = _codes(normal(text))
        twos = ones[:-1] | ones[1:] << _BITS
        threes = twos[:-1] | ones[2:] << 2 * _BITS
        found = np.sort(self._hashes(np.concatenate((ones, twos, threes))))
        return found[np.flatnonzero(np.diff(found, prepend=~found[:1]))]

    def of_word(self, word: str) -> list[int]:
        """What a page must have to contain `word` (in normal form): the word itself, or its runs of three."""
        size = min(len(word), LONGEST)
        codes = _codes(word)
        runs = codes[: codes.size - size + 1].copy()
        for at in range(1, size):
            runs |= codes[at : codes.size - size + 1 + at] << at * _BITS
        return list(dict.fromkeys(self._hashes(runs).tolist()))

    def _hashes(self, runs: Hashes) -> Hashes:
        blocks = np.zeros((runs.size, 2), dtype="<i8")
        blocks[:, 0] = runs
        hidden = self._cipher.encryptor().update(blocks.tobytes())
        return np.frombuffer(hidden, dtype="<i8")[::2].astype(np.int64)


def _codes(plain: str) -> Hashes:
    return np.frombuffer(plain.encode("utf-32-le"), dtype="<u4").astype(np.int64) + 1


def is_exact(word: str) -> bool:
    """Whether the index alone says for certain that a page has the word."""
    return len(word) <= LONGEST
