"""Papers that lie on a table, lean, or share a photo: each is laid straight by itself, boxes fit what is shown."""

import io
import math
from collections.abc import Callable
from random import Random
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

from carloan.archives.recognition import media, pages, rectify
from carloan.archives.recognition.recognise import Recognition, recognise
from carloan.archives.recognition.sheet import Corners
from carloan.demonstration import papers
from carloan.demonstration.specimens import Specimen
from carloan.lib.nursery import Frame
from tests.archives.specimens import TODAY, deal, drawn

Pixels = npt.NDArray[np.uint8]
DESK = (74, 62, 54)


def picture(image: Any) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(np.asarray(image, dtype=np.uint8)).save(buffer, "PNG")
    return buffer.getvalue()


def on_a_desk(cards: list[tuple[Pixels, Corners]], size: tuple[int, int], *, noise: float = 4.0) -> Pixels:
    """Cards seen with their corners (pixels) on a desk with some grain and uneven light."""
    width, height = size
    grain = np.random.default_rng(1)
    scene = np.full((height, width, 3), DESK, dtype=np.float32) + grain.normal(0, noise, (height, width, 1))
    for card, corners in cards:
        high, wide = card.shape[:2]
        source = np.array([(0, 0), (wide, 0), (wide, high), (0, high)], np.float32)
        shape = cv2.getPerspectiveTransform(source, np.array(corners, np.float32))
        seen = cv2.warpPerspective(card.astype(np.float32), shape, size)
        mask = cv2.warpPerspective(np.ones((high, wide), np.float32), shape, size)[..., None]
        scene = scene * (1 - mask) + seen * mask
    light = np.linspace(1.0, 0.7, width, dtype=np.float32)[None, :, None]
    return np.clip(scene * light, 0, 255).astype(np.uint8)


def around(x: float, y: float, wide: float, high: float, degrees: float) -> Corners:
    """The corners of a card with its middle here, turned clockwise."""
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    a, b, c, d = (
        (x + u * wide / 2 * cos - v * high / 2 * sin, y + u * wide / 2 * sin + v * high / 2 * cos)
        for u, v in ((-1, -1), (1, -1), (1, 1), (-1, 1))
    )
    return a, b, c, d


def card(facts: Any) -> tuple[Specimen, Pixels]:
    specimen, _ = drawn(facts)
    return specimen, np.asarray(specimen.image.convert("RGB"))


def frames(data: bytes, **options: Any) -> list[Frame]:
    return list(pages.pages(data, media=media.sniff(data), **options))


def shown(data: bytes, result: Recognition, number: int) -> Pixels:
    """What a person sees of a sheet, drawn from its corners as archives/services/viewing.py does."""
    sheet = result.sheets[number - 1]
    view = {"corners": sheet.corners, "width": sheet.width, "height": sheet.height} if sheet.corners else {}
    ((head, body),) = frames(data, first=sheet.source, last=sheet.source, view=view)
    return np.frombuffer(body, np.uint8).reshape(int(head["height"]), int(head["width"]), 3)


def test_the_corners_of_a_paper_on_a_desk_are_found_where_they_are() -> None:
    _, face = card(papers.id_card_front(deal().buyer))
    truth: Corners = ((210.0, 160.0), (1180.0, 230.0), (1120.0, 850.0), (150.0, 760.0))
    found = rectify.outline(on_a_desk([(face, truth)], (1400, 1000)))
    assert found is not None
    # The outline keeps a margin of 0.6 % of the paper on each side.
    assert np.allclose([(x * 1400, y * 1000) for x, y in found], truth, atol=16)


def test_a_scan_is_left_as_it_is() -> None:
    _, face = card(papers.vehicle_sales_invoice(Random(1), deal()))
    assert rectify.outline(face) is None
    assert rectify.outline(np.full((900, 700, 3), 255, np.uint8)) is None


def test_nothing_is_cut_away_while_something_is_written_beside_the_paper() -> None:
    _, face = card(papers.id_card_front(deal().buyer))
    scene = on_a_desk([(face, around(560, 500, 900, 570, 2))], (1600, 1000))
    assert rectify.outline(scene) is not None
    for row in range(8):
        cv2.putText(scene, "NOTES 2026-11-22", (1060, 120 + row * 110), cv2.FONT_HERSHEY_SIMPLEX, 1.8, (250,) * 3, 5)
    assert rectify.outline(scene) is None


