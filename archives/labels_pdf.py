"""A sheet of labels: 24 of 70 by 37 mm on A4, as they are sold; each with its code to scan and to read."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.template.loader import render_to_string

from carloan.lib.pdf import render_pdf
from carloan.lib.qr import symbol

A_SHEET: Final = 24


@dataclass(frozen=True, slots=True)
class Label:
    """The code, what it is on, and where that lies or belongs. Nothing personal: whoever passes the shelf reads it."""

    code: str
    what: str
    where: str


def labels_pdf(labels: Sequence[Label]) -> bytes:
    """Raises PdfUnavailable where the system libraries are missing."""
    lines = [(label, symbol(label.code)) for label in labels]
    sheets = [lines[start : start + A_SHEET] for start in range(0, len(lines), A_SHEET)]
    html = render_to_string("archives/originals/pdf/labels.html", {"sheets": sheets})
    return render_pdf(html, css=render_to_string("archives/originals/pdf/labels.css"))
