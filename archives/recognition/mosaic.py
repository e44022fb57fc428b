"""Where a page has been pixelated. A value beside such a patch is part of a value, and part of a value is none."""

from typing import Final, TypeVar

import cv2
import numpy as np
import numpy.typing as npt

from carloan.archives.recognition.sheet import Box

Plane = npt.NDArray[np.bool_]
Grey = npt.NDArray[np.uint8]
Cells = TypeVar("Cells", Plane, Grey)

TILE: Final = 24
# Pixelation leaves steps: a medium jump between two flat stretches, straight for several pixels, both ways at once.
# Print is blurred by any camera or scanner, and where it is not (a rendered page) its jumps are far higher.
FLAT: Final = 3
LOWEST_STEP, HIGHEST_STEP = 6, 100
STRAIGHT: Final = 5
ENOUGH_STEPS: Final = 8
# Averaged cells take many shades; crisp ornaments and table lines of a rendered page have two or three.
SHADES: Final = 4
SHARE_OF_SHADE: Final = 0.05


def find(pixels: npt.NDArray[np.uint8]) -> tuple[Box, ...]:
    """The pixelated patches of an RGB page, as fractions of it. About 10 ms for a photo of two megapixels."""
    grey = np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), dtype=np.uint8)
    if min(grey.shape) < 2 * TILE:
        return ()
    tiles = (_count(_steps(grey, axis=1)) >= ENOUGH_STEPS) & (_count(_steps(grey, axis=0)) >= ENOUGH_STEPS)
    return tuple(_box(_frame(patch), grey.shape) for patch in _patches(tiles) if _is_mosaic(patch, grey))


def _steps(grey: Grey, *, axis: int) -> Plane:
    """Where the picture steps along `axis`, and does so in a straight line across it."""

    def at(plane: Cells, start: int, stop: int, along: int = axis) -> Cells:
        return plane[start:stop] if along == 0 else plane[:, start:stop]

    length = grey.shape[axis]
    jump = np.asarray(cv2.absdiff(at(grey, 1, length), at(grey, 0, length - 1)), dtype=np.uint8)
    last = length - 1
    flat = jump <= FLAT
    here = at(jump, 3, last - 3)
    step = (here >= LOWEST_STEP) & (here <= HIGHEST_STEP)
    for beside in (0, 1, 5, 6):
        step &= at(flat, beside, last - 6 + beside)
    for beside in (2, 4):
        step &= at(jump, beside, last - 6 + beside) <= here
    found = np.zeros(grey.shape, dtype=bool)
    at(found, 3, length - 4)[:] = step
    straight, across = found.copy(), 1 - axis
    for shift in range(1, STRAIGHT):
        at(straight, 0, grey.shape[across] - shift, across)[:] &= at(found, shift, grey.shape[across], across)
    return straight


def _count(steps: Plane) -> npt.NDArray[np.int64]:
    rows, columns = steps.shape[0] // TILE, steps.shape[1] // TILE
    cut = steps[: rows * TILE, : columns * TILE].view(np.uint8).reshape(rows, TILE, columns * TILE)
    by_row = cut.sum(axis=1, dtype=np.uint8)
    return np.asarray(by_row.reshape(rows, columns, TILE).sum(axis=2), dtype=np.int64)


def _patches(tiles: Plane) -> list[list[tuple[int, int]]]:
    """Marked tiles (row, column) grouped where they touch or are one tile apart."""
    waiting = {(int(row), int(column)) for row, column in np.argwhere(tiles)}
    patches = []
    while waiting:
        queue = [waiting.pop()]
        members = list(queue)
        while queue:
            row, column = queue.pop()
            near = {(r, c) for r in range(row - 1, row + 2) for c in range(column - 2, column + 3)} & waiting
            waiting -= near
            queue += near
            members += near
        patches.append(members)
    return patches


def _is_mosaic(patch: list[tuple[int, int]], grey: Grey) -> bool:
    shaded = sum(_shades(grey[r * TILE : (r + 1) * TILE, c * TILE : (c + 1) * TILE]) >= SHADES for r, c in patch)
    return shaded >= 2


def _shades(tile: Grey) -> int:
    counts = np.bincount((tile // 8).ravel(), minlength=32)
    return int((counts >= SHARE_OF_SHADE * tile.size).sum())


def _frame(patch: list[tuple[int, int]]) -> tuple[int, int, int, int]:
    rows, columns = [row for row, _ in patch], [column for _, column in patch]
    return min(rows), min(columns), max(rows) + 1, max(columns) + 1


def _box(patch: tuple[int, int, int, int], shape: tuple[int, ...]) -> Box:
    top, left, bottom, right = (edge * TILE for edge in patch)
    height, width = shape[0], shape[1]
    return left / width, top / height, min(right / width, 1.0), min(bottom / height, 1.0)


def touches(box: Box, patches: tuple[Box, ...], *, margin: float) -> bool:
    """Whether a patch lies on a value's row, on it or within `margin` (fraction of the page's width) beside it."""
    x0, y0, x1, y1 = box
    height = y1 - y0
    for left, top, right, bottom in patches:
        shared = min(y1, bottom) - max(y0, top)
        if shared > 0.3 * min(height, bottom - top) and left < x1 + margin and right > x0 - margin:
            return True
    return False
