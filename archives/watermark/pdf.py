"""A PDF of pictures that leaves as it is written: one page in memory at a time."""

from collections.abc import Iterable, Iterator
from typing import Final

# A JPEG with its width and height.
Picture = tuple[bytes, int, int]
DPI: Final = 200


def pdf_of(pictures: Iterable[Picture]) -> Iterator[bytes]:
    """The parts of a PDF with a page for each picture, as large as it is at DPI."""
    at, places, pages = 0, {}, []

    def part(number: int, body: bytes) -> bytes:
        nonlocal at
        places[number] = at
        text = b"%d 0 obj\n%s\nendobj\n" % (number, body)
        at += len(text)
        return text

    head = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
    at += len(head)
    yield head
    number = 3
    for jpeg, width, height in pictures:
        wide, high = (side * 72 / DPI for side in (width, height))
        drawing = b"q %.2f 0 0 %.2f 0 0 cm /P Do Q" % (wide, high)
        yield part(
            number,
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 %.2f %.2f]/Resources<</XObject<</P %d 0 R>>>>/Contents %d 0 R>>"
            % (wide, high, number + 1, number + 2),
        )
        yield part(
            number + 1,
            b"<</Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace/DeviceRGB/BitsPerComponent 8"
            b"/Filter/DCTDecode/Length %d>>\nstream\n%s\nendstream" % (width, height, len(jpeg), jpeg),
        )
        yield part(number + 2, b"<</Length %d>>\nstream\n%s\nendstream" % (len(drawing), drawing))
        pages.append(number)
        number += 3
    yield part(1, b"<</Type/Catalog/Pages 2 0 R>>")
    yield part(2, b"<</Type/Pages/Count %d/Kids[%s]>>" % (len(pages), b" ".join(b"%d 0 R" % page for page in pages)))
    rows = b"".join(b"%010d 00000 n \n" % places[each] for each in range(1, number))
    yield b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (
        number, rows, number, at,
    )  # fmt: skip
