"""The whole way of one file: pages, lines, kind, fields, proof. No database; the same file gives the same result."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

import numpy as np

from carloan.archives.recognition import kinds, mosaic, proof, sandbox, second
from carloan.archives.recognition.certainty import doubt_shapes, settle
from carloan.archives.recognition.engine import Pixels, engine, upright
from carloan.archives.recognition.extract import Fields, lien
from carloan.archives.recognition.extract import vehicle_licence as vehicle_licences
from carloan.archives.recognition.extract.readers import FORMS, READERS
from carloan.archives.recognition.form import Form
from carloan.archives.recognition.limits import LIMITS, Limits
from carloan.archives.recognition.proof import Fault
from carloan.archives.recognition.refusals import Refused
from carloan.archives.recognition.sheet import Box, Line, Sheet

# Two kinds that may be pages of one paper.
_TOGETHER: Final = frozenset({"id_card_front", "id_card_back"})
CERTAIN: Final = 0.6
# A crop that may be empty has to be read better than a line the detector vouches for.
CLEARLY: Final = 0.9
_BEHEADED: Final = re.compile("(东|西|南|北|徽|苏|江|建|川|州|林|宁|海|肃)省")


@dataclass(frozen=True, slots=True)
class Recognition:
    """What a file says. `sure`: a machine may file it, if a loan matches."""

    kind: str
    certainty: float
    fields: Fields
    faults: list[Fault]
    sheets: list[Sheet]

    @property
    def sure(self) -> bool:
        return not self.faults and self.kind != "other"

    @property
    def text(self) -> str:
        return "\f".join(sheet.text for sheet in self.sheets)


@dataclass(frozen=True, slots=True)
class _Page:
    sheet: Sheet
    verdict: kinds.Verdict
    fields: Fields


def recognise(
    data: bytes, media: str, *, today: date, limits: Limits = LIMITS, on_page: Callable[[int], None] | None = None
) -> Recognition:
    """Read a file that passed the guard. Raises `Refused` when it turns out to be unreadable.

    `on_page` is called after each page with its number (a long paper renews its lease there). `today` decides what
    has expired.
    """
    pages: list[_Page] = []
    broken: list[Fault] = []
    try:
        for sheet, pixels in sheets(data, media, limits=limits):
            pages.append(_read_page(sheet, pixels))
            if on_page:
                on_page(sheet.number)
    except Refused:
        if not pages:
            raise
        broken.append(Fault("page_unreadable", data={"pages": pages[-1].sheet.number}))
    if not pages:
        raise Refused("damaged")
    return _judge(pages, broken, today)


def sheets(data: bytes, media: str, *, limits: Limits = LIMITS) -> Iterator[tuple[Sheet, Pixels]]:
    """Each page read, with its upright pixels. The child decodes the next page while this one is read."""
    for head, body in sandbox.pages(data, media, limits=limits):
        number, width, height = int(head["number"]), int(head["width"]), int(head["height"])
        pixels = np.frombuffer(body, dtype=np.uint8).reshape(height, width, 3)
        if head["lines"] is not None:
            yield Sheet(number, width, height, tuple(_digital(line) for line in head["lines"]), digital=True), pixels
            continue
        turn, lines = engine().read(pixels)
        pixels = upright(pixels, turn)
        lines = [_whole(line, pixels) for line in lines]
        sheet = Sheet(number, pixels.shape[1], pixels.shape[0], tuple(lines), turn, obscured=mosaic.find(pixels))
        yield sheet, pixels


def _whole(line: Line, pixels: Pixels) -> Line:
    """A line whose province lost its first character (东省 of a seal), read again a little wider."""
    if not _BEHEADED.match(line.text):
        return line
    again = engine().read_at(pixels, line.part(-0.8 * line.height / max(line.length, 1.0), 1.0))
    return again if again.text.endswith(line.text) and len(again.text) == len(line.text) + 1 else line


def _digital(line: dict[str, object]) -> Line:
    x0, y0, x1, y1 = (float(value) for value in line["box"])  # type: ignore[attr-defined]
    return Line(str(line["text"]), 1.0, ((x0, y0), (x1, y0), (x1, y1), (x0, y1)))


def _read_page(sheet: Sheet, pixels: Pixels) -> _Page:
    verdict = kinds.classify(sheet)
    reader = READERS.get(verdict.kind)
    fields = reader(sheet) if reader else Fields()
    if reader and not sheet.digital and any(name not in fields for name in proof.REQUIRED[verdict.kind]):
        sheet = _looked_closer(sheet, pixels, verdict.kind)
        fields = reader(sheet)
    proof.lift(verdict.kind, fields)
    doubt_shapes(fields, sheet)
    if sheet.digital:
        fields.proven(*fields, by="digital")
    else:
        second.confirm(fields, sheet.number, pixels)
    return _Page(sheet, verdict, fields)


def _looked_closer(sheet: Sheet, pixels: Pixels, kind: str) -> Sheet:
    """The page with what stands where its labels promise a value and the detector passed by."""
    if kind not in FORMS:
        return sheet
    spots = Form(sheet, *FORMS[kind]).blind_spots()
    seen = [engine().read_at(pixels, corners) for corners in spots]
    found = tuple(line for line in seen if line.text and line.confidence >= CLEARLY)
    return replace(sheet, lines=sheet.lines + found)


def _judge(pages: list[_Page], found: list[Fault], today: date) -> Recognition:
    """Pages of one paper joined: its kind, its fields, and everything a person has to look at."""
    known = [page for page in pages if page.verdict.kind != "other"]
    kind, certainty = _kind(known, pages)
    fields, disagreeing = _join(page for page in known if page.verdict.kind == kind or page.verdict.kind in _TOGETHER)
    proof.lift(kind, fields)
    obscured = _obscured(fields, {page.sheet.number: page.sheet for page in pages})
    for name in obscured:
        fields.doubted(name, 0.3)
    blank = [page.sheet.number for page in pages if not page.sheet.lines]
    if blank:
        found.append(Fault("page_blank", data={"pages": ", ".join(map(str, blank))}))
    if kind == "other":
        found.append(Fault("kind_unknown"))
    elif certainty < CERTAIN:
        found.append(Fault("kind_unsure"))
    if len({page.verdict.kind for page in known} - (_TOGETHER if kind in _TOGETHER else set())) > (
        kind not in _TOGETHER
    ):
        found.append(Fault("kinds_mixed"))
    if kind == "vehicle_licence":
        found += _licence_faults(known, fields)
    if disagreeing:
        found.append(Fault("pages_disagree", tuple(sorted(disagreeing))))
    if obscured:
        found.append(Fault("field_obscured", obscured))
    settle(fields)
    found += proof.faults(kind, fields, today=today)
    found += proof.completeness(kind, fields)
    return Recognition(kind, certainty, fields, _once(found), [page.sheet for page in pages])


def _kind(known: list[_Page], pages: list[_Page]) -> tuple[str, float]:
    if not known:
        return "other", max(page.verdict.certainty for page in pages)
    best = max(known, key=lambda page: (page.verdict.kind == "id_card_front", len(page.fields), page.verdict.certainty))
    return best.verdict.kind, best.verdict.certainty


def _join(pages: Iterator[_Page]) -> tuple[Fields, set[str]]:
    fields, disagreeing = Fields(), set()
    for page in pages:
        lien.follow(fields, page.fields)
        for name, field in page.fields.items():
            held = fields.get(name)
            if held and held.value != field.value and min(held.confidence, field.confidence) >= CLEARLY:
                disagreeing.add(name)
            if held is None or field.confidence > held.confidence:
                fields[name] = field
            if held and held.value == field.value:
                fields.proven(name, by="pages")
    return fields, disagreeing


def _obscured(fields: Fields, sheets: dict[int, Sheet]) -> tuple[str, ...]:
    """The values beside which something was made unreadable."""
    hidden = []
    for name, field in fields.items():
        sheet = sheets[field.page]
        if field.box is None or not sheet.obscured:
            continue
        box: Box = field.box
        margin = 1.2 * (box[3] - box[1]) * sheet.height / sheet.width
        if mosaic.touches(box, sheet.obscured, margin=min(margin, 0.06)):
            hidden.append(name)
    return tuple(hidden)


def _licence_faults(known: list[_Page], fields: Fields) -> list[Fault]:
    plates = set().union(*(vehicle_licences.plates(page.sheet) for page in known))
    found = [Fault("pages_disagree", ("plate",))] if len(plates) > 1 else []
    stamped = proof.plate_letter_differs(fields, "\n".join(page.sheet.text for page in known))
    return [*found, stamped] if stamped else found


def _once(found: list[Fault]) -> list[Fault]:
    """Each code once, with the fields of all its finds."""
    merged: dict[str, Fault] = {}
    for fault in found:
        held = merged.get(fault.code)
        both = tuple(dict.fromkeys([*(held.fields if held else ()), *fault.fields]))
        merged[fault.code] = Fault(fault.code, both, fault.data or (held.data if held else None))
    return list(merged.values())
