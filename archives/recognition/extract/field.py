"""A value read from a paper, with where it stands and how sure the reading is."""

from dataclasses import dataclass, replace
from typing import Any

from carloan.archives.recognition.form import Found
from carloan.archives.recognition.sheet import Box

Value = str | int


@dataclass(frozen=True, slots=True)
class Field:
    """`value`: text, ISO date, `long_term` or minor units; `text`: what stood there as it was read."""

    value: Value
    confidence: float
    page: int
    box: Box | None
    source: str = "machine"
    text: str = ""


class Fields(dict[str, Field]):
    """The fields of one paper. A field that was not read is absent; nothing is ever guessed into it."""

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
        )
        if name not in self or self[name].confidence < field.confidence:
            self[name] = field

    def proven(self, *names: str) -> None:
        """A check that only right readings pass raises the confidence of the fields it covers."""
        for name in names:
            if name in self and self[name].confidence >= 0.5:
                self[name] = replace(self[name], confidence=max(self[name].confidence, 0.995))

    def from_list(self, *names: str) -> None:
        """A value out of a short closed list (nation, use, class) that was read fairly is that value."""
        for name in names:
            if name in self and self[name].confidence >= 0.75:
                self[name] = replace(self[name], confidence=max(self[name].confidence, 0.95))

    def doubted(self, name: str, share: float) -> None:
        if name in self:
            self[name] = replace(self[name], confidence=round(self[name].confidence * share, 4))
