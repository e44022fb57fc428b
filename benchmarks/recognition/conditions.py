"""What happens to a paper before it reaches a lender: scanned, printed and scanned, photographed, folded, stamped.

Every condition but the first two has a mild and a hard form. All of it follows from the seed; OpenCV only warps and
blurs.
"""

import io
import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt
import pypdfium2 as pdfium
from PIL import Image, ImageDraw

from benchmarks.recognition import samples
from benchmarks.recognition.paper import Paper
from benchmarks.recognition.samples import Seed
from carloan.demonstration.specimens import decoration
from carloan.lib.fonts import font

Pixels = npt.NDArray[np.float32]
MILD, HARD = 0, 1
SCAN_DPI, PRINT_DPI, PHOTO_DPI = 300, 200, 220
STRENGTHS: Final = ("mild", "hard")
PLAIN: Final = ("digital", "scan")
ROUGH: Final = ("print", "photo", "moire", "watermark", "fold", "seal", "finger", "turned", "pair")
CONDITIONS: Final = (*PLAIN, *(f"{name}-{strength}" for name in ROUGH for strength in STRENGTHS))
# What claims call a scan and what a photo; the rest lies under seals and watermarks, or is a pair of cards.
SCANS: Final = ("scan", "print-mild", "print-hard")
PHOTOS: Final = tuple(
    f"{name}-{strength}" for name in ("photo", "moire", "fold", "finger", "turned") for strength in STRENGTHS
)
_TABLES: Final = ((104, 84, 66), (70, 72, 76), (150, 138, 122), (52, 46, 44), (186, 180, 170), (38, 60, 84))
_WATERMARKS: Final = ("仅供办理汽车贷款使用", "仅限贷款审核 再次复印无效", "内部资料 仅供核验")


@dataclass(frozen=True)
class Shot:
    """One file as it arrives. `overlaid`: words that were laid over the paper and that nobody is asked to read."""

    seed: Seed
    papers: tuple[Paper, ...]
    data: bytes = field(repr=False)
    media: str = ""
    overlaid: tuple[str, ...] = ()

    @property
    def paper(self) -> Paper:
        return self.papers[0]

    @property
    def fields(self) -> dict[str, str | int]:
        """The truth of everything on it."""
        return {name: value for paper in reversed(self.papers) for name, value in paper.fields.items()}


def shoot(seed: Seed) -> Shot:
    """The file of a seed. Raises ValueError when its kind cannot come in its condition."""
    if not seed.condition.startswith("pair"):
        return shoot_papers(seed, (samples.paper(seed),))
    if seed.kind != "id_card_front":
        raise ValueError(str(seed))
    return shoot_papers(seed, samples.pair(seed))


def shoot_papers(seed: Seed, papers: tuple[Paper, ...]) -> Shot:
    """The file of given papers, one or a pair, in the condition of a seed and with its chances."""
    random = Random(str(seed))
    if seed.condition not in CONDITIONS:
        raise ValueError(seed.condition)
    name, _, strength = seed.condition.partition("-")
    level = HARD if strength == "hard" else MILD
    if name == "pair":
        both = (papers[0], papers[1])
        sheet = _sheet(both, random)
        picture = _photographed(sheet, random, MILD) if level == HARD else _printed(sheet, random, MILD)
        return Shot(seed, both, *_file([picture], random, quality=(80, 90)))
    (paper,) = papers
    if name == "digital":
        if paper.pdf is None:
            raise ValueError(str(seed))
        return Shot(seed, (paper,), paper.pdf, "application/pdf")
    overlaid: list[str] = []
    pictures = [_MAKERS[name](paper, page, random, level, overlaid) for page in range(len(paper.pages))]
    if name == "turned":
        turn = random.choice((1, 2, 3))
        pictures = [np.ascontiguousarray(np.rot90(picture, turn)) for picture in pictures]
    quality = (90, 95) if name in ("scan",) else ((60, 72) if level == HARD else (74, 86))
    return Shot(seed, (paper,), *_file(pictures, random, quality=quality), overlaid=tuple(overlaid))


def pictures(shot: Shot) -> list[Image.Image]:
    """The pages of a file for a person to look at."""
    if shot.media == "application/pdf":
        with pdfium.PdfDocument(shot.data) as document:
            return [page.render(scale=150 / 72).to_pil() for page in document]
    return [Image.open(io.BytesIO(shot.data))]


