"""A paper that lies on a table or leans is laid straight. Corners are fractions of the page as it was received.

Four corners say everything that was done to a page, so that the same picture can be drawn again at any time: they are
the places on the received page that become the upper left, upper right, lower right and lower left of the shown one.
Runs in the sandbox's child too and knows no settings.
"""

import math
from collections.abc import Iterator, Sequence
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from carloan.archives.recognition.sheet import Box, Corners, Point, Turn

Pixels = npt.NDArray[np.uint8]
Plane = npt.NDArray[np.uint8]
Quad = npt.NDArray[np.float32]

WHOLE: Final[Corners] = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))
# Outlines are looked for on a small picture: the table's grain is gone there, the paper's edge is not.
SMALL: Final = 480
# Of the picture: an outline that is smaller is a thing on a paper, one that is larger is the picture's own edge.
LEAST_AREA, MOST_AREA = 0.3, 0.96
CARD_AREA: Final = (0.035, 0.48)
CARD_SHAPE: Final = (1.2, 2.0)
# How much of each side must be a visible edge, and how well four straight sides must fit what was found.
LEAST_EDGE: Final = 0.7
LEAST_FIT: Final = 0.9
STEP: Final = 6.0
# Strokes on the table beside the paper: more of them and something that is said there would be lost.
MOST_OUTSIDE: Final = 0.012
# A stroke differs from its ground by such a share of it, and by so many levels at least, or so many at all.
STROKE: Final = 0.18
STROKES: Final = (8, 28)
# A little of the table stays, so that a character at the paper's edge is not cut.
MARGIN: Final = 0.006
WHITE: Final = (255, 255, 255)


def outline(pixels: Pixels) -> Corners | None:
    """The corners of the one paper that lies in this picture; None when the picture is the paper (about 20 ms)."""
    small = _shrunk(pixels)
    lab = cv2.cvtColor(small, cv2.COLOR_RGB2LAB).astype(np.float32)
    quads = [quad for quad in _quadrilaterals(small) if _is_seen(lab, quad)]
    size = small.shape[0] * small.shape[1]
    found = [quad for quad in quads if LEAST_AREA < cv2.contourArea(quad) / size < MOST_AREA]
    if not found:
        return None
    best = max(found, key=cv2.contourArea)
    if any(not _meets(best, other) for other in quads) or _strokes_beside(small, best) > MOST_OUTSIDE:
        return None
    return _fractions(_widened(best, MARGIN), small)


def cards(pixels: Pixels) -> list[Corners]:
    """The outlines of things shaped like cards, none lying in another, from the top down."""
    small = _shrunk(pixels)
    size = small.shape[0] * small.shape[1]
    found: list[Quad] = []
    for quad in sorted(_quadrilaterals(small), key=cv2.contourArea, reverse=True):
        area = cv2.contourArea(quad) / size
        if CARD_AREA[0] < area < CARD_AREA[1] and _is_card(quad) and not any(_meets(quad, one) for one in found):
            found.append(quad)
    found.sort(key=lambda quad: (float(quad[:, 1].min()), float(quad[:, 0].min())))
    return [_fractions(_widened(quad, 3 * MARGIN), small) for quad in found]


def warp(pixels: Pixels, corners: Corners, width: int, height: int) -> Pixels:
    """The picture between four corners, laid straight; white where the received page has nothing."""
    down, across = pixels.shape[:2]
    source = np.array([(x * across, y * down) for x, y in corners], dtype=np.float32)
    target = np.array([(0, 0), (width, 0), (width, height), (0, height)], dtype=np.float32)
    shape = cv2.getPerspectiveTransform(source, target)
    return np.asarray(cv2.warpPerspective(pixels, shape, (width, height), borderValue=WHITE), dtype=np.uint8)


def extent(corners: Corners, width: int, height: int, *, longest: int) -> tuple[int, int]:
    """Pixels across and down between the corners on a page of this size, at most `longest`."""
    a, b, c, d = ((x * width, y * height) for x, y in corners)
    across, down = max(math.dist(a, b), math.dist(d, c)), max(math.dist(a, d), math.dist(b, c))
    scale = min(1.0, longest / max(across, down, 1.0))
    return max(round(across * scale), 1), max(round(down * scale), 1)


def within(outer: Corners, inner: Corners) -> Corners:
    """Corners on the picture that `outer` makes, as corners of the received page."""
    return _four(moved(inner, WHOLE, outer))


