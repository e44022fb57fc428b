"""A printed form: labels, and the values beside them.

Works on the straightened page, so that a photo taken askew reads like a scan. Labels may be spaced out over the row
(名 … 称), glued to their value (姓名李蓝) or lack a character the engine lost; no layout is assumed.
"""

import math
import re
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from carloan.archives.recognition.labels import CUT, SEAM, fold_characters, label_pattern
from carloan.archives.recognition.level import Levels
from carloan.archives.recognition.piece import (
    Piece,
    as_read,
    goes_on_below,
    is_near_in_column,
    is_stacked,
    label_of_two_lines,
    overhangs,
)
from carloan.archives.recognition.sheet import Box, Corners, Line, Point, Sheet, rows, skew, split_pairs

T = TypeVar("T")

# Marks the part of a label that goes on in the next line.
_BEGUN = ", begun"
_EDGES = f" :：.·,，、;；|_-—–{SEAM}"
_BOX_NUMBER = re.compile(r"(?<![\d.\-/])\d{1,2}[.、] ?$")
# A sign of a longer word before a label. The sides of an invoice (购买方, 销货方) name whose label it is.
_OF_A_WORD = re.compile("(?![购买销售货方])[\u4e00-\u9fff]")
# What may be half of a label.
_FEW_HAN = re.compile("[\u4e00-\u9fff]{2,8}")
# Number of a box before its label.
_NUMBERED = re.compile(r"^\d{1,2}[.、]")
# Of a page whose labels stand over their values, so many have been read, and so few have something beside them, within
# so many heights.
_SOME, _HARDLY_ANY, _NEAR = 3, 0.2, 12.0
# So many labels below each other make a column of them.
_COLUMN = 2
# The trust in a value that does not stand directly beside its label.
PASSED_BY = 0.97


@dataclass(frozen=True, slots=True)
class Found(Generic[T]):
    """A value with the pieces it was read from. `alone`: only its label says whose it is, and that may be another's.
    `label`: the piece that promised it, where one did."""

    value: T
    text: str
    pieces: tuple[Piece, ...]
    sheet: Sheet
    doubt: float = 1.0
    alone: bool = False
    label: Piece | None = None

    @property
    def confidence(self) -> float:
        return round(min((piece.line.confidence for piece in self.pieces), default=0.0) * self.doubt, 4)

    @property
    def box(self) -> Box:
        corners: list[Point] = [c for piece in self.pieces for c in piece.line.part(piece.start, piece.end)]
        return self.sheet.box(corners)


Grammar = Callable[[str], T | None]


