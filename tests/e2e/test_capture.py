"""Papers by a one-time link on a phone: asked for at the desk, coded, photographed, sent over a line that breaks."""

import re
import socket
from urllib.parse import urlsplit

from playwright.sync_api import Page, expect

from tests.messaging.pictures import photo

from .browser import PHONE, Visitor
from .conftest import NewVisitor

MEGABYTE = 1 << 20


def asked(officer: Visitor) -> tuple[str, str]:
    """The link and the code that an officer gets for the borrower's ID card."""
    officer.open("/messages/loans/{loan}/ask/")
    officer.page.locator("form.card button[type=submit]").click()
    link, code = officer.page.locator("#link"), officer.page.locator("#code")
    expect(link).to_be_visible()
    return link.inner_text(), code.inner_text()


def let_in(phone: Visitor, link: str, code: str) -> Page:
    page = phone.page
    page.goto(link)
    assert phone.axe() == []
    assert phone.overflow() == []
    page.locator("form[action$='/code/'] button").click()
    page.locator("#code").fill(code)
    assert phone.axe() == []
    page.locator("form[action$='/enter/'] button").click()
    expect(page.locator("[data-capture]")).to_be_visible()
    return page


def test_a_borrower_sends_a_picture_over_a_line_that_breaks(visitor: NewVisitor) -> None:
    link, code = asked(visitor("officer"))
    phone = visitor("", viewport=PHONE)
    page = let_in(phone, link, code)
    assert phone.axe() == []
    assert phone.overflow() == []
    front = page.locator("[data-want=id_card_front]")
    data, sent = photo(20, 3 * MEGABYTE), []
    page.on("request", lambda asked: sent.append(asked) if asked.method == "PUT" else None)
    front.locator("[data-pick] input").set_input_files({"name": "正面.jpg", "mimeType": "image/jpeg", "buffer": data})
    expect(page.locator("[data-still]")).to_be_visible()
    assert phone.axe() == []
    page.locator("[data-use]").click()
    for pieces in (4, 12, 20):
        page.wait_for_function("n => performance.getEntriesByType('resource').length >= n", arg=pieces)
        phone.context.set_offline(True)
        expect(front.locator(".is-waiting")).to_be_visible()
        phone.context.set_offline(False)
    expect(front.locator("[data-state]")).to_contain_text("1", timeout=60_000)
    expect(front.locator(".is-done")).to_be_visible()
    # Each break repeats one piece at most.
    assert len(sent) <= 3 * MEGABYTE // (64 * 1024) + 2 * 3
    page.get_by_role("button", name=re.compile("我已全部上传")).click()
    expect(page.locator("h1")).to_contain_text("谢谢")
    phone.problems[:] = [each for each in phone.problems if "ERR_INTERNET_DISCONNECTED" not in each]


def test_a_line_that_is_cut_within_a_piece_leaves_whole_pieces(visitor: NewVisitor) -> None:
    """A real server, and a socket that is closed in the middle: what arrived whole is there, nothing else."""
    link, code = asked(visitor("officer"))
    phone = visitor("", viewport=PHONE)
    page = let_in(phone, link, code)
    data = photo(21, 150_000)
    begun = page.evaluate(
        """async ([size]) => {
            const root = document.querySelector('[data-capture]');
            const body = new URLSearchParams({want: 'id_card_front', name: 'a.jpg', size, sha256: '0'.repeat(64)});
            const token = document.querySelector('meta[name="csrf-token"]').content;
            const headers = {Accept: 'application/json', 'X-CSRFToken': token};
            const answer = await fetch(root.dataset.url, {method: 'POST', body, headers});
            return [root.dataset.url, (await answer.json()).id, token];
        }""",
        [len(data)],
    )
    url, upload_id, token = begun
    cookies = "; ".join(f"{one['name']}={one['value']}" for one in phone.context.cookies(link))
    place, host = f"{url}{upload_id}/", urlsplit(link)
    for start, length, whole in ((0, 60_000, True), (60_000, 60_000, False)):
        head = (
            f"PUT {place} HTTP/1.1\r\nHost: {host.netloc}\r\nCookie: {cookies}\r\nX-CSRFToken: {token}\r\n"
            f"X-Start: {start}\r\nContent-Type: application/octet-stream\r\nAccept: application/json\r\n"
            f"Content-Length: {length}\r\nConnection: close\r\n\r\n"
        )
        piece = data[start : start + length]
        with socket.create_connection((host.hostname, host.port or 80), timeout=10) as line:
            line.sendall(head.encode() + (piece if whole else piece[: length // 2]))
            if whole:
                assert line.recv(64).startswith(b"HTTP/1.1 200")
    told = page.evaluate("async place => (await (await fetch(place)).json()).received", place)
    assert told == 60_000


def test_a_link_in_english_and_on_a_computer(visitor: NewVisitor) -> None:
    link, code = asked(visitor("officer"))
    who = visitor("")
    who.speak("en")
    who.page.goto(link)
    expect(who.page.locator("h1")).to_contain_text("Send papers for your loan")
    who.page.get_by_role("button", name="Enter the code").click()
    who.page.locator("#code").fill("000000" if code != "000000" else "111111")
    who.expected_status.add(422)
    who.page.locator("form[action$='/enter/'] button").click()
    expect(who.page.locator("[role=alert]")).to_contain_text("not right")
    who.page.locator("#code").fill(code)
    who.page.locator("form[action$='/enter/'] button").click()
    expect(who.page.locator("[data-want=id_card_back] h2")).to_have_text("ID card, back")
    assert who.axe() == []
