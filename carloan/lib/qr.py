"""QR codes (ISO/IEC 18004) as one path of squares, for pages and for PDF alike: no picture file, no style."""

from dataclasses import dataclass
from typing import Final

from qrcode.constants import ERROR_CORRECT_M
from qrcode.main import QRCode

# The standard asks for four modules of quiet around a symbol.
QUIET: Final = 4


@dataclass(frozen=True, slots=True)
class Symbol:
    """`path` draws the dark modules inside a square of `side` modules, the quiet zone included (SVG path data)."""

    side: int
    path: str


def symbol(text: str) -> Symbol:
    """The smallest symbol that holds the text, readable with up to 15 % of it damaged or covered."""
    code = QRCode(error_correction=ERROR_CORRECT_M, border=QUIET)
    code.add_data(text)
    code.make(fit=True)
    modules = code.get_matrix()
    dark = [f"M{x} {y}h1v1h-1z" for y, row in enumerate(modules) for x, is_dark in enumerate(row) if is_dark]
    return Symbol(len(modules), "".join(dark))
