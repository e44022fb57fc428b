"""Page images with recognised boxes: a box and its field find each other, doubts are accepted one after the other."""

from dataclasses import dataclass

import pytest
from django.template.loader import render_to_string
from django.utils import translation
from playwright.sync_api import expect

from .browser import Visitor
from .conftest import NewVisitor
from .test_upload import FRAME

IMAGE = "<svg xmlns='http://www.w3.org/2000/svg' width='1000' height='600'><circle r='90' fill='white'/></svg>"
FIELDS = """<form data-check>
<div class="desk-field" data-box="0.1,0.1,0.5,0.2" data-page="1">
  <label for="a">姓名</label><input class="form-control" id="a"></div>
<div class="desk-field" data-box="0.1,0.5,0.9,0.6" data-page="1" data-doubt>
  <label for="b">证件号</label><input class="form-control" id="b">
  <label for="b2">已核对</label><input type="checkbox" id="b2" data-accept></div>
<div class="desk-field" data-box="0.2,0.2,0.4,0.3" data-page="2" data-doubt>
  <label for="c">住址</label><input class="form-control" id="c"></div>
<div class="desk-field" data-doubt>
  <label for="d">无框</label><input class="form-control" id="d"></div>
<button type="button" data-desk-done>归档</button></form>"""


@dataclass(frozen=True)
class Sheet:
    number: int
    src: str
    width: int = 1000
    height: int = 600


@pytest.fixture
def desk(visitor: NewVisitor) -> Visitor:
    who = visitor("")
    url = who.site.url
    with translation.override("zh-hans"):
        part = render_to_string(
            "components/viewer.html", {"pages": [Sheet(1, "/desk/1"), Sheet(2, "/desk/2")], "label": "身份证"}
        )
    body = f'<div class="cols cols-desk" data-desk>{part}{FIELDS}</div>'
    html = FRAME.replace("{body}", body).replace("{strings}", "{}").replace("upload.js", "viewer.js")
    html = html.replace("</body>", '<script src="/static/dist/desk.js"></script></body>')
    who.page.route(f"{url}/desk/", lambda route: route.fulfill(body=html, content_type="text/html; charset=utf-8"))
    for number in (1, 2):
        who.page.route(f"{url}/desk/{number}", lambda route: route.fulfill(body=IMAGE, content_type="image/svg+xml"))
    who.page.goto(f"{url}/desk/")
    return who


def test_boxes_stand_where_the_fractions_say(desk: Visitor) -> None:
    stage = desk.page.locator("[data-viewer-stage] svg")
    box = desk.page.locator(".box").first
    expect(desk.page.locator(".box")).to_have_count(2)
    sheet, found = stage.bounding_box(), box.bounding_box()
    assert sheet is not None
    assert found is not None
    assert (found["x"] - sheet["x"]) / sheet["width"] == pytest.approx(0.1, abs=0.01)
    assert (found["y"] - sheet["y"]) / sheet["height"] == pytest.approx(0.1, abs=0.02)
    assert desk.axe() == []


def test_a_field_lights_its_box_and_turns_to_its_page(desk: Visitor) -> None:
    desk.page.locator("#a").focus()
    expect(desk.page.locator(".box.on")).to_have_count(1)
    desk.page.locator("#c").focus()
    expect(desk.page.locator("[data-viewer-page='2']")).to_have_attribute("aria-current", "true")
    expect(desk.page.locator(".box")).to_have_count(1)


def test_a_box_leads_to_its_field(desk: Visitor) -> None:
    desk.page.locator(".box.doubt").click()
    expect(desk.page.locator("#b")).to_be_focused()


def test_enter_accepts_a_doubt_and_goes_to_the_next(desk: Visitor) -> None:
    desk.page.locator("#b").focus()
    desk.page.keyboard.press("Enter")
    expect(desk.page.locator("#b2")).to_be_checked()
    expect(desk.page.locator("#c")).to_be_focused()
    desk.page.keyboard.press("Enter")
    expect(desk.page.locator("#d")).to_be_focused()
    desk.page.keyboard.press("Enter")
    expect(desk.page.locator("[data-desk-done]")).to_be_focused()
    expect(desk.page.locator("[data-doubt]")).to_have_count(0)


def test_the_page_turns_and_its_boxes_with_it(desk: Visitor) -> None:
    desk.page.get_by_role("button", name="旋转").click()
    stage = desk.page.locator("[data-viewer-stage] svg")
    sheet, found = stage.bounding_box(), desk.page.locator(".box").first.bounding_box()
    assert sheet is not None
    assert found is not None
    assert sheet["height"] > sheet["width"]
    # Turned to the right, what was at the top left is at the top right.
    assert (found["x"] + found["width"] - sheet["x"]) / sheet["width"] == pytest.approx(0.9, abs=0.02)


def test_larger_smaller_and_fit(desk: Visitor) -> None:
    width = "() => document.querySelector('[data-viewer-stage] svg').getBoundingClientRect().width"
    fitted = desk.page.evaluate(width)
    desk.page.get_by_role("button", name="放大").click()
    assert desk.page.evaluate(width) == pytest.approx(fitted * 1.3, rel=0.02)
    desk.page.get_by_role("button", name="适应窗口").click()
    assert desk.page.evaluate(width) == pytest.approx(fitted, rel=0.02)
