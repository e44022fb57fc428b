"""How papers show themselves: rows of lists, the loan's tab and lane, names in the trail. The desk: desk_faces.py."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from carloan.archives.fields import policy_key, rule_of_field
from carloan.archives.models import Paper, PaperField
from carloan.archives.policies.marks import Piece, snippet
from carloan.archives.policies.query import parse
from carloan.archives.policies.query import words as words_of
from carloan.archives.policies.risk import level
from carloan.archives.selectors.corrections import corrected_text, corrections_named
from carloan.archives.selectors.papers import papers_of_loan, senders_of, visible_papers
from carloan.archives.words import FIELD_LABELS, RISKS, STATE_TONES, field_label, kind_label, problem_text, reason_text
from carloan.compliance.names import Named
from carloan.core.actors import Actor
from carloan.core.sealed import warm
from carloan.core.sight import show, show_text
from carloan.lib.file_names import shown_name
from carloan.loans.models import Loan
from carloan.loans.timeline import Entry

BUSY = frozenset({Paper.State.RECEIVED, Paper.State.RECOGNISING})

ACTS = {
    "archives.paper.received": gettext_lazy("Paper received"),
    "archives.paper.recognised": gettext_lazy("Paper read"),
    "archives.paper.filed": gettext_lazy("Paper filed"),
    "archives.paper.unfiled": gettext_lazy("Filing of a paper taken back"),
    "archives.papers.assigned": gettext_lazy("Papers handed to somebody to check"),
    "archives.paper.corrected": gettext_lazy("Paper corrected"),
    "archives.paper.accepted": gettext_lazy("Problems of a filed paper accepted"),
    "archives.paper.moved": gettext_lazy("Paper moved"),
    "archives.paper.rewrapped": gettext_lazy("Paper's key handed over"),
    "archives.paper.returned": gettext_lazy("Paper returned for checking"),
    "archives.paper.refused": gettext_lazy("Paper refused"),
    "archives.paper.given_up": gettext_lazy("Reading a paper given up"),
    "archives.paper.viewed": gettext_lazy("Paper looked at"),
    "archives.page.viewed": gettext_lazy("Page of a paper looked at"),
    "archives.paper.copied": gettext_lazy("Marked copy of a paper downloaded"),
    "archives.paper.downloaded": gettext_lazy("Original downloaded"),
    "archives.picture.traced": gettext_lazy("Leaked picture traced"),
    "archives.paper.restored": gettext_lazy("File of a paper stored again"),
    "archives.paper.placed": gettext_lazy("Paper placed on the checklist"),
    "archives.packs.installed": gettext_lazy("Ready template packs taken in"),
    "archives.pack.copied": gettext_lazy("Template pack copied"),
    "archives.pack.drafted": gettext_lazy("Version of a template pack begun"),
    "archives.pack.changed": gettext_lazy("Template pack changed"),
    "archives.pack.published": gettext_lazy("Template pack published"),
    "archives.pack.retired": gettext_lazy("Template pack retired"),
    "archives.waiver.asked": gettext_lazy("Waiver of a paper asked for"),
    "archives.waiver.approved": gettext_lazy("Waiver of a paper approved"),
    "archives.waiver.refused": gettext_lazy("Waiver of a paper refused"),
    "archives.stage.closed": gettext_lazy("Stage of a dossier closed"),
    "archives.stage.reopening_asked": gettext_lazy("Reopening of a stage asked for"),
    "archives.stage.reopened": gettext_lazy("Stage of a dossier reopened"),
    "archives.stage.reopening_refused": gettext_lazy("Reopening of a stage refused"),
    "archives.dossier.moved": gettext_lazy("Dossier moved to another checklist"),
    "archives.dossiers.swept": gettext_lazy("Dossiers counted anew"),
    "archives.orphans.removed": gettext_lazy("Left-over files removed"),
}
LOOKS = ("archives.paper.viewed", "archives.page.viewed", "archives.paper.copied", "archives.paper.downloaded")


@dataclass(frozen=True, slots=True)
class Row:
    """A paper in a list."""

    paper: Paper
    name: str
    kind: str
    state: str
    tone: str
    problems: list[str]
    url: str
    is_busy: bool
    risk: str
    risk_tone: str
    assigned: str
    holder: str
    corrected: list["Corrected"]


@dataclass(frozen=True, slots=True)
class Corrected:
    """A corrected value by which a search found its paper: what it is called, and its text as the reader may see it."""

    label: str
    pieces: list[Piece]


def state_label(paper: Paper) -> str:
    """The state in the words of the list: what it was recognised as once it was."""
    if paper.state == Paper.State.REVIEW and paper.kind and paper.kind != "other":
        return _("To be checked: %(kind)s") % {"kind": kind_label(paper.kind)}
    if paper.state == Paper.State.FILED:
        return _("Filed: %(kind)s") % {"kind": kind_label(paper.kind)}
    return str(paper.get_state_display())


def rows_of(actor: Actor, papers: Iterable[Paper], *, query: str = "", words: str = "") -> list[Row]:
    """Papers as rows; `query` goes along with their addresses. By `words` they were found: a corrected value that has
    one of them is shown as such."""
    papers = list(papers)
    warm(papers)
    named = corrections_named(actor, papers, words) if words else {}
    return [_row(actor, paper, query, corrected_lines(actor, named.get(paper.id, []), words)) for paper in papers]


def corrected_lines(actor: Actor, rows: Iterable[PaperField], words: str) -> list[Corrected]:
    """Corrected values as this actor may see them, the words that were searched for marked."""
    query = parse(words)
    wanted = words_of(query) if query else []
    lines = []
    for row in rows:
        kind, text = row.paper.kind, corrected_text(row)
        shown = show_text(actor, rule_of_field(kind, row.name), text, of=row.paper, key=policy_key(kind, row.name))
        pieces = [Piece(shown.text)] if shown.masked else snippet(text, wanted)
        lines.append(Corrected(field_label(row.name, kind), pieces))
    return lines


def _row(actor: Actor, paper: Paper, query: str, corrected: list[Corrected]) -> Row:
    waits = paper.state == Paper.State.REVIEW
    tone, risk = RISKS[level(paper.risk)]
    return Row(
        paper, _file_name(actor, paper), kind_label(paper.kind), state_label(paper),
        STATE_TONES[paper.state],
        problem_lines(actor, paper), reverse("archives:paper", args=[paper.id]) + query,
        paper.state in BUSY, risk=str(risk) if waits else "", risk_tone=tone,
        assigned=str(paper.assigned_to or "") if waits else "", holder=holder_of(actor, paper), corrected=corrected,
    )  # fmt: skip


def _file_name(actor: Actor, paper: Paper) -> str:
    """The file's name as this person may see it. Stars alone would not say what they hide."""
    name = show(actor, paper, "name")
    return _("File name (masked)") if name.masked and not name.text.strip("*") else shown_name(name.text)


