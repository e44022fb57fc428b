"""What the record of a shredding and a film's segments may say, and the numbers that must come out."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from carloan.compliance.proofs.carloan_certificate import film
from carloan.lib.problems import Problem

MOST_SEGMENTS: Final = 400
MOST_BOXES: Final = 10_000
MOST_PAPERS: Final = 1_000_000
LONGEST_NAME: Final = 200
# A camera runs for a while before the papers go and behind it.
AROUND: Final = timedelta(hours=12)
# Beyond it JSON has no exact numbers.
MOST_BYTES: Final = 2**53
_SHA256: Final = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Segment:
    """One file of the film: what it is called, its bytes, its SHA-256, and the time that it shows."""

    name: str
    size: int
    sha256: str
    began_at: datetime
    ended_at: datetime


class NoSegment(ValueError):
    """A line is none of a segment; its number is the argument."""


def segments_of(text: str, zone: tzinfo) -> list[Segment]:
    """Segments from lines `SHA-256, bytes, from, to, file name`, as the page writes them; times without an offset are
    in `zone`. Raises NoSegment."""
    found = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        parts = [part.strip() for part in line.split(",", 4)]
        try:
            sha256, size, began, ended, name = parts
            segment = Segment(
                name[:LONGEST_NAME], int(size), sha256.lower(), _moment(began, zone), _moment(ended, zone)
            )
        except ValueError:
            raise NoSegment(number) from None
        known = _SHA256.fullmatch(segment.sha256) and 1 <= segment.size <= MOST_BYTES
        if not known or not name or segment.ended_at < segment.began_at:
            raise NoSegment(number)
        found.append(segment)
    return found


def _moment(text: str, zone: tzinfo) -> datetime:
    found = datetime.fromisoformat(text.replace("Z", "+00:00"))
    return found if found.tzinfo else found.replace(tzinfo=zone)


def film_problems(
    segments: Sequence[Segment], no_film: str, *, began_at: datetime, ended_at: datetime, elsewhere: Mapping[str, int]
) -> list[Problem]:
    """Either a film or the reason for none; no segment twice, each of the time of the shredding, and none of another
    destruction: `elsewhere` are the numbers of those by the SHA-256 of their segments."""
    if not segments and not no_film:
        return [Problem("no_film", _("Give the segments of the film, or say why there is none."))]
    if segments and no_film:
        return [Problem("no_film", _("There is a film: leave the reason for none empty."))]
    if len(segments) > MOST_SEGMENTS:
        return [Problem("film", _("A film has at most %(most)s segments.") % {"most": MOST_SEGMENTS})]
    if len({segment.sha256 for segment in segments}) < len(segments):
        return [Problem("film", _("A segment stands there twice."))]
    for number, segment in enumerate(segments, start=1):
        meets = film.meets((began_at, ended_at), (segment.began_at, segment.ended_at))
        if not meets or segment.began_at < began_at - AROUND or segment.ended_at > ended_at + AROUND:
            words = _("Segment %(number)s shows another time than that of the shredding.")
            return [Problem("film", words % {"number": number})]
        if segment.sha256 in elsewhere:
            words = _("Segment %(number)s is on record as film of destruction %(other)s. A film shows one destruction.")
            return [Problem("film", words % {"number": number, "other": elsewhere[segment.sha256]})]
    return []


def film_gaps(facts: Mapping[str, Any]) -> list[film.Span]:
    """When papers went and the film did not run, by the facts of a record of a shredding."""
    return film.gaps_told(dict(facts))


def count_problems(counts: Mapping[int, tuple[int, int]], places: Collection[int]) -> list[Problem]:
    """Boxes and papers of things that were destroyed. None at all is possible: then none was found, as two witness."""
    if any(place not in places for place in counts):
        return [Problem("counts", _("Only things that were destroyed have paper originals to be destroyed."))]
    if any(not 0 <= boxes <= MOST_BOXES or not 0 <= papers <= MOST_PAPERS for boxes, papers in counts.values()):
        return [Problem("counts", _("A number of boxes or papers is not possible."))]
    return []


def time_problems(began_at: datetime, ended_at: datetime, *, after: datetime, now: datetime) -> list[Problem]:
    """Papers go behind the cooling-off, and nobody records what is to come."""
    if began_at < after:
        return [Problem("began_at", _("This is before the cooling-off was over."))]
    if ended_at < began_at:
        return [Problem("ended_at", _("The end is before the beginning."))]
    if ended_at > now:
        return [Problem("ended_at", _("This is in the future."))]
    return []


def tally(states: Sequence[str]) -> dict[str, int]:
    """Counts in = counts out: what was listed is what was destroyed, kept back, or taken off the list."""
    gone = sum(state in ("destroyed", "verified") for state in states)
    return {
        "listed": len(states),
        "destroyed": gone,
        "spared": sum(state == "spared" for state in states),
        "dropped": sum(state == "dropped" for state in states),
    }


def shredding_facts(
    *,
    batch: str,
    version: int,
    method: str,
    company: str,
    site: str,
    began_at: datetime,
    ended_at: datetime,
    counts: Sequence[Mapping[str, int]],
    film: Sequence[Mapping[str, Any]],
    no_film: str,
) -> dict[str, Any]:
    """What the hash of a record is made of, and what its witnesses speak about."""
    return {
        "v": 1,
        "batch": batch,
        "version": version,
        "method": method,
        "company": company,
        "site": site,
        "from": utc(began_at),
        "to": utc(ended_at),
        "counts": [dict(each) for each in counts],
        "film": [dict(each) for each in film],
        "no_film": no_film,
    }


def film_told(segments: Sequence[Segment]) -> list[dict[str, Any]]:
    """As record and certificate hold them: times in UTC."""
    return [
        {
            "name": each.name,
            "size": each.size,
            "sha256": each.sha256,
            "from": utc(each.began_at),
            "to": utc(each.ended_at),
        }
        for each in segments
    ]


def utc(moment: datetime) -> str:
    """A moment as records and certificates tell it: UTC, to the millisecond."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")