class Form:
    """One page seen as a form with the labels of a kind of paper.

    `labels` names each label's spellings; a label nobody asks for still ends the value before it. `noise` are lines
    that stand between labels and values and say nothing (the English half of a licence).
    """

    def __init__(self, sheet: Sheet, labels: Mapping[str, Sequence[str]], noise: str | None = None) -> None:
        self.sheet = sheet
        lean = skew(sheet.lines)
        lines = [line for line in sheet.lines if abs(line.angle - lean) < math.pi / 4]
        if noise:
            unwanted = re.compile(noise, re.IGNORECASE)
            lines = [line for line in lines if not unwanted.fullmatch(fold_characters(line.text))]
        self._lean = skew(lines)
        self._patterns = [(name, label_pattern(spelling)) for name, group in labels.items() for spelling in group]
        self.pieces: list[Piece] = []
        for row in rows([part for line in lines for part in split_pairs(line)]):
            self._add_row(row)
        self._join_broken(labels)
        self._levels = Levels([piece.middle for piece in self.pieces])
        self._tallest = max((piece.height for piece in self.pieces), default=0.0)
        self._free_last_signs()
        self._mark_ends()

    def _join_broken(self, labels: Mapping[str, Sequence[str]]) -> None:
        """A label that is broken over two lines of its cell is one; its value stands beside either line."""
        lines: dict[int, list[Piece]] = {}
        for piece in self.pieces:
            lines.setdefault(id(piece.line), []).append(piece)
        whole = [(_NUMBERED.sub("", "".join("".join(p.text for p in line).split())), line) for line in lines.values()]
        for name, spelling in ((name, spelling) for name, group in labels.items() for spelling in group):
            heads = [(text, line) for text, line in whole if len(text) >= 2 and spelling.startswith(text)]
            for head, upper in heads:
                for tail, lower in whole:
                    if head + tail == spelling and goes_on_below(upper, lower):
                        self.pieces = [piece for piece in self.pieces if piece not in upper and piece not in lower]
                        self.pieces.append(label_of_two_lines(name, upper, lower))

    def _free_last_signs(self) -> None:
        """A lone sign under the left edge of a value, with nothing beside it, is that one's last (the 号 of 192号), and
        no half of a label that is set far apart."""
        self.pieces = [
            replace(piece, label=None)
            if piece.label is not None and len(piece.text) == 1 and not self._right_of(piece, _NEAR)
            and any(other.label is None and is_near_in_column(other, piece) for other in self._near(piece, 1.9))
            else piece
            for piece in self.pieces
        ]  # fmt: skip

    def _mark_ends(self) -> None:
        """A label below the first half of a longer one in its cell (隶属企业, and below it 名称) is that one's end."""
        if self.heads_values():
            return
        self.pieces = [
            replace(piece, tail=True)
            if piece.label is not None and any(self._begins_above(other, piece) for other in self._near(piece, 1.7))
            else piece
            for piece in self.pieces
        ]

    def _begins_above(self, other: Piece, piece: Piece) -> bool:
        size = piece.height
        return (
            other.label is None and other.text == other.line.text and _FEW_HAN.fullmatch(other.text) is not None
            and 0.55 * size < piece.middle - other.middle < 1.7 * size
            and abs(other.left - piece.left) < 0.5 * size and 0.75 < other.height / size < 1.33
            and self.label_beside(other) is None
        )  # fmt: skip

    def _add_row(self, row: Sequence[Line]) -> None:
        texts = [fold_characters(line.text) for line in row]
        stream = SEAM.join(texts)
        marks: list[tuple[int, int, str, bool]] = []
        for name, pattern in self._patterns:
            for match in pattern.finditer(stream):
                # Boxes of a form are numbered: the number belongs to the label behind it, not to the value before it.
                numbered = _BOX_NUMBER.search(stream, max(0, match.start() - 5), match.start())
                start = numbered.start() if numbered else match.start()
                marks.append((start, match.end(), name, match.lastgroup == CUT))
        # The longest spelling wins where two overlap.
        taken: list[tuple[int, int, str, bool]] = []
        for mark in sorted(marks, key=lambda mark: (mark[0] - mark[1], mark[0])):
            if all(mark[1] <= start or end <= mark[0] for start, end, _, _ in taken):
                taken.append(mark)
        offset = 0
        for line, text in zip(row, texts, strict=True):
            inside = sorted(
                (s - offset, e - offset, n, c) for s, e, n, c in taken if s < offset + len(text) and e > offset
            )
            at = 0
            for number, (start, end, name, cut) in enumerate(inside):
                self._add(line, text, at, max(start, 0))
                # Of a label that is spread over several lines, the last part is the one its value stands beside.
                label = name if end <= len(text) else name + _BEGUN
                # Behind another label of its line it is that one's value which stands before it.
                tail = number == 0 and start > 0 and _OF_A_WORD.fullmatch(text[start - 1]) is not None
                self._add(line, text, max(start, 0), min(end, len(text)), label, cut=cut, tail=tail)
                at = min(end, len(text))
            self._add(line, text, at, len(text))
            offset += len(text) + 1

    def _add(
        self, line: Line, text: str, start: int, end: int, label: str | None = None, *, cut: bool = False,
        tail: bool = False,
    ) -> None:  # fmt: skip
        if label is None:
            while start < end and text[start] in _EDGES:
                start += 1
            while start < end and text[end - 1] in " |_" + SEAM:
                end -= 1
        if start >= end:
            return
        first, last = line.stretch(start, end)
        a, b, c, d = (self.straight(point) for point in line.part(first, last))
        self.pieces.append(
            Piece(
                text[start:end],
                line,
                first,
                last,
                left=min(a[0], d[0]),
                right=max(b[0], c[0]),
                middle=(a[1] + b[1] + c[1] + d[1]) / 4,
                height=line.height,
                label=label,
                at=start,
                cut=cut,
                tail=tail,
            )
        )

    def straight(self, point: Point) -> Point:
        """Where a point of the page lies on the straightened one."""
        cos, sin = math.cos(-self._lean), math.sin(-self._lean)
        return point[0] * cos - point[1] * sin, point[0] * sin + point[1] * cos

    def has(self, name: str) -> bool:
        return any(piece.label == name for piece in self.pieces)

    def labels(self, name: str) -> list[Piece]:
        return sorted((p for p in self.pieces if p.label == name), key=lambda p: (p.middle, p.left))

    def beside(
        self, name: str, grammar: Grammar[T], *, rows_down: int = 0, joined: bool = True, reach: float = 40.0
    ) -> Found[T] | None:
        """The value to the right of a label, continued for up to `rows_down` rows below it (addresses).

        `reach` is how far away (in label heights) the value may begin. Tries every place the label stands at;
        where what stands beside the first one was no such value, that of another may be another's.
        """
        passed = False
        for label in self.labels(name):
            found = self.beside_label(label, grammar, rows_down=rows_down, joined=joined, reach=reach)
            if found is not None:
                return replace(found, alone=found.alone or passed)
            passed = passed or bool(self._right_of(label, reach))
        return None

    def beside_label(
        self, label: Piece, grammar: Grammar[T], *, rows_down: int = 0, joined: bool = True, reach: float = 40.0
    ) -> Found[T] | None:
        """The value to the right of one label: the longest run of pieces that fits, else any single one."""
        near = self._right_of(label, reach)
        alone = bool(near) and self._is_doubtful(label, near[0])
        for size in range(len(near) if joined else min(len(near), 1), 0, -1):
            chosen = near[:size]
            more = self._continued(label, chosen, rows_down)
            # Beside the middle line of its cell: as many lines stand above as below.
            above = self._begun(label, chosen, len(more))
            # What stands below may be the next field after all: then fewer rows fit where all do not.
            for rows_taken in range(len(more), -1, -1):
                whole = [*(above if rows_taken == len(above) else ()), *chosen, *more[:rows_taken]]
                if (value := grammar(join(piece.text for piece in whole))) is not None:
                    held = _needed(whole, grammar, value)
                    left_out = size < len(near) and is_stacked(chosen[0], near[size])
                    alone = alone or left_out or self._is_glued(label, chosen)
                    text = join(piece.text for piece in held)
                    return Found(value, text, tuple(held), self.sheet, alone=alone, label=label)
        for piece in near[1:]:
            if (value := grammar(piece.text)) is not None:
                # What stands between was passed by: it may have been the value, read wrong.
                return Found(value, piece.text, (piece,), self.sheet, doubt=PASSED_BY, label=label)
        return None

    def _is_doubtful(self, label: Piece, first: Piece) -> bool:
        """Whether what stands beside a label may begin with the label's own last character, or be another label's: of
        one that was not read (labels of other rows stand in one column between the two), or of a longer word."""
        if label.tail or (label.cut and first.line is label.line):
            return True
        between = [
            p.left for p in self.pieces
            if p.label is not None and label.right + label.height < p.left and p.right < first.left + 0.6 * p.height
            and abs(p.middle - label.middle) > 0.75 * label.height
        ]  # fmt: skip
        return any(sum(abs(left - other) < label.height for other in between) >= _COLUMN for left in between)

    def _is_glued(self, label: Piece, chosen: Sequence[Piece]) -> bool:
        """Whether a value is the rest of its label's line, nothing between, and more stands beside that: it may be part
        of a label that was misread, and the value that."""
        if any(piece.line is not label.line for piece in chosen) or chosen[0].at != label.at + len(label.text):
            return False
        beyond = [
            p for p in self.pieces
            if p.left > chosen[-1].right and abs(p.middle - label.middle) < 0.75 * max(label.height, p.height)
        ]  # fmt: skip
        return bool(beyond) and min(beyond, key=lambda p: p.left).label is None

    def below(self, name: str, grammar: Grammar[T], *, rows_down: int = 0, reach: float = 3.0) -> Found[T] | None:
        """The value under a label, continued for up to `rows_down` rows; surely its own where labels head values."""
        alone = not self.heads_values()
        for label in self.labels(name):
            near = [
                p for p in self.pieces
                if p.label is None and 0.3 * label.height < p.middle - label.middle < reach * label.height
                and p.left < label.right + 4 * label.height and p.right > label.left - label.height
                and self.label_beside(p) is None
            ]  # fmt: skip
            for piece in sorted(near, key=lambda p: (round((p.middle - label.middle) / label.height), p.left)):
                more = self._continued(label, [piece], rows_down)
                for rows_taken in range(len(more), -1, -1):
                    whole = (piece, *more[:rows_taken])
                    if (value := grammar(join(p.text for p in whole))) is not None:
                        text = join(p.text for p in whole)
                        return Found(value, text, whole, self.sheet, alone=alone or label.tail, label=label)
        return None

    def heads_values(self) -> bool:
        """Whether labels of this page stand over their values: beside hardly any of them there is one."""
        asked = [p for p in self.pieces if p.label not in (None, "rest", "title") and not str(p.label).endswith(_BEGUN)]
        beside = sum(bool(self._right_of(label, _NEAR)) for label in asked)
        return len(asked) >= _SOME and beside <= len(asked) * _HARDLY_ANY

    def label_beside(self, piece: Piece) -> Piece | None:
        """The label in a piece's own row that promises it, nothing between: it is not a value of a label above."""
        for p in self.pieces:
            level = p.label is not None and abs(p.middle - piece.middle) < 0.75 * max(p.height, piece.height)
            if level and p.right < piece.left + 0.6 * piece.height and not self._is_between(p, piece):
                return p
        return None

    def _is_between(self, label: Piece, piece: Piece) -> bool:
        return any(
            q.label is None and q is not piece and label.right - 0.6 * label.height < q.left < piece.left
            and abs(q.middle - piece.middle) < 0.75 * piece.height
            for q in self.pieces
        )  # fmt: skip

    def anywhere(self, grammar: Grammar[T], *, doubt: float = 0.97) -> Found[T] | None:
        """The first value of this form on the page, for labels that were not read. Less certain by `doubt`."""
        found = self.everywhere(grammar, doubt=doubt)
        return found[0] if found else None

    def everywhere(self, grammar: Grammar[T], *, doubt: float = 1.0) -> list[Found[T]]:
        """Every piece that fits, from the top."""
        fitting = []
        for piece in sorted(self.pieces, key=lambda p: (p.middle, p.left)):
            if piece.label is None and (value := grammar(piece.text)) is not None:
                fitting.append(Found(value, piece.text, (piece,), self.sheet, doubt))
        return fitting

    def blind_spots(self, ignored: Container[str] = ("rest", "title")) -> list[Corners]:
        """Where a value should stand and the detector saw nothing: right of a label, up to the next one."""
        spots = []
        for label in self.pieces:
            if label.label is None or label.label in ignored or label.label.endswith(_BEGUN):
                continue
            if self._right_of(label, 12.0):
                continue
            ends = [
                p.left for p in self.pieces
                if p is not label and p.left > label.right and abs(p.middle - label.middle) < 0.75 * label.height
            ]  # fmt: skip
            width = min(min(ends, default=math.inf) - label.right - 0.3 * label.height, 9.0 * label.height)
            if width > 0.8 * label.height:
                unit = 1 / max(label.line.length, 1.0)
                spots.append(label.line.part(label.end + 0.1 * label.height * unit, label.end + width * unit))
        return spots

    def _right_of(self, label: Piece, reach: float) -> list[Piece]:
        size = label.height
        level = [
            p for p in self._near(label, 0.75)
            if p is not label and abs(p.middle - label.middle) < 0.75 * max(size, p.height)
            and (p.left > label.right - 0.6 * size or overhangs(p, label))
        ]  # fmt: skip
        level.sort(key=lambda p: p.left)
        if len(level) > 1:
            level = as_read(level)
        end = min((p.left for p in level if p.label is not None), default=math.inf)
        near: list[Piece] = []
        for piece in (p for p in level if p.label is None and p.left < end - 0.3 * size):
            edge = near[-1].right if near else label.right
            if piece.left - edge > (3.0 if near else reach) * max(size, piece.height):
                break
            near.append(piece)
        return near

    def _near(self, piece: Piece, heights: float) -> list[Piece]:
        """What may stand so many heights (its own or the other's) above or below a piece, or less."""
        reach = 1.01 * heights * max(piece.height, self._tallest)
        return [self.pieces[at] for at in self._levels.between(piece.middle - reach, piece.middle + reach)]

    def _begun(self, label: Piece, chosen: Sequence[Piece], rows: int) -> list[Piece]:
        """So many lines above the one beside the label, where the value of its cell began; none when not all are."""
        above: list[Piece] = []
        first = chosen[0]
        for _ in range(rows):
            over = [p for p in self.pieces if p.label is None and is_near_in_column(p, first)]
            if not over or self.label_beside(over[0]):
                return []
            first = max(over, key=lambda p: p.middle)
            above.insert(0, first)
        return above

    def _continued(self, label: Piece, chosen: Sequence[Piece], rows_down: int) -> list[Piece]:
        more: list[Piece] = []
        last = chosen[-1]
        left = chosen[0].left
        for _ in range(rows_down):
            size = max(last.height, label.height)
            under = [
                p for p in self.pieces
                if 0.55 * size < p.middle - last.middle < 1.9 * size and abs(p.left - left) < 2.5 * size
            ]  # fmt: skip
            # The row next below, not the one after it that may begin a hair nearer to the same edge.
            top = min((p.middle for p in under), default=0.0)
            row = [p for p in under if p.middle - top < 0.5 * size]
            if not row or any(p.label is not None for p in row):
                break
            if any(
                p.label is not None and p.left < min(row[0].left, label.right) and label.left - 2 * size < p.right
                and abs(p.middle - row[0].middle) < 0.6 * size
                for p in self.pieces
            ):  # fmt: skip
                break
            last = min(row, key=lambda p: abs(p.left - left))
            more.append(last)
        return more


def _needed(pieces: list[Piece], grammar: Grammar[T], value: T) -> list[Piece]:
    """The pieces without those at either end that the value does not need: a mark before an amount is none of it."""
    while len(pieces) > 1 and grammar(join(piece.text for piece in pieces[1:])) == value:
        pieces = pieces[1:]
    while len(pieces) > 1 and grammar(join(piece.text for piece in pieces[:-1])) == value:
        pieces = pieces[:-1]
    return pieces


def join(texts: Iterable[str]) -> str:
    """Texts side by side: a space only where Latin meets Latin."""
    whole = ""
    for text in texts:
        if whole and text and whole[-1].isascii() and text[0].isascii():
            whole += " "
        whole += text
    return whole
