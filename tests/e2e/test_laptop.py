"""What has to fit on a laptop of 1280 pixels in English, the longer language: nothing is to be scrolled sideways."""

from playwright.sync_api import Locator, Page

from .browser import DESK, LAPTOP, Visitor
from .conftest import NewVisitor

# The longest that a real book has had in a row of its list.
LONG_ROW = ["CAR-2026-110-0706-0000071", "宁波卓丰建材有限公司", "比亚迪 秦PLUS BYD7150WT6HEVC2", "To be paid out",
            "¥1,250,000.00", "¥1,249,999.99", "1,204", "2026-11-27", "宁波海曙支行"]  # fmt: skip


def on_a_laptop(who: Visitor, path: str) -> Visitor:
    who.speak("en")
    who.page.set_viewport_size(LAPTOP)  # type: ignore[arg-type]
    who.open(path)
    return who


def wider(who: Visitor) -> list[int]:
    """By how much tables are wider than their places."""
    who.settle()
    found: list[int] = who.page.locator(".table-wrap").evaluate_all(
        "wraps => wraps.map(each => each.scrollWidth - each.clientWidth).filter(Boolean)"
    )
    return found


def test_the_list_of_loans_is_as_wide_as_its_card(visitor: NewVisitor) -> None:
    who = on_a_laptop(visitor("officer"), "/loans/")
    who.page.locator("tbody tr").first.evaluate(
        """(row, texts) => texts.forEach((text, at) => {
            (row.cells[at].querySelector('a, .clip, .st') ?? row.cells[at]).textContent = text;
        })""",
        LONG_ROW,
    )
    assert wider(who) == []


def test_the_rights_of_all_roles_stand_beside_each_other(visitor: NewVisitor) -> None:
    for role in ("admin", "compliance"):
        who = on_a_laptop(visitor(role), "/roles/")
        assert who.page.locator(".matrix thead th").count() == 8
        assert wider(who) == []
        first = who.page.locator('.matrix th[scope="row"]').first
        assert first.evaluate("each => getComputedStyle(each).position") == "sticky"


def cut_values(page: Page) -> list[str]:
    """Values of the desk that do not fit their fields."""
    cut: list[str] = page.locator(".desk-field input").evaluate_all(
        "inputs => inputs.filter(each => each.scrollWidth > each.clientWidth).map(each => each.value)"
    )
    return cut


def test_a_card_at_the_desk_gets_the_room_it_needs(visitor: NewVisitor) -> None:
    who = on_a_laptop(visitor("archivist"), "/archives/papers/{paper}/")
    stage = who.page.locator("[data-viewer-stage]")
    who.page.locator("[data-viewer-stage][data-ready]").wait_for()
    side, navigation = who.page.locator("[data-side-toggle]"), who.page.locator(".side")

    def width_of(each: Locator) -> float:
        box = each.bounding_box()
        assert box is not None
        return box["width"]

    assert width_of(navigation) == 60
    assert width_of(stage) > 730
    assert width_of(who.page.locator(".viewer-sheet")) > 720
    # Every number stands there whole, on a larger screen too.
    for size in (LAPTOP, DESK):
        who.page.set_viewport_size(size)  # type: ignore[arg-type]
        assert cut_values(who.page) == []
    who.page.set_viewport_size(LAPTOP)  # type: ignore[arg-type]
    assert who.overflow() == []
    # Whoever wants the navigation wide has it wide, from then on.
    side.click()
    assert width_of(navigation) == 216
    who.page.reload()
    assert width_of(navigation) == 216
    who.open("/loans/")
    assert width_of(navigation) == 216
