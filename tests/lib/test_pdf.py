"""Letters become PDF and nothing of the machine gets into them."""

import http.server
import threading
from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pytest

from carloan.lib.pdf import render_pdf


def text_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    return "".join(page.get_textpage().get_text_range() for page in document)


def test_chinese_text_stays_text() -> None:
    assert "结清证明" in text_of(render_pdf("<p lang=zh-Hans>结清证明 ¥1,234.56</p>", css="p { font-size: 20pt }"))


@pytest.fixture
def trap() -> Iterator[tuple[str, list[str]]]:
    """A server that remembers whether anybody came."""
    visits: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            visits.append(self.path)
            self.send_response(200)
            self.end_headers()

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", visits
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    "html",
    [
        "<img src='{url}/image.png'>",
        "<link rel=stylesheet href='{url}/style.css'>",
        "<style>@import url({url}/import.css); p {{ background: url({url}/background.png) }}</style><p>x</p>",
        "<link rel=attachment href='{url}/attachment'>",
        "<object data='{url}/object'></object>",
        "<svg xmlns='http://www.w3.org/2000/svg'><image href='{url}/svg.png'/></svg>",
    ],
)
def test_it_visits_nobody(html: str, trap: tuple[str, list[str]]) -> None:
    url, visits = trap
    render_pdf(html.format(url=url))
    assert visits == []


def test_it_reads_no_file(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("TOP-SECRET-CONTENT")
    pdf = render_pdf(f"<link rel=attachment href='file://{secret}'><img src='file://{secret}'><p>ok</p>")
    assert b"TOP-SECRET-CONTENT" not in pdf
    assert "TOP-SECRET" not in text_of(pdf)
