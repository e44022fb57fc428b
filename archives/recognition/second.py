"""A second look at values that nothing has proven yet.

The engine reads each value again on a crop cut a little wider: a value that hangs on where its crop was cut reads
differently then. Where something lies over the print, or it is blurred, it is read a third time by its darkest ink
alone (ink.py): what a seal or a shadow made of a letter is another letter there. For money and identifiers that stay
doubtful tesseract is asked, where it is installed: another engine makes other mistakes.
"""

import functools
import itertools
import os
import re
import shutil
from collections.abc import Sequence
from statistics import median
from typing import Final, NamedTuple

import numpy as np
import pytesseract
from PIL import Image

from carloan.archives.recognition import ink, models
from carloan.archives.recognition.certainty import CHECKS, STEPS, evidence, group
from carloan.archives.recognition.engine import Pixels, cut_out, engine
from carloan.archives.recognition.extract import Field, Fields
from carloan.archives.recognition.extract.field import FAINT, Part
from carloan.archives.recognition.labels import fold_characters
from carloan.archives.recognition.sheet import Box, Corners, Point
from carloan.archives.recognition.values import VARIANTS
from carloan.lib.text import fold

# The names whose single wrong character costs money or joins the wrong person.
CHECKED: Final = frozenset(
    {"number", "vin", "plate", "engine_no", "invoice_code", "invoice_number", "buyer_id", "seller_tax_id", "total",
     "tax", "price_without_tax", "principal", "contract_no", "borrower_id", "certificate_no", "loan_contract_no",
     "mortgagor_id", "mortgagee_id", "owner_id", "insured_id", "uscc", "policy_no", "premium", "tax_paid"}
)  # fmt: skip
# From here on a value that was read alike twice is sure without another engine.
DOUBT: Final = STEPS[0]
# Below this no third reading makes a value sure.
NEARLY: Final = STEPS[1]
# Where something lies over the print, its ink alone shows each sign at least so clearly.
DIM: Final = 0.9
# A checked value needs no second look from here on, nor one without its neighbours.
CLEAR: Final = 0.98
SECONDS: Final = 4
# Below this no second look makes a value sure; above, one costs 20 ms a line.
WORTH: Final = 0.8
# A value that passed a check may stand in a line that was read badly for the sake of other letters.
WORTH_PROVEN: Final = 0.5
_MOST_PARTS: Final = 6
# How much wider the second crop is, in heights of the line: above and below, at the sides.
_RISE, _SIDE, _FAR = 0.12, 0.25, 0.9
_FEW, _AMONG_OTHERS = 6, 2.0
# A name that begins or ends with its line: within so much of its height a letter would be one of its own.
_BESIDE: Final = 0.45
_LETTER: Final = re.compile(r"[0-9A-Z\u3400-\u9fff]")
_FIGURE: Final = re.compile("[0-9A-Z]")
NAMES: Final = frozenset(
    {"name", "owner_name", "buyer_name", "seller_name", "borrower_name", "lender_name", "mortgagee_name",
     "mortgagor_name", "insured_name", "insurer_name", "legal_representative", "maker", "authority", "address"}
)  # fmt: skip
_HAN: Final = re.compile("[\u3400-\u9fff]{2}")
# Han letters of one line stand equally far from each other, as the reader sees them within a quarter; of so many gaps
# one that is so much wider than the others holds another letter.
_LEAST_GAPS, _ROOM = 4, 1.65
# Figures are equally wide, and seen to a third of that: where another stood the gap is twice as wide.
_FIGURES: Final = re.compile("[0-9]{2}")
_LEAST_OF_FIGURES, _ROOM_OF_FIGURES = 3, 1.8
# Between Han letters a dash is the number one.
_HAN_DASH: Final = re.compile(r"(?<=[\u3400-\u9fff])[—–\-](?=[\u3400-\u9fff])")
_DASHES: Final = re.compile("[—–~_]")
_DOTS: Final = re.compile("[•・‧∙⋅.]")
# What is neither a letter, a figure nor a mark that tells one value from another.
_NO_MARKS: Final = {
    "figures": re.compile(r"[^0-9A-Z\u3400-\u9fff\-./()]"),
    "text": re.compile(r"[^0-9A-Z\u3400-\u9fff\-·()]"),
}
# Numbers that have neither I nor O (GB 16735, GB 32100, GB/T 9417): the sign that was read for a digit is the digit.
_WITHOUT_TWINS: Final = frozenset(
    {"model", "vin", "plate", "uscc", "buyer_id", "seller_tax_id", "borrower_id", "owner_id", "mortgagor_id",
     "mortgagee_id", "insured_id"}
)  # fmt: skip
_TWINS: Final = str.maketrans("OI", "01")
# Numbers whose length nothing tells: what a seal or a fold cuts off is not missed.
OPEN_ENDED: Final = frozenset(
    {"engine_no", "engine_model", "policy_no", "contract_no", "loan_contract_no", "certificate_no", "model", "total",
     "tax", "price_without_tax", "principal", "premium", "tax_paid", "number", "invoice_number", "invoice_code",
     "buyer_id", "seller_tax_id"}
)  # fmt: skip
# Letters and figures in any order, and no check digit.
_MIXED: Final = frozenset({"engine_no", "contract_no", "loan_contract_no", "certificate_no", "policy_no", "plate"})
# Of these even one of figures alone may have been printed with a letter.
_OF_ANY_FORM: Final = frozenset({"engine_no"})


