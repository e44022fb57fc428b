"""Every file of the shared data meets the guard and the sandbox with an expected outcome. No engine runs here."""

import io
from pathlib import Path
from typing import Any

import numpy as np
import pillow_heif
import pytest
from PIL import Image, ImageDraw

from carloan.archives.recognition import guard, media, sandbox
from carloan.archives.recognition.refusals import MESSAGES, Refused
from carloan.archives.recognition.unpack import unpack

# Media type and number of pages, or the code of the refusal.
FORMATS = {
    "document.webp": (media.WEBP, 1),
    "multi-page-digital.pdf": (media.PDF, 3),
    "multi-page-images.pdf": (media.PDF, 3),
    "multi-page-images.tiff": (media.TIFF, 3),
    "multi-page-mixed.pdf": (media.PDF, 6),
    "multi_page.tiff": (media.TIFF, 2),
    "rotated.pdf": (media.PDF, 4),
    "simple-no-dpi.png": (media.PNG, 1),
    "simple.bmp": (media.BMP, 1),
    "simple.gif": (media.GIF, 1),
    "simple.heic": (media.HEIC, 1),
    "test_archvive_with_cp437_member.zip": (media.ZIP, None),
    "test_archvive_with_special_characters_filename_member.zip": (media.ZIP, None),
    "with-form.pdf": (media.PDF, 1),
}
HOSTILE = {
    "eicar.com.txt": "malware",
    "encrypted-test123.pdf": "encrypted",
    "image-bomb-400Mpx.png": "too_many_pixels",
    "letters.zip": (media.ZIP, None),
    # Protected against changes only: everybody may read it.
    "protected-test123.pdf": (media.PDF, 13),
    "zip-dirs.zip": (media.ZIP, None),
    "email/broken.eml": "type_unknown",
    "email/eml_with_umlaut.eml": "type_unknown",
    "email/html.eml": "type_unknown",
}
DOCUMENTS = {
    "bank-pos-slip.jpg": (media.JPEG, 1),
    "barcode-demo.jpg": (media.JPEG, 1),
    "general-table-demo.png": (media.PNG, 1),
    "handwriting-demo.jpg": (media.JPEG, 1),
    "id-card-demo.png": (media.PNG, 1),
    "qr-code-demo.jpg": (media.JPEG, 1),
    "vehicle-license-demo.png": (media.PNG, 1),
    "增值税发票样例.jpg": (media.JPEG, 1),
    "ground_truth.json": "type_unknown",
}
# PDFs of qpdf's own suite that no reader opens; every other one opens and each page is drawn.
DAMAGED_PDF = {"57639.fuzz", "70306.fuzz", "issue-100.pdf", "issue-120.pdf"}
LOCKED_PDF = {
    "c-r4.pdf",
    "enc-R2,V1,U=view,O=view.pdf",
    "enc-XI-R6,V5,U=wwwww,O=wwwww.pdf",
    "enc-long-password.pdf",
    "encrypted.pdf",
    "short-O-U.pdf",
}
NO_HEADER = {"bad-content.pdf", "bad1.pdf", "issue-147.pdf"}


def outcome(path: Path) -> object:
    try:
        examined = guard.examine(path.read_bytes())
    except Refused as refused:
        return refused.code if refused.message else "no words"
    return examined.media, examined.pages


@pytest.mark.parametrize(("name", "expected"), FORMATS.items())
def test_every_format_is_known_for_what_it_is(shared_data: Path, name: str, expected: object) -> None:
    assert outcome(shared_data / "formats" / name) == expected


@pytest.mark.parametrize(("name", "expected"), HOSTILE.items())
def test_every_hostile_file_has_its_outcome(shared_data: Path, name: str, expected: object) -> None:
    assert outcome(shared_data / "hostile" / name) == expected


@pytest.mark.parametrize(("name", "expected"), DOCUMENTS.items())
def test_every_document_is_known_for_what_it_is(shared_data: Path, name: str, expected: object) -> None:
    assert outcome(shared_data / "documents" / name) == expected


def test_no_file_of_the_folders_is_without_an_expectation(shared_data: Path) -> None:
    for folder, expected in (("formats", FORMATS), ("documents", DOCUMENTS)):
        assert {path.name for path in (shared_data / folder).iterdir() if path.is_file()} == set(expected)
    assert {
        p.relative_to(shared_data / "hostile").as_posix()
        for p in (shared_data / "hostile").rglob("*")
        if p.is_file() and p.parent.name != "pdf"
    } == set(HOSTILE)


def test_every_pdf_of_the_torture_set_is_opened_or_refused(shared_data: Path) -> None:
    wrong = {}
    for path in sorted((shared_data / "hostile/pdf").iterdir()):
        found = outcome(path)
        if path.name in DAMAGED_PDF:
            expected: object = "damaged"
        elif path.name in LOCKED_PDF:
            expected = "encrypted"
        elif b"%PDF-" not in path.read_bytes()[:1024] or path.name in NO_HEADER:
            expected = "type_unknown"
        else:
            expected = media.PDF
            found = found[0] if isinstance(found, tuple) else found
        if found != expected:
            wrong[path.name] = (found, expected)
    assert wrong == {}


