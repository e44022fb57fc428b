"""The hidden id in the lightness of a picture, and how it is found in what became of the picture.

The id is a square pattern of CELLS x CELLS soft spots, a few levels lighter or darker than the paper, laid over the
whole picture again and again: any part of a few squares has all of it, and copies that were drawn over by ink, crushed
by compression or shrunk are read together. Squares that repeat show their distance and their angle by themselves; a
quarter of the spots is the same in every picture and shows where a square begins.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import cv2
import numpy as np
import numpy.typing as npt

from carloan.archives.watermark import codes

Pixels = npt.NDArray[np.uint8]
Plane = npt.NDArray[Any]
Spots = npt.NDArray[np.float32]

CELLS: Final = 32
CELL: Final = 10  # pixels of the picture that leaves
TILE: Final = CELLS * CELL
LEVELS: Final = 1.8  # root mean square, of 255
PEAK: Final = 5  # no spot is farther from the paper
REPEATS: Final = 3  # spots of a square that carry the same bit
# Of the leaked picture, in levels and pixels: what is an edge of ink; how wide paper is averaged; how much a spot may
# say; and from where on a place is too restless to say anything.
_INK: Final = 10.0
_BROAD: Final = 8.0
_CLIP: Final = 5.0
_LOUD: Final = 4.0
# How much smaller or larger, and how far turned (degrees), a leak is looked for.
_LEAST, _MOST = 0.22, 1.6
_TURN: Final = 5.0
_CANDIDATES: Final = 10
_LARGEST: Final = 1800  # of its longest side, in pixels: more only cost time
_FINE: Final = 4  # pixels of a spot when squares are laid over each other
# By how much the place where squares begin must stand out (in standard deviations), and an agreement that needs no
# better one.
_BEGINS: Final = 4.5
_ENOUGH: Final = 0.5


@dataclass(frozen=True, slots=True)
class Found:
    """An id in a picture. `sure` is how well what was seen agrees with it, 0 to 1."""

    code: str
    sure: float


@dataclass(frozen=True, slots=True)
class _Lattice:
    """How large squares are, as a share of TILE, and how far they are turned, in degrees."""

    scale: float
    turned: float


@cache
def _plan() -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], Spots]:
    """Which spots are the same in every picture, which carry which bit, and the sign of each. Never to be changed: by
    it pictures of years ago are read."""
    stream = hashlib.shake_256(b"carloan page mark 1").digest(CELLS * CELLS * 5)
    order = np.argsort(np.frombuffer(stream[: CELLS * CELLS * 4], ">u4"), kind="stable")
    signs = 1 - 2 * (np.frombuffer(stream[CELLS * CELLS * 4 :], np.uint8) & 1).astype(np.float32)
    data = codes.CODED * REPEATS
    return order[data:], order[:data].reshape(REPEATS, codes.CODED), signs


def _spots(code: str | None) -> Spots:
    """The square, a number a spot; without a code only what is the same in all."""
    same, carriers, signs = _plan()
    spots = np.zeros(CELLS * CELLS, np.float32)
    spots[same] = signs[same]
    if code is not None:
        for each in carriers:
            spots[each] = signs[each] * codes.spread(code)
    return spots.reshape(CELLS, CELLS)


def _soft(spots: Spots, cell: int) -> Spots:
    """Spots without edges; the square goes on over its own borders."""
    edge = 2 * cell
    large = np.kron(np.pad(spots, 2, mode="wrap"), np.ones((cell, cell), np.float32))
    return np.asarray(cv2.GaussianBlur(large, (0, 0), cell * 0.35)[edge:-edge, edge:-edge], np.float32)


def pattern(code: str) -> tuple[Pixels, Pixels]:
    """The square of TILE x TILE pixels that carries an id: what is to be added to and taken from the lightness."""
    soft = _soft(_spots(code), CELL)
    levels = np.rint(soft * (LEVELS / soft.std())).clip(-PEAK, PEAK)
    return levels.clip(0).astype(np.uint8), (-levels).clip(0).astype(np.uint8)


def find(picture: Pixels) -> Found | None:
    """The id in a picture (RGB), or None. What is found may still be chance: see `codes.gather`."""
    plane, weight = _faint(picture)
    best: Found | None = None
    for lattice in _lattices(plane):
        found = _read(plane, weight, lattice)
        if found is not None and (best is None or found.sure > best.sure):
            best = found
            if best.sure > _ENOUGH:
                break
    return best


def _faint(picture: Pixels) -> tuple[Plane, Plane]:
    """The faint part of a picture, and how much each place of it tells: nothing at ink, little where it is restless."""
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    if (share := _LARGEST / max(grey.shape)) < 1:
        grey = cv2.resize(grey, None, fx=share, fy=share, interpolation=cv2.INTER_AREA)
    values = grey.astype(np.float32)
    edge = (np.abs(values - cv2.GaussianBlur(values, (0, 0), 3)) > _INK).astype(np.uint8)
    weight = (1 - cv2.dilate(edge, np.ones((3, 3), np.uint8))).astype(np.float32)
    # The ground beside ink is taken from what is paper alone.
    blank = cv2.GaussianBlur(weight, (0, 0), _BROAD)
    paper = cv2.GaussianBlur(values * weight, (0, 0), _BROAD) / np.maximum(blank, 1e-3)
    faint = (values - paper) * weight
    loud = cv2.GaussianBlur(faint * faint, (0, 0), _BROAD) / np.maximum(blank, 0.05)
    weight = weight / (1 + loud / _LOUD**2)
    return faint.clip(-_CLIP, _CLIP) * weight, weight


def _lattices(plane: Plane) -> Iterator[_Lattice]:
    """Distances and angles at which the picture repeats itself, most likely first."""
    height, width = plane.shape
    reach = int(TILE * _MOST * 1.05)
    rows, columns = cv2.getOptimalDFTSize(height + reach), cv2.getOptimalDFTSize(width + reach)
    padded = np.zeros((rows, columns), np.float32)
    padded[:height, :width] = cv2.GaussianBlur(plane, (0, 0), 1.0)
    spectrum = np.fft.rfft2(padded)
    power = (spectrum.real**2 + spectrum.imag**2).astype(np.float32)
    # Loud waves (lines of text, rulings) are held down: what repeats in all waves alike is ours.
    usual = cv2.blur(power, (41, 41))
    power = np.minimum(power / np.maximum(usual, 1e-9), 6) * np.sqrt(usual)
    repeats = np.fft.irfft2(power, s=(rows, columns)).astype(np.float32)
    repeats /= max(float(repeats[0, 0]), 1e-9)
    shifted = np.roll(repeats, (rows // 2, columns // 2), (0, 1))
    shifted -= cv2.GaussianBlur(shifted, (0, 0), 6)
    centre = (rows // 2, columns // 2)

    scales = np.exp(np.arange(np.log(_LEAST), np.log(_MOST), 0.004))
    angles = np.arange(-_TURN, _TURN + 0.01, 0.25)
    scores = _lattice_scores(shifted, centre, scales, angles, reach=1, extent=(height, width))
    order = np.argsort(scores, axis=None)[::-1]
    taken: list[tuple[float, float]] = []
    for flat in order:
        at, turn = np.unravel_index(int(flat), scores.shape)
        scale, angle = float(scales[at]), float(angles[turn])
        if any(abs(np.log(scale / s)) < 0.015 and abs(angle - a) < 0.8 for s, a in taken):
            continue
        taken.append((scale, angle))
        yield _refined(shifted, centre, scale, angle, (height, width))
        if len(taken) >= _CANDIDATES:
            return


def _lattice_scores(
    repeats: Plane, centre: tuple[int, int], scales: Plane, angles: Plane, *, reach: int, extent: tuple[int, int]
) -> Plane:
    """How much the picture repeats itself at the corners of squares of each scale and angle, `reach` squares around."""
    # Half of the corners: the other half says the same.
    steps = [(i, j) for i in range(-reach, reach + 1) for j in range(reach + 1) if (j, i) > (0, 0)]
    total = np.zeros((len(scales), len(angles)), np.float32)
    count = np.zeros((len(scales), 1), np.float32)
    side = (TILE * scales)[:, None]
    cos, sin = np.cos(np.radians(angles))[None], np.sin(np.radians(angles))[None]
    for i, j in steps:
        x = side * (i * cos - j * sin)
        y = side * (i * sin + j * cos)
        inside = ((np.abs(x) < extent[1] * 0.8) & (np.abs(y) < extent[0] * 0.8)).astype(np.float32)
        seen = cv2.remap(
            repeats, (x + centre[1]).astype(np.float32), (y + centre[0]).astype(np.float32), cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_CONSTANT, borderValue=0,
        )  # fmt: skip
        # One strong line of text must not outvote the others.
        share = (1 - np.abs(x) / extent[1]).clip(0.05, 1) * (1 - np.abs(y) / extent[0]).clip(0.05, 1)
        total += inside * np.minimum(seen / share, 0.2).astype(np.float32)
        count += inside[:, :1]
    return total / np.sqrt(np.maximum(count, 1))


def _refined(repeats: Plane, centre: tuple[int, int], scale: float, angle: float, extent: tuple[int, int]) -> _Lattice:
    """The same lattice, by repeats that lie farther apart and so tell it more finely."""
    for reach, spread, turn in ((1, 0.006, 0.4), (2, 0.003, 0.2), (3, 0.0016, 0.1)):
        scales = scale * np.exp(np.linspace(-spread, spread, 13))
        angles = angle + np.linspace(-turn, turn, 13)
        scores = _lattice_scores(repeats, centre, scales, angles, reach=reach, extent=extent)
        at, by = np.unravel_index(int(scores.argmax()), scores.shape)
        scale, angle = float(scales[at]), float(angles[by])
    return _Lattice(scale, angle)


def _read(plane: Plane, weight: Plane, lattice: _Lattice) -> Found | None:
    """Lay all squares of a lattice over each other, find where one begins, and read it."""
    side = CELLS * _FINE
    factor = _FINE / (CELL * lattice.scale)
    height, width = plane.shape
    matrix = cv2.getRotationMatrix2D((0, 0), lattice.turned, factor)
    corners = np.array([[0, 0, 1], [width, 0, 1], [0, height, 1], [width, height, 1]], np.float64) @ matrix.T
    matrix[:, 2] -= corners.min(axis=0)
    extent = np.ceil(corners.max(axis=0) - corners.min(axis=0)).astype(int)
    size = (int(-(-extent[0] // side) * side), int(-(-extent[1] // side) * side))
    if factor < 0.7:
        plane = cv2.GaussianBlur(plane, (0, 0), 0.4 / factor)
    laid = cv2.warpAffine(plane, matrix, size, flags=cv2.INTER_LINEAR)
    seen = cv2.warpAffine(weight, matrix, size, flags=cv2.INTER_LINEAR)
    shape = (size[1] // side, side, size[0] // side, side)
    many = laid.reshape(shape).sum(axis=(0, 2))
    often = seen.reshape(shape).sum(axis=(0, 2))
    square = many / np.maximum(often, 0.3)
    square -= square.mean()
    template = np.fft.fft2(_soft(_spots(None), _FINE))
    best: tuple[float, Plane] | None = None
    for quarter in range(4):
        turned = np.ascontiguousarray(np.rot90(square, quarter))
        match = np.fft.ifft2(np.fft.fft2(turned) * template.conj()).real
        strongest = float(match.max() / max(float(match.std()), 1e-9))
        if best is None or strongest > best[0]:
            row, column = np.unravel_index(int(match.argmax()), match.shape)
            best = strongest, np.roll(turned, (-int(row), -int(column)), (0, 1))
    if best is None or best[0] < _BEGINS:
        return None
    spots = cv2.blur(np.tile(best[1], (3, 3)).astype(np.float32), (3, 3))[side : 2 * side, side : 2 * side]
    spots = spots[_FINE // 2 :: _FINE, _FINE // 2 :: _FINE].reshape(-1)
    _, carriers, signs = _plan()
    read = sum(spots[each] * signs[each] for each in carriers)
    gathered = codes.gather(np.asarray(read, np.float32))
    if gathered is None:
        return None
    return Found(*gathered)
