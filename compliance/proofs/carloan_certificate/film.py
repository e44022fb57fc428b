"""The film of a shredding."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from carloan.compliance.proofs import carloan_verify as ledger

# A camera that begins its next file looks away for a moment.
SEAM = timedelta(minutes=1)
# When something began and ended.
Span = tuple[datetime, datetime]


def film_gaps(shredding: Span, segments: Sequence[Span]) -> list[Span]:
    """When papers went and no segment of the film ran, the seams between segments apart."""
    began, ended = shredding
    gaps, shown = [], began
    for start, end in sorted(segments):
        if min(start, ended) - shown > SEAM:
            gaps.append((shown, min(start, ended)))
        shown = max(shown, end)
    if ended - shown > SEAM:
        gaps.append((shown, ended))
    return gaps


def meets(shredding: Span, segment: Span) -> bool:
    """Whether a segment shows anything of the time of the shredding."""
    return segment[0] <= segment[1] and shredding[0] <= segment[1] and segment[0] <= shredding[1]


@dataclass(frozen=True)
class Film:
    """What the film of a shredding does not show, and why there is none where there is none."""

    gaps: list[Span]
    no_film: str


def film_of(facts: dict[str, Any]) -> Film:
    """The film in a record of a shredding, each of whose segments must show some of it."""
    shredding, segments = _span(facts), [_span(each) for each in facts["film"]]
    for number, segment in enumerate(segments, start=1):
        if not meets(shredding, segment):
            raise ledger.Refused("film_other_time", number=number)
    return Film(gaps_told(facts), facts["no_film"])


def gaps_told(facts: dict[str, Any]) -> list[Span]:
    """The gaps of the film in a record of a shredding. Where there is no film the record says why."""
    return film_gaps(_span(facts), [_span(each) for each in facts["film"]]) if facts["film"] else []


def _span(told: dict[str, Any]) -> Span:
    return datetime.fromisoformat(told["from"]), datetime.fromisoformat(told["to"])
