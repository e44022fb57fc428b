"""Proofs are checked by the reader's own browser: of one event on its page, of a whole bundle without signing in."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from carloan.compliance.proofs.carloan_verify import EVENTS
from tests.compliance.strangers import files_of, packed

from .browser import PHONE
from .conftest import NewVisitor
from .site import Site

PROVEN = {"zh-hans": "已通过验证", "en": "Proven"}
NOT_PROVEN = {"zh-hans": "未通过验证", "en": "Not proven"}
LANGUAGES = pytest.mark.parametrize("language", PROVEN)


@LANGUAGES
def test_a_proof_is_checked_in_the_browser_and_taken_away(
    visitor: NewVisitor, site: Site, tmp_path: Path, language: str
) -> None:
    officer = visitor("compliance", language=language)
    page = officer.page
    officer.open("/compliance/trail/{event}/")
    page.locator("a[href$='/proof/']").click()
    verdict = page.locator("[data-verdict]")
    expect(verdict).to_contain_text(PROVEN[language])
    # Nobody gave a key yet: the page says whose word it is.
    expect(verdict).to_contain_text("该公钥" if language == "zh-hans" else "this server names")
    assert page.locator("[data-proof-path] li").count() > 3
    page.locator("[name=keep]").check()
    page.locator("[data-verify] [type=submit]").click()
    own = "您提供的公钥" if language == "zh-hans" else "key that you gave"
    expect(verdict).to_contain_text(own)
    page.reload()
    expect(verdict).to_contain_text(own)
    with page.expect_download() as download:
        page.locator("a[href$='proof.json']").click()
    place = tmp_path / "event.proof.json"
    download.value.save_as(place)

    stranger = visitor("", language=language)
    stranger.open("//compliance/verify/")
    stranger.page.locator("[name=keys]").fill(site.ids["ledger_key"])
    stranger.page.locator("input[type=file]").set_input_files(place)
    verdict = stranger.page.locator("[data-verdict]")
    expect(verdict).to_contain_text(PROVEN[language])
    bent = tmp_path / "bent.proof.json"
    bent.write_text(place.read_text().replace('"index": ', '"index": 1'))
    stranger.page.locator("input[type=file]").set_input_files(bent)
    expect(verdict).to_contain_text(NOT_PROVEN[language])


@LANGUAGES
def test_a_bundle_is_checked_without_signing_in_and_what_was_bent_is_told(
    visitor: NewVisitor, site: Site, tmp_path: Path, language: str
) -> None:
    stranger = visitor("", language=language, viewport=PHONE)
    page, sent = stranger.page, []
    stranger.open("//compliance/verify/")
    page.on("request", lambda request: sent.append(request.url))
    verdict, chosen = page.locator("[data-verdict]"), page.locator("input[type=file]")
    chosen.set_input_files(site.ids["bundle"])
    expect(verdict).to_contain_text("公钥" if language == "zh-hans" else "public key")
    page.locator("[name=keys]").fill(site.ids["ledger_key"])
    page.locator("[data-verify] [type=submit]").click()
    expect(verdict).to_contain_text(PROVEN[language])
    assert stranger.axe() == []
    assert stranger.overflow() == []
    bent = tmp_path / "bent.zip"
    files = files_of(Path(site.ids["bundle"]).read_bytes())
    first, second, *others = files[EVENTS].splitlines(keepends=True)
    bent.write_bytes(packed({**files, EVENTS: b"".join([second, first, *others])}))
    chosen.set_input_files(bent)
    expect(verdict).to_contain_text(NOT_PROVEN[language])
    swapped = "第 0 条与第 1 条记录的位置被对调" if language == "zh-hans" else "Events 0 and 1 change places"
    expect(verdict).to_contain_text(swapped)
    assert [url for url in sent if "/static/" not in url] == [], "nothing leaves the machine"
