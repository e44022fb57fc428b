"""Bytes on the wire: each asset and a first visit stay below what was decided; a second visit costs little."""

import brotli  # type: ignore[import-untyped]
import pytest

from .conftest import NewVisitor
from .site import ROOT, Site

KB = 1024
ASSETS = {
    "app.css": 22, "app.js": 36, "upload.js": 3, "viewer.js": 4, "desk.js": 4, "passkey.js": 3, "verify.js": 6,
    "film.js": 2, "capture.js": 5, "stocktake.js": 16, "theme.js": 1, "icons.svg": 6,
}  # fmt: skip
FIRST_VISIT = 90 * KB
SECOND_VISIT = 15 * KB


@pytest.mark.parametrize(("name", "most"), ASSETS.items())
def test_an_asset_stays_below_its_budget(site: Site, name: str, most: int) -> None:
    squeezed = len(brotli.compress((ROOT / "static_build" / "dist" / name).read_bytes()))
    assert squeezed <= most * KB


@pytest.mark.parametrize("path", ["/people/", "/home/"])
def test_a_visit_stays_below_its_budget(visitor: NewVisitor, path: str) -> None:
    who = visitor()
    link = who.context.new_cdp_session(who.page)
    link.send("Network.enable")
    received: list[int] = []
    link.on("Network.loadingFinished", lambda event: received.append(event["encodedDataLength"]))
    who.open(path)
    who.page.wait_for_load_state("networkidle")
    assert 5 * KB < sum(received) <= FIRST_VISIT
    received.clear()
    who.open(path)
    who.page.wait_for_load_state("networkidle")
    assert sum(received) <= SECOND_VISIT