@functools.cache
def is_installed() -> bool:
    # One thread: the worker has its share of the machine already.
    os.environ.setdefault("OMP_THREAD_LIMIT", "1")
    return shutil.which("tesseract") is not None


def confirm(fields: Fields, page: int, pixels: Pixels) -> None:
    """Read the unproven values of a page again: agreement is a proof, disagreement a doubt."""
    for name, field in list(fields.items()):
        if field.page != page or evidence(field) == "doubted":
            continue
        checked = evidence(field) == "checked" and not _is_misread_twice(field)
        if checked and field.confidence >= CLEAR:
            continue
        if field.confidence >= (WORTH_PROVEN if checked else WORTH) and 0 < len(field.parts) <= _MOST_PARTS:
            again = _reads_alike(name, field, pixels)
            if again is None:
                fields.proven(name, by="reread_differs")
            else:
                fields.read_again(name, again.confidence)
                if not checked:
                    fields.seen_faintly(name, again.weakest)
                    _look_at_ink(fields, name, pixels)
        _ask_another(fields, name, pixels)


def _is_misread_twice(field: Field) -> bool:
    """Whether nothing but a second place of the same print says so, and a sign was hardly told from another there: in
    one typeface a 启 is a 后 in both."""
    signs = [sure for part in field.parts for sign, sure in zip(part.text, part.signs, strict=False) if sign.isalnum()]
    return CHECKS & set(field.proofs) == {"repeated"} and min(signs, default=1.0) < FAINT


def _look_at_ink(fields: Fields, name: str, pixels: Pixels) -> None:
    """A third reading, by the ink alone.

    What two readings of the same murky pixels would make sure is a doubt where it says something else. What is nearly
    sure on clean print, where the three agree, is as sure as the least sure of its own signs: its neighbours' are not
    asked for.
    """
    field = fields[name]
    if field.confidence < NEARLY:
        return
    sure, least = field.confidence >= DOUBT, 1.0
    for part in field.parts:
        crop = cut_out(pixels, _wider(part.corners, _side(part.text, whole=name in OPEN_ENDED)))
        if crop is None or ink.is_murky(crop) is not sure:
            if sure:
                continue
            return
        again = engine().read_line(ink.alone(crop))
        if _alike(name, part.text) not in _alike(name, again.text):
            fields.proven(name, by="reread_differs")
            return
        least = min(least, _least_own(part.text, again))
    _weigh_ink(fields, name, least, was_sure=sure)


def _weigh_ink(fields: Fields, name: str, least: float, *, was_sure: bool) -> None:
    """Of three readings alike: how surely the ink shows the least sure sign lifts what was nearly sure, and lowers what
    was sure where something lies over that sign."""
    if not was_sure:
        fields.read_again(name, least)
    elif least < DIM:
        fields.seen_faintly(name, least)


def _alike(name: str, text: str) -> str:
    """A text in the one form in which readings are compared."""
    plain = _plain(fold(text).upper())
    if name in _WITHOUT_TWINS:
        plain = plain.translate(_TWINS)
    return plain.translate(VARIANTS) if name == "ethnicity" else plain


