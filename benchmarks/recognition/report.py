"""The report for people: a row a kind, a row a condition, and every accepted value that is wrong."""

import statistics
from collections.abc import Callable, Sequence
from typing import Final

from benchmarks.recognition.grading import DENSE, Report
from benchmarks.recognition.verdict import Judged, Tally, Verdict, lower_bound, share, tally

_HEAD = (
    "", "papers", "kind", "precision", "recall", "CER", "tesseract", "filed alone", "sure values", "of them right",
    "95 % bound",
)  # fmt: skip
BLIND: Final = "unseen/"


def text(report: Report, *, every_value: bool = False) -> str:
    """Tables and costs, and the papers behind the mistakes. Those of the blind split only on demand (`every_value`):
    who has seen them writes rules for them."""
    parts = []
    if report.missing_typefaces:
        parts.append(f"Typefaces are missing (python -m benchmarks.recognition fonts): {report.missing_typefaces}")
    verdicts = report.verdicts
    parts.append(_table("by kind", verdicts, lambda verdict: verdict.kind))
    parts.append(_table("by condition", verdicts, lambda verdict: verdict.condition))
    if every_value or not any(verdict.seed.startswith(BLIND) for verdict in verdicts):
        # Many of its rows are one paper.
        parts.append(_table("by kind and condition", verdicts, lambda v: f"{v.kind} {v.condition}"))
    parts.append(_costs(report))
    wrong = accepted_wrong(verdicts)
    told = [value for value in wrong if every_value or not value.seed.startswith(BLIND)]
    parts.append(f"Accepted and wrong: {len(wrong)}" + "".join(f"\n  {_said(value)}" for value in told))
    shown = [verdict for verdict in verdicts if every_value or not verdict.seed.startswith(BLIND)]
    passed = [verdict for verdict in shown if verdict.passed]
    if passed:
        parts.append("Filed although wrong on purpose:" + "".join(f"\n  {v.seed} {v.passed}" for v in passed))
    mistaken = [verdict for verdict in shown if not verdict.kind_right]
    if mistaken:
        parts.append("Taken for another kind:" + "".join(f"\n  {v.seed} -> {v.read_as}" for v in mistaken))
    if every_value:
        other = [value for v in verdicts for value in v.values if value.outcome != "right"]
        parts.append("Every value that is not right:" + "".join(f"\n  {_said(value)}" for value in other))
    return "\n\n".join(parts)


def accepted_wrong(verdicts: Sequence[Verdict]) -> list[Judged]:
    """The worst there is: read wrong and sure of it. Those of filed papers first."""
    found = [value for verdict in verdicts for value in verdict.values if value.accepted_wrong]
    return sorted(found, key=lambda value: (not value.filed, value.seed))


def _said(value: Judged) -> str:
    filed = "FILED " if value.filed else ""
    how = f"{filed}{value.outcome}, {value.confidence:.3f}"
    return f"{value.seed}  {value.name}: {value.wanted!r} read {value.got!r} ({how})"


def _table(title: str, verdicts: Sequence[Verdict], key: Callable[[Verdict], str]) -> str:
    names = sorted({key(verdict) for verdict in verdicts})
    rows: list[tuple[str, ...]] = [(title, *_HEAD[1:])]
    rows += [_row(name, tally(v for v in verdicts if key(v) == name)) for name in names]
    rows.append(_row("all", tally(verdicts)))
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEAD))]
    return "\n".join(
        "  ".join(cell.ljust(width) if not place else cell.rjust(width) for place, (cell, width) in enumerate(
            zip(row, widths, strict=True)
        )).rstrip()
        for row in rows
    )  # fmt: skip


def _row(name: str, made: Tally) -> tuple[str, ...]:
    return (
        name, str(made.papers), _percent(share(made.kinds_right, made.papers)), _percent(made.precision),
        _percent(made.recall), _percent(made.letters.rate),
        _percent(made.beside.rate) if made.beside.characters else "-", _percent(share(made.filed, made.papers)),
        str(made.sure), _percent(share(made.sure_right, made.sure)), _percent(lower_bound(made.sure_right, made.sure)),
    )  # fmt: skip


def _percent(part: float) -> str:
    return f"{100 * part:.2f} %"


def _costs(report: Report) -> str:
    dense = [seconds for letters, seconds in report.pixel_seconds if letters >= DENSE]
    every = [seconds for _, seconds in report.pixel_seconds]
    lines = [
        f"CPU s a page: dense A4 (>= {DENSE} letters) {_median(dense)} of {len(dense)}, "
        f"all {_median(every)} of {len(every)}, "
        f"born-digital {_median(report.digital_seconds)} of {len(report.digital_seconds)}",
        f"tesseract (chi_sim), wall s a page: {_median(report.beside_seconds)} of {len(report.beside_seconds)}",
        f"memory of the reading process: {report.memory:.0f} MB",
    ]
    return "\n".join(lines)


def _median(values: Sequence[float]) -> str:
    return f"{statistics.median(values):.2f}" if values else "-"