def holder_of(actor: Actor, paper: Paper) -> str:
    """The name of somebody else who has the paper open right now."""
    if paper.claimed_until is None or paper.claimed_until < timezone.now():
        return ""
    return "" if paper.claimed_by_id == actor.membership_id else str(paper.claimed_by)


def problem_lines(actor: Actor, paper: Paper) -> list[str]:
    """The problems of a paper as sentences; what a person wrote stands in them as this actor may see it."""
    return [problem_text(problem, note_of(actor, paper), paper.kind) for problem in paper.problems]


def note_of(actor: Actor, paper: Paper) -> str:
    """Why a person filed, returned or refused a paper, as this actor may see it."""
    return reason_text(paper.note_code, show(actor, paper, "note").text if paper.note else "")


def answer_of(actor: Actor, paper: Paper, *, created: bool = True) -> dict[str, Any]:
    """What the upload list of a page shows and polls."""
    problems = problem_lines(actor, paper)
    known = [] if created else [_("This file was here already.")]
    loan = paper.loan if paper.state == Paper.State.FILED else None
    return {
        "id": str(paper.id),
        "state": paper.state,
        "label": state_label(paper),
        "url": reverse("archives:paper", args=[paper.id]),
        "poll": reverse("archives:paper-states"),
        "message": " ".join([*known, *problems]),
        "loan": loan.contract_no if loan else "",
        "loan_url": f"{reverse('loans:detail', args=[loan.id])}?tab=papers" if loan else "",
    }


def answers_of(actor: Actor, papers: Iterable[Paper]) -> list[dict[str, Any]]:
    """What the lines of several papers are told."""
    rows = list(papers)
    warm(rows)
    return [answer_of(actor, paper) for paper in rows]


def papers_list(actor: Actor, loan: Loan) -> dict[str, Any]:
    """The papers of a loan as their list asks for them."""
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
    papers = list(papers_of_loan(actor, loan).select_related("uploaded_by", "verified_by")[:200])
    systems = senders_of(paper.id for paper in papers if not paper.uploaded_by_id)
    for paper in papers:
        url, who = reverse("archives:paper", args=[paper.id]), str(paper.uploaded_by or systems.get(paper.id, ""))
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


def value_called(field: PaperField) -> str:
    """What a value on a paper is: its own name, which its column does not know."""
    return field_label(field.name, field.paper.kind)


def value_names(actor: Actor, ids: Iterable[UUID]) -> dict[UUID, Named]:
    fields = PaperField.objects.select_related("paper").filter(id__in=list(ids), paper__in=visible_papers(actor))
    return {
        field.id: Named(
            f"{kind_label(field.paper.kind)} · {value_called(field)}",
            reverse("archives:paper", args=[field.paper_id]),
        )
        for field in fields
    }


def error_line(field: str, line: str) -> str:
    """An error of a value, with the value's name before it."""
    return f"{field_label(field)}: {line}" if field in FIELD_LABELS else line