@pytest.mark.parametrize("folder", ["formats", "documents/edge"])
def test_every_page_of_every_picture_is_drawn(shared_data: Path, folder: str) -> None:
    for path in sorted((shared_data / folder).iterdir()):
        data = path.read_bytes()
        if (kind := media.sniff(data)) in media.PAPERS:
            drawn = [
                head for head, body in sandbox.pages(data, kind) if len(body) == head["width"] * head["height"] * 3
            ]
            assert len(drawn) == guard.examine(data).pages, path.name


def test_the_text_of_a_born_digital_pdf_is_read_from_it(shared_data: Path) -> None:
    data = (shared_data / "formats/multi-page-digital.pdf").read_bytes()
    heads = [head for head, _ in sandbox.pages(data, media.PDF)]
    assert "This is a multi page document. Page 1" in heads[0]["lines"][0]["text"]
    assert all(head["lines"] for head in heads)


def test_scans_and_their_hidden_text_are_read_from_pixels(shared_data: Path) -> None:
    data = (shared_data / "formats/multi-page-images.pdf").read_bytes()
    assert [head["lines"] for head, _ in sandbox.pages(data, media.PDF)] == [None, None, None]


def test_archives_of_the_shared_data_unpack_to_their_files(shared_data: Path) -> None:
    letters = unpack((shared_data / "hostile/letters.zip").read_bytes())
    assert iter(letters) is letters, "members must come one at a time, not as a list in memory"
    assert [member.name for member in letters] == ["letter-de.pdf", "letter-en.txt"]
    assert [
        member.name for member in unpack((shared_data / "formats/test_archvive_with_cp437_member.zip").read_bytes())
    ] == ["教师节快乐.docx"]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_refusal_is_a_sentence_in_both_languages(language: str, settings: object) -> None:
    from django.utils.translation import override

    data = {"limit": 1, "count": 2, "pixels": 2, "name": "x", "what": "x"}
    with override(language):
        for code in MESSAGES:
            text = Refused(code, **data).message
            assert "%" not in text
            if language == "zh-hans":
                assert any("\u4e00" <= character <= "\u9fff" for character in text), code


def corner_marked() -> Image.Image:
    """A white page, wider than high, with a black square in its upper left corner."""
    image = Image.new("RGB", (900, 600), "white")
    ImageDraw.Draw(image).rectangle((0, 0, 200, 150), fill="black")
    return image


def as_pixels(data: bytes) -> tuple[int, int, int, int]:
    """Width, height, and the grey of the upper left and the lower right corner of the first page."""
    (head, body), *_ = sandbox.pages(data, media.sniff(data))
    page = np.frombuffer(body, np.uint8).reshape(head["height"], head["width"], 3)
    return head["width"], head["height"], int(page[40, 40].max()), int(page[-40, -40].min())


def saved(image: Image.Image, form: str, **options: Any) -> bytes:
    pillow_heif.register_heif_opener()
    buffer = io.BytesIO()
    image.save(buffer, form, **options)
    return buffer.getvalue()


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "TIFF", "BMP", "GIF", "HEIF"])
def test_every_form_of_picture_shows_the_same_page(form: str) -> None:
    width, height, ink, paper = as_pixels(saved(corner_marked(), form))
    assert (width, height) == (900, 600)
    assert (ink < 40, paper > 215) == (True, True)


@pytest.mark.parametrize("mode", ["CMYK", "L", "1", "LAB"])
def test_every_colour_space_comes_out_as_black_on_white(mode: str) -> None:
    form = "JPEG" if mode in ("CMYK", "L") else "TIFF"
    _, _, ink, paper = as_pixels(saved(corner_marked().convert(mode) if mode != "LAB" else lab(), form))
    assert (ink < 60, paper > 195) == (True, True)


def lab() -> Image.Image:
    from PIL import ImageCms

    steps = ImageCms.buildTransform(ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB"), "RGB", "LAB")
    made = ImageCms.applyTransform(corner_marked(), steps)
    assert made is not None
    return made


def test_sixteen_bits_a_sample_are_brought_to_eight() -> None:
    deep = Image.fromarray(np.asarray(corner_marked().convert("L")).astype(np.uint16) * 257)
    _, _, ink, paper = as_pixels(saved(deep, "PNG"))
    assert (ink < 10, paper > 245) == (True, True)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_the_turn_that_a_camera_wrote_down_is_done(form: str) -> None:
    exif = Image.Exif()
    # 6: the camera was held upright, the page has to be turned clockwise.
    exif[0x0112] = 6
    width, height, upper_left, _ = as_pixels(saved(corner_marked(), form, exif=exif))
    assert (width, height) == (600, 900)
    assert upper_left > 215, "the square is in the upper right corner now"


def test_the_frames_of_a_moving_picture_are_one_page_and_those_of_a_tiff_are_many() -> None:
    frames = [corner_marked(), Image.new("RGB", (900, 600), "grey")]
    for form, pages in (("GIF", 1), ("WEBP", 1), ("TIFF", 2)):
        assert guard.examine(saved(frames[0], form, save_all=True, append_images=frames[1:])).pages == pages
