"""Pages as pixels. Runs only inside the sandbox's child: everything here may be handed a hostile file.

A page leaves as RGB of at most `LONGEST_SIDE` pixels, a paper photographed on a table cut out and laid straight
(rectify.py), with the text that a born-digital page carries itself.
"""

import io
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pillow_heif
import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c
from PIL import Image, ImageOps, UnidentifiedImageError

from carloan.archives.recognition import media as types
from carloan.archives.recognition import mosaic, rectify
from carloan.archives.recognition.ofd import PROGRAMS, Document, Package
from carloan.archives.recognition.ofd_drawing import Drawing
from carloan.archives.recognition.pdf_actions import refuse_actions
from carloan.archives.recognition.pdf_text import PICTURE_SHARE, gathered, picture_share, read_lines, trusted
from carloan.archives.recognition.rectify import Pixels
from carloan.archives.recognition.sheet import Corners
from carloan.lib.nursery import Frame, Unreadable

# A4 at 220 dpi: small print stays legible to the engine, and more pixels only cost time.
LONGEST_SIDE: Final = 2600
PDF_DPI: Final = 200
SMALLEST_SIDE: Final = 1000
# Photos of up to this size are cut from all their pixels.
FINEST_SIDE: Final = 5200
_ANIMATED: Final = frozenset({types.GIF, types.WEBP, types.HEIC, types.PNG})
pillow_heif.register_heif_opener()
# Our own limit is checked on the header; Pillow's only warns.
Image.MAX_IMAGE_PIXELS = None
warnings.simplefilter("ignore")


def inspect(data: bytes, *, media: str) -> Iterator[Frame]:
    """One frame: how many pages, and how many pixels the largest would have."""
    if media == types.PDF:
        with _open_pdf(data) as pdf:
            _refuse_programs(pdf, data)
            yield {"pages": len(pdf), "pixels": 0}, b""
        return
    if media == types.OFD:
        yield {"pages": len(Document(Package(data))), "pixels": 0}, b""
        return
    with _open_image(data) as image:
        frames = 1 if media in _ANIMATED else int(getattr(image, "n_frames", 1))
        largest = 0
        for number in range(min(frames, 500)):
            if number:
                image.seek(number)
            largest = max(largest, image.width * image.height)
        yield {"pages": frames, "pixels": largest}, b""


@dataclass(frozen=True, slots=True)
class Page:
    """One page as it was received: its picture (RGB), and its own text when it is born digital.

    `finer`: the picture with more pixels, where the decoder has more; what is cut out of it keeps its small print.
    `flat`: no picture fills it, so it is no photo of a paper on a table, whatever is drawn there.
    """

    number: int
    pixels: Pixels
    lines: list[dict[str, Any]] | None = None
    finer: Image.Image | None = None
    flat: bool = False


def pages(
    data: bytes, *, media: str, first: int = 1, last: int = 10_000, view: dict[str, Any] | None = None
) -> Iterator[Frame]:
    """One frame a page: `{"number", "width", "height", "lines", "corners", "obscured"}` and its RGB bytes.

    `corners`: what of the received page is shown (rectify.py), None when it is shown as it is. A `view`
    (`{"corners", "width", "height"}`) draws just that part again; `{}` leaves the page as it was received.
    """
    for page in _SOURCES.get(media, _image_pages)(data, media, first, last):
        corners, width, height = _view(page, view)
        patches = mosaic.find(page.pixels) if view is None and page.lines is None else ()
        pixels = page.pixels
        if corners is not None:
            finer = page.pixels if page.finer is None else np.asarray(page.finer)
            pixels = rectify.warp(finer, corners, width, height)
            patches = tuple(rectify.moved_box(patch, corners, rectify.WHOLE) for patch in patches)
        head = {
            "number": page.number, "width": width, "height": height, "lines": page.lines, "corners": corners,
            "obscured": patches,
        }  # fmt: skip
        yield head, pixels.tobytes()


def _view(page: Page, view: dict[str, Any] | None) -> tuple[Corners | None, int, int]:
    """Which part of a page is shown, and how large."""
    if view:
        return view["corners"], view["width"], view["height"]
    corners = None
    if view is None and page.lines is None and not page.flat:
        corners = rectify.outline(page.pixels)
    height, width = page.pixels.shape[:2]
    if corners is None:
        return None, width, height
    return corners, *rectify.extent(
        corners, *(page.finer.size if page.finer else (width, height)), longest=LONGEST_SIDE
    )


TASKS: Final[dict[str, Callable[..., Iterator[Frame]]]] = {"inspect": inspect, "pages": pages}


