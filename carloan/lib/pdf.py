"""HTML to PDF without a way out: no network, no files, no links that fetch; fonts come from the machine, as subsets."""

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


def render_pdf(html: str, *, css: str = "") -> bytes:
    """The PDF of a page that our own templates made. Anything it points to, except data: addresses, stays out.

    WeasyPrint's own fetcher follows http and file links and attachments (GHSA-35jj-wx47-4w8r), so it is never used.
    Raises PdfUnavailable where the system libraries are missing.
    """
    weasyprint = _weasyprint()
    fetcher = weasyprint.urls.URLFetcher(allowed_protocols=PROTOCOLS, allow_redirects=False)
    styles = [weasyprint.CSS(string=css, url_fetcher=fetcher)] if css else []
    document = weasyprint.HTML(string=html, base_url=None, url_fetcher=fetcher)
    rendered: bytes = document.write_pdf(stylesheets=styles)
    return rendered
