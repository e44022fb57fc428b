"""Runs the pipeline over a seeded sample and judges what it answers, with tesseract beside it on the same pixels.

Papers are made in a process of their own, so that its memory and time are not the worker's.
"""

import multiprocessing
import os
import resource
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
from PIL import Image

from benchmarks.recognition import conditions, samples, typefaces
from benchmarks.recognition.alignment import Errors, Read, errors
from benchmarks.recognition.conditions import Shot
from benchmarks.recognition.samples import Seed
from benchmarks.recognition.verdict import Read as ReadValue
from benchmarks.recognition.verdict import Verdict, judge, tally

# Only these carry a text layer in life.
DIGITAL = ("insurance_policy", "settlement_certificate", "loan_contract", "business_licence")
# What a dense A4 page is: more letters than a form of one page usually has.
DENSE = 600
# A run takes an hour: whoever ends it early knows the totals so far.
TOLD_EVERY = 20


@dataclass
class Report:
    verdicts: list[Verdict] = field(default_factory=list)
    # Seconds of the processor by page: (letters on it, seconds), read from pixels and from text layers.
    pixel_seconds: list[tuple[int, float]] = field(default_factory=list)
    digital_seconds: list[float] = field(default_factory=list)
    beside_seconds: list[float] = field(default_factory=list)
    memory: float = 0.0
    missing_typefaces: list[str] = field(default_factory=list)


def sample(split: str, count: int, *, seed: int = 1, kinds: Sequence[str] = (), only: Sequence[str] = ()) -> list[Seed]:
    """`count` papers: kinds in turn, conditions and layouts by the seed; `kinds` and `only` (conditions) narrow it."""
    random = Random(f"{split}/{seed}")
    chosen = tuple(kinds) or samples.kinds(split)
    order: dict[str, list[str]] = {}
    seeds: list[Seed] = []
    for number in range(count):
        kind = chosen[number % len(chosen)]
        if not order.get(kind):
            order[kind] = [name for name in conditions.CONDITIONS if _comes(kind, name) and (not only or name in only)]
            random.shuffle(order[kind])
        if not order[kind]:
            continue
        condition = order[kind].pop()
        layout = random.randrange(samples.layouts(split, kind))
        seeds.append(Seed(split, kind, layout, condition, random.randrange(10_000)))
    return seeds


def _comes(kind: str, condition: str) -> bool:
    return kind in DIGITAL if condition == "digital" else not condition.startswith("pair") or kind == "id_card_front"


