"""HTML to PDF without a way out: no network, no files, no links that fetch; fonts come from the machine, as subsets."""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

PROTOCOLS = {"data"}


class PdfUnavailable(Exception):
    """The machine lacks the libraries that WeasyPrint needs (Pango, HarfBuzz); set-up says how to install them."""


@lru_cache(maxsize=1)
def _weasyprint() -> Any:
    # Imported at first use: without Pango the import itself fails, and everything else must still run.
    try:
        import weasyprint  # noqa: PLC0415
    except OSError as error:
        raise PdfUnavailable(str(error)) from error
    return weasyprint


@dataclass(frozen=True, slots=True)
class Archival:
    """What makes a PDF one for the archive (PDF/A-3b): when it was made, by what it is known, and what lies in it.

    `attached` are files by name: their bytes, and what they are. The same input gives the same bytes on one machine.
    """

    made_at: datetime
    identifier: bytes
    attached: Mapping[str, tuple[bytes, str]]


def render_pdf(html: str, *, css: str = "", archival: Archival | None = None) -> bytes:
    """The PDF of a page that our own templates made. Anything it points to, except data: addresses, stays out.

    WeasyPrint's own fetcher follows http and file links and attachments (GHSA-35jj-wx47-4w8r), so it is never used.
    Raises PdfUnavailable where the system libraries are missing.
    """
    weasyprint = _weasyprint()
    fetcher = weasyprint.urls.URLFetcher(allowed_protocols=PROTOCOLS, allow_redirects=False)
    styles = [weasyprint.CSS(string=css, url_fetcher=fetcher)] if css else []
    document = weasyprint.HTML(string=html, base_url=None, url_fetcher=fetcher)
    options: dict[str, Any] = {}
    if archival is not None:
        options = {
            "pdf_variant": "pdf/a-3b",
            "pdf_identifier": archival.identifier,
            "finisher": _once,
            "attachments": [
                weasyprint.Attachment(
                    file_obj=io.BytesIO(data),
                    url_fetcher=fetcher,
                    name=name,
                    description=description,
                    created=archival.made_at,
                    modified=archival.made_at,
                    relationship="Data",
                )
                for name, (data, description) in archival.attached.items()
            ],
        }
    rendered: bytes = document.write_pdf(stylesheets=styles, **options)
    return rendered


def _once(document: Any, pdf: Any) -> None:
    """WeasyPrint names each attached file twice among the files that belong to the document."""
    files = pdf.catalog["AF"]
    files[:] = dict.fromkeys(files)
