"""The files of a person's copy: one zip with the data for machines (JSON) and for people (PDF)."""

import hashlib
import io
import json
from collections.abc import Mapping
from typing import Any, Final
from zipfile import ZIP_DEFLATED, ZipFile

from django.template.loader import render_to_string
from django.utils import translation

from carloan.lib.pdf import render_pdf

STYLE: Final = (
    "@page { size: A4; margin: 18mm 15mm;"
    " @bottom-right { content: counter(page) ' / ' counter(pages); font-size: 8pt } }"
    "body { font-family: sans-serif; font-size: 9.5pt; line-height: 1.45 } h1 { font-size: 16pt; margin: 0 0 2mm }"
    "h2 { font-size: 12pt; margin: 7mm 0 2mm; break-after: avoid } p { margin: 0 0 2mm }"
    "table { width: 100%; border-collapse: collapse; margin: 0 0 3mm; break-inside: avoid }"
    "th, td { border: 0.3pt solid #999; padding: 1mm 2mm; text-align: left; vertical-align: top }"
    "th { width: 32%; font-weight: normal; color: #444; background: #f4f4f4 } td { overflow-wrap: anywhere }"
    ".small { color: #555; font-size: 8.5pt }"
)


def copy_zip(content: Mapping[str, Any]) -> bytes:
    """The zip, with a manifest of checksums. Raises PdfUnavailable where the machine lacks what makes PDFs."""
    with translation.override(content["language"]):
        html = render_to_string("compliance/pdf/person_copy.html", {"copy": content})
    files = {
        "person-data.json": json.dumps(content, ensure_ascii=False, indent=1).encode(),
        "person-data.pdf": render_pdf(html, css=STYLE),
    }
    manifest = {name: {"size": len(data), "sha256": hashlib.sha256(data).hexdigest()} for name, data in files.items()}
    out = io.BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
        archive.writestr("manifest.json", json.dumps(manifest, indent=1))
    return out.getvalue()
