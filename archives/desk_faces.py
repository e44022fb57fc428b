"""How one paper shows itself to who checks it: pages, fields with their reasons, and words that were searched for."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.translation import gettext as _

from carloan.archives.faces import BUSY, holder_of, note_of, rows_of
from carloan.archives.fields import PICTURE_OPENING, policy_key, rule_of_field
from carloan.archives.models import Paper, PaperField
from carloan.archives.policies.marks import WIDE, boxes
from carloan.archives.policies.outcome import ANNOUNCEMENTS
from carloan.archives.policies.query import parse
from carloan.archives.policies.query import words as words_of
from carloan.archives.recognition.extract.field import ALONE
from carloan.archives.recognition.proof import SURE
from carloan.archives.selectors.corrections import corrections_of, has_word
from carloan.archives.selectors.papers import content_of, fields_of, may_review, pages_of, picture_closed
from carloan.archives.selectors.same import same_papers
from carloan.archives.selectors.shown_text import text_for
from carloan.archives.services.filing import sureness
from carloan.archives.services.viewing import is_wide
from carloan.archives.values import written
from carloan.archives.words import PROOFS, field_label, fields_for, problem_text
from carloan.compliance.selectors.openings import ASK, own_opening_of
from carloan.core.actors import Actor
from carloan.core.ids import moment
from carloan.core.sealed import clear
from carloan.core.sight import Shown, sees_clear, show_text

# What these say of a field, its own line says already.
_TOLD_BY_FIELD = frozenset({"field_unsure", "field_missing"})
# Problems that the field of the loan answers.
OF_LOAN = frozenset({"no_loan", "several_loans", "beyond_reach", "loan_differs"})
MOST_MARKED = 200
LONGEST_LINE = 26


@dataclass(frozen=True, slots=True)
class DeskField:
    """A field beside the picture: what stands there, how sure it is and why, who vouched for it, where it is.

    `machine` is what the machine read, to be put back with one key.
    """

    name: str
    label: str
    text: str
    shown: Shown
    original: str
    machine: str
    confidence: int | None
    page: int
    box: str
    is_doubtful: bool
    by_person: bool
    reveal_url: str
    who: str
    at: datetime | None
    why: list[str]

    @property
    def is_long(self) -> bool:
        """Whether one line of the form is too short for it; a Chinese character is as wide as two letters."""
        return sum(2 if sign > WIDE else 1 for sign in self.text) > LONGEST_LINE


@dataclass(frozen=True, slots=True)
class Draft:
    """A form that was sent and not stored: what it says, what would be wrong with that, which loan it names, and which
    other one its values do."""

    kind: str
    values: Mapping[str, str]
    problems: list[dict[str, Any]]
    loan_id: UUID | None = None
    other_loan: str = ""


@dataclass(frozen=True, slots=True)
class DeskPage:
    """A page; `src` is its picture in a size to work with, `whole` the sharpest there is, `came` the page before it was
    turned, cut out or laid straight ("" when nothing of that was done)."""

    number: int
    src: str
    whole: str
    width: int
    height: int
    came: str


def desk_fields(actor: Actor, paper: Paper, draft: Draft | None = None) -> list[DeskField]:
    """The fields of the paper's kind in its order, with the values that were read; empty ones too.

    With a `draft` those of its kind, with what was typed and what is wrong with that.
    """
    rows = {row.name: row for row in fields_of(paper)}
    if draft is None:
        return [_desk_field(actor, paper, name, rows.get(name)) for name in fields_for(paper.kind, rows)]
    names = fields_for(draft.kind, {*rows, *(name for name, text in draft.values.items() if text)})
    return [_drafted(_desk_field(actor, paper, name, rows.get(name)), draft) for name in names]


def _drafted(field: DeskField, draft: Draft) -> DeskField:
    """A field as the draft has it: what was typed there is a person's, whatever was said of the reading before."""
    named, why = _reasons(field.name, draft.problems, draft.kind)
    text = draft.values.get(field.name, field.text)
    typed = text != field.text
    return replace(
        field, label=field_label(field.name, draft.kind), text=text, why=why,
        by_person=field.by_person or (typed and bool(text)), who="" if typed else field.who,
        original=field.original or (field.machine if typed else ""),
        is_doubtful=named or (field.is_doubtful and not typed and field.confidence is not None),
    )  # fmt: skip


