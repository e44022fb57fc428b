"""Where a page has been pixelated. A value beside such a patch is part of a value, and part of a value is none."""

from typing import Final

import numpy as np
import numpy.typing as npt

from carloan.archives.recognition.sheet import Box

Plane = npt.NDArray[np.bool_]

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
    """The pixelated patches of an RGB page, as fractions of it. About 40 ms for a photo of two megapixels."""
    weighted = pixels.astype(np.uint16) @ np.array([77, 150, 29], dtype=np.uint16)
    grey = (weighted >> 8).astype(np.int16)
    if min(grey.shape) < 2 * TILE:
        return ()
    across, down = _steps(grey), _steps(grey.T).T
    tiles = (_count(across) >= ENOUGH_STEPS) & (_count(down) >= ENOUGH_STEPS)
    return tuple(_box(_frame(patch), grey.shape) for patch in _patches(tiles) if _is_mosaic(patch, grey))


def _steps(grey: npt.NDArray[np.int16]) -> Plane:
    jump = np.abs(np.diff(grey, axis=1))
    here = jump[:, 3:-3]
    flat = (jump[:, :-6] <= FLAT) & (jump[:, 1:-5] <= FLAT) & (jump[:, 5:-1] <= FLAT) & (jump[:, 6:] <= FLAT)
    peak = (jump[:, 2:-4] <= here) & (jump[:, 4:-2] <= here)
    found = np.zeros(grey.shape, dtype=bool)
    found[:, 3:-4] = (here >= LOWEST_STEP) & (here <= HIGHEST_STEP) & flat & peak
    straight = found.copy()
    for shift in range(1, STRAIGHT):
        straight[:-shift] &= found[shift:]
    return straight


def _count(steps: Plane) -> npt.NDArray[np.int64]:
    rows, columns = steps.shape[0] // TILE, steps.shape[1] // TILE
    cut = steps[: rows * TILE, : columns * TILE].reshape(rows, TILE, columns, TILE)
    return np.asarray(cut.sum(axis=(1, 3)), dtype=np.int64)


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


def _is_mosaic(patch: list[tuple[int, int]], grey: npt.NDArray[np.int16]) -> bool:
    shaded = sum(_shades(grey[r * TILE : (r + 1) * TILE, c * TILE : (c + 1) * TILE]) >= SHADES for r, c in patch)
    return shaded >= 2


def _shades(tile: npt.NDArray[np.int16]) -> int:
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
