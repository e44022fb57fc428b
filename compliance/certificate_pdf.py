"""The certificate as people keep it: a PDF/A-3b that holds its machine-readable self (`certificate.json`).

It is drawn from the bytes of that file alone, so that nothing stands in it which the file does not say.
"""

import hashlib
import json
from datetime import datetime
from typing import Any, Final

from django.template.loader import render_to_string

from carloan.compliance.policies.certificates import film_gaps, utc
from carloan.lib.pdf import Archival, render_pdf
from carloan.lib.qr import symbol

NAME: Final = "certificate.json"


def certificate_pdf(body: bytes) -> bytes:
    """Raises PdfUnavailable where the system libraries are missing."""
    told: dict[str, Any] = json.loads(body)
    digest = hashlib.sha256(body).hexdigest()
    facts = json.loads(told["originals"]["facts"]) if told["originals"] else None
    counts = {each["place"]: each for each in facts["counts"]} if facts else {}
    items = [{**item, "facts": json.loads(item["facts"]), "count": counts.get(item["place"])} for item in told["items"]]
    context = {
        "told": told,
        "items": items,
        "facts": facts,
        "gaps": [tuple(map(utc, gap)) for gap in film_gaps(facts)] if facts else [],
        "boxes": sum(each["boxes"] for each in counts.values()),
        "papers": sum(each["papers"] for each in counts.values()),
        "zone": told["lender"]["zone"],
        "code": symbol(told["batch"]["qr"]),
        "digest": digest,
    }
    archival = Archival(
        made_at=datetime.fromisoformat(told["made_at"]),
        identifier=bytes.fromhex(digest)[:16],
        attached={NAME: (body, "Machine-readable certificate of destruction")},
    )
    html = render_to_string("compliance/certificate.html", context)
    return render_pdf(html, css=render_to_string("compliance/certificate.css"), archival=archival)