def turned(corners: Corners, turn: Turn) -> Corners:
    """The same picture turned clockwise: what was its lower left corner is its upper left one."""
    return _four([corners[(place - turn // 90) % 4] for place in range(4)])


def moved(points: Sequence[Point], source: Corners, target: Corners) -> list[Point]:
    """Where points go when `source` is laid on `target`."""
    shape = cv2.getPerspectiveTransform(np.array(source, np.float32), np.array(target, np.float32))
    there = cv2.perspectiveTransform(np.array([points], dtype=np.float64), shape.astype(np.float64))[0]
    return [(float(x), float(y)) for x, y in there]


def moved_box(box: Box, source: Corners, target: Corners) -> Box:
    """The upright box around a box that has gone along, kept within the page."""
    x0, y0, x1, y1 = box
    points = moved(((x0, y0), (x1, y0), (x1, y1), (x0, y1)), source, target)
    xs, ys = [min(max(x, 0.0), 1.0) for x, _ in points], [min(max(y, 0.0), 1.0) for _, y in points]
    return min(xs), min(ys), max(xs), max(ys)


def levelled(width: int, height: int, lean: float) -> tuple[Corners, int, int]:
    """The corners and size of a page that is turned back by `lean` radians without losing any of it."""
    cos, sin = math.cos(lean), math.sin(lean)
    across = round(width * abs(cos) + height * abs(sin))
    down = round(width * abs(sin) + height * abs(cos))
    corners = []
    for x, y in ((-across, -down), (across, -down), (across, down), (-across, down)):
        px, py = x / 2 * cos - y / 2 * sin, x / 2 * sin + y / 2 * cos
        corners.append((px / width + 0.5, py / height + 0.5))
    return _four(corners), across, down


def _shrunk(pixels: Pixels) -> Pixels:
    height, width = pixels.shape[:2]
    scale = SMALL / max(height, width)
    size = max(round(width * scale), 1), max(round(height * scale), 1)
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)


def _quadrilaterals(small: Pixels) -> Iterator[Quad]:
    """Whatever has four straight sides, its corners clockwise from the upper left."""
    least = CARD_AREA[0] * small.shape[0] * small.shape[1]
    for mask in _masks(small):
        contours, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
        for contour in sorted(contours, key=cv2.contourArea, reverse=True)[:4]:
            hull = cv2.convexHull(contour)
            if cv2.contourArea(hull) < least:
                continue
            quad = _four_sides(hull)
            if quad is not None and _fits(quad, hull):
                yield quad


def _masks(small: Pixels) -> Iterator[Plane]:
    """Three views of what is paper: unlike the picture's rim, brighter than the rest, framed by edges."""
    lab = cv2.cvtColor(cv2.medianBlur(small, 5), cv2.COLOR_RGB2LAB)
    kernel = np.ones((3, 3), np.uint8)
    for plane in (_unlike_the_rim(lab), lab[..., 0]):
        _, mask = cv2.threshold(plane, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
        yield np.asarray(cv2.morphologyEx(mask, cv2.MORPH_OPEN, kernel), dtype=np.uint8)
    edges = cv2.Canny(lab[..., 0], 25, 70) | cv2.Canny(lab[..., 1], 12, 36) | cv2.Canny(lab[..., 2], 12, 36)
    yield np.asarray(cv2.morphologyEx(edges, cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8)), dtype=np.uint8)


def _unlike_the_rim(lab: Pixels) -> Plane:
    wide = max(3, max(lab.shape) // 80)
    rim = [lab[:wide], lab[-wide:], lab[:, :wide], lab[:, -wide:]]
    sample = np.concatenate([part.reshape(-1, 3) for part in rim])[::3].astype(np.float32)
    cv2.setRNGSeed(1)
    until = (cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_MAX_ITER, 8, 1.0)
    _, _, tones = cv2.kmeans(sample, min(3, len(sample)), np.empty(0), until, 1, cv2.KMEANS_PP_CENTERS)
    # Light differs over a table more than colour does.
    weight = np.array([0.6, 1.2, 1.2], dtype=np.float32)
    weighed = lab.astype(np.float32) * weight
    away = np.full(lab.shape[:2], np.inf, dtype=np.float32)
    for tone in tones * weight:
        off = weighed - tone
        np.minimum(away, np.einsum("ijk,ijk->ij", off, off), out=away)
    return np.asarray(np.clip(np.sqrt(away) * 2, 0, 255), dtype=np.uint8)


def _four_sides(hull: npt.NDArray[np.int32]) -> Quad | None:
    """Four lines through a hull's long sides, met where they cross: rounded or bitten corners do not move them."""
    around = cv2.arcLength(hull, closed=True)
    for slack in (0.01, 0.02, 0.03, 0.05):
        rough = cv2.approxPolyDP(hull, slack * around, closed=True).reshape(-1, 2).astype(np.float32)
        if len(rough) <= 4:
            break
    if len(rough) != 4:
        return None
    outline = _along(hull.reshape(-1, 2).astype(np.float32))
    lines = []
    for a, b in zip(rough, np.roll(rough, -1, axis=0), strict=True):
        side = b - a
        length = float(np.linalg.norm(side))
        place = (outline - a) @ side / max(length * length, 1.0)
        off = np.abs((outline - a) @ np.array([-side[1], side[0]])) / max(length, 1.0)
        near = outline[(place > 0.15) & (place < 0.85) & (off < 0.03 * around / 4 + 2)]
        if len(near) < 8:
            return None
        vx, vy, x, y = cv2.fitLine(near, cv2.DIST_HUBER, 0, 0.01, 0.01).ravel()
        lines.append((np.array([x, y]), np.array([vx, vy])))
    crossings = [_crossing(lines[place - 1], lines[place]) for place in range(4)]
    if any(point is None for point in crossings):
        return None
    return _in_order(np.array(crossings, dtype=np.float32))


def _along(points: Quad) -> Quad:
    """A point every pixel or so along a closed line."""
    parts = []
    for a, b in zip(points, np.roll(points, -1, axis=0), strict=True):
        steps = max(int(np.linalg.norm(b - a)), 1)
        parts.append(a + (b - a) * (np.arange(steps)[:, None] / steps))
    return np.concatenate(parts).astype(np.float32)


def _crossing(
    one: tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]],
    other: tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]],
) -> npt.NDArray[np.float64] | None:
    (p, u), (q, v) = one, other
    across = float(u[0] * v[1] - u[1] * v[0])
    # Sides that meet under less than 50 degrees are no paper's.
    if abs(across) < math.sin(math.radians(50)):
        return None
    step = ((q[0] - p[0]) * v[1] - (q[1] - p[1]) * v[0]) / across
    return np.asarray(p + step * u)


