"""The counting of cells: what was written down by a run that was cut off is read again, and becomes the table."""

import json
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from runpy import run_path

from benchmarks.recognition.calibration import COUNTED, Observation, chosen, recorded, write
from benchmarks.recognition.grading import DIGITAL
from benchmarks.recognition.samples import KINDS

RIGHT = Observation("principal", 0.991, ("reread",), True)
WRONG = Observation("owner_name", 0.96, ("reread",), False)


def test_a_run_goes_on_from_what_was_written_down(tmp_path: Path) -> None:
    file = tmp_path / "seen.jsonl"
    whole = json.dumps({"seed": "seen/bank_card/0/scan/1", "values": [asdict(RIGHT), asdict(WRONG)]})
    file.write_text(f"{whole}\n{whole[:40]}")
    assert recorded(file) == {"seen/bank_card/0/scan/1": [RIGHT, WRONG]}
    assert recorded(tmp_path / "none.jsonl") == {}


def test_values_are_counted_by_what_they_are_and_what_speaks_for_them(tmp_path: Path) -> None:
    module = tmp_path / "counted.py"
    module.write_text(write([RIGHT, RIGHT, WRONG]))
    assert run_path(str(module))["TABLE"] == {("figures", "agreed", 0.99): (2, 0), ("text", "agreed", 0.95): (1, 1)}


def test_seen_and_both_former_splits_are_counted_in_equal_parts() -> None:
    seeds = chosen(6 * len(KINDS), 6 * len(DIGITAL), sample=12)
    assert {seed.split for seed in seeds} == set(COUNTED)
    for kind in KINDS:
        parts = Counter(seed.split for seed in seeds if seed.kind == kind)
        assert {parts[split] for split in COUNTED} == {parts["seen"]}
        assert parts["seen"] >= 2
