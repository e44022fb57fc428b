"""What makes a blank sheet look like an official paper: security print, seals, portraits, codes, the SPECIMEN mark.

Nothing here copies a real security feature: the curves, seals and emblems are invented and say that they are samples.
"""

import math
from functools import lru_cache
from random import Random

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageOps

from carloan.demonstration.specimens.sheet import Colour
from carloan.lib.fonts import font

RED: Colour = (196, 40, 44)


@lru_cache(maxsize=32)
def _tinted(width: int, height: int, left: Colour, middle: Colour, right: Colour) -> Image.Image:
    ramp = Image.linear_gradient("L").rotate(90).resize((width, height))
    return ImageOps.colorize(ramp, left, right, middle)


@lru_cache(maxsize=32)
def _guilloche(width: int, height: int, *, seed: int, lines: int, ink: Colour, strength: int) -> Image.Image:
    """A mask-and-ink layer of interlaced waves (the fine line print of certificates)."""
    random = Random(seed)
    layer = Image.new("L", (width, height), 0)
    draw = ImageDraw.Draw(layer)
    for _ in range(3):
        waves = random.uniform(1.2, 3.4)
        swing = height * random.uniform(0.08, 0.22)
        phase = random.uniform(0, math.tau)
        for number in range(lines):
            base = height * (number / lines * 1.4 - 0.2)
            shift = phase + number * random.uniform(0.10, 0.16)
            points = [
                (
                    x,
                    base
                    + swing
                    * math.sin(waves * math.tau * x / width + shift)
                    * math.cos(1.7 * math.pi * x / width + phase),
                )
                for x in range(-8, width + 16, 12)
            ]
            draw.line(points, fill=strength, width=1)
    return Image.merge("RGBA", (*(Image.new("L", layer.size, part) for part in ink), layer))