def _in_order(quad: Quad) -> Quad:
    """Clockwise, from the corner nearest to the picture's upper left."""
    centre = quad.mean(axis=0)
    quad = quad[np.argsort(np.arctan2(quad[:, 1] - centre[1], quad[:, 0] - centre[0]))]
    return np.roll(quad, -int(np.argmin(quad.sum(axis=1))), axis=0)


def _fits(quad: Quad, hull: npt.NDArray[np.int32]) -> bool:
    shared, _ = cv2.intersectConvexConvex(quad, hull.reshape(-1, 2).astype(np.float32))
    return bool(shared >= LEAST_FIT * max(cv2.contourArea(quad), cv2.contourArea(hull)))


def _is_seen(lab: npt.NDArray[np.float32], quad: Quad) -> bool:
    """Whether the picture changes across each side, along most of it, and not at its own rim."""
    height, width = lab.shape[:2]
    centre = quad.mean(axis=0)
    for a, b in zip(quad, np.roll(quad, -1, axis=0), strict=True):
        normal = np.array([b[1] - a[1], a[0] - b[0]]) / max(float(np.linalg.norm(b - a)), 1.0)
        if normal @ (centre - a) < 0:
            normal = -normal
        points = a + (b - a) * np.linspace(0.06, 0.94, 48)[:, None]
        inner, outer = points + 4 * normal, points - 4 * normal
        kept = _are_on(inner, width, height) & _are_on(outer, width, height)
        if kept.sum() < 0.6 * len(points):
            return False
        steps = np.abs(_at(lab, inner[kept]) - _at(lab, outer[kept])).max(axis=1)
        if (steps >= STEP).sum() < LEAST_EDGE * len(steps):
            return False
    return True


def _are_on(points: npt.NDArray[np.float64], width: int, height: int) -> npt.NDArray[np.bool_]:
    x, y = points[:, 0], points[:, 1]
    return (x >= 0) & (x < width - 0.5) & (y >= 0) & (y < height - 0.5)


def _at(lab: npt.NDArray[np.float32], points: npt.NDArray[np.float64]) -> npt.NDArray[np.float32]:
    return np.asarray(lab[points[:, 1].astype(int), points[:, 0].astype(int)])


def _is_card(quad: Quad) -> bool:
    a, b, c, d = quad
    across = float(np.linalg.norm(b - a) + np.linalg.norm(c - d))
    down = float(np.linalg.norm(d - a) + np.linalg.norm(c - b))
    return CARD_SHAPE[0] <= max(across, down) / max(min(across, down), 1.0) <= CARD_SHAPE[1]


def _meets(one: Quad, other: Quad) -> bool:
    """Whether a good part of the smaller one lies in the larger."""
    shared, _ = cv2.intersectConvexConvex(one, other)
    return bool(shared > 0.3 * min(cv2.contourArea(one), cv2.contourArea(other)))


def _strokes_beside(small: Pixels, quad: Quad) -> float:
    """The share of fine strokes on everything that would be cut away. In a shadow, whose edge may look like a paper's,
    they are fainter as all there is."""
    grey = cv2.cvtColor(small, cv2.COLOR_RGB2GRAY)
    ground = cv2.medianBlur(grey, 7)
    strokes = cv2.absdiff(grey, ground) > np.clip(STROKE * ground, *STROKES)
    beside = np.full(grey.shape, 1, np.uint8)
    cv2.fillConvexPoly(beside, _widened(quad, 0.03).astype(np.int32), 0)
    return float(strokes[beside > 0].mean()) if beside.any() else 0.0


def _widened(quad: Quad, margin: float) -> Quad:
    centre = quad.mean(axis=0)
    return np.asarray(centre + (quad - centre) * (1 + 2 * margin), dtype=np.float32)


def _fractions(quad: Quad, small: Pixels) -> Corners:
    height, width = small.shape[:2]
    return _four([(float(x) / width, float(y) / height) for x, y in quad])


def _four(points: Sequence[Point]) -> Corners:
    a, b, c, d = ((round(x, 5), round(y, 5)) for x, y in points)
    return a, b, c, d
