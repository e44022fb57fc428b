"""What a person takes home: a copy or the package of a transfer, a zip each, and the letter about their request."""

import hashlib
import io
import json
from collections.abc import Iterator, Mapping
from typing import Any, Final
from zipfile import ZIP_DEFLATED, ZipFile

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from carloan.compliance.policies.person_rights import LAW
from carloan.lib.pdf import render_pdf

# Its checksum is the digest that the trail, the delivery and the letter name.
DATA: Final = "person-data.json"
MANIFEST: Final = "manifest.json"
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


LETTER_STYLE: Final = (
    "@page { size: A4; margin: 25mm 22mm } body { font-family: sans-serif; font-size: 11pt; line-height: 1.7 }"
    "h1 { font-size: 17pt; text-align: center; margin: 8mm 0 } h2 { font-size: 12pt; margin: 5mm 0 2mm }"
    "p { margin: 0 0 4mm } .lender { text-align: center; color: #444 } .words { white-space: pre-wrap }"
    "table { width: 100%; border-collapse: collapse; margin: 0 0 4mm } tr { break-inside: avoid }"
    "th, td { border: 0.3pt solid #999; padding: 1.5mm 2.5mm; text-align: left; vertical-align: top }"
    "th { width: 38%; font-weight: normal; background: #f4f4f4 } td { overflow-wrap: anywhere }"
    ".sign { text-align: right; margin-top: 14mm } .small { color: #555; font-size: 8.5pt }"
)


def copy_zip(content: Mapping[str, Any]) -> bytes:
    """The zip, with a manifest of checksums. Raises PdfUnavailable where the machine lacks what makes PDFs."""
    with translation.override(content["language"]):
        html = render_to_string("compliance/pdf/person_copy.html", {"copy": content})
    return _zipped({DATA: _data(content), "person-data.pdf": render_pdf(html, css=STYLE)})


def transfer_zip(content: Mapping[str, Any]) -> bytes:
    """The package for the handler whom the person names: the data, words to read first, and a manifest of checksums."""
    data = _data(content)
    with translation.override(content["language"]):
        readme = "\n".join(_readme(content, hashlib.sha256(data).hexdigest()))
    return _zipped({"README.txt": readme.encode(), DATA: data})


def _readme(content: Mapping[str, Any], digest: str) -> Iterator[str]:
    recipient = content["recipient"]
    yield from (_("Transfer of personal data to a handler named by the person"), "")
    yield f"{_('Handed over by')}: {content['lender']}"
    yield f"{_('Handler that receives the data')}: {recipient['name']} {recipient['credit_code']}".rstrip()
    yield f"{_('Request')}: {content['request']}"
    yield f"{_('Made at')}: {content['made_at']}"
    yield f"{_('Basis')}: {LAW['transfer']}"
    yield from ("", _("Files in this package"))
    form = _("the data, UTF-8, JSON. Each section has records, each record values with name, label and value.")
    yield f"- {DATA}: {form}"
    yield f"- {MANIFEST}: {_('size and SHA-256 of each file.')}"
    yield from ("", _("What is in it"))
    for section in content["sections"]:
        labels = dict.fromkeys(one["label"] for record in section["records"] for one in record)
        told = _(", ").join(labels) or _("Nothing is held.")
        yield f"- {section['title']} ({len(section['records'])}): {told}"
    yield from ("", _("What is not in it"))
    yield _(
        "Data that the lender made itself (stages, arrears, assessments), data of other people, papers, and the record "
        "of who looked. The person may have a copy of all that is held about them (Personal Information Protection "
        "Law, art. 45 para. 1 and 2)."
    )
    yield from ("", _("How to check it"), f"sha256sum {DATA}", digest)
    yield _(
        "The sum has to be the one above and the one in the letter. Whoever receives the data answers for their "
        "processing from then on."
    )


def letter_pdf(letter: Mapping[str, Any]) -> bytes:
    """The letter about a request. Raises PdfUnavailable where the machine lacks what makes PDFs."""
    with translation.override(letter["language"]):
        html = render_to_string("compliance/pdf/request_letter.html", {"letter": letter})
    return render_pdf(html, css=LETTER_STYLE)


def _data(content: Mapping[str, Any]) -> bytes:
    return json.dumps(content, ensure_ascii=False, indent=1).encode()


def _zipped(files: Mapping[str, bytes]) -> bytes:
    manifest = {name: {"size": len(data), "sha256": hashlib.sha256(data).hexdigest()} for name, data in files.items()}
    out = io.BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
        archive.writestr(MANIFEST, json.dumps(manifest, indent=1))
    return out.getvalue()