def _open_image(data: bytes) -> Image.Image:
    try:
        return Image.open(io.BytesIO(data))
    except UnidentifiedImageError as error:
        raise Unreadable("damaged") from error


def _image_pages(data: bytes, media: str, first: int, last: int) -> Iterator[Page]:
    with _open_image(data) as image:
        frames = 1 if media in _ANIMATED else int(getattr(image, "n_frames", 1))
        for number in range(first, min(frames, last) + 1):
            if number > 1:
                image.seek(number - 1)
            if media == types.JPEG:
                # Decodes a huge photo at half or quarter size at once instead of shrinking it afterwards.
                image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            yield _received(number, image)


def _received(number: int, image: Image.Image) -> Page:
    image = ImageOps.exif_transpose(image) or image
    if max(image.size) <= LONGEST_SIDE:
        return Page(number, np.asarray(_flatten(image)))
    finer = _flatten(image) if max(image.size) <= FINEST_SIDE else None
    image.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.BICUBIC)
    return Page(number, np.asarray(_flatten(image)), finer=finer)


def _flatten(image: Image.Image) -> Image.Image:
    """RGB on a background that makes the ink readable: white ink on a transparent page needs a dark one."""
    if image.mode.startswith("I") or image.mode == "F":
        values = np.asarray(image, dtype=np.float64)
        scale = 255.0 / max(float(values.max()), 1.0)
        return Image.fromarray((values * scale).clip(0, 255).astype(np.uint8)).convert("RGB")
    if image.mode not in ("RGBA", "LA", "PA") and "transparency" not in image.info:
        return image.convert("RGB")
    image = image.convert("RGBA")
    pixels = np.asarray(image)
    ink = pixels[..., 3] > 128
    light = bool(ink.any()) and not bool(ink.all()) and float(pixels[..., :3][ink].mean()) > 160
    ground = Image.new("RGBA", image.size, (24, 24, 24, 255) if light else (255, 255, 255, 255))
    return Image.alpha_composite(ground, image).convert("RGB")


def _open_pdf(data: bytes) -> pdfium.PdfDocument:
    try:
        pdf = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        locked = "password" in str(error).lower() or "security" in str(error).lower()
        raise Unreadable("encrypted" if locked else "damaged") from error
    if len(pdf) == 0:
        raise Unreadable("damaged")
    return pdf


def _refuse_programs(pdf: pdfium.PdfDocument, data: bytes) -> None:
    if pdfium_c.FPDFDoc_GetJavaScriptActionCount(pdf) > 0:
        raise Unreadable("active_content", what="JavaScript")
    refuse_actions(data)
    for index in range(pdf.count_attachments()):
        name = pdf.get_attachment(index).get_name()
        if name.lower().endswith(PROGRAMS):
            raise Unreadable("active_content", what=name[-80:])


def _pdf_pages(data: bytes, media: str, first: int, last: int) -> Iterator[Page]:
    with _open_pdf(data) as pdf:
        pdf.init_forms()
        for number in range(first, min(len(pdf), last) + 1):
            try:
                page = pdf[number - 1]
            except pdfium.PdfiumError:
                # The other pages may still be good; an empty white page keeps the numbers honest.
                yield Page(number, np.full((SMALLEST_SIDE, SMALLEST_SIDE, 3), 255, np.uint8))
                continue
            width, height = (max(side, 1.0) for side in page.get_size())
            scale = min(max(PDF_DPI / 72, SMALLEST_SIDE / max(width, height)), LONGEST_SIDE / max(width, height))
            bitmap = page.render(scale=scale, rev_byteorder=True, prefer_bgrx=False)
            pixels = np.ascontiguousarray(bitmap.to_numpy()[..., :3])
            flat = picture_share(page) <= PICTURE_SHARE
            yield Page(number, pixels, read_lines(page, pixels) if flat else None, flat=flat)
            bitmap.close()
            page.close()


def _ofd_pages(data: bytes, media: str, first: int, last: int) -> Iterator[Page]:
    document = Document(Package(data))
    for number in range(first, min(len(document), last) + 1):
        drawing = Drawing(document, number)
        pixels = np.asarray(drawing.image.convert("RGB"))
        lines = gathered(drawing.characters) if drawing.pictured <= PICTURE_SHARE else []
        yield Page(number, pixels, trusted(lines, pixels))


_SOURCES: Final[dict[str, Callable[[bytes, str, int, int], Iterator[Page]]]] = {
    types.PDF: _pdf_pages, types.OFD: _ofd_pages,
}  # fmt: skip
