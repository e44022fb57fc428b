"""Counted by `python -m benchmarks.recognition.calibration` on the seen papers; not written by hand."""

from typing import Final

# (group, evidence, least confidence): (values, of them wrong)
TABLE: Final[dict[tuple[str, str, float], tuple[int, int]]] = {}