def _file(pictures: list[Pixels], random: Random, *, quality: tuple[int, int]) -> tuple[bytes, str]:
    """One picture is a JPEG; several are a PDF of JPEGs, as scanners and phones send them."""
    images = [Image.fromarray(np.clip(picture, 0, 255).astype(np.uint8)) for picture in pictures]
    target = io.BytesIO()
    chosen = random.randrange(*quality)
    if len(images) == 1:
        images[0].save(target, "JPEG", quality=chosen)
        return target.getvalue(), "image/jpeg"
    always = time.gmtime(0)
    images[0].save(
        target, "PDF", save_all=True, append_images=images[1:], quality=chosen, resolution=200,
        creationDate=always, modDate=always,
    )  # fmt: skip
    return target.getvalue(), "application/pdf"


def _flat(paper: Paper, page: int, dpi: int) -> Pixels:
    return np.asarray(paper.draw(page, dpi), dtype=np.float32)


def _scan(paper: Paper, page: int, random: Random, level: int, overlaid: list[str]) -> Pixels:
    return _turned(_flat(paper, page, SCAN_DPI), random.uniform(-0.25, 0.25))


def _print(paper: Paper, page: int, random: Random, level: int, overlaid: list[str]) -> Pixels:
    return _printed(_flat(paper, page, PRINT_DPI), random, level)


def _photo(paper: Paper, page: int, random: Random, level: int, overlaid: list[str]) -> Pixels:
    return _photographed(_flat(paper, page, PHOTO_DPI), random, level)


def _moire(paper: Paper, page: int, random: Random, level: int, overlaid: list[str]) -> Pixels:
    """Photographed from a screen: two gratings beat against each other, a little differently in every colour."""
    flat = _flat(paper, page, PHOTO_DPI)
    height, width = flat.shape[:2]
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    strength = (0.06, 0.15)[level]
    for channel in range(3):
        angle, period = random.uniform(-0.3, 0.3), random.uniform(2.6, 3.4)
        beat = random.uniform(0.015, 0.04)
        along = x * math.cos(angle) + y * math.sin(angle)
        grating = np.sin(math.tau * along / period) * np.sin(math.tau * (along * beat + y * beat * 0.6))
        flat[..., channel] *= 1 + strength * grating
    return _photographed(flat, random, MILD)


