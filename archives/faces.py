"""How papers show themselves: rows of lists, fields of the desk, the loan's tab and lane, names in the trail."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from carloan.archives.fields import rule_of_field
from carloan.archives.models import Paper, PaperField
from carloan.archives.recognition.proof import SURE
from carloan.archives.selectors.papers import (
    fields_of,
    may_review,
    pages_of,
    papers_of_loan,
    text_of,
    visible_papers,
)
from carloan.archives.values import written
from carloan.archives.words import FIELD_LABELS, STATE_TONES, field_label, fields_for, kind_label, problem_text
from carloan.compliance.names import Named
from carloan.core.actors import Actor
from carloan.core.sealed import clear, warm
from carloan.core.sight import Shown, sees_clear, show, show_text
from carloan.loans.models import Loan
from carloan.loans.timeline import Entry

BUSY = frozenset({Paper.State.RECEIVED, Paper.State.RECOGNISING})

ACTS = {
    "archives.paper.received": gettext_lazy("Paper received"),
    "archives.paper.recognised": gettext_lazy("Paper read"),
    "archives.paper.filed": gettext_lazy("Paper filed"),
    "archives.paper.corrected": gettext_lazy("Paper corrected"),
    "archives.paper.moved": gettext_lazy("Paper moved"),
    "archives.paper.rewrapped": gettext_lazy("Paper's key handed over"),
    "archives.paper.returned": gettext_lazy("Paper returned for checking"),
    "archives.paper.refused": gettext_lazy("Paper refused"),
    "archives.paper.given_up": gettext_lazy("Reading a paper given up"),
    "archives.paper.viewed": gettext_lazy("Paper looked at"),
    "archives.page.viewed": gettext_lazy("Page of a paper looked at"),
    "archives.paper.downloaded": gettext_lazy("Original downloaded"),
    "archives.orphans.removed": gettext_lazy("Left-over files removed"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """A paper in a list."""

    paper: Paper
    name: Shown
    kind: str
    state: str
    tone: str
    problems: list[str]
    url: str
    is_busy: bool


@dataclass(frozen=True, slots=True)
class DeskField:
    """A field beside the picture: what stands there, how sure it is, where it is on the page."""

    name: str
    label: str
    text: str
    shown: Shown
    original: str
    confidence: int | None
    page: int
    box: str
    is_doubtful: bool
    by_person: bool
    reveal_url: str


@dataclass(frozen=True, slots=True)
class DeskPage:
    number: int
    src: str
    width: int
    height: int


def state_label(paper: Paper) -> str:
    """The state in the words of the list: what it was recognised as once it was."""
    if paper.state == Paper.State.REVIEW and paper.kind and paper.kind != "other":
        return _("To be checked: %(kind)s") % {"kind": kind_label(paper.kind)}
    if paper.state == Paper.State.FILED:
        return _("Recognised: %(kind)s") % {"kind": kind_label(paper.kind)}
    return str(paper.get_state_display())


def rows_of(actor: Actor, papers: Iterable[Paper]) -> list[Row]:
    papers = list(papers)
    warm(papers)
    return [
        Row(
            paper, show(actor, paper, "name"), kind_label(paper.kind), state_label(paper), STATE_TONES[paper.state],
            problem_lines(actor, paper), reverse("archives:paper", args=[paper.id]),
            paper.state in BUSY,
        )
        for paper in papers
    ]  # fmt: skip


def problem_lines(actor: Actor, paper: Paper) -> list[str]:
    """The problems of a paper as sentences; what a person wrote stands in them as this actor may see it."""
    note = show(actor, paper, "note").text if paper.note else ""
    return [problem_text(problem, note) for problem in paper.problems]


def desk_fields(actor: Actor, paper: Paper, kind: str = "") -> list[DeskField]:
    """The fields of the paper's kind in its order, with the values that were read; empty ones too."""
    rows = {row.name: row for row in fields_of(paper)}
    return [_desk_field(actor, paper, name, rows.get(name)) for name in fields_for(kind or paper.kind, rows)]


def _desk_field(actor: Actor, paper: Paper, name: str, row: PaperField | None) -> DeskField:
    if row is None:
        return DeskField(name, field_label(name), "", Shown(""), "", None, 1, "", True, False, "")
    value, sees = clear(row, "value"), sees_clear(actor, paper)
    shown = show_text(actor, rule_of_field(paper.kind, name), written(name, value), of=paper)
    return DeskField(
        name=name, label=field_label(name), text=written(name, value) if sees else "", shown=shown,
        original=written(name, clear(row, "original")) if sees else "", confidence=row.confidence // 10,
        page=row.page or 1,
        box=",".join(str(edge) for edge in row.box) if row.box else "",
        is_doubtful=row.confidence < SURE * 1000, by_person=row.source == PaperField.Source.PERSON,
        reveal_url=_reveal_url(row) if shown.revealable else "",
    )  # fmt: skip