def test_print_in_a_shadow_is_not_cut_away_with_it() -> None:
    face = np.full((1600, 860, 3), 236, np.uint8)
    for row in range(20):
        cv2.putText(face, "AB12CD34", (50, 100 + 70 * row), cv2.FONT_HERSHEY_SIMPLEX, 1.3, (150, 150, 152), 3)
    scene = on_a_desk([(face, ((80.0, 100.0), (940.0, 100.0), (940.0, 1700.0), (80.0, 1700.0)))], (1020, 1800))
    shaded = scene.copy()
    shaded[:, :520] = shaded[:, :520] * 0.4
    share = rectify.SMALL / 1800
    sides = ((520, 100), (940, 100), (940, 1700), (520, 1700))
    lit = np.array([(x * share, y * share) for x, y in sides], np.float32)
    assert rectify._strokes_beside(rectify._shrunk(shaded), lit) > rectify.MOST_OUTSIDE
    # The grain of the table is none.
    bare = on_a_desk([], (1020, 1800), noise=8.0)
    assert rectify._strokes_beside(rectify._shrunk(bare), lit) < rectify.MOST_OUTSIDE / 4


def test_two_cards_on_a_desk_are_not_taken_for_one() -> None:
    _, face = card(papers.id_card_front(deal().buyer))
    _, back = card(papers.id_card_back(deal().buyer))
    scene = on_a_desk([(face, around(430, 300, 700, 440, 3)), (back, around(1200, 330, 700, 440, -4))], (1600, 640))
    assert rectify.outline(scene) is None
    assert len(rectify.cards(scene)) == 2


def test_corners_go_through_turns_and_windows_and_come_back() -> None:
    outer: Corners = ((0.1, 0.2), (0.8, 0.1), (0.9, 0.9), (0.2, 0.8))
    assert rectify.within(outer, rectify.WHOLE) == outer
    assert rectify.turned(rectify.turned(outer, 90), 270) == outer
    assert rectify.turned(outer, 90)[0] == outer[3]
    inner = rectify.within(outer, ((0.0, 0.0), (0.5, 0.0), (0.5, 1.0), (0.0, 1.0)))
    assert inner[0] == outer[0]
    assert inner[3] == outer[3]
    box = (0.2, 0.3, 0.6, 0.5)
    assert np.allclose(rectify.moved_box(box, rectify.WHOLE, rectify.WHOLE), box)


def test_a_levelled_page_loses_nothing() -> None:
    corners, width, height = rectify.levelled(1000, 600, math.radians(10))
    inside = rectify.moved(rectify.WHOLE, corners, rectify.WHOLE)
    assert all(-1e-6 <= x <= 1 + 1e-6 and -1e-6 <= y <= 1 + 1e-6 for x, y in inside)
    assert (width, height) == (1089, 765)