def _watermark(paper: Paper, page: int, random: Random, level: int, overlaid: list[str]) -> Pixels:
    """Words of warning over the copy, light enough to read through."""
    words = random.choice(_WATERMARKS)
    overlaid.append(words)
    flat = _flat(paper, page, PRINT_DPI)
    height, width = flat.shape[:2]
    side = math.ceil(math.hypot(width, height))
    size = max(20, min(width, height) // 24)
    tile = Image.new("L", (side, side), 0)
    draw = ImageDraw.Draw(tile)
    step = int(font(size).getlength(words) * 1.5)
    for row, top in enumerate(range(0, side, size * 6)):
        for left in range(-step + row % 2 * step // 2, side, step):
            draw.text((left, top), words, font=font(size), fill=255)
    tile = tile.rotate(random.choice((24, 30, -28)), resample=Image.Resampling.BILINEAR)
    left, top = (side - width) // 2, (side - height) // 2
    mask = np.asarray(tile.crop((left, top, left + width, top + height)), dtype=np.float32)[..., None] / 255
    ink = np.array(random.choice(((120, 120, 128), (90, 120, 190), (190, 100, 100))), dtype=np.float32)
    share = mask * (0.22, 0.42)[level]
    marked = np.asarray(flat * (1 - share) + np.minimum(flat, ink) * share, dtype=np.float32)
    return _printed(marked, random, MILD)


def _fold(paper: Paper, page: int, random: Random, level: int, overlaid: list[str]) -> Pixels:
    """Creases: the paper bends, one side lies darker, the ink is rubbed off on the edge."""
    flat = _flat(paper, page, PHOTO_DPI)
    height, width = flat.shape[:2]
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    for number in range((1, 2)[level]):
        level_fold = number % 2 == 0
        place = random.uniform(0.3, 0.7) * (height if level_fold else width)
        lean = random.uniform(-0.03, 0.03)
        distance = (y - place - lean * x) if level_fold else (x - place - lean * y)
        reach = 0.12 * (height if level_fold else width)
        bend = np.clip(1 - np.abs(distance) / reach, 0, 1)
        shift = bend * random.choice((-1, 1)) * (3.0, 7.0)[level]
        flat = cv2.remap(flat, x + (0 if level_fold else shift), y + (shift if level_fold else 0), cv2.INTER_LINEAR)
        side = np.where(distance > 0, bend, bend * 0.3)
        flat = flat * (1 - (0.14, 0.3)[level] * side[..., None])
        edge = np.exp(-((distance / (1.2, 2.2)[level]) ** 2))[..., None] * (0.35, 0.6)[level]
        flat = flat * (1 - edge) + 235 * edge
    return _photographed(flat.astype(np.float32), random, MILD)


def _seal(paper: Paper, page: int, random: Random, level: int, overlaid: list[str]) -> Pixels:
    """One more red seal, pressed across the print."""
    words, below = "样本汽车金融有限公司", "核验专用章"
    overlaid += [words, below, "样本"]
    picture = paper.draw(page, PRINT_DPI).copy()
    across = min(int(40 / 25.4 * PRINT_DPI), picture.width // 3)
    seal = decoration.round_seal(words, below, diameter=across)
    x = random.uniform(0.12, 0.7) * (picture.width - across)
    y = random.uniform(0.15, 0.6) * (picture.height - across)
    decoration.stamp(picture, seal, x, y, tilt=random.uniform(-30, 30), opacity=(0.5, 0.85)[level])
    return _printed(np.asarray(picture, dtype=np.float32), random, MILD)


def _finger(paper: Paper, page: int, random: Random, level: int, overlaid: list[str]) -> Pixels:
    """A thumb that holds the sheet down: at the margin, or over the ends of a few lines."""
    photo = _photographed(_flat(paper, page, PHOTO_DPI), random, MILD)
    height, width = photo.shape[:2]
    thick = int(0.055 * max(height, width))
    reach = int((0.05, 0.14)[level] * width)
    left = random.random() < 0.5
    centre = (0 if left else width, int(random.uniform(0.25, 0.8) * height))
    mask = np.zeros((height, width), dtype=np.float32)
    cv2.ellipse(mask, centre, (reach + thick // 2, thick), random.uniform(-20, 20), 0, 360, 1.0, -1)
    mask = cv2.GaussianBlur(mask, (0, 0), 2.5)[..., None]
    shadow = cv2.GaussianBlur(mask, (0, 0), 18)[..., None] * 0.35
    skin = np.array((206, 164, 138), dtype=np.float32) * random.uniform(0.8, 1.05)
    return np.asarray((photo * (1 - shadow)) * (1 - mask) + skin * mask, dtype=np.float32)


_MAKERS: Final[dict[str, Callable[[Paper, int, Random, int, list[str]], Pixels]]] = {
    "scan": _scan, "print": _print, "photo": _photo, "moire": _moire, "watermark": _watermark, "fold": _fold,
    "seal": _seal, "finger": _finger, "turned": _photo,
}  # fmt: skip


def _printed(page: Pixels, random: Random, level: int) -> Pixels:
    """Printed and scanned: toner, specks, streaks, a little crooked."""
    page = _turned(page, random.uniform(-1, 1) * (0.6, 1.8)[level])
    grain = np.random.default_rng(random.getrandbits(64))
    if random.random() < 0.5:
        page = np.repeat(page.mean(axis=2, keepdims=True), 3, axis=2)
    page = cv2.GaussianBlur(page, (0, 0), (0.5, 0.8)[level])
    contrast = (1.1, 1.3)[level]
    page = (page - 128) * contrast + 128 + (6, 18)[level]
    page += grain.normal(0, (5, 13)[level], page.shape[:2])[..., None].astype(np.float32)
    specks = grain.random(page.shape[:2]) < (0.00004, 0.0004)[level]
    page[cv2.dilate(specks.astype(np.uint8), np.ones((2, 2), np.uint8)) > 0] = 60
    if level == HARD:
        for _ in range(random.randrange(1, 4)):
            x = random.randrange(page.shape[1] - 3)
            page[:, x : x + random.choice((1, 2))] *= random.choice((0.75, 1.2))
    return page


def _photographed(page: Pixels, random: Random, level: int) -> Pixels:
    """Held over a table: perspective, uneven light, the phone's shadow, a hand that shakes, a small sensor."""
    height, width = page.shape[:2]
    margin = random.uniform(0.05, 0.10)
    size = (int(width * (1 + 2 * margin)), int(height * (1 + 2 * margin)))
    matrix = _view(random, (width, height), size, level)
    grain = np.random.default_rng(random.getrandbits(64))
    table = _table(random, grain, size)
    seen = cv2.warpPerspective(page, matrix, size, flags=cv2.INTER_CUBIC)
    mask = cv2.warpPerspective(np.ones((height, width), np.float32), matrix, size)[..., None]
    under = cv2.GaussianBlur(np.roll(mask, (14, 10), (0, 1)), (0, 0), 12)[..., None]
    scene = table * (1 - 0.6 * under) * (1 - mask) + seen * mask
    scene *= _light(random, size, level)
    scene = cv2.GaussianBlur(scene, (0, 0), random.uniform(*((0.4, 0.7), (0.8, 1.15))[level]))
    if level == HARD and random.random() < 0.5:
        length = random.choice((3, 4))
        kernel = np.zeros((length, length), np.float32)
        np.fill_diagonal(kernel, 1 / length) if random.random() < 0.5 else kernel[length // 2].fill(1 / length)
        scene = cv2.filter2D(scene, -1, kernel)
    scene += grain.normal(0, (3, 8)[level], scene.shape).astype(np.float32)
    return np.asarray(scene, dtype=np.float32)


def _view(random: Random, page: tuple[int, int], size: tuple[int, int], level: int) -> npt.NDArray[np.float64]:
    """Where the four corners of the page are seen."""
    width, height = page
    tilt = math.radians(random.uniform(-1, 1) * (2.5, 6.0)[level])
    lean = (0.012, 0.035)[level]
    corners = [(-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5)]
    target = []
    for x, y in corners:
        px = x * width * (1 + random.uniform(-lean, lean))
        py = y * height * (1 + random.uniform(-lean, lean))
        turned = (px * math.cos(tilt) - py * math.sin(tilt), px * math.sin(tilt) + py * math.cos(tilt))
        target.append((turned[0] + size[0] / 2, turned[1] + size[1] / 2))
    source = [((x + 0.5) * width, (y + 0.5) * height) for x, y in corners]
    return np.asarray(cv2.getPerspectiveTransform(np.array(source, np.float32), np.array(target, np.float32)))


def _table(random: Random, grain: np.random.Generator, size: tuple[int, int]) -> Pixels:
    colour = np.array(random.choice(_TABLES), dtype=np.float32)
    coarse = grain.normal(1, 0.09, (size[1] // 4, max(2, size[0] // 40))).astype(np.float32)
    return np.asarray(colour * cv2.resize(coarse, size, interpolation=cv2.INTER_LINEAR)[..., None], dtype=np.float32)


def _light(random: Random, size: tuple[int, int], level: int) -> Pixels:
    """A gradient across the scene and the soft edge of a shadow."""
    width, height = size
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    angle = random.uniform(0, math.tau)
    ramp = (x / width - 0.5) * math.cos(angle) + (y / height - 0.5) * math.sin(angle)
    light = 1 - (0.12, 0.32)[level] * (ramp + 0.5)
    edge = random.uniform(0, math.tau)
    across = (x - width * random.uniform(0.3, 0.7)) * math.cos(edge) + (
        y - height * random.uniform(0.3, 0.7)
    ) * math.sin(edge)
    shadow = 1 / (1 + np.exp(-across / (0.02 * width)))
    light *= 1 - (0.10, 0.35)[level] * shadow
    tint = np.array((1.0, random.uniform(0.95, 1.0), random.uniform(0.86, 1.0)), dtype=np.float32)
    return np.asarray(light[..., None] * tint, dtype=np.float32)


def _sheet(papers: tuple[Paper, Paper], random: Random) -> Pixels:
    """Both sides of a card copied one below the other on A4."""
    sheet = np.full((2339, 1654, 3), 250, dtype=np.float32)
    for number, paper in enumerate(papers):
        card = _fitting(_flat(paper, 0, 240), width=1400, height=800)
        height, width = card.shape[:2]
        top = 380 + number * 900 + random.randrange(-40, 40)
        left = (1654 - width) // 2 + random.randrange(-60, 60)
        sheet[top : top + height, left : left + width] = card
    return sheet


def _fitting(card: Pixels, *, width: int, height: int) -> Pixels:
    """A copy of a card that was made larger is made smaller again, as copiers do."""
    share = min(1.0, width / card.shape[1], height / card.shape[0])
    if share == 1.0:
        return card
    size = (round(card.shape[1] * share), round(card.shape[0] * share))
    return np.asarray(cv2.resize(card, size, interpolation=cv2.INTER_AREA), dtype=np.float32)


def _turned(page: Pixels, degrees: float) -> Pixels:
    height, width = page.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    white = (253, 253, 252)
    return np.asarray(cv2.warpAffine(page, matrix, (width, height), flags=cv2.INTER_CUBIC, borderValue=white))
