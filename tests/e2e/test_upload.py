"""The drop zone in a real browser, against answers that a bad day brings: slow, lost, refused, unsettled."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.template.loader import render_to_string
from django.utils import translation
from playwright.sync_api import Route, expect

from carloan.core.pages.words import SCRIPT_WORDS

from .browser import Visitor
from .conftest import NewVisitor

FRAME = """<!doctype html><html lang="zh-hans"><head><meta charset="utf-8"><meta name="csrf-token" content="token-1">
<title>-</title><link rel="stylesheet" href="/static/dist/app.css"></head><body><main><h1>-</h1>{body}</main>
<script type="application/json" id="strings">{strings}</script><script src="/static/dist/upload.js"></script>
</body></html>"""


@dataclass
class Desk:
    """The page, and a server that answers each posted file with the next prepared answer (201 when none is left)."""

    who: Visitor
    answers: list[Any] = field(default_factory=list)
    posts: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    polls: list[list[dict[str, Any]]] = field(default_factory=list)
    asked: list[list[str]] = field(default_factory=list)
    held: list[Route] = field(default_factory=list)
    hold: bool = False

    def serve(self, body: str) -> None:
        url = self.who.site.url
        with translation.override("zh-hans"):
            strings = json.dumps({key: str(word) for key, word in SCRIPT_WORDS.items()})
        html = FRAME.replace("{body}", body).replace("{strings}", strings)
        page = self.who.page
        page.route(f"{url}/desk/", lambda route: route.fulfill(body=html, content_type="text/html; charset=utf-8"))
        page.route(f"{url}/desk/post/", self._take)
        page.route(f"{url}/desk/poll/?*", self._look)
        page.goto(f"{url}/desk/")

    def _take(self, route: Route) -> None:
        self.posts.append(
            route.request.post_data_buffer.decode(errors="replace") if route.request.post_data_buffer else ""
        )
        self.headers.append(route.request.headers)
        if self.hold:
            self.held.append(route)
        else:
            self.answer(route)

    def _look(self, route: Route) -> None:
        self.asked.append(parse_qs(urlsplit(route.request.url).query)["id"])
        route.fulfill(json={"papers": self.polls.pop(0)})

    def answer(self, route: Route) -> None:
        answer = self.answers.pop(0) if self.answers else (201, {"id": "1", "state": "filed", "label": "已归档"})
        if answer == "lost":
            route.abort("connectionreset")
        else:
            route.fulfill(status=answer[0], json=answer[1])

    def drop(self, *names: str) -> None:
        files = [{"name": name, "mimeType": "image/png", "buffer": b"\x89PNG" + name.encode()} for name in names]
        self.who.page.locator("input[type=file]").set_input_files(files)  # type: ignore[arg-type]

    def line(self, name: str) -> Any:
        return self.who.page.locator(".uploads li", has_text=name)


@pytest.fixture
def desk(visitor: NewVisitor) -> Iterator[Desk]:
    desk = Desk(visitor(""))
    desk.who.expected_status = {503, 413, 422}
    with translation.override("zh-hans"):
        body = render_to_string(
            "components/dropzone.html",
            {"url": "/desk/post/", "list": "files", "extra": [("loan", "HT-1")], "csrf_token": "x"},
        )
    desk.serve(body)
    yield desk
    desk.who.problems = [each for each in desk.who.problems if "net::ERR_CONNECTION_RESET" not in each]


def test_a_file_is_sent_with_its_fields_and_told_as_the_server_says(desk: Desk) -> None:
    desk.drop("a.png")
    expect(desk.line("a.png").locator(".st-green")).to_have_text("已归档")
    assert 'name="loan"' in desk.posts[0]
    assert 'filename="a.png"' in desk.posts[0]
    assert desk.headers[0]["x-csrftoken"] == "token-1"
    assert desk.headers[0]["accept"] == "application/json"
    assert desk.who.axe() == []


def test_three_go_at_a_time_and_the_rest_wait(desk: Desk) -> None:
    desk.hold = True
    desk.drop(*(f"{number}.png" for number in range(7)))
    expect(desk.who.page.locator(".uploads .st-blue")).to_have_count(3)
    expect(desk.who.page.locator(".uploads .st", has_text="等待中")).to_have_count(4)
    # The page tells of a beginning before the browser tells us of its request.
    for _ in range(100):
        if len(desk.held) >= 3:
            break
        desk.who.page.wait_for_timeout(50)
    assert len(desk.held) == 3
    # All bytes are sent, and still nothing is called stored.
    expect(desk.who.page.locator(".uploads .st-green")).to_have_count(0)
    desk.hold = False
    for route in desk.held:
        desk.answer(route)
    expect(desk.who.page.locator(".uploads .st-green")).to_have_count(7)
    assert len(desk.posts) == 7


def test_a_lost_answer_and_an_overloaded_server_are_tried_again(desk: Desk) -> None:
    desk.answers = ["lost", (503, {"error": {"message": "busy"}})]
    desk.drop("again.png")
    expect(desk.line("again.png").locator(".st-green")).to_be_visible(timeout=15_000)
    assert len(desk.posts) == 3


def test_after_the_last_try_the_person_decides(desk: Desk) -> None:
    desk.answers = ["lost", "lost", "lost"]
    desk.drop("gone.png")
    again = desk.line("gone.png").get_by_role("button", name="重试")
    expect(again).to_be_visible(timeout=15_000)
    expect(desk.line("gone.png").locator(".why")).to_contain_text("数据未丢失")
    again.click()
    expect(desk.line("gone.png").locator(".st-green")).to_be_visible()


def test_a_refused_file_says_why_and_is_not_sent_again(desk: Desk) -> None:
    desk.answers = [(422, {"error": {"code": "unreadable", "message": "文件已损坏，无法打开。"}})]
    # One after the other: of two files that go at once, either may arrive first.
    desk.drop("broken.png")
    expect(desk.line("broken.png").locator(".st-red")).to_be_visible()
    desk.drop("good.png")
    expect(desk.line("broken.png").locator(".why")).to_have_text("文件已损坏，无法打开。")
    expect(desk.line("broken.png").get_by_role("button")).to_have_count(0)
    expect(desk.line("good.png").locator(".st-green")).to_be_visible()
    assert len(desk.posts) == 2


def test_what_is_wrong_with_each_file_of_an_archive_is_told(desk: Desk) -> None:
    lines = ["合同.docx：Office 文件不予接收。", "说明.txt：文件内容不是图片。"]
    none = "2 个文件均无法接收。"
    nothing = {"code": "nothing_taken", "message": none, "fields": {"file": lines}}
    vague = {"code": "invalid", "message": "填写内容有误。", "fields": {"loan": ["没有该贷款。"]}}
    desk.answers = [(422, {"error": nothing}), (422, {"error": vague})]
    desk.drop("a.zip")
    expect(desk.line("a.zip").locator(".why")).to_have_text(" ".join([none, *lines]))
    desk.drop("b.png")
    expect(desk.line("b.png").locator(".why")).to_have_text("没有该贷款。")


def test_a_state_that_is_not_settled_is_asked_for_until_it_is(desk: Desk) -> None:
    desk.answers = [(201, {"id": "1", "state": "received", "label": "已接收", "url": "/paper/", "poll": "/desk/poll/"})]
    desk.polls = [
        [{"id": "1", "state": "recognising", "label": "识别中"}],
        [{"id": "1", "state": "review", "label": "待复核：身份证", "message": ""}],
    ]
    desk.drop("id.png")
    expect(desk.line("id.png").locator(".st-orange")).to_have_text("待复核：身份证", timeout=15_000)
    expect(desk.line("id.png").locator("a")).to_have_attribute("href", "/paper/")
    assert desk.polls == []


def test_one_question_asks_for_all_lines_and_tells_each(desk: Desk) -> None:
    busy = [{"id": str(n), "state": "received", "label": "已接收", "poll": "/desk/poll/"} for n in (1, 2, 1)]
    desk.answers = [(201, each) for each in busy]
    desk.hold = True
    desk.polls = [
        [{"id": "1", "state": "filed", "label": "已归档"}, {"id": "2", "state": "received", "label": "已接收"}],
        [{"id": "2", "state": "refused", "label": "已拒收", "message": "文件已加密。"}],
    ]
    desk.drop("one.png", "two.png", "again.png")
    expect(desk.who.page.locator(".uploads .st-blue")).to_have_count(3)
    for _ in range(100):
        if len(desk.held) == 3:
            break
        desk.who.page.wait_for_timeout(50)
    for route in desk.held:
        desk.answer(route)
    expect(desk.who.page.locator(".uploads .st-green")).to_have_count(2, timeout=15_000)
    expect(desk.line("two.png").locator(".why")).to_have_text("文件已加密。", timeout=15_000)
    assert desk.asked == [["1", "2"], ["2"]]


def test_who_is_signed_out_meanwhile_drops_nothing_again(desk: Desk) -> None:
    desk.who.expected_status |= {401}
    desk.answers = [(401, {"error": {"message": "请先登录。"}})]
    desk.who.page.evaluate("document.addEventListener('carloan:signed-out', () => document.body.dataset.told = 'yes')")
    desk.drop("kept.png")
    line = desk.line("kept.png")
    expect(line.locator(".why")).to_have_text("请先登录。")
    expect(desk.who.page.locator("main [data-unsent]")).to_have_count(1)
    expect(desk.who.page.locator("body")).to_have_attribute("data-told", "yes")
    line.get_by_role("button", name="重试").click()
    expect(line.locator(".st-green")).to_be_visible()
    expect(desk.who.page.locator("[data-unsent]")).to_have_count(0)


def test_files_dropped_anywhere_on_the_page_are_taken(desk: Desk) -> None:
    desk.who.page.evaluate(
        """() => {
            const data = new DataTransfer();
            data.items.add(new File(['x'], 'dropped.png', {type: 'image/png'}));
            const event = kind => document.body.dispatchEvent(
                new DragEvent(kind, {dataTransfer: data, bubbles: true, cancelable: true}));
            event('dragover'); event('drop');
        }"""
    )
    expect(desk.line("dropped.png").locator(".st-green")).to_be_visible()


def test_one_line_tells_how_far_all_files_are(desk: Desk) -> None:
    read = {"id": "1", "state": "recognising", "label": "识别中", "url": "/paper/", "poll": "/desk/poll/"}
    told = [(201, read), (201, {"state": "filed", "label": "已归档"}), (422, {"error": {"message": "文件已损坏。"}})]
    desk.answers = [*told, (201, {"state": "review", "label": "待审核"}), (500, {"error": {"message": "出错了。"}})]
    desk.answers.append((500, {"error": {"message": "出错了。"}}))
    desk.polls = [[{**read, "state": "review", "label": "待审核：身份证"}]]
    desk.who.expected_status |= {500}
    desk.hold = True
    desk.drop(*(f"{number}.png" for number in range(6)))
    sum_line = desk.who.page.locator("[data-upload-sum]")
    expect(sum_line.get_by_role("status")).to_have_text("已存档 0 / 6")
    desk.hold = False
    expect(desk.who.page.locator(".uploads .st-blue")).to_have_count(3)
    for route in list(desk.held):
        desk.answer(route)
    expect(sum_line.get_by_role("status")).to_have_text(
        "已存档 3 / 6 · 未能存档 3 · 已归档 1 · 待审核 2", timeout=15_000
    )
    assert sum_line.locator("progress").evaluate("bar => [bar.value, bar.max]") == [6, 6]
    assert desk.who.axe() == []
    # What may go better the next time goes again with one button; what is wrong with a file does not.
    sum_line.get_by_role("button", name="全部重试").click()
    expect(sum_line.get_by_role("status")).to_contain_text("已存档 5 / 6 · 未能存档 1")
    assert len(desk.posts) == 8


def test_a_folder_that_is_dropped_is_the_files_in_it(desk: Desk, tmp_path: Path) -> None:
    inside = tmp_path / "客户材料" / "第二笔"
    inside.mkdir(parents=True)
    for name in ("客户材料/a.png", "客户材料/第二笔/b.png", "客户材料/.DS_Store", "客户材料/Thumbs.db"):
        (tmp_path / name).write_bytes(b"\x89PNG" + name.encode())
    page = desk.who.page
    area = page.locator(".drop").bounding_box()
    assert area
    link = page.context.new_cdp_session(page)
    carried = {"items": [], "files": [str(tmp_path / "客户材料")], "dragOperationsMask": 1}
    for kind in ("dragEnter", "dragOver", "drop"):
        link.send("Input.dispatchDragEvent", {"type": kind, "x": area["x"] + 9, "y": area["y"] + 9, "data": carried})
    expect(desk.line("a.png").locator(".st-green")).to_be_visible()
    expect(desk.line("b.png").locator(".st-green")).to_be_visible()
    expect(page.locator(".uploads > li")).to_have_count(2)


def test_leaving_while_files_are_on_their_way_is_asked_about(desk: Desk) -> None:
    desk.hold = True
    desk.who.page.on("dialog", lambda dialog: dialog.accept())
    desk.drop("slow.png")
    expect(desk.line("slow.png").locator(".st-blue")).to_be_visible()
    desk.who.page.locator("h1").click()
    with desk.who.page.expect_event("dialog") as asked:
        desk.who.page.close(run_before_unload=True)
    assert asked.value.type == "beforeunload"
