"""Enough of DER (ITU X.690) to ask a time-stamp authority and to read its answer.

Only definite lengths and one-byte tags are read, which is all that DER and these formats have. Nothing here recurses: a
reader goes as deep as it asks, so that an answer of a stranger can be wrong but not endless.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

INTEGER: Final = 0x02
OCTETS: Final = 0x04
NULL: Final = b"\x05\x00"
OID: Final = 0x06
TIME: Final = 0x18
SEQUENCE: Final = 0x30
SET: Final = 0x31
# Context-specific, constructed: add the number.
CONTEXT: Final = 0xA0


class DerError(ValueError):
    """This is no DER, or not the structure that was expected."""


@dataclass(frozen=True, slots=True)
class Item:
    """One element: `whole` are its bytes with tag and length."""

    tag: int
    content: bytes
    whole: bytes

    def expect(self, tag: int) -> "Item":
        if self.tag != tag:
            raise DerError(f"tag {self.tag:#x} where {tag:#x} was expected")
        return self

    def items(self) -> list["Item"]:
        return list(_items(self.content))

    def number(self) -> int:
        self.expect(INTEGER)
        if not self.content:
            raise DerError("an empty number")
        return int.from_bytes(self.content, "big", signed=True)

    def oid(self) -> str:
        self.expect(OID)
        parts, value = [], 0
        for byte in self.content:
            value = value << 7 | byte & 0x7F
            if not byte & 0x80:
                parts.append(value)
                value = 0
        if not parts or self.content[-1] & 0x80:
            raise DerError("no object identifier")
        first = min(parts[0] // 40, 2)
        return ".".join(map(str, [first, parts[0] - 40 * first, *parts[1:]]))


def read(data: bytes) -> Item:
    """The one element that these bytes are. Raises DerError, also for bytes behind it."""
    found = list(_items(data))
    if len(found) != 1:
        raise DerError("not one element")
    return found[0]


def _items(data: bytes) -> Iterator[Item]:
    at = 0
    while at < len(data):
        begin, tag = at, data[at]
        if tag & 0x1F == 0x1F or at + 2 > len(data):
            raise DerError("cut off")
        length, at = data[at + 1], at + 2
        if length & 0x80:
            size = length & 0x7F
            length, at = int.from_bytes(data[at : at + size], "big"), at + size
            if not 1 <= size <= 4 or length < 0x80:
                raise DerError("a length that DER does not have")
        if at + length > len(data):
            raise DerError("cut off")
        yield Item(tag, data[at : at + length], data[begin : at + length])
        at += length


def write(tag: int, *contents: bytes) -> bytes:
    content = b"".join(contents)
    size = len(content)
    if size < 0x80:
        return bytes([tag, size]) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + content


def sequence(*contents: bytes) -> bytes:
    return write(SEQUENCE, *contents)


def set_of(*contents: bytes) -> bytes:
    return write(SET, *sorted(contents))


def integer(value: int) -> bytes:
    return write(INTEGER, value.to_bytes(value.bit_length() // 8 + 1, "big", signed=True))


def oid(text: str) -> bytes:
    first, second, *rest = map(int, text.split("."))
    found = b""
    for part in (first * 40 + second, *rest):
        digits = [part & 0x7F]
        while part := part >> 7:
            digits.append(part & 0x7F | 0x80)
        found += bytes(reversed(digits))
    return write(OID, found)
