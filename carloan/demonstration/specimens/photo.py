"""A specimen as a phone sees it: a little tilted, on a table, unevenly lit, saved as JPEG."""

import math
from io import BytesIO
from random import Random

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from carloan.demonstration.specimens.sheet import Box, Colour, Specimen

Matrix = tuple[float, float, float, float, float, float, float, float, float]
_TABLES: tuple[Colour, ...] = ((104, 84, 66), (70, 72, 76), (150, 138, 122), (52, 46, 44), (186, 180, 170))


def photo(specimen: Specimen, random: Random, *, tilt: float = 3.0, quality: int = 82) -> Specimen:
    """The same paper photographed; the boxes of its truth follow the tilt. `tilt` is the largest angle in degrees."""
    page = specimen.image
    margin = 0.06 + random.random() * 0.05
    size = (int(page.width * (1 + 2 * margin)), int(page.height * (1 + 2 * margin)))
    forward = _product(
        _shift(size[0] / 2, size[1] / 2),
        _product(
            _leaning(random, page.size),
            _product(_turned(random.uniform(-tilt, tilt)), _shift(-page.width / 2, -page.height / 2)),
        ),
    )
    back = _inverse(forward)
    coefficients = tuple(part / back[8] for part in back[:8])
    table = _table(size, random)
    moved = page.transform(size, Image.Transform.PERSPECTIVE, coefficients, Image.Resampling.BICUBIC)
    outline = Image.new("L", page.size, 0)
    ImageDraw.Draw(outline).rounded_rectangle((0, 0, page.width - 1, page.height - 1), specimen.radius, fill=255)
    mask = outline.transform(size, Image.Transform.PERSPECTIVE, coefficients, Image.Resampling.BILINEAR)
    shadow = ImageChops.offset(mask, 10, 14).filter(ImageFilter.BoxBlur(14)).point(lambda value: value // 2)
    table = Image.composite(Image.new("RGB", size, (30, 28, 26)), table, shadow)
    scene = _lit(Image.composite(moved, table, mask), random).filter(ImageFilter.BoxBlur(0.4 + random.random() * 0.3))
    buffer = BytesIO()
    scene.save(buffer, "JPEG", quality=quality)
    seen = Image.open(BytesIO(buffer.getvalue())).convert("RGB")
    return specimen.moved(seen, lambda box: _carried(box, page.size, size, forward))


def _table(size: tuple[int, int], random: Random) -> Image.Image:
    colour = random.choice(_TABLES)
    coarse = (size[0] // 6, size[1] // 6)
    # Pillow's own noise takes no seed.
    grain = Image.frombytes("L", coarse, random.randbytes(coarse[0] * coarse[1])).resize(size)
    shade = grain.point(lambda value: 210 + value * 45 // 255)
    return ImageChops.multiply(Image.new("RGB", size, colour), Image.merge("RGB", (shade, shade, shade)))


def _lit(scene: Image.Image, random: Random) -> Image.Image:
    """A soft shadow from one side, never darker than two thirds."""
    ramp = Image.linear_gradient("L").rotate(random.choice((0, 90, 180, 270))).resize(scene.size)
    floor = random.randrange(168, 206)
    light = ramp.point(lambda value: floor + value * (255 - floor) // 255)
    return ImageChops.multiply(scene, Image.merge("RGB", (light, light, light)))


def _carried(box: Box, page: tuple[int, int], size: tuple[int, int], forward: Matrix) -> Box:
    corners = [_seen(forward, x * page[0], y * page[1]) for x in (box[0], box[2]) for y in (box[1], box[3])]
    xs, ys = [x / size[0] for x, _ in corners], [y / size[1] for _, y in corners]
    return (
        round(max(0.0, min(xs)), 5),
        round(max(0.0, min(ys)), 5),
        round(min(1.0, max(xs)), 5),
        round(min(1.0, max(ys)), 5),
    )


def _shift(x: float, y: float) -> Matrix:
    return (1, 0, x, 0, 1, y, 0, 0, 1)


def _turned(degrees: float) -> Matrix:
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    return (cos, -sin, 0, sin, cos, 0, 0, 0, 1)


def _leaning(random: Random, page: tuple[int, int]) -> Matrix:
    """A camera held not quite level: the far edge a few hundredths shorter."""
    return (1, 0, 0, 0, 1, 0, random.uniform(-0.04, 0.04) / page[0], random.uniform(-0.05, 0.05) / page[1], 1)


def _product(a: Matrix, b: Matrix) -> Matrix:
    return tuple(sum(a[row * 3 + k] * b[k * 3 + column] for k in range(3)) for row in range(3) for column in range(3))  # type: ignore[return-value]


def _inverse(m: Matrix) -> Matrix:
    """By cofactors, up to a scale that a projection does not notice."""
    a, b, c, d, e, f, g, h, i = m
    return (
        e * i - f * h,
        c * h - b * i,
        b * f - c * e,
        f * g - d * i,
        a * i - c * g,
        c * d - a * f,
        d * h - e * g,
        b * g - a * h,
        a * e - b * d,
    )


def _seen(m: Matrix, x: float, y: float) -> tuple[float, float]:
    depth = m[6] * x + m[7] * y + m[8]
    return (m[0] * x + m[1] * y + m[2]) / depth, (m[3] * x + m[4] * y + m[5]) / depth
