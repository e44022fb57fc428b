"""The id of a look: 64 random bits, as people read it and as a picture carries it.

In a picture it is followed by a checksum and spread by a convolutional code (rate 1/3, constraint length 7), which is
read softly: each bit counts as much as it was seen.
"""

import secrets
import zlib
from typing import Final

import numpy as np
import numpy.typing as npt

Signs = npt.NDArray[np.float32]

BITS: Final = 64
CHECK_BITS: Final = 16
# Crockford's alphabet: none of its signs is taken for another one.
_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_MEANT: Final = str.maketrans({"O": "0", "I": "1", "L": "1"})
LENGTH: Final = 13
# Generators of the best code of this rate and length (133, 171, 165 in octal).
_GENERATORS: Final = (0o133, 0o171, 0o165)
_MEMORY: Final = 6
_STATES: Final = 1 << _MEMORY
CODED: Final = (BITS + CHECK_BITS + _MEMORY) * len(_GENERATORS)


def new_code() -> str:
    """A fresh random id, as people read it."""
    return text_of(secrets.randbits(BITS))


def text_of(number: int) -> str:
    """Thirteen signs without any that is mistaken for another."""
    return "".join(_ALPHABET[number >> shift & 31] for shift in range(5 * (LENGTH - 1), -1, -5))


def shown(code: str) -> str:
    """In three groups, as it is printed."""
    return f"{code[:4]}-{code[4:8]}-{code[8:]}"


def typed(text: str) -> str | None:
    """The id that somebody read off a picture, whatever stands between its signs; None when it is none."""
    code = "".join(sign for sign in text.upper().translate(_MEANT) if sign.isalnum())
    if len(code) != LENGTH or any(sign not in _ALPHABET for sign in code) or code[0] not in _ALPHABET[:16]:
        return None
    return code


def number_of(code: str) -> int:
    """The number that `text_of` wrote."""
    number = 0
    for sign in code:
        number = number << 5 | _ALPHABET.index(sign)
    return number


def spread(code: str) -> Signs:
    """The id with its checksum, coded: CODED signs of +1 and -1."""
    number = number_of(code)
    whole = number << CHECK_BITS | _check(number)
    bits = [whole >> shift & 1 for shift in range(BITS + CHECK_BITS - 1, -1, -1)] + [0] * _MEMORY
    register, coded = 0, []
    for bit in bits:
        register = (register << 1 | bit) & (2 * _STATES - 1)
        coded += [(register & generator).bit_count() & 1 for generator in _GENERATORS]
    return 1 - 2 * np.array(coded, np.float32)


def gather(seen: Signs) -> tuple[str, float] | None:
    """The id that was most likely spread, and how well it agrees with what was seen (1: fully); None where its checksum
    is wrong. Noise passes the checksum once in 65 536 times: whoever relies on an id knows which ones were given."""
    number = _likeliest(seen)
    if number & ((1 << CHECK_BITS) - 1) != _check(number >> CHECK_BITS):
        return None
    code = text_of(number >> CHECK_BITS)
    agrees = float((seen * spread(code)).sum() / max(float(np.abs(seen).sum()), 1e-9))
    return code, agrees


def _check(number: int) -> int:
    return zlib.crc32(number.to_bytes(8)) & ((1 << CHECK_BITS) - 1)


def _likeliest(seen: Signs) -> int:
    """Viterbi's way through the states of the code, beginning and ending in the first."""
    steps = seen.reshape(-1, len(_GENERATORS))
    registers = np.arange(2 * _STATES)
    expected = np.array(
        [[1 - 2 * ((register & each).bit_count() & 1) for each in _GENERATORS] for register in range(2 * _STATES)],
        np.float32,
    )
    into = registers & (_STATES - 1)
    order = np.argsort(into, kind="stable").reshape(_STATES, 2)
    scores = np.full(_STATES, -np.inf, np.float32)
    scores[0] = 0
    came = []
    for step in steps:
        reached = scores[registers >> 1] + expected @ step
        choices = reached[order]
        best = choices.argmax(axis=1)
        scores = choices[np.arange(_STATES), best]
        came.append(order[np.arange(_STATES), best])
    state, number = 0, 0
    bits = []
    for back in reversed(came):
        register = int(back[state])
        bits.append(register & 1)
        state = register >> 1
    for bit in reversed(bits[_MEMORY:]):
        number = number << 1 | bit
    return number