def _marked(name: str, text: str) -> str:
    """A text in the one form in which its marks are compared: a point in a sum, a dash in a number or an address, the
    dot in a transcribed name. Commas and spaces say nothing, and no mark says anything of a day or a plate."""
    if name not in NAMES | OPEN_ENDED:
        return ""
    plain = _DASHES.sub("-", _HAN_DASH.sub("一", fold(text).upper()))
    if name in _WITHOUT_TWINS:
        plain = plain.translate(_TWINS)
    other = _NO_MARKS["figures"] if group(name) == "figures" else _NO_MARKS["text"]
    return other.sub("", _DOTS.sub("·", plain) if group(name) != "figures" else plain).strip("-./()·")


class _Again(NamedTuple):
    """How surely the same was read again, and how sure the least sure sign is where it is seen best."""

    confidence: float
    weakest: float


def _reads_alike(name: str, field: Field, pixels: Pixels) -> _Again | None:
    """How surely the same is read, None when something else is.

    Beside a number of unknown length more signs are a disagreement: the detector had cut it off.
    """
    whole, last, least, weakest = name in OPEN_ENDED, len(field.parts) - 1, 1.0, 1.0
    for place, (text, corners, begins, ends, signs, _) in enumerate(field.parts):
        crop = cut_out(pixels, _wider(corners, _side(text, whole=whole)))
        again = models.NOTHING if crop is None else engine().read_line(crop)
        seen_so = [(text, signs), (again.text, again.signs)]
        unproven = evidence(field) != "checked"
        if _alike(name, text) not in _alike(name, again.text):
            return None
        if unproven and (passes_over(name, text, again) or _marked(name, text) not in _marked(name, again.text)):
            return None
        said, seen = fold(text).upper(), fold(again.text).upper()
        if name in _WITHOUT_TWINS:
            said, seen = said.translate(_TWINS), seen.translate(_TWINS)
        if whole and not _stands_whole(_plain(said), seen, first=place == 0, last=place == last):
            return None
        if name in NAMES and (begins or ends):
            nearer = engine().read_at(pixels, _wider(corners, _BESIDE))
            seen_so.append((nearer.text, nearer.signs))
            beside = fold(nearer.text).upper()
            here = _plain(said) in _plain(beside)
            if here and not _stands_whole(_plain(said), beside, first=begins, last=ends, glued=_LETTER):
                return None
        least = min(least, max(again.confidence, _alone(said, corners, pixels) if field.confidence < CLEAR else 0.0))
        weakest = min(weakest, _weakest(text, seen_so))
    return _Again(least, weakest)


def passes_over(name: str, said: str, again: models.Reading) -> bool:
    """Whether a sign may have been passed over: between two Han letters of a name, or two figures of a number of any
    length, there is room for another."""
    seen = [(sign, at) for sign, at in zip(again.text, again.places, strict=True) if not sign.isspace()]
    wanted = "".join(said.split())
    start = "".join(sign for sign, _ in seen).find(wanted)
    if start < 0:
        return False
    pairs = list(itertools.pairwise(seen[start : start + len(wanted)]))
    for signs, least, room, names in (
        (_HAN, _LEAST_GAPS, _ROOM, NAMES), (_FIGURES, _LEAST_OF_FIGURES, _ROOM_OF_FIGURES, OPEN_ENDED)
    ):  # fmt: skip
        if name not in names:
            continue
        gaps = [right - left for (one, left), (other, right) in pairs if signs.fullmatch(one + other)]
        if len(gaps) >= least and max(gaps) > room * median(gaps):
            return True
    return False


def _weakest(said: str, readings: Sequence[tuple[str, tuple[float, ...]]]) -> float:
    """How sure the least sure sign is, each as it was read best; 1 where no reading says."""
    wanted, _ = _telling(said, ())
    best = [0.0] * len(wanted)
    for text, signs in readings:
        seen, sure = _telling(text, signs)
        at = seen.find(wanted)
        if at >= 0 and len(sure) == len(seen):
            best = [max(pair) for pair in zip(best, sure[at : at + len(wanted)], strict=True)]
    return min(best, default=1.0) if any(best) else 1.0


def _least_own(said: str, again: models.Reading) -> float:
    """How sure the least sure sign of a value is among what was read with it."""
    wanted, _ = _telling(said, ())
    seen, sure = _telling(again.text, again.signs)
    at = seen.find(wanted)
    return min(sure[at : at + len(wanted)], default=0.0) if at >= 0 and sure else 0.0


