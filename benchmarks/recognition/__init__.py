"""Claims: papers nobody wrote rules for are read right, quickly and in little memory, and doubt is told from certainty.

Measured on the unseen split, by simulation. Tesseract (chi_sim) reads the same pixels in the same run.
"""

import statistics
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from benchmarks import Claim
from benchmarks.recognition import typefaces

if TYPE_CHECKING:
    from benchmarks.recognition.grading import Report

PAPERS: Final = {"small": 16, "full": 260}
# So many dense pages and born-digital papers are read besides, or their claims would hang on a few.
EXTRA: Final = {"small": 1, "full": 8}
DENSE: Final = "unseen/loan_contract/1"
DENSE_CONDITIONS: Final = ("scan", "print-mild", "photo-mild")
DIGITAL: Final = ("unseen/insurance_policy/1/digital", "unseen/loan_contract/4/digital")


def run(scale: str) -> list[Claim]:
    typefaces.prepare()
    if missing := typefaces.missing():
        print(f"Typefaces are missing, papers are set in fewer: {missing}", file=sys.stderr)
    # Both need settings, which the runner has loaded by now.
    from benchmarks.recognition import grading, report  # noqa: PLC0415
    from benchmarks.recognition.samples import Seed  # noqa: PLC0415

    seeds = grading.sample("unseen", PAPERS[scale])
    for number in range(EXTRA[scale]):
        seeds += [Seed.parse(f"{DENSE}/{condition}/{number}") for condition in DENSE_CONDITIONS]
        seeds += [Seed.parse(f"{paper}/{number}") for paper in DIGITAL]
    made = grading.grade(seeds, beside_every=4)
    print(report.text(made), file=sys.stderr)
    return claims(made)


def claims(made: "Report") -> list[Claim]:
    """What the report says of the targets; a claim whose pages did not come up in the sample is left out."""
    from benchmarks.recognition import conditions, grading, verdict  # noqa: PLC0415

    judged = made.verdicts
    scans = verdict.tally(v for v in judged if v.condition in conditions.SCANS).letters
    photos = verdict.tally(v for v in judged if v.condition in conditions.PHOTOS).letters
    overlaid = verdict.tally(v for v in judged if v.condition.startswith(("seal", "watermark"))).letters
    whole = verdict.tally(judged)
    dense = [seconds for letters, seconds in made.pixel_seconds if letters >= grading.DENSE]
    bound = verdict.lower_bound(whole.sure_right, whole.sure)
    filed = [value for v in judged for value in v.values if value.filed]
    filed_right = sum(value.outcome == "right" for value in filed)
    found = [
        Claim("recognition: characters wrong on scans", 100 * scans.rate, "%", target=1.0),
        Claim("recognition: characters wrong on photos", 100 * photos.rate, "%", target=3.0),
        Claim("recognition: characters wrong under seals and watermarks", 100 * overlaid.rate, "%", target=3.0),
        Claim(
            f"recognition: {whole.sure} values sure without a person, right (95 % bound {100 * bound:.2f} %)",
            100 * verdict.share(whole.sure_right, whole.sure), "%", target=99.9, better="higher",
        ),
        Claim(
            f"recognition: {len(filed)} of them on papers filed alone, right (95 % bound "
            f"{100 * verdict.lower_bound(filed_right, len(filed)):.2f} %)",
            100 * verdict.share(filed_right, len(filed)), "%", target=99.9, better="higher",
        ),
        # Reported, without a target of its own.
        Claim(
            "recognition: papers filed alone", 100 * verdict.share(whole.filed, whole.papers), "%", target=0,
            better="higher",
        ),
        Claim("recognition: memory of the reading process", made.memory, "MB", target=900),
    ]  # fmt: skip
    if whole.beside.characters:
        found.append(
            Claim(
                "recognition: characters wrong, over tesseract's on the same pixels", 100 * whole.read_beside.rate, "%",
                floor=100 * whole.beside.rate, target=1.0,
            )
        )  # fmt: skip
    found += _seconds("a dense A4 page", dense, 3.0) + _seconds("a born-digital page", made.digital_seconds, 0.3)
    return found


def _seconds(what: str, took: Sequence[float], target: float) -> list[Claim]:
    if not took:
        return []
    return [Claim(f"recognition: CPU of {what}, median of {len(took)}", statistics.median(took), "s", target=target)]