def shots(seeds: Sequence[Seed]) -> Iterator[Shot]:
    """The files of some seeds, made one ahead in a process of their own."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context, initializer=typefaces.prepare) as pool:
        waiting = [pool.submit(_made, seed) for seed in seeds[:1]]
        for number in range(len(seeds)):
            if number + 1 < len(seeds):
                waiting.append(pool.submit(_made, seeds[number + 1]))
            yield waiting.pop(0).result()


def _made(seed: Seed) -> Shot:
    shot = conditions.shoot(seed)
    return replace(shot, papers=tuple(replace(paper, draw=_nothing, pdf=None) for paper in shot.papers))


def _nothing(page: int, dpi: int) -> Image.Image:
    raise RuntimeError("a paper that was sent to the reader has no picture")


def grade(seeds: Sequence[Seed], *, beside_every: int = 3) -> Report:
    """Read and judge them all. Tesseract reads every `beside_every`-th paper too (0: none)."""
    # Settings are needed by the pipeline, a database is not.
    from carloan.archives.recognition.engine import engine  # noqa: PLC0415

    report = Report(missing_typefaces=typefaces.missing())
    engine().read(np.full((64, 64, 3), 255, np.uint8))
    for number, shot in enumerate(shots(seeds)):
        beside = beside_every > 0 and number % beside_every == 0
        report.verdicts.append(_read(shot, report, beside=beside))
        if number % TOLD_EVERY == TOLD_EVERY - 1:
            so_far = tally(report.verdicts)
            told = f"# {number + 1} papers: {so_far.sure_right} of {so_far.sure} sure values right"
            print(told, file=sys.stderr, flush=True)
    report.memory = _peak_memory()
    return report


def _read(shot: Shot, report: Report, *, beside: bool) -> Verdict:
    from carloan.archives.recognition import proof  # noqa: PLC0415
    from carloan.archives.recognition.limits import LIMITS  # noqa: PLC0415
    from carloan.archives.recognition.recognise import recognise  # noqa: PLC0415
    from carloan.archives.recognition.refusals import Refused  # noqa: PLC0415

    marks = [_processor()]
    patient = replace(LIMITS, page_seconds=samples.PATIENCE, paper_seconds=samples.PATIENCE)
    try:
        found = recognise(
            shot.data, shot.media, today=samples.AS_OF, limits=patient,
            on_page=lambda _number: marks.append(_processor()),
        )  # fmt: skip
    except Refused as refusal:
        return judge(
            seed=str(shot.seed), kind=shot.seed.kind, condition=shot.seed.condition, faults=shot.paper.faults,
            truth=shot.fields, read_as=f"refused: {refusal.code}", read={}, filed=False,
            letters=Errors(*(2 * (sum(len(page.text) for page in shot.paper.pages),))), sure_from=proof.SURE,
        )  # fmt: skip
    letters_on = [len(page.text) for page in shot.paper.pages]
    seconds = tuple(
        (letters_on[number] if number < len(letters_on) else 0, later - sooner)
        for number, (sooner, later) in enumerate(pairwise(marks))
    )
    digital = all(sheet.digital for sheet in found.sheets)
    if digital:
        report.digital_seconds += [each for _, each in seconds]
    else:
        report.pixel_seconds += seconds
    letters = _letters(shot, [_lines(sheet) for sheet in found.sheets])
    other = None
    if beside and not digital:
        started = time.perf_counter()
        other = _letters(shot, _tesseract(shot, found.sheets))
        report.beside_seconds.append((time.perf_counter() - started) / max(1, len(found.sheets)))
    return judge(
        seed=str(shot.seed), kind=shot.seed.kind, condition=shot.seed.condition, faults=shot.paper.faults,
        truth=shot.fields, read_as=found.kind,
        read={name: ReadValue(value.value, value.confidence) for name, value in found.fields.items()},
        filed=found.sure, letters=letters, sure_from=proof.SURE, beside=other, page_seconds=seconds,
    )  # fmt: skip


def _letters(shot: Shot, read: list[list[Read]]) -> Errors:
    """The errors of a file, page by page. Papers that share a picture are each looked for on whatever was read."""
    total = Errors(0, 0)
    if len(shot.papers) > 1:
        for paper in shot.papers:
            page = replace(paper.pages[0], silent=())
            total += min((errors(page, lines, shot.overlaid) for lines in read), key=lambda one: one.edits)
        return total
    for number, page in enumerate(shot.paper.pages):
        total += errors(page, read[number] if number < len(read) else [], shot.overlaid)
    return total


def _lines(sheet: Any) -> list[Read]:
    made = []
    for line in sheet.lines:
        a, b, c, d = line.corners
        left, right = ((a[0] + d[0]) / 2, (a[1] + d[1]) / 2), ((b[0] + c[0]) / 2, (b[1] + c[1]) / 2)
        made.append(Read(line.text, left, right, line.height))
    return made


def _tesseract(shot: Shot, sheets: Sequence[Any]) -> list[list[Read]]:
    """What tesseract (chi_sim) reads of the same pixels, turned upright for it."""
    import pytesseract  # noqa: PLC0415 - an installed program is asked only where it is measured

    from carloan.archives.recognition import sandbox  # noqa: PLC0415
    from carloan.archives.recognition.engine import upright  # noqa: PLC0415

    os.environ["OMP_THREAD_LIMIT"] = "1"
    every = []
    for (head, body), sheet in zip(sandbox.pages(shot.data, shot.media), sheets, strict=False):
        pixels = np.frombuffer(body, dtype=np.uint8).reshape(int(head["height"]), int(head["width"]), 3)
        image = Image.fromarray(np.ascontiguousarray(upright(pixels, sheet.turn)))
        data = pytesseract.image_to_data(image, lang="chi_sim", output_type=pytesseract.Output.DICT, timeout=120)
        lines: dict[tuple[int, ...], list[int]] = {}
        for number, text in enumerate(data["text"]):
            if text.strip():
                key = tuple(data[part][number] for part in ("block_num", "par_num", "line_num"))
                lines.setdefault(key, []).append(number)
        every.append([_line(data, words) for words in lines.values()])
    return every


def _line(data: dict[str, list[Any]], words: list[int]) -> Read:
    x0 = min(data["left"][word] for word in words)
    x1 = max(data["left"][word] + data["width"][word] for word in words)
    y0 = min(data["top"][word] for word in words)
    y1 = max(data["top"][word] + data["height"][word] for word in words)
    text = "".join(data["text"][word] for word in words)
    return Read(text, (x0, (y0 + y1) / 2), (x1, (y0 + y1) / 2), y1 - y0)


def _processor() -> float:
    """Seconds of the processor so far: this process, what it has waited for, and its living children that decode."""
    makers = {child.pid for child in multiprocessing.active_children()}
    ticks = 0
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) in makers:
            continue
        with suppress(OSError):
            fields = (entry / "stat").read_text().rsplit(")", 1)[1].split()
            if int(fields[1]) == os.getpid():
                ticks += sum(int(fields[place]) for place in (11, 12, 13, 14))
    own = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in own) + ticks / os.sysconf("SC_CLK_TCK")


def _peak_memory() -> float:
    """Megabytes this process ever held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