@pytest.mark.ocr
@pytest.mark.parametrize("degrees", [-24.0, 7.0, 96.0, 183.0])
def test_a_card_seen_askew_is_read_and_its_boxes_lie_on_what_is_shown(degrees: float) -> None:
    specimen, face = card(papers.id_card_front(deal().buyer))
    data = picture(on_a_desk([(face, around(800, 750, 1000, 630, degrees))], (1600, 1500)))
    result = recognise(data, media.PNG, today=TODAY)
    assert result.kind == "id_card_front"
    assert {name: str(result.fields[name].value) for name in ("name", "number")} == {
        name: str(specimen.fields[name].value) for name in ("name", "number")
    }
    (sheet,) = result.sheets
    assert sheet.corners is not None
    seen = shown(data, result, 1)
    assert seen.shape[:2] == (sheet.height, sheet.width)
    box = result.fields["number"].box
    assert box is not None
    x0, y0, x1, y1 = (round(edge * side) for edge, side in zip(box, (sheet.width, sheet.height) * 2, strict=True))
    # Upright digits in one row: wide, and dark on light in the middle of the box.
    assert x1 - x0 > 8 * (y1 - y0)
    assert np.ptp(seen[(y0 + y1) // 2, x0:x1].mean(axis=1)) > 80


def test_a_page_is_drawn_as_it_came_for_whoever_asks() -> None:
    _, face = card(papers.id_card_front(deal().buyer))
    scene = on_a_desk([(face, around(700, 500, 1000, 630, 8))], (1400, 1000))
    ((cut, _),) = frames(picture(scene))
    ((whole, body),) = frames(picture(scene), view={})
    assert cut["corners"] is not None
    assert whole["corners"] is None
    assert np.array_equal(np.frombuffer(body, np.uint8).reshape(scene.shape), scene)
    ((again, other),) = frames(
        picture(scene), view={"corners": cut["corners"], "width": cut["width"], "height": cut["height"]}
    )
    assert (again["width"], again["height"]) == (cut["width"], cut["height"])
    assert other == frames(picture(scene))[0][1]


def test_what_was_pixelated_before_stays_obscured_after_the_page_was_laid_straight() -> None:
    _, face = card(papers.id_card_front(deal().buyer))
    scene = on_a_desk([(face, around(700, 500, 1100, 690, 5))], (1400, 1000), noise=1.0)
    rows, columns = slice(440, 560), slice(420, 780)
    grain = np.random.default_rng(2).integers(60, 200, (6, 18, 3))
    scene[rows, columns] = np.kron(grain, np.ones((20, 20, 1))).astype(np.uint8)
    ((head, _),) = frames(picture(scene))
    assert head["corners"] is not None
    hidden = rectify.moved(((600 / 1400, 500 / 1000),), head["corners"], rectify.WHOLE)[0]
    assert any(x0 <= hidden[0] <= x1 and y0 <= hidden[1] <= y1 for x0, y0, x1, y1 in head["obscured"])


def copied(faces: list[Pixels]) -> Pixels:
    """Cards copied one below the other on A4."""
    sheet = np.full((1754, 1240, 3), 252, np.uint8)
    for place, face in enumerate(faces):
        small = cv2.resize(face, (640, round(face.shape[0] * 640 / face.shape[1])), interpolation=cv2.INTER_AREA)
        top = 200 + place * (1400 // len(faces))
        sheet[top : top + small.shape[0], 300:940] = small
    return sheet


Scene = Callable[[Pixels, Pixels], Pixels]
SCENES: dict[str, Scene] = {
    "copied on one sheet": lambda front, back: copied([front, back]),
    "side by side on a desk": lambda front, back: on_a_desk(
        [(front, around(520, 400, 860, 540, 4)), (back, around(1500, 420, 860, 540, -6))], (2040, 820)
    ),
    "one of them upside down": lambda front, back: on_a_desk(
        [(front, around(520, 400, 860, 540, 2)), (back, around(1500, 420, 860, 540, 178))], (2040, 820)
    ),
}


@pytest.mark.ocr
@pytest.mark.parametrize("scene", SCENES)
def test_both_sides_of_a_card_on_one_picture_are_one_paper_of_two_pages(scene: str) -> None:
    buyer = deal().buyer
    front, face = card(papers.id_card_front(buyer))
    back, rear = card(papers.id_card_back(buyer))
    result = recognise(picture(SCENES[scene](face, rear)), media.PNG, today=TODAY)
    assert (result.kind, result.faults) == ("id_card_front", [])
    assert [sheet.source for sheet in result.sheets] == [1, 1]
    assert [sheet.number for sheet in result.sheets] == [1, 2]
    truth = {name: str(field.value) for name, field in (front.fields | back.fields).items()}
    assert {name: str(field.value) for name, field in result.fields.items()} == truth
    for name, field in result.fields.items():
        words = result.sheets[field.page - 1].text
        assert ("公民身份" in words) == (name in front.fields)


@pytest.mark.ocr
def test_cards_of_two_people_are_cut_apart_and_never_joined() -> None:
    one, other = deal(1).buyer, deal(3).buyer
    first, face = card(papers.id_card_front(one))
    second, rear = card(papers.id_card_front(other))
    result = recognise(picture(copied([face, rear])), media.PNG, today=TODAY)
    assert len(result.sheets) == 2
    assert {name: str(field.value) for name, field in result.fields.items()} == {
        name: str(field.value) for name, field in first.fields.items()
    }
    assert "pages_disagree" in {fault.code for fault in result.faults}
    assert str(second.fields["number"].value) in result.sheets[1].text


@pytest.mark.ocr
def test_cards_of_different_kinds_on_one_picture_go_to_a_person_with_the_values_of_one() -> None:
    one = deal()
    front, face = card(papers.id_card_front(one.buyer))
    _, other = card(papers.driving_licence(Random(1), one.buyer, TODAY))
    result = recognise(picture(copied([face, other])), media.PNG, today=TODAY)
    assert len(result.sheets) == 2
    assert result.kind == "id_card_front"
    assert "kinds_mixed" in {fault.code for fault in result.faults}
    assert set(result.fields) <= set(front.fields)
    assert {field.page for field in result.fields.values()} == {1}


@pytest.mark.ocr
def test_the_two_pages_of_a_licence_side_by_side_stay_one_page() -> None:
    _, data = drawn(papers.vehicle_licence(Random(1), deal(), TODAY), photographed=True)
    assert len(recognise(data, media.sniff(data), today=TODAY).sheets) == 1
