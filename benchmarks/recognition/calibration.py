"""python -m benchmarks.recognition.calibration: count how often values of each cell are right, and write the table.

Reads papers of the seen, the former and the second split, of each as many and each kind as often; the unseen split
judges what comes out (`script/bench recognition`). Each paper's values are written down as soon as they are read, so
that a run that was cut off goes on (`--resume`), and the table can be counted again when only the cells changed.
"""

import argparse
import json
import multiprocessing
import signal
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from benchmarks.recognition import typefaces
from benchmarks.recognition.__main__ import _settings
from benchmarks.recognition.paper import Value
from benchmarks.recognition.verdict import same

if TYPE_CHECKING:
    from benchmarks.recognition.samples import Seed
    from carloan.archives.recognition.recognise import Recognition

TABLE: Final = Path(__file__).parents[2] / "archives" / "recognition" / "measured.py"
OBSERVATIONS: Final = Path(__file__).parents[2] / "var" / "calibration.jsonl"
# Whatever rules may look at.
COUNTED: Final = ("seen", "former", "second")
TOLD_EVERY: Final = 10
Cell = tuple[str, str, float]
_HEAD: Final = '''"""Counted on papers that rules may see by `python -m benchmarks.recognition.calibration`."""

from typing import Final

# (group, evidence, least confidence): (values, of them wrong)
TABLE: Final[dict[tuple[str, str, float], tuple[int, int]]] = {
'''


@dataclass(frozen=True, slots=True)
class Observation:
    """One value that was read: the engine's confidence, what spoke for and against it, and whether it was right."""

    name: str
    reading: float
    proofs: tuple[str, ...]
    right: bool


def observe(found: "Recognition", truth: Mapping[str, Value]) -> list[Observation]:
    """Every value that was read of one paper."""
    return [
        Observation(name, field.reading, field.proofs, name in truth and same(name, truth[name], field.value))
        for name, field in found.fields.items()
    ]


def write(seen: Iterable[Observation]) -> str:
    """The module that holds the counts of each cell."""
    from carloan.archives.recognition import certainty  # noqa: PLC0415 - after settings
    from carloan.archives.recognition.extract import Field  # noqa: PLC0415

    counts: Counter[Cell] = Counter()
    wrong: Counter[Cell] = Counter()
    for value in seen:
        field = Field("", value.reading, 1, None, proofs=value.proofs)
        cell = (certainty.group(value.name), certainty.evidence(field), certainty.step(value.reading))
        counts[cell] += 1
        wrong[cell] += not value.right
    ordered = sorted(counts, key=lambda cell: (cell[0], cell[1], -cell[2]))
    rows = [f'    ("{cell[0]}", "{cell[1]}", {cell[2]}): ({counts[cell]}, {wrong[cell]}),\n' for cell in ordered]
    return _HEAD + "".join(rows) + "}\n"


def recorded(file: Path) -> dict[str, list[Observation]]:
    """What an earlier run wrote down, by seed. A line that was cut off with its run is left out."""
    papers: dict[str, list[Observation]] = {}
    for line in file.read_text().splitlines() if file.exists() else []:
        try:
            paper = json.loads(line)
            papers[paper["seed"]] = [
                Observation(**value | {"proofs": tuple(value["proofs"])}) for value in paper["values"]
            ]
        except (json.JSONDecodeError, KeyError, TypeError):
            continue
    return papers


def chosen(count: int, digital: int, *, sample: int) -> list["Seed"]:
    """Which papers are counted: `count` in any condition and `digital` born so, of each kind as many from every split.

    The kinds that `seen` draws with the demonstration's specimens have layouts of their own in the others.
    """
    from benchmarks.recognition import grading  # noqa: PLC0415 - after settings

    seeds: list[Seed] = []
    for split in COUNTED:
        seeds += grading.sample(split, count // len(COUNTED), seed=sample)
        seeds += grading.sample(split, digital // len(COUNTED), seed=sample, kinds=grading.DIGITAL, only=["digital"])
    return seeds


def read(seeds: Sequence["Seed"], *, processes: int) -> Iterator[tuple[str, list[Observation]]]:
    """The values of each paper, as they come in. A paper that is refused has none."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, mp_context=context, initializer=_prepare) as pool:
        waiting = [pool.submit(_read_one, str(seed)) for seed in seeds]
        try:
            for done in as_completed(waiting):
                yield done.result()
        finally:
            # Whoever ends this run early does not want the rest read.
            pool.shutdown(wait=False, cancel_futures=True)


def _prepare() -> None:
    typefaces.prepare()
    _settings()


def _read_one(text: str) -> tuple[str, list[Observation]]:
    from benchmarks.recognition import conditions  # noqa: PLC0415 - after settings and typefaces
    from benchmarks.recognition.samples import AS_OF, PATIENCE, Seed  # noqa: PLC0415
    from carloan.archives.recognition.limits import LIMITS  # noqa: PLC0415
    from carloan.archives.recognition.recognise import recognise  # noqa: PLC0415
    from carloan.archives.recognition.refusals import Refused  # noqa: PLC0415

    shot = conditions.shoot(Seed.parse(text))
    patient = replace(LIMITS, page_seconds=PATIENCE, paper_seconds=PATIENCE)
    try:
        return text, observe(recognise(shot.data, shot.media, today=AS_OF, limits=patient), shot.fields)
    except Refused as refusal:
        print(f"{text}: {refusal.code}", file=sys.stderr)
        return text, []


def main() -> int:
    parser = argparse.ArgumentParser(prog="benchmarks.recognition.calibration", description=__doc__)
    parser.add_argument("--count", type=int, default=520, help="papers, half of them of each split")
    parser.add_argument("--digital", type=int, default=220, help="so many more that are born digital")
    parser.add_argument("--sample", type=int, default=12)
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--observations", type=Path, default=OBSERVATIONS, help="where each paper's values are kept")
    parser.add_argument("--resume", action="store_true", help="go on from what an earlier run wrote down")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    _prepare()
    seeds = chosen(options.count, options.digital, sample=options.sample)
    papers = recorded(options.observations) if options.resume else {}
    rest = [seed for seed in seeds if str(seed) not in papers]
    options.observations.parent.mkdir(parents=True, exist_ok=True)
    with options.observations.open("a" if options.resume else "w") as file:
        for number, (seed, values) in enumerate(read(rest, processes=options.processes), 1):
            papers[seed] = values
            file.write(json.dumps({"seed": seed, "values": [asdict(value) for value in values]}) + "\n")
            file.flush()
            if number % TOLD_EVERY == 0:
                wrong = sum(not value.right for values in papers.values() for value in values)
                print(f"{len(seeds) - len(rest) + number} of {len(seeds)} papers, {wrong} values wrong", flush=True)
    seen = [value for seed in seeds for value in papers[str(seed)]]
    TABLE.write_text(write(seen))
    print(f"{len(seen)} values, {sum(not value.right for value in seen)} wrong: {TABLE}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
