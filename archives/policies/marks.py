"""Where the words of a query stand in a text as it was recognised, and on the picture of its page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from carloan.archives.policies.grams import normal
from carloan.archives.recognition.sheet import Box

BEFORE: Final = 24
AROUND: Final = 96
# Around a word that stands elsewhere than the first one; of a query of very many words some are shown.
BESIDE: Final = 12
MOST_STRETCHES: Final = 4
MOST_LINES: Final = 600
# Signs beyond this one are as wide as two letters.
WIDE: Final = "\u2e7f"

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a snippet; `marked`: a word of the query."""

    text: str
    marked: bool = False


def spans(text: str, words: Sequence[str]) -> list[Span]:
    """Where words (in normal form) stand in a text: (begin, end), in order, without overlaps."""
    return _joined([span for own in _by_word(text, words).values() for span in own])


def _by_word(text: str, words: Sequence[str]) -> dict[str, list[Span]]:
    characters: list[str] = []
    places: list[int] = []
    folded: dict[str, str] = {}
    for at, character in enumerate(text):
        if character not in folded:
            folded[character] = normal(character)
        for one in folded[character]:
            characters.append(one)
            places.append(at)
    plain = "".join(characters)
    found: dict[str, list[Span]] = {}
    for word in words:
        own = found.setdefault(word, [])
        at = plain.find(word) if word else -1
        while at >= 0:
            own.append((places[at], places[at + len(word) - 1] + 1))
            at = plain.find(word, at + len(word))
    return found


def _joined(found: list[Span]) -> list[Span]:
    joined: list[Span] = []
    for begin, end in sorted(found):
        if joined and begin <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((begin, end))
    return joined


def snippet(text: str, words: Sequence[str]) -> list[Piece]:
    """The neighbourhood of the first word found and of each word that does not stand there, the words marked; nothing
    when none is found."""
    by_word = _by_word(text, words)
    found = _joined([span for own in by_word.values() for span in own])
    if not found:
        return []
    start = max(found[0][0] - BEFORE, 0)
    shown = [(start, min(max(start + AROUND, found[0][1]), len(text)))]
    for own in by_word.values():
        if own and len(shown) < MOST_STRETCHES and not any(_within(span, stretch) for span in own for stretch in shown):
            shown.append((max(own[0][0] - BESIDE, 0), min(own[0][1] + BESIDE, len(text))))
    pieces: list[Piece] = []
    end = 0
    for start, end in _joined(shown):
        pieces += [Piece("…")] if start else []
        at = start
        for begin, behind in found:
            if behind > at and begin < end:
                pieces += [
                    Piece(text[at : max(begin, at)]),
                    Piece(text[max(begin, at) : min(behind, end)], marked=True),
                ]
                at = min(behind, end)
        pieces.append(Piece(text[at:end]))
    pieces += [Piece("…")] if end < len(text) else []
    return [Piece(" ".join(piece.text.split("\n")), piece.marked) for piece in pieces if piece.text]


def _within(span: Span, stretch: Span) -> bool:
    return stretch[0] <= span[0] and span[1] <= stretch[1]


def boxes(content: Mapping[str, Any], words: Sequence[str]) -> list[Box]:
    """The places of the words on a page, as fractions of it. `content` is what a page keeps: its text and its lines.

    A word that runs over the end of a line has a box in each; a tall line (vertical writing) is marked whole, as are
    the lines of a page of very many.
    """
    text, lines = str(content["text"]), content["lines"]
    found = spans(text, words)
    if not found:
        return []
    if len(lines) > MOST_LINES:
        return [_box(line) for line in lines if any(word in normal(line[0]) for word in words)]
    marked: list[Box] = []
    for begin, end, box in _places(text, lines):
        for start, behind in found:
            first, last = max(start, begin), min(behind, end)
            if first < last:
                marked.append(_stretch(box, text[begin:first], text[first:last], text[last:end]))
    return marked


def lines_in(content: Mapping[str, Any]) -> list[tuple[int, int, Box]]:
    """Which stretch of a page's text each of its lines is, and where that stands on the page."""
    return _places(str(content["text"]), content["lines"])


def _stretch(box: Box, before: str, word: str, behind: str) -> Box:
    """Where a word stands in the box of its line. Han characters are as wide as two letters or digits."""
    x0, y0, x1, y1 = box
    if y1 - y0 > 1.5 * (x1 - x0):
        return box
    left, inside, right = (sum(2 if character > WIDE else 1 for character in part) for part in (before, word, behind))
    step = (x1 - x0) / (left + inside + right)
    return round(x0 + step * left, 4), y0, round(x0 + step * (left + inside), 4), y1


def _box(line: Sequence[Any]) -> Box:
    x0, y0, x1, y1 = line[2]
    return x0, y0, x1, y1


def _places(text: str, lines: Sequence[Sequence[Any]]) -> list[tuple[int, int, Box]]:
    """Which stretch of the text each line is: the text is its lines in reading order, one separator between two."""
    waiting = sorted(lines, key=lambda line: (line[2][1], line[2][0]))
    at, found = 0, []
    while waiting and at < len(text):
        fitting = [line for line in waiting if line[0] and text.startswith(line[0], at)]
        if not fitting:
            at += 1
            continue
        line = max(fitting, key=lambda line: len(line[0]))
        waiting.remove(line)
        found.append((at, at + len(line[0]), _box(line)))
        at += len(line[0]) + 1
    return found
