"""The whole way of one file: pages, lines, kind, fields, proof. No database; the same file gives the same result."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from carloan.archives.recognition import (
    ground,
    kinds,
    mosaic,
    neighbours,
    printed,
    proof,
    second,
    sparse,
    values,
    witnesses,
)
from carloan.archives.recognition.certainty import settle
from carloan.archives.recognition.doubts import doubt_shapes
from carloan.archives.recognition.engine import Pixels, engine
from carloan.archives.recognition.extract import Fields, lien
from carloan.archives.recognition.extract import vehicle_licence as vehicle_licences
from carloan.archives.recognition.extract.field import Value
from carloan.archives.recognition.extract.readers import FORMS, READERS
from carloan.archives.recognition.form import Form
from carloan.archives.recognition.limits import LIMITS, Limits
from carloan.archives.recognition.looking import sheets
from carloan.archives.recognition.proof import Fault
from carloan.archives.recognition.reader import stamp
from carloan.archives.recognition.refusals import Refused
from carloan.archives.recognition.sheet import Box, Sheet
from carloan.lib.memory import give_back

# What a page says of whom or what it is about.
_IDENTITIES: Final = ("number", "vin", "plate")
# Two kinds that may be pages of one paper.
_TOGETHER: Final = frozenset({"id_card_front", "id_card_back"})
CERTAIN: Final = 0.6
# A crop that may be empty has to be read better than a line the detector vouches for.
CLEARLY: Final = 0.9


@dataclass(frozen=True, slots=True)
class Recognition:
    """What a file says, and which reader says so (none: nothing was read). `sure`: a machine may file it, if a loan
    matches."""

    kind: str
    certainty: float
    fields: Fields
    faults: list[Fault]
    sheets: list[Sheet]
    reader: str = ""

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

    `on_page` is called after each page with its number. `today` decides what has expired.
    """
    pages: list[_Page] = []
    broken: list[Fault] = []
    try:
        for sheet, pixels in sheets(data, media, limits=limits):
            pages.append(_read_page(sheet, pixels, pages[-1].verdict if pages else None, limits))
            if on_page:
                on_page(sheet.number)
    except Refused:
        if not pages:
            raise
        broken.append(Fault("page_unreadable", data={"pages": pages[-1].sheet.number}))
    finally:
        give_back()
    if not pages:
        raise Refused("damaged")
    return _judge(pages, broken, today)


def _read_page(sheet: Sheet, pixels: Pixels, before: kinds.Verdict | None, limits: Limits) -> _Page:
    if sparse.is_blank(sheet.lines):
        sheet = sparse.look_closer(sheet, pixels, until=time.monotonic() + limits.page_seconds)
    verdict = kinds.going_on(kinds.classify(sheet), before)
    reader = READERS.get(verdict.kind)
    fields = reader(sheet) if reader else Fields()
    if reader and not sheet.digital and any(name not in fields for name in proof.REQUIRED[verdict.kind]):
        sheet = _looked_closer(sheet, pixels, verdict.kind)
        fields = reader(sheet)
    proof.lift(verdict.kind, fields)
    doubt_shapes(fields, sheet)
    neighbours.doubt(verdict.kind, fields, sheet)
    if sheet.digital:
        fields.proven(*printed.confirm(fields, sheet, pixels), by="digital")
    else:
        second.confirm(fields, sheet.number, pixels)
        ground.doubt_covered_ends(fields, sheet, pixels)
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
    together, strange = _of_one_paper([p for p in known if p.verdict.kind == kind or p.verdict.kind in _TOGETHER])
    fields, disagreeing = _join(iter(together))
    disagreeing |= strange
    proof.lift(kind, fields)
    obscured = _obscured(fields, {page.sheet.number: page.sheet for page in pages})
    for name in obscured:
        fields.doubted(name, 0.3)
    blank = [page.sheet.number for page in pages if sparse.is_blank(page.sheet.lines)]
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
    texts = [page.fields.texts or (values.compact(page.sheet.text),) for page in pages]
    agreed = kinds.is_beyond_doubt(kind, [page.verdict for page in pages], "\n".join(text for text, *_ in texts))
    if not agreed and kind not in kinds.WRITINGS and kind != "other":
        found.append(Fault("kind_unsure"))
    # What was not read may name somebody else.
    whole = not {"kind_unsure", "kinds_mixed", "page_blank", "page_unreadable"} & {fault.code for fault in found}
    witnesses.hear(kind, fields, texts, known=whole and agreed)
    faults = proof.faults(kind, fields, today=today)
    proof.doubt_contradicted(fields, [*found, *faults])
    settle(fields)
    found += faults
    found += proof.completeness(kind, fields, found)
    return Recognition(kind, certainty, fields, _once(found), [page.sheet for page in pages], stamp())


def _kind(known: list[_Page], pages: list[_Page]) -> tuple[str, float]:
    if not known:
        return "other", max(page.verdict.certainty for page in pages)
    best = max(known, key=lambda page: (page.verdict.kind == "id_card_front", len(page.fields), page.verdict.certainty))
    return best.verdict.kind, best.verdict.certainty


def _of_one_paper(pages: list[_Page]) -> tuple[list[_Page], set[str]]:
    """The pages before the first that names somebody or something else, and by what it differs.

    Cards of two people in one file are two papers: a value of the second never stands beside values of the first.
    """
    held: dict[str, Value] = {}
    for place, page in enumerate(pages):
        named = {name: page.fields[name].value for name in _IDENTITIES if _is_sure(page.fields, name)}
        if other := {name for name, value in named.items() if held.get(name, value) != value}:
            return pages[:place], other
        held |= named
    return pages, set()


def _is_sure(fields: Fields, name: str) -> bool:
    return name in fields and fields[name].confidence >= CLEARLY


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
    lien.doubt_torn(fields)
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
