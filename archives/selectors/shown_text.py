"""The recognised text of a paper as it may be read: not at all where its picture is closed, and to people without what
fields that are revealed one by one hide."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from carloan.archives.fields import policy_key, rule_of_field
from carloan.archives.models import Paper, PaperField, PaperPage
from carloan.archives.policies.marks import lines_in
from carloan.archives.selectors.papers import content_of, fields_of, pages_of, picture_closed
from carloan.archives.values import DATES, written
from carloan.core.actors import Actor
from carloan.core.registry import Field
from carloan.core.sealed import clear
from carloan.core.sight import Door, is_masked, sees_clear
from carloan.core.tightening import rule_for
from carloan.lib import personal
from carloan.lib.masks import ALL, MASKS

# Which field says how a number that the recogniser finds in running text is treated: of other people than those whom
# the fields name there are numbers on a paper too.
_LIKE_FIELD: Final[dict[personal.Kind, tuple[str, str]]] = {
    "id_number": ("", "number"), "permit": ("", "number"), "passport": ("", "number"), "card": ("bank_card", "number"),
    "vin": ("", "vin"), "plate": ("", "plate"),
}  # fmt: skip
# (begin, end, what stands there instead)
Cover = tuple[int, int, str]


def text_for(
    actor: Actor, paper: Paper, *, door: Door = "page", rows: Iterable[PaperField] | None = None
) -> str | None:
    """The text of all pages, parted by form feeds, as this actor may read it at this door; None where it is withheld.

    Withheld from who may not see clear values; where the picture is closed; and where a value that the lender made
    guarded cannot be found in it (what the registry alone guards is shown by the picture beside it). `rows` are the
    fields of the paper where the caller has them.
    """
    if not sees_clear(actor, paper) or picture_closed(actor, paper):
        return None
    found = _texts(actor, paper, pages_of(paper), fields_of(paper) if rows is None else rows, door)
    return None if found is None else "\f".join(found)


def pages_for(actor: Actor, papers: Mapping[UUID, Paper], pages: Iterable[PaperPage]) -> dict[UUID, str]:
    """The texts of one page of each paper, as `text_for` gives them on pages, for who was found by words on it; without
    those that are withheld. What the registry alone guards stays: the reader named it, and the picture shows it."""
    fields: dict[UUID, list[PaperField]] = {}
    guarded = any(said.guarded and key.startswith("paper.") for key, said in actor.masking.items())
    for row in PaperField.objects.filter(paper_id__in=papers) if guarded else ():
        row.paper = papers[row.paper_id]
        fields.setdefault(row.paper_id, []).append(row)
    shown = {}
    for page in pages:
        paper = papers[page.paper_id]
        if picture_closed(actor, paper):
            continue
        text = str(content_of(page)["text"])
        if guarded:
            found = _texts(actor, paper, [page], fields.get(paper.id, []), "page")
            text = "" if found is None else found[0]
        shown[paper.id] = text
    return shown


def _texts(
    actor: Actor, paper: Paper, pages: Iterable[PaperPage], rows: Iterable[PaperField], door: Door
) -> list[str] | None:
    contents = {page.number: content_of(page) for page in pages}
    hidden = _hidden_rows(actor, paper, rows, door)
    rules = _rules_of_numbers(actor, paper, door)
    texts = {number: str(content["text"]) for number, content in contents.items()}
    covers: dict[int, list[Cover]] = {number: list(_numbers(text, rules)) for number, text in texts.items()}
    for row, rule in hidden:
        found = False
        for number, text in texts.items():
            for value in {clear(row, "value"), clear(row, "original")} - {""}:
                places = [(begin, end, _mask(rule, row.name, value)) for begin, end in _places(row.name, value, text)]
                covers[number] += places
                found = found or bool(places)
        if found or (row.page or 1) not in contents or _cover_place(row, contents, covers):
            continue
        if not rule_of_field(paper.kind, row.name).guarded:
            return None
    return [_covered(text, covers[number]) for number, text in texts.items()]


def _hidden_rows(
    actor: Actor, paper: Paper, rows: Iterable[PaperField], door: Door
) -> Iterator[tuple[PaperField, Field]]:
    for row in rows:
        rule = rule_for(actor, policy_key(paper.kind, row.name), rule_of_field(paper.kind, row.name))
        # What nobody read on the paper and nobody says stands on it hides nothing.
        if (row.value or row.original) and rule.mask and is_masked(actor, rule, door, paper):
            yield row, rule


def _rules_of_numbers(actor: Actor, paper: Paper, door: Door) -> dict[str, Field]:
    rules = {}
    for found, (kind, name) in _LIKE_FIELD.items():
        rule = rule_for(actor, policy_key(kind, name), rule_of_field(kind, name))
        if is_masked(actor, rule, door, paper):
            rules[str(found)] = rule
    return rules


def _numbers(text: str, rules: dict[str, Field]) -> Iterator[Cover]:
    for found in personal.find(text) if rules else ():
        if rule := rules.get(found.kind):
            yield found.start, found.end, MASKS[rule.mask or "text"](found.value)


def _mask(rule: Field, name: str, value: str) -> str:
    return MASKS[rule.mask or "text"](written(name, value))


def _places(name: str, value: str, text: str) -> list[tuple[int, int]]:
    day = re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)", value) if name in DATES else None
    return personal.days_in(text, *map(int, day.groups())) if day else personal.places(text, written(name, value))


def _cover_place(row: PaperField, contents: dict[int, Any], covers: dict[int, list[Cover]]) -> bool:
    """Cover the lines where a value stands that reads otherwise there than as the field has it."""
    content = contents.get(row.page or 0)
    if content is None or not row.box:
        return False
    lines = [(begin, end) for begin, end, box in lines_in(content) if _overlap(box, row.box)]
    covers[row.page or 0] += [(begin, end, ALL) for begin, end in lines]
    return bool(lines)


def _overlap(one: Sequence[float], other: Sequence[float]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _covered(text: str, covers: list[Cover]) -> str:
    """The text with all of it covered; where covers overlap, the one around the others counts, else nothing shows."""
    parts, at = [], 0
    joined: list[Cover] = []
    for begin, end, instead in sorted(covers, key=lambda cover: (cover[0], -cover[1])):
        if joined and begin < joined[-1][1]:
            first, last, kept = joined[-1]
            joined[-1] = (first, max(end, last), kept if end <= last else ALL)
        else:
            joined.append((begin, end, instead))
    for begin, end, instead in joined:
        parts += [text[at:begin], instead]
        at = end
    return "".join([*parts, text[at:]])
