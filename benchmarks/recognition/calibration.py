"""python -m benchmarks.recognition.calibration: count how often values of each cell are right, and write the table.

Reads seen papers only; the unseen split judges what comes out (`script/bench recognition`).
"""

import argparse
import sys
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

from benchmarks.recognition import typefaces
from benchmarks.recognition.__main__ import _settings
from benchmarks.recognition.paper import Value
from benchmarks.recognition.verdict import same

if TYPE_CHECKING:
    from carloan.archives.recognition.recognise import Recognition

TABLE: Final = Path(__file__).parents[2] / "archives" / "recognition" / "measured.py"
Cell = tuple[str, str, float]
_HEAD: Final = '''"""Counted on the seen papers by `python -m benchmarks.recognition.calibration`."""

from typing import Final

# (group, evidence, least confidence): (values, of them wrong)
TABLE: Final[dict[tuple[str, str, float], tuple[int, int]]] = {
'''


def observe(found: "Recognition", truth: Mapping[str, Value]) -> list[tuple[Cell, bool]]:
    """The cell of every value that was read, and whether it was right."""
    from carloan.archives.recognition import certainty  # noqa: PLC0415 - after settings

    return [
        (
            (certainty.group(name), certainty.evidence(field), certainty.step(field.reading)),
            name in truth and same(name, truth[name], field.value),
        )
        for name, field in found.fields.items()
    ]


def write(seen: Iterable[tuple[Cell, bool]]) -> str:
    """The module that holds the counts."""
    counts: Counter[Cell] = Counter()
    wrong: Counter[Cell] = Counter()
    for cell, right in seen:
        counts[cell] += 1
        wrong[cell] += not right
    ordered = sorted(counts, key=lambda cell: (cell[0], cell[1], -cell[2]))
    rows = [f'    ("{cell[0]}", "{cell[1]}", {cell[2]}): ({counts[cell]}, {wrong[cell]}),\n' for cell in ordered]
    return _HEAD + "".join(rows) + "}\n"


def main() -> int:
    parser = argparse.ArgumentParser(prog="benchmarks.recognition.calibration", description=__doc__)
    parser.add_argument("--count", type=int, default=520)
    parser.add_argument("--sample", type=int, default=12)
    options = parser.parse_args()
    typefaces.prepare()
    _settings()
    from benchmarks.recognition import grading  # noqa: PLC0415 - after settings
    from benchmarks.recognition.samples import AS_OF  # noqa: PLC0415
    from carloan.archives.recognition.recognise import recognise  # noqa: PLC0415
    from carloan.archives.recognition.refusals import Refused  # noqa: PLC0415

    seen: list[tuple[Cell, bool]] = []
    for shot in grading.shots(grading.sample("seen", options.count, seed=options.sample)):
        try:
            seen += observe(recognise(shot.data, shot.media, today=AS_OF), shot.fields)
        except Refused as refusal:
            print(f"{shot.seed}: {refusal.code}", file=sys.stderr)
    TABLE.write_text(write(seen))
    print(f"{len(seen)} values, {sum(not right for _, right in seen)} wrong: {TABLE}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