@lru_cache(maxsize=32)
def _mark_layer(width: int, height: int, ink: Colour, strength: int, text: str) -> Image.Image:
    """The word SPECIMEN repeated across the page, light enough to read through."""
    size = max(18, min(width, height) // 13)
    tile = Image.new("L", (math.ceil(math.hypot(width, height)),) * 2, 0)
    draw = ImageDraw.Draw(tile)
    step = int(font(size).getlength(text) * 1.45)
    for row, y in enumerate(range(0, tile.height, size * 5)):
        for x in range(-step + (row % 2) * step // 2, tile.width, step):
            draw.text((x, y), text, font=font(size), fill=strength)
    tile = tile.rotate(24, resample=Image.Resampling.BILINEAR)
    left, top = (tile.width - width) // 2, (tile.height - height) // 2
    layer = tile.crop((left, top, left + width, top + height))
    return Image.merge("RGBA", (*(Image.new("L", layer.size, part) for part in ink), layer))


def paper(
    size: tuple[int, int],
    tints: tuple[Colour, Colour, Colour],
    *,
    curves: Colour | None = None,
    seed: int = 1,
    lines: int = 26,
    strength: int = 90,
    mark: Colour = (120, 120, 130),
    mark_strength: int = 46,
) -> Image.Image:
    """A tinted sheet with security curves and the faint SPECIMEN mark under whatever is printed later."""
    sheet = _tinted(*size, *tints).convert("RGBA")
    if curves is not None:
        sheet.alpha_composite(_guilloche(*size, seed=seed, lines=lines, ink=curves, strength=strength))
    sheet.alpha_composite(_mark_layer(*size, mark, mark_strength, "SPECIMEN 样本"))
    return sheet.convert("RGB")


def rounded(card: Image.Image, radius: int, around: Colour = (255, 255, 255)) -> Image.Image:
    """The card with its corners cut round."""
    mask = Image.new("L", card.size, 0)
    ImageDraw.Draw(mask).rounded_rectangle((0, 0, card.width - 1, card.height - 1), radius, fill=255)
    return Image.composite(card, Image.new("RGB", card.size, around), mask)


def stamp(page: Image.Image, seal: Image.Image, x: float, y: float, *, tilt: float = 0, opacity: float = 0.8) -> None:
    """Press an RGBA seal on the page as ink: what lies under it stays readable."""
    if tilt:
        seal = seal.rotate(tilt, expand=True, resample=Image.Resampling.BICUBIC)
    alpha = seal.getchannel("A").point(lambda value: int(value * opacity))
    left, top = int(x), int(y)
    area = (left, top, left + seal.width, top + seal.height)
    under = page.crop(area)
    inked = ImageChops.multiply(under, ImageChops.lighter(seal.convert("RGB"), Image.new("RGB", seal.size, (40, 0, 0))))
    page.paste(Image.composite(inked, under, alpha), area)


@lru_cache(maxsize=256)
def round_seal(
    text: str, bottom: str = "样本专用章", *, diameter: int = 260, oval: float = 1.0, star: bool = True
) -> Image.Image:
    """A company or office seal: the name along the rim, a star, a line below."""
    scale = 2
    size = diameter * scale
    seal = Image.new("RGBA", (size, size), (*RED, 0))
    draw = ImageDraw.Draw(seal)
    edge = size // 40
    draw.ellipse((edge, edge, size - edge, size - edge), outline=(*RED, 255), width=size // 36)
    centre, letter_size = size / 2, min(size // 9, int(size * 2.0 / max(6, len(text))))
    radius = centre - edge - size / 36 - letter_size * 0.72
    sweep = min(270.0, 26.0 * len(text))
    for number, letter in enumerate(text):
        angle = -90 - sweep / 2 + (sweep * number / max(1, len(text) - 1) if len(text) > 1 else sweep / 2)
        glyph = Image.new("RGBA", (letter_size * 2,) * 2, (*RED, 0))
        ImageDraw.Draw(glyph).text(
            (letter_size, letter_size), letter, font=font(letter_size), fill=(*RED, 255), anchor="mm"
        )
        glyph = glyph.rotate(-(angle + 90), resample=Image.Resampling.BILINEAR)
        x = centre + radius * math.cos(math.radians(angle)) - glyph.width / 2
        y = centre + radius * math.sin(math.radians(angle)) - glyph.height / 2
        seal.alpha_composite(glyph, (max(0, int(x)), max(0, int(y))))
    if star:
        points = []
        for number in range(10):
            reach = size * (0.15 if number % 2 == 0 else 0.06)
            angle = math.radians(-90 + 36 * number)
            points.append((centre + reach * math.cos(angle), centre + reach * math.sin(angle)))
        draw.polygon(points, fill=(*RED, 255))
    draw.text((centre, size * 0.76), bottom, font=font(size // 11), fill=(*RED, 255), anchor="mm")
    return seal.resize((diameter, int(diameter * oval)), Image.Resampling.LANCZOS)


@lru_cache(maxsize=256)
def square_seal(text: str, *, size: tuple[int, int] = (250, 250), columns: int = 5) -> Image.Image:
    """The traffic police's red frame with the office's name in rows."""
    seal = Image.new("RGBA", size, (*RED, 0))
    draw = ImageDraw.Draw(seal)
    draw.rectangle((2, 2, size[0] - 3, size[1] - 3), outline=(*RED, 255), width=4)
    rows = [text[start : start + columns] for start in range(0, len(text), columns)]
    letter_size = int(min(size[0] / columns * 0.76, size[1] / len(rows) * 0.68))
    for number, row in enumerate(rows):
        y = size[1] * (number + 0.5) / len(rows)
        for place, letter in enumerate(row):
            x = 8 + (size[0] - 16) * (place + 0.5) / columns
            draw.text((x, y), letter, font=font(letter_size), fill=(*RED, 255), anchor="mm", stroke_width=1)
    return seal


@lru_cache(maxsize=16)
def portrait(width: int, height: int, *, female: bool, shade: int, background: Colour = (244, 246, 248)) -> Image.Image:
    """A head and shoulders without a face: no specimen shows anybody."""
    scale = 2
    image = Image.new("RGB", (width * scale, height * scale), background)
    draw = ImageDraw.Draw(image)
    skin, hair = (214 - shade, 180 - shade, 158 - shade), (38 + shade, 34 + shade, 34 + shade)
    cloth = ((52, 58, 74), (92, 40, 52), (36, 60, 66))[shade % 3]
    w, h = width * scale, height * scale
    if female:
        draw.ellipse((w * 0.22, h * 0.10, w * 0.78, h * 0.76), fill=hair)
    else:
        draw.ellipse((w * 0.28, h * 0.10, w * 0.72, h * 0.50), fill=hair)
    draw.rounded_rectangle((w * 0.41, h * 0.50, w * 0.59, h * 0.76), 20, fill=tuple(max(0, part - 18) for part in skin))
    draw.ellipse((w * 0.30, h * 0.17, w * 0.70, h * 0.63), fill=skin)
    draw.pieslice((w * 0.29, h * 0.12, w * 0.71, h * 0.52), 185, 355, fill=hair)
    draw.ellipse((w * 0.04, h * 0.70, w * 0.96, h * 1.42), fill=cloth)
    draw.polygon(((w * 0.40, h * 0.70), (w * 0.60, h * 0.70), (w * 0.50, h * 0.88)), fill=(240, 240, 244))
    return image.resize((width, height), Image.Resampling.LANCZOS).filter(ImageFilter.GaussianBlur(0.8))


@lru_cache(maxsize=8)
def emblem(diameter: int) -> Image.Image:
    """A red disc with a star where the national emblem stands on the real card."""
    scale = 3
    size = diameter * scale
    image = Image.new("RGBA", (size, size), (0, 0, 0, 0))
    draw = ImageDraw.Draw(image)
    draw.ellipse((0, 0, size - 1, size - 1), fill=(190, 40, 36, 255))
    draw.ellipse((size * 0.06, size * 0.06, size * 0.94, size * 0.94), outline=(226, 178, 70, 255), width=size // 40)
    for x, y, reach in ((0.5, 0.34, 0.17), (0.27, 0.44, 0.07), (0.73, 0.44, 0.07)):
        points = []
        for number in range(10):
            length = size * reach * (1 if number % 2 == 0 else 0.4)
            angle = math.radians(-90 + 36 * number)
            points.append((size * x + length * math.cos(angle), size * y + length * math.sin(angle)))
        draw.polygon(points, fill=(236, 192, 84, 255))
    draw.text((size / 2, size * 0.70), "样本", font=font(size // 5), fill=(236, 192, 84, 255), anchor="mm")
    return image.resize((diameter, diameter), Image.Resampling.LANCZOS)


def barcode(draw: ImageDraw.ImageDraw, x: int, y: int, *, width: int, height: int, text: str) -> None:
    """Bars that look like a code and carry nothing."""
    random = Random(text)
    end = x + width
    while x < end:
        bar = random.choice((2, 2, 3, 5))
        draw.rectangle((x, y, min(end, x + bar), y + height), fill=(30, 30, 34))
        x += bar + random.choice((2, 3, 3, 5))


def block_code(size: int, text: str, ink: Colour = (24, 34, 96)) -> Image.Image:
    """A square of modules with three finder marks that looks like a QR code and carries nothing."""
    random = Random(text)
    modules = 29
    image = Image.new("RGB", (modules, modules), (255, 255, 255))
    for y in range(modules):
        for x in range(modules):
            if random.random() < 0.48:
                image.putpixel((x, y), ink)
    draw = ImageDraw.Draw(image)
    for x, y in ((0, 0), (modules - 7, 0), (0, modules - 7)):
        draw.rectangle((x - 1, y - 1, x + 7, y + 7), fill=(255, 255, 255))
        draw.rectangle((x, y, x + 6, y + 6), outline=ink)
        draw.rectangle((x + 2, y + 2, x + 4, y + 4), fill=ink)
    return image.resize((size, size), Image.Resampling.NEAREST)