def _telling(text: str, signs: tuple[float, ...]) -> tuple[str, list[float]]:
    """The letters and figures of a text, in one form, and how sure each of them is."""
    folded = fold_characters(text).upper().translate(_TWINS)
    kept = [at for at, sign in enumerate(folded) if sign.isalnum()]
    return "".join(folded[at] for at in kept), [signs[at] for at in kept] if len(signs) == len(folded) else []


def _alone(said: str, corners: Corners, pixels: Pixels) -> float:
    """How surely the value is read without its neighbours, whose letters may be the ones that were read badly."""
    alone = engine().read_at(pixels, _wider(corners, _SIDE))
    return alone.confidence if _plain(fold(alone.text).upper()) == _plain(said) else 0.0


def _side(text: str, *, whole: bool) -> float:
    """A few signs cut out of a line are read worse than with their neighbours."""
    if len(text) <= _FEW:
        return _AMONG_OTHERS
    return _FAR if whole else _SIDE


def _stands_whole(value: str, again: str, *, first: bool, last: bool, glued: re.Pattern[str] = _FIGURE) -> bool:
    """Whether the value stands there with nothing glued to its ends; dots, dashes and spaces within it do not count."""
    for start in range(len(again)):
        end = _end_of(value, again, start)
        if end is None or (first and start and glued.match(again[start - 1])):
            continue
        if not (last and end < len(again) and glued.match(again[end])):
            return True
    return False


def _end_of(value: str, text: str, start: int) -> int | None:
    """Where the value ends that begins at `start`; None when another letter stands between its own."""
    at = start
    for place, sign in enumerate(value):
        while at < len(text) and text[at] != sign and place and not _LETTER.match(text[at]):
            at += 1
        if at == len(text) or text[at] != sign:
            return None
        at += 1
    return at


def _ask_another(fields: Fields, name: str, pixels: Pixels) -> None:
    field = fields[name]
    doubtful = field.confidence < DOUBT or evidence(field) == "doubted"
    if name not in CHECKED or field.box is None or field.confidence < 0.5 or not doubtful or not is_installed():
        return
    if _may_hold_letters(name, field) and any(_is_murky(part, pixels) for part in field.parts):
        # Where print is blurred or covered both engines take a G for the 6 it looks like.
        return
    wanted = _signs(field.text or str(field.value))
    seen = _signs(_read(pixels, field.box))
    if wanted and wanted in seen:
        fields.proven(name, by="second_engine")
    elif seen and len(seen) == len(wanted):
        fields.doubted(name, 0.7)


def _may_hold_letters(name: str, field: Field) -> bool:
    return name in _OF_ANY_FORM or (name in _MIXED and not str(field.value).isdigit())


def _is_murky(part: Part, pixels: Pixels) -> bool:
    crop = cut_out(pixels, _wider(part.corners, _SIDE))
    return crop is not None and ink.is_murky(crop)


def _plain(text: str) -> str:
    text = _HAN_DASH.sub("一", text)
    return re.sub(r"[\s·•:,.。、;|_\-—~'\"]", "", text)


def _wider(corners: Corners, side: float) -> Corners:
    a, b, c, d = (np.asarray(point) for point in corners)
    down, along = d - a, b - a
    height = float(np.linalg.norm(down))
    along = along / max(float(np.linalg.norm(along)), 1.0) * height * side
    down = down * _RISE
    return _point(a - along - down), _point(b + along - down), _point(c + along + down), _point(d - along + down)


def _point(at: "np.ndarray[tuple[int], np.dtype[np.float64]]") -> Point:
    return float(at[0]), float(at[1])


def _signs(text: str) -> str:
    return "".join(c for c in text.upper() if c.isascii() and c.isalnum())


def _read(pixels: Pixels, box: Box) -> str:
    height, width = pixels.shape[:2]
    x0, y0, x1, y1 = box
    rise = (y1 - y0) * 0.15
    crop = pixels[
        max(int((y0 - rise) * height), 0) : int((y1 + rise) * height) + 1,
        max(int(x0 * width) - 4, 0) : int(x1 * width) + 4,
    ]
    image = Image.fromarray(np.ascontiguousarray(crop)).convert("L")
    if image.height < 48:
        image = image.resize((image.width * 48 // max(image.height, 1), 48))
    try:
        return str(pytesseract.image_to_string(image, lang="eng", config="--psm 7", timeout=SECONDS))
    except (RuntimeError, pytesseract.TesseractError, OSError):
        # No opinion is not a contradiction: the value keeps its doubt.
        return ""