def _reveal_url(row: PaperField) -> str:
    return reverse("compliance:reveal", args=[row._meta.label_lower, row.id, "value"])


def desk_pages(paper: Paper) -> list[DeskPage]:
    return [
        DeskPage(page.number, reverse("archives:page", args=[paper.id, page.number]), page.width, page.height)
        for page in pages_of(paper)
    ]


def answer_of(actor: Actor, paper: Paper, *, created: bool = True) -> dict[str, Any]:
    """What the upload list of a page shows and polls."""
    problems = problem_lines(actor, paper)
    known = [] if created else [_("This file was here already.")]
    return {
        "id": str(paper.id),
        "state": paper.state,
        "label": state_label(paper),
        "url": reverse("archives:paper", args=[paper.id]),
        "poll": reverse("archives:paper-state", args=[paper.id]),
        "message": " ".join([*known, *problems]),
    }


def papers_tab(actor: Actor, loan: Loan, query: Mapping[str, str]) -> dict[str, Any]:
    rows = rows_of(actor, papers_of_loan(actor, loan)[:200])
    return {
        "rows": rows, "may_upload": actor.can("papers.upload"), "busy": any(row.is_busy for row in rows),
        "fragment_url": reverse("archives:loan-papers", args=[loan.id]), "extra": [("loan", loan.contract_no)],
    }  # fmt: skip


def papers_count(actor: Actor, loan: Loan) -> int:
    return papers_of_loan(actor, loan).count()


def papers_lane(actor: Actor, loan: Loan) -> list[Entry]:
    """Papers as they came and were filed, on the loan's line of time."""
    entries = []
    for paper in papers_of_loan(actor, loan).select_related("uploaded_by", "verified_by")[:200]:
        url, who = reverse("archives:paper", args=[paper.id]), str(paper.uploaded_by or "")
        entries.append(Entry(paper.received_at, _("Paper received"), who=who, text=kind_label(paper.kind), url=url))
        if paper.filed_at and paper.filed_at - paper.received_at > timedelta(0):
            entries.append(
                Entry(
                    paper.filed_at,
                    _("Paper filed"),
                    who=str(paper.verified_by or ""),
                    text=kind_label(paper.kind),
                    url=url,
                    tone="t-green",
                )
            )
    return sorted(entries, key=lambda entry: entry.at, reverse=True)


def paper_names(actor: Actor, ids: Iterable[UUID]) -> dict[UUID, Named]:
    papers = visible_papers(actor).filter(id__in=list(ids))
    return {paper.id: Named(kind_label(paper.kind), reverse("archives:paper", args=[paper.id])) for paper in papers}


def error_line(field: str, line: str) -> str:
    """An error of a value, with the value's name before it."""
    return f"{field_label(field)}: {line}" if field in FIELD_LABELS else line


def desk_of(actor: Actor, paper: Paper, *, posted: Any = None) -> dict[str, Any]:
    """Everything the page of one paper shows this actor. What was typed into a form that failed stays in it."""
    typed = posted.values() if posted is not None else {}
    reviewing = may_review(actor, paper) and paper.state not in BUSY
    sees = sees_clear(actor, paper)
    (row,) = rows_of(actor, [paper])
    return {
        "paper": paper,
        "row": row,
        "fields": [replace(field, text=typed.get(field.name, field.text)) for field in desk_fields(actor, paper)],
        "pages": desk_pages(paper) if sees else [],
        "sees_pages": sees,
        "text": text_of(paper) if sees else "",
        "text_withheld": not sees,
        "is_reviewing": reviewing,
        "may_download": sees and actor.can("papers.download"),
        "facts": _facts(actor, paper),
    }


def _facts(actor: Actor, paper: Paper) -> list[tuple[str, Any]]:
    return [
        (_("File type"), paper.media),
        (_("Size"), filesizeformat(paper.size)),
        (_("Number of pages"), paper.pages),
        (_("Uploaded by"), str(paper.uploaded_by or paper.get_source_display())),
        (_("Checked by"), str(paper.verified_by) if paper.verified_by else ""),
        (_("Reason"), show(actor, paper, "note").text if paper.note else ""),
    ]