def _reasons(name: str, problems: Iterable[Mapping[str, Any]], kind: str) -> tuple[bool, list[str]]:
    """Whether problems name a field, and what they say that its own line does not."""
    named = [problem for problem in problems if name in problem.get("fields", ())]
    return bool(named), [problem_text(one, kind=kind) for one in named if one["code"] not in _TOLD_BY_FIELD]


def _desk_field(actor: Actor, paper: Paper, name: str, row: PaperField | None) -> DeskField:
    named, why = _reasons(name, paper.problems, paper.kind)
    if row is None:
        return DeskField(
            name=name, label=field_label(name, paper.kind), text="", shown=Shown(""), original="", machine="",
            confidence=None, page=1, box="", is_doubtful=named, by_person=False, reveal_url="", who="", at=None,
            why=why,
        )  # fmt: skip
    value, sees = clear(row, "value"), sees_clear(actor, paper)
    shown = show_text(
        actor, rule_of_field(paper.kind, name), written(name, value), of=paper, key=policy_key(paper.kind, name)
    )
    by_person = row.source == PaperField.Source.PERSON
    if ALONE in row.proofs and not by_person:
        why = [*why, str(PROOFS[ALONE])]
    text, original = (written(name, value), written(name, clear(row, "original"))) if sees else ("", "")
    return DeskField(
        name=name, label=field_label(name, paper.kind), text=text, shown=shown, original=original,
        machine=original if by_person else text, confidence=row.confidence // 10, page=row.page or 1,
        box=_edges(row.box) if row.box else "",
        is_doubtful=named or sureness(row) < SURE * 1000, by_person=by_person,
        reveal_url=_reveal_url(row) if shown.revealable else "",
        who=str(row.verified_by or ""), at=moment(row.audit_event_id) if row.verified_by_id else None, why=why,
    )  # fmt: skip


def _reveal_url(row: PaperField) -> str:
    return reverse("compliance:reveal", args=[row._meta.label_lower, row.id, "value"])


def desk_pages(paper: Paper) -> list[DeskPage]:
    found = []
    for page in pages_of(paper):
        whole = reverse("archives:page", args=[paper.id, page.number])
        src = f"{whole}?small=1" if is_wide(page) else whole
        came = reverse("archives:page-received", args=[paper.id, page.number]) if page.turn or page.corners else ""
        found.append(DeskPage(page.number, src, whole, page.width, page.height, came))
    return found


def marked_places(paper: Paper, words: str) -> list[tuple[int, str]]:
    """(page, box) of the words of a search where they stand on the pages, compared as the search does, and of the
    values with one of them that a person corrected."""
    query = parse(words)
    if query is None:
        return []
    wanted = words_of(query)
    found = [(page.number, _edges(box)) for page in pages_of(paper) for box in boxes(content_of(page), wanted)]
    corrected = corrections_of({paper.id: paper}).get(paper.id, [])
    found += [(row.page or 1, _edges(row.box)) for row in corrected if row.box and has_word(row, wanted)]
    return list(dict.fromkeys(found))[:MOST_MARKED]


def _edges(box: Iterable[float]) -> str:
    return ",".join(str(edge) for edge in box)


