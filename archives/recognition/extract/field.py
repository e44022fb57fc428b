"""A value read from a paper, with where it stands, how sure the reading is and what proves it."""

from dataclasses import dataclass, replace
from typing import Any, Final, NamedTuple

from carloan.archives.recognition import values
from carloan.archives.recognition.form import Found
from carloan.archives.recognition.sheet import Box, Corners

Value = str | int

# What bears no witness of its part, as a code beside the proofs.
ALONE: Final = "unwitnessed"

# A line's confidence is the mean of its signs'. One that was hardly told from another is lost among twenty clear ones;
# below this it counts alone.
FAINT: Final = 0.98


class Part(NamedTuple):
    """A stretch of a line that a value was read from; whether it begins and ends with the line, as it was detected; how
    sure the engine is of each of its signs (empty where it did not say); the two signs before and after it there."""

    text: str
    corners: Corners
    begins: bool
    ends: bool
    signs: tuple[float, ...] = ()
    around: tuple[str, str] = ("", "")


@dataclass(frozen=True, slots=True)
class Field:
    """`value`: text, ISO date, `long_term` or minor units; `text`: what stood there as it was read.

    `confidence` is the engine's while the paper is read, and the calibrated probability of being right when it is done
    (`certainty.settle`, which keeps the engine's in `reading`). `proofs` are the codes of the checks it went through.
    """

    value: Value
    confidence: float
    page: int
    box: Box | None
    source: str = "machine"
    text: str = ""
    proofs: tuple[str, ...] = ()
    reading: float = 0.0
    # What it was read from, for a second look.
    parts: tuple[Part, ...] = ()
    # The lines in which its label stands: without their beginning a label may be another's.
    heads: tuple[Corners, ...] = ()
    # How far the way it was found may be trusted (a value without its label less): a share of every reading.
    trust: float = 1.0


class Fields(dict[str, Field]):
    """The fields of one paper. A field that was not read is absent; nothing is ever guessed into it.

    `texts` is the running text of the page they were looked for in; forms have none. `is_torn`: it tells of more
    registrations than were read whole (`lien`).
    """

    texts: tuple[str, ...] = ()
    is_torn: bool = False

    def put(self, name: str, found: Found[Any] | None, *, value: Value | None = None, doubt: float = 1.0) -> None:
        """Keep what was found, unless a surer reading of the same field is here already."""
        if found is None:
            return
        field = Field(
            value=found.value if value is None else value,
            confidence=round(found.confidence * doubt, 4),
            page=found.sheet.number,
            box=found.box,
            text=found.text,
            parts=tuple(
                Part(
                    piece.text,
                    piece.line.part(piece.start, piece.end),
                    piece.start < 0.01,
                    piece.end > 0.99,
                    piece.signs,
                    piece.around,
                )
                for piece in found.pieces
            ),
            heads=_heads(found),
            trust=found.doubt * doubt,
            proofs=(ALONE,) if found.alone else (),
        )
        if name not in self or self[name].confidence < field.confidence:
            self[name] = field

    def proven(self, *names: str, by: str) -> None:
        """A check that wrong readings seldom pass; what was hardly read at all is proven by nothing."""
        for name in names:
            if name in self and self[name].confidence >= 0.5 and by not in self[name].proofs:
                self[name] = replace(self[name], proofs=(*self[name].proofs, by))

    def read_again(self, name: str, confidence: float) -> None:
        """A second reading says the same. A line is as sure as its worst letter, which may not be one of the value."""
        held = self[name]
        better = max(held.confidence, round(confidence * held.trust, 4))
        self[name] = replace(held, confidence=better)
        self.proven(name, by="reread")

    def seen_faintly(self, name: str, share: float) -> None:
        """One of its signs is no surer than this in any reading: so sure is the whole, however clear the rest is."""
        held = self[name]
        if share < FAINT:
            self[name] = replace(held, confidence=min(held.confidence, round(share * held.trust, 4)))

    def from_list(self, *names: str) -> None:
        """A value out of a short closed list (nation, use, class) that was read fairly is that value, unless it may be
        what is left of another one."""
        for name in names:
            if name in self and self[name].confidence >= 0.75 and not values.is_part_of_another(self[name].value):
                self.proven(name, by="list")

    def doubted(self, name: str, share: float) -> None:
        """Something speaks against the reading: no proof outweighs it."""
        if name in self:
            held = self[name]
            self[name] = replace(held, confidence=round(held.confidence * share, 4), proofs=(*held.proofs, "doubted"))


def _heads(found: Found[Any]) -> tuple[Corners, ...]:
    """The line of its label, or its own where a label stands before it there."""
    if found.label is not None:
        return (found.label.line.corners,)
    return (found.pieces[0].line.corners,) if found.pieces and found.pieces[0].at else ()
