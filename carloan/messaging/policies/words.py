"""Words of messages: which variables they hold, what is missing, how long a text message becomes."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

_VARIABLE: Final = re.compile(r"\{(\w*)\}")
# One text message holds 70 characters, each part of a longer one 67 (GSM 03.40 in UCS-2, as Chinese networks count).
SHORT: Final = 70
PART: Final = 67
LONGEST: Final = 500


def variables(text: str) -> list[str]:
    """The names between braces, in order, each once."""
    return list(dict.fromkeys(_VARIABLE.findall(text)))


def unknown_in(text: str, known: Collection[str]) -> list[str]:
    """Variables that this kind of message has no value for, and braces that hold none."""
    rest = _VARIABLE.sub("", text)
    stray = ["{"] if "{" in rest or "}" in rest else []
    return [name or "{}" for name in variables(text) if name not in known] + stray


def missing_in(text: str, required: Collection[str]) -> list[str]:
    return [name for name in required if name not in variables(text)]


def filled(text: str, values: Mapping[str, str]) -> str:
    """The text with its variables filled; one without a value stays as it stands, to be filled later."""
    return _VARIABLE.sub(lambda found: values.get(found[1], found[0]), text)


@dataclass(frozen=True, slots=True)
class Length:
    characters: int
    parts: int


def length(text: str) -> Length:
    """How long a text message is and in how many parts it is charged."""
    count = len(text.encode("utf-16-le")) // 2
    return Length(count, 1 if count <= SHORT else -(-count // PART))