def desk_of(actor: Actor, paper: Paper, *, draft: Draft | None = None, words: str = "") -> dict[str, Any]:
    """Everything the page of one paper shows this actor. A `draft` stays in its form.

    `words` were searched for: their lines are marked on the picture.
    """
    reviewing = may_review(actor, paper) and paper.state not in BUSY
    sees = sees_clear(actor, paper)
    (row,) = rows_of(actor, [paper])
    is_open = sees and not picture_closed(actor, paper)
    fields, pages = desk_fields(actor, paper, draft), desk_pages(paper) if is_open else []
    text = text_for(actor, paper)
    problems = paper.problems if draft is None else draft.problems
    lines = row.problems if draft is None else [problem_text(each, kind=draft.kind) for each in problems]
    told = {field.name for field in fields} if reviewing else set()

    def of_loan(problem: Mapping[str, Any]) -> bool:
        return reviewing and problem["code"] in OF_LOAN

    return {
        "paper": paper,
        "row": row,
        "fields": fields,
        "doubts": sum(field.is_doubtful for field in fields) + any(map(of_loan, problems)),
        "general": _told(lines, problems, lambda each: not of_loan(each) and told.isdisjoint(_names(each))),
        "loan_why": _told(lines, problems, of_loan),
        "other_loan": draft.other_loan if draft else "",
        "same": _same(actor, paper, fields, draft) if reviewing else [],
        "asks_why": bool(problems),
        "would_stand": lines if draft and paper.state == Paper.State.FILED else [],
        "accepted": _accepted(actor, paper, row.problems) if draft is None else None,
        "shown_kind": draft.kind if draft else paper.kind,
        "pages": pages,
        # Cards, licences and invoices are broader than high: what they need is width.
        "made_right": [page for page in pages if page.came],
        "is_lying": bool(pages) and pages[0].width > pages[0].height,
        "marks": marked_places(paper, words) if is_open and words else [],
        "words": words,
        "sees_pages": sees,
        "is_closed": sees and not is_open,
        "may_ask": actor.can(ASK),
        "asked": own_opening_of(actor, kind=PICTURE_OPENING, asked={"paper": str(paper.id)})
        if sees and not is_open and actor.can(ASK)
        else None,
        "text": text or "",
        "text_withheld": text is None,
        "is_reviewing": reviewing,
        "holder": holder_of(actor, paper) if reviewing else "",
        "may_download": is_open and actor.can("papers.download"),
        "may_register_original": actor.can("originals.register"),
        "facts": _facts(actor, paper),
    }


def _same(actor: Actor, paper: Paper, fields: Iterable[DeskField], draft: Draft | None) -> list[Paper]:
    """What is filed already under the number of this paper with the loan it lies on, or is about to be filed with."""
    return same_papers(
        actor, paper, kind=draft.kind if draft else paper.kind, values={field.name: field.text for field in fields},
        loan_id=draft.loan_id if draft and draft.loan_id else paper.loan_id,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Accepted:
    """What is wrong with a paper that a person filed nevertheless: who did, why, and the problems in sentences."""

    who: str
    why: str
    lines: list[str]


def _accepted(actor: Actor, paper: Paper, lines: list[str]) -> Accepted | None:
    lines = _told(lines, paper.problems, lambda problem: problem["code"] not in ANNOUNCEMENTS)
    if paper.state != Paper.State.FILED or not lines:
        return None
    return Accepted(str(paper.verified_by or ""), note_of(actor, paper), lines)


def _told(lines: list[str], problems: list[dict[str, Any]], wanted: Callable[[Mapping[str, Any]], bool]) -> list[str]:
    """The sentences of some of the problems."""
    return [line for line, problem in zip(lines, problems, strict=True) if wanted(problem)]


def _names(problem: Mapping[str, Any]) -> Iterable[str]:
    names: Iterable[str] = problem.get("fields", ())
    return names


def _facts(actor: Actor, paper: Paper) -> list[tuple[str, Any]]:
    return [
        (_("File type"), paper.media),
        (_("Size"), filesizeformat(paper.size)),
        (_("Number of pages"), paper.pages),
        (_("Read by rules"), paper.reader),
        (_("Uploaded by"), str(paper.uploaded_by or paper.get_source_display())),
        (_("Assigned to"), str(paper.assigned_to or "")),
        (_("Checked by"), str(paper.verified_by) if paper.verified_by else ""),
        (_("Reason"), note_of(actor, paper)),
    ]
