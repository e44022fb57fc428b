"""The review desk by keyboard: from doubt to doubt, from paper to paper, back again; and how long that takes."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, Request, Route, expect

from benchmarks import review

from .browser import PHONE, Visitor
from .conftest import NewVisitor

CARDS = "/archives/next/?kind=id_card_front&assigned=me"
CERTIFICATES = "/archives/next/?kind=vehicle_registration_certificate&assigned=me"


@pytest.fixture
def archivist(visitor: NewVisitor) -> Visitor:
    return visitor("archivist")


def listen(page: Page) -> list[str]:
    """What the page asks of the server from now on, as `METHOD path`."""
    asked: list[str] = []

    def note(request: Request) -> None:
        if "/archives/" in request.url:
            asked.append(f"{request.method} {re.sub(r'[0-9a-f-]{36}', 'ID', request.url.split('/archives/')[1])}")

    page.on("request", note)
    return asked


def ready(page: Page) -> None:
    """This paper was there for a look, and the next one is held ready with its picture."""
    page.locator("[data-desk][data-held][data-seen]").wait_for(state="attached")


def test_a_clean_card_is_one_key_and_three_requests(
    archivist: Visitor, record_property: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    archivist.open(CARDS)
    page = archivist.page
    review.shown(page)
    ready(page)
    asked = listen(page)
    done = review.cleared(page)
    ready(page)
    assert done.keys == 1
    assert sorted(asked) == [
        "GET next/?kind=id_card_front&assigned=me&from=ID",
        "GET papers/ID/pages/1/",
        "POST papers/ID/correct/",
    ]
    expect(page.locator("[data-filed]")).to_contain_text("已归档")
    assert archivist.axe() == []
    report(record_property, capsys, "身份证", done)


def test_a_certificate_is_a_key_a_doubt_and_the_correction(
    archivist: Visitor, record_property: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    archivist.open(CERTIFICATES)
    page = archivist.page
    review.shown(page)
    ready(page)
    truth = review.TRUTH[review.CERTIFICATE]
    expect(page.locator("[name=f_vehicle_type]")).to_be_focused()
    done = review.cleared(page, truth=truth)
    typed = sum(len(each) for each in truth.values())
    assert done.keys == typed + len(review.UNSURE[review.CERTIFICATE]) + 1
    report(record_property, capsys, "登记证书", done)
    # The one before: what was typed stands beside what the machine read, with who and when.
    page.locator("[data-filed] a", has_text="打开材料").click()
    field = page.locator(".desk-field", has=page.locator("[name=f_model]"))
    expect(field).to_contain_text("人工录入")
    expect(field).to_contain_text("archivist 张")
    expect(field.locator(".machine")).to_be_visible()


def report(record_property: Any, capsys: pytest.CaptureFixture[str], name: str, done: review.Cleared) -> None:
    """A machine that does ten things at once proves no time: it is told, and script/bench review claims it."""
    record_property(f"review_{name}_seconds", round(done.seconds, 2))
    with capsys.disabled():
        print(f"\n{name}: {done.seconds:.2f} s, of which the desk {1000 * done.desk:.0f} ms, {done.keys} keys")


def test_what_was_accepted_stays_accepted_when_the_form_is_refused(archivist: Visitor) -> None:
    archivist.open(CERTIFICATES)
    archivist.expected_status |= {422}
    page = archivist.page
    review.shown(page)
    ready(page)
    doubts = page.locator(".desk-field[data-doubt]")
    count = doubts.count()
    assert count
    while doubts.count():
        doubts.first.locator("input, textarea").first.press("Enter")
    page.locator("#id_loan").fill("E2E-NONE")
    page.locator("[data-desk-done]").click()
    expect(page.locator("#id_loan")).to_be_focused()
    expect(page.locator("#id_loan")).to_have_value("E2E-NONE")
    expect(page.locator(".desk-field .accepted:visible")).to_have_count(count)
    expect(page.locator(".desk-field[data-doubt] [name^=f_]")).to_have_count(0)


def test_undo_takes_the_last_value_back_and_then_the_last_filing(archivist: Visitor) -> None:
    archivist.open(CERTIFICATES)
    page = archivist.page
    first = review.shown(page)
    page.keyboard.type("越野客车")
    page.keyboard.press("Enter")
    expect(page.locator("[name=f_model]")).to_be_focused()
    page.keyboard.press("Control+z")
    kind = page.locator("[name=f_vehicle_type]")
    expect(kind).to_be_focused()
    expect(kind).not_to_have_value("越野客车")
    expect(page.locator(".desk-field[data-doubt]")).to_have_count(4)
    review.cleared(page, pace=0)
    # Nothing was changed on the paper that stands there now: undoing means the filing.
    page.keyboard.press("Escape")
    page.keyboard.press("u")
    expect(page.locator("[data-desk]")).to_have_attribute("data-paper", first)
    expect(page.locator(".page-head .st-orange")).to_have_text("待审核")
    expect(page.locator("main")).to_contain_text("已撤销归档")


def test_what_was_saved_and_why_a_paper_came_back_is_seen_before_its_doubts(archivist: Visitor) -> None:
    archivist.open(CERTIFICATES)
    page = archivist.page
    review.shown(page)
    page.locator("[data-check]").get_by_role("button", name="保存").click()
    # Saving vouches for the values, and with that their doubts end.
    expect(page.locator(".note", has_text="已保存。")).to_be_in_viewport()
    expect(page.locator("[data-left]")).to_have_text("无待核对项")
    page.locator("[data-return] summary").click()
    page.locator("[data-return] [name=why]").select_option("incomplete")
    page.get_by_role("button", name="退回重新审核").click()
    page.locator("[data-desk]").wait_for()
    archivist.open(CERTIFICATES)
    expect(page.locator(".note", has_text="退回原因")).to_be_in_viewport()
    assert archivist.axe() == []


def test_one_key_restores_what_the_machine_read(archivist: Visitor) -> None:
    archivist.open(CERTIFICATES)
    page = archivist.page
    review.shown(page)
    owner = page.locator("[name=f_owner_name]")
    was = owner.input_value()
    owner.select_text()
    page.keyboard.type("王改名")
    said = page.locator(".desk-field.on .machine")
    expect(said).to_be_visible()
    box = said.bounding_box()
    assert box is not None
    assert box["height"] < 200, "what the machine read is a line, however the page's own styles name things"
    page.keyboard.press("Alt+o")
    expect(owner).to_have_value(was)
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    page.keyboard.press("u")
    expect(owner).to_be_focused()


def test_keys_lead_from_paper_to_paper_and_back(archivist: Visitor) -> None:
    archivist.open(CARDS)
    page = archivist.page
    first = review.shown(page)
    page.keyboard.press("n")
    second = review.shown(page, after=first)
    assert second != first
    expect(page).to_have_url(re.compile(rf"papers/{second}/\?kind=id_card_front"))
    page.keyboard.press("p")
    assert review.shown(page, after=second) == first
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_contain_text("确认该值")
    assert archivist.axe() == []


def test_two_people_never_get_the_same_paper(archivist: Visitor, visitor: NewVisitor) -> None:
    archivist.open(CARDS)
    taken = review.shown(archivist.page)
    ready(archivist.page)
    boss = visitor("admin")
    boss.open(f"/archives/next/?kind=id_card_front&assigned={boss.site.ids['archivist']}")
    assert review.shown(boss.page) != taken
    boss.open(f"/archives/papers/{taken}/")
    expect(boss.page.locator("main")).to_contain_text("archivist 张 正在处理该材料")


def test_a_paper_whose_picture_has_not_come_is_not_filed(archivist: Visitor) -> None:
    page = archivist.page
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/papers/*/pages/**", hold)
    page.goto(archivist.site.at(CARDS), wait_until="domcontentloaded")
    desk = page.locator("[data-desk]")
    first = desk.get_attribute("data-paper") or "-"
    page.locator("[data-desk-done]").click()
    expect(page.locator(".toasts")).to_contain_text("影像尚未")
    expect(desk).not_to_have_attribute("data-seen", "yes")
    for route in held:
        route.continue_()
    page.unroute("**/papers/*/pages/**")
    expect(desk).to_have_attribute("data-seen", "yes")
    page.locator("[data-desk-done]").click()
    expect(page.locator("[data-filed]")).to_contain_text("已归档")
    expect(desk).not_to_have_attribute("data-paper", first)


def test_a_key_that_is_held_down_files_one_paper(archivist: Visitor) -> None:
    archivist.open(CARDS)
    page = archivist.page
    first = review.shown(page)
    asked = listen(page)
    page.wait_for_timeout(400)
    for _ in range(12):
        page.keyboard.down("Enter")
    page.keyboard.up("Enter")
    review.shown(page, after=first)
    ready(page)
    assert sum(line.startswith("POST papers") for line in asked) == 1


def test_returning_needs_a_reason_and_opens_the_next(archivist: Visitor) -> None:
    archivist.open(CARDS)
    page = archivist.page
    first = review.shown(page)
    page.keyboard.press("r")
    expect(page.locator("#return_why")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.locator("#return_reason").fill("左下角反光")
    page.keyboard.press("Enter")
    assert review.shown(page, after=first) != first
    archivist.open(f"/archives/papers/{first}/")
    expect(page.locator("main")).to_contain_text("影像无法辨认：左下角反光")


def test_a_field_brings_its_box_close_and_a_box_its_field(archivist: Visitor) -> None:
    archivist.open("/archives/papers/{pages}/")
    page = archivist.page
    review.shown(page)
    stage = page.locator("[data-viewer-stage]").first
    expect(page.locator("[name=f_address]")).to_be_focused()
    expect(page.locator(".box.on")).to_have_count(1)
    scale = page.locator("[data-viewer-scale]")
    before = scale.inner_text()
    page.keyboard.press("Alt+Equal")
    page.keyboard.press("Alt+Equal")
    expect(scale).not_to_have_text(before)
    box, frame = page.locator(".box.on").bounding_box(), stage.bounding_box()
    assert box
    assert frame
    page.locator("[name=f_name]").focus()
    box = page.locator(".box.on").bounding_box()
    assert box
    assert frame["x"] <= box["x"] + box["width"] / 2 <= frame["x"] + frame["width"]
    assert frame["y"] <= box["y"] + box["height"] / 2 <= frame["y"] + frame["height"]
    page.keyboard.press("Alt+0")
    expect(scale).to_have_text(before)
    page.keyboard.press("PageDown")
    expect(page.locator("[data-viewer-page='2']")).to_have_attribute("aria-current", "true")
    page.keyboard.press("Alt+c")
    expect(page.locator("[data-viewer-stage]")).to_have_count(2)
    assert archivist.axe() == []
    page.keyboard.press("Alt+c")
    expect(page.locator("[data-viewer-stage]")).to_have_count(1)


def test_words_that_were_searched_for_are_marked_on_the_picture(archivist: Visitor) -> None:
    archivist.open("/archives/papers/{pages}/?q=公民身份")
    expect(archivist.page.locator("rect.mark")).to_have_count(1)


@pytest.mark.parametrize(
    "size",
    [{"width": 1440, "height": 900}, {"width": 1280, "height": 800}, {"width": 390, "height": 844}],
    ids=lambda size: str(size["width"]),
)
@pytest.mark.parametrize("path", [CARDS, CERTIFICATES, "/archives/papers/{pages}/"])
def test_every_value_is_wholly_to_be_seen(visitor: NewVisitor, size: Any, path: str) -> None:
    who = visitor("archivist", viewport=size)
    who.open(path)
    page = who.page
    review.shown(page)
    if path == CERTIFICATES:
        # As wide as a line of the form gets: makes, numbers, and sums in words.
        page.locator("[name=f_model]").fill("SVW7206FPDSVW7206FPD-大众")
        page.locator("[name=f_owner_id]").fill("110101199001011229")
        page.locator("[name=f_owner_name]").fill("壹拾贰万叁仟肆佰伍拾陆元整")
    cut = page.evaluate(
        """() => [...document.querySelectorAll(".check :is(input:not([type=hidden]), textarea, select)")]
            .filter((each) => each.scrollWidth > each.clientWidth || each.scrollHeight > each.clientHeight + 1)
            .map((each) => `${each.name} ${each.scrollWidth} ${each.clientWidth}`)"""
    )
    assert cut == []
    assert who.overflow() == []


def test_a_picture_that_cannot_be_had_is_told_and_nothing_is_filed(archivist: Visitor) -> None:
    page = archivist.page
    archivist.expected_status.add(503)
    page.route("**/papers/*/pages/**", lambda route: route.fulfill(status=503))
    archivist.open(CARDS)
    desk = page.locator("[data-desk]")
    first = desk.get_attribute("data-paper") or "-"
    expect(page.locator(".viewer-broken")).to_contain_text("无法显示本页影像")
    assert archivist.axe() == []
    page.locator("[data-desk-done]").click()
    expect(page.locator(".toasts")).to_contain_text("无法显示该材料的影像")
    page.wait_for_timeout(500)
    expect(desk).to_have_attribute("data-paper", first)
    expect(desk).not_to_have_attribute("data-seen", "yes")
    page.unroute("**/papers/*/pages/**")
    page.locator("[data-viewer-again]").click()
    expect(page.locator(".viewer-broken")).to_have_count(0)
    expect(desk).to_have_attribute("data-seen", "yes")


def test_another_kind_shows_its_fields_at_once_and_keeps_what_was_typed(archivist: Visitor) -> None:
    archivist.open(CARDS)
    page = archivist.page
    first = review.shown(page)
    page.locator("[name=f_name]").fill("王改名")
    page.locator("[name=kind]").select_option("driving_licence")
    expect(page.locator("[name=f_licence_class]")).to_be_visible()
    expect(page.locator("[name=f_name]")).to_have_value("王改名")
    expect(page.locator("[name=kind]")).to_be_focused()
    expect(page.locator("[data-desk]")).to_have_attribute("data-paper", first)
    page.reload()
    expect(page.locator("[name=kind]")).to_have_value("id_card_front")
    expect(page.locator("[name=f_name]")).not_to_have_value("王改名")


def test_a_loan_of_somebody_else_is_named_and_the_right_one_offered(archivist: Visitor) -> None:
    archivist.open(CARDS)
    archivist.expected_status.add(422)
    page = archivist.page
    review.shown(page)
    page.locator("[data-desk][data-seen]").wait_for(state="attached")
    own = page.locator("#id_loan").input_value()
    page.locator("#id_loan").fill("E2E-PAPERS")
    page.locator("[data-desk-done]").click()
    expect(page.locator("#loan_why")).to_contain_text("证件号码")
    expect(page.locator("#id_reason")).to_be_visible()
    assert archivist.axe() == []
    page.locator("[name=use_loan]").click()
    expect(page.locator("#id_loan")).to_have_value(own)
    expect(page.locator("#loan_why")).to_have_count(0)


def test_on_a_phone_the_picture_stays_above_the_values(visitor: NewVisitor) -> None:
    who = visitor("archivist", viewport=PHONE, has_touch=True)
    who.open("/archives/papers/{pages}/")
    page = who.page
    review.shown(page)
    address = page.locator(".desk-field", has=page.locator("[name=f_address]"))
    address.scroll_into_view_if_needed()
    page.locator("[name=f_number]").focus()
    viewer, field = page.locator(".viewer").bounding_box(), page.locator("[name=f_number]").bounding_box()
    assert viewer
    assert field
    assert viewer["y"] >= 0
    assert field["y"] >= viewer["y"] + viewer["height"] - 1
    address.locator("[data-accept-field]").tap()
    expect(address).not_to_have_attribute("data-doubt", "")
    assert who.overflow() == []


def test_without_script_the_form_files_and_leads_on(visitor: NewVisitor) -> None:
    who = visitor("archivist", java_script_enabled=False)
    who.open(CARDS)
    page = who.page
    first = page.locator("[data-desk]").get_attribute("data-paper")
    expect(page.locator(".viewer img").first).to_be_visible()
    page.locator("button[name=file]").click()
    expect(page.locator("[data-filed]")).to_contain_text("已归档")
    assert page.locator("[data-desk]").get_attribute("data-paper") != first
    page.locator("[data-unfile]").click()
    assert page.locator("[data-desk]").get_attribute("data-paper") == first


def test_papers_are_handed_out_by_the_dozen(visitor: NewVisitor) -> None:
    who = visitor("admin")
    who.open("/archives/?state=review")
    page = who.page
    boxes = page.locator("[data-select-row]")
    assert boxes.count() >= 3
    boxes.nth(0).check()
    boxes.nth(2).click(modifiers=["Shift"])
    expect(page.locator("[data-bulk-count]")).to_have_text("已选 3 项")
    page.locator("#assign-member").select_option(label="archivist 张")
    page.get_by_role("button", name="分配", exact=True).click()
    expect(page.locator("main [role=status]").first).to_contain_text("archivist 张")
    assert who.axe() == []


def test_a_list_that_renews_itself_keeps_what_was_chosen_and_where_somebody_stands(visitor: NewVisitor) -> None:
    """While a hundred papers are read the list asks for itself every few seconds."""
    who = visitor("admin")
    who.open("/archives/?state=review")
    page = who.page
    asked = listen(page)
    renew = "document.body.dispatchEvent(new Event('papers-changed'))"
    page.keyboard.press("j")
    page.keyboard.press("j")
    stands = page.locator("tr.at").get_attribute("data-href")
    with page.expect_response(lambda answer: answer.request.headers.get("hx-target") == "papers"):
        page.evaluate(renew)
    expect(page.locator("tr.at")).to_have_attribute("data-href", stands or "")
    page.keyboard.press("j")
    expect(page.locator("tr.at")).not_to_have_attribute("data-href", stands or "")
    page.keyboard.press("x")
    expect(page.locator("[data-bulk-count]")).to_have_text("已选 1 项")
    asked.clear()
    page.evaluate(renew)
    # The head of the queue asks by itself too: when that came, the list would have been asked for as well.
    page.wait_for_function("() => !document.querySelector('.htmx-request')")
    who.settle()
    assert [each for each in asked if "claims" not in each] == ["GET ?state=review"]
    expect(page.locator("[data-bulk-count]")).to_have_text("已选 1 项")
