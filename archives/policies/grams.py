"""Grams of a text: keyed hashes of its characters and of their neighbours, from which a substring is found."""

import struct
from hashlib import blake2b

from carloan.lib.text import fold_key


def normal(text: str) -> str:
    """The form in which text is compared: half-width, upper case, without any space or line break."""
    return fold_key(text)


def grams_of_page(text: str, key: bytes) -> list[int]:
    """Hashes of every character and every pair of a page, sorted, each once."""
    plain = normal(text)
    return sorted({_hash(gram, key) for gram in [*plain, *_pairs(plain)]})


def grams_of_query(text: str, key: bytes) -> list[int]:
    """What a page must have to contain the query: its pairs, or its only character."""
    plain = normal(text)
    return sorted({_hash(gram, key) for gram in (_pairs(plain) if len(plain) > 1 else plain)})


def _pairs(plain: str) -> list[str]:
    return [plain[at : at + 2] for at in range(len(plain) - 1)]


def _hash(gram: str, key: bytes) -> int:
    value: int = struct.unpack("!i", blake2b(gram.encode(), digest_size=4, key=key).digest())[0]
    return value
