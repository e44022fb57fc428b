"""How a dossier shows itself: its checklist by stages, one item, one stage, versions of its checklist side by side."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from carloan.archives.faces import papers_list
from carloan.archives.models import StageClosing, Waiver
from carloan.archives.policies.checklist import DONE, STAGES, Of, State, blocking
from carloan.archives.policies.conditions import FACTS, Condition, Question, Sort
from carloan.archives.policies.packs import CONFIDENTIALITY, EXPIRIES, OF, ItemDraft
from carloan.archives.selectors.checklist import Checklist, Line, checklist_of
from carloan.archives.selectors.packs import Difference, named
from carloan.archives.services.ticking import KEEP, UPLOAD
from carloan.archives.services.waivers import APPROVE
from carloan.archives.words import kind_label
from carloan.core.actors import Actor
from carloan.core.sealed import warm
from carloan.core.selectors import currency
from carloan.core.sight import show
from carloan.lib import money
from carloan.loans.models import Loan
from carloan.loans.selectors.loans import may

STAGE_WORDS: Final = {
    "application": gettext_lazy("Application"),
    "approval": pgettext_lazy("stage of a dossier", "Approval"),
    "disbursal": pgettext_lazy("stage of a dossier", "Disbursal"),
    "servicing": pgettext_lazy("stage of a dossier", "Servicing"),
    "settled": pgettext_lazy("stage of a dossier", "Settlement"),
}
STATE_WORDS: Final = {
    State.MISSING: pgettext_lazy("item of a checklist", "Missing"),
    State.RECEIVED: pgettext_lazy("item of a checklist", "Received"),
    State.IN_REVIEW: pgettext_lazy("item of a checklist", "In review"),
    State.VERIFIED: pgettext_lazy("item of a checklist", "Verified"),
    State.REJECTED: pgettext_lazy("item of a checklist", "Rejected"),
    State.WAIVED: pgettext_lazy("item of a checklist", "Waived"),
    State.EXPIRED: pgettext_lazy("item of a checklist", "Expired"),
}
STATE_TONES: Final = {
    State.MISSING: "st-orange", State.RECEIVED: "st-blue", State.IN_REVIEW: "st-blue", State.VERIFIED: "st-green",
    State.REJECTED: "st-red", State.WAIVED: "st-purple", State.EXPIRED: "st-red",
}  # fmt: skip
OPERATOR_WORDS: Final = {
    "is": gettext_lazy("is"), "is_not": gettext_lazy("is not"),
    "at_least": gettext_lazy("is at least"), "below": gettext_lazy("is below"),
}  # fmt: skip
FIELD_WORDS: Final = {
    "name": gettext_lazy("Name of the paper"), "name_en": gettext_lazy("Name in English"),
    "stage": gettext_lazy("Stage"),
    "kinds": gettext_lazy("Recognised as"), "of": gettext_lazy("Whose paper"), "required": gettext_lazy("Required"),
    "condition": gettext_lazy("Asked for where"), "count": gettext_lazy("How many of it"),
    "expires": gettext_lazy("Validity"), "months": gettext_lazy("Months"),
    "confidentiality": gettext_lazy("Confidentiality"), "urgent": gettext_lazy("Urgent: personal data"),
    "important": gettext_lazy("Important: title to the car"), "original": gettext_lazy("The original is kept"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """An item of the checklist as a list shows it. `carry` are the fields that go along with files for it."""

    line: Line
    name: str
    who: str
    state: str
    tone: str
    waits: bool
    until: date | None
    url: str
    carry: str
    papers: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Folder:
    """A stage of the dossier: `open` means that it is shown unfolded."""

    stage: str
    label: str
    rows: list[Row]
    done: int
    asked: int
    closing: StageClosing | None
    url: str
    open: bool


def item_url(loan: Loan, key: str, party_id: UUID | None) -> str:
    """The page of one item of a loan's checklist."""
    query = f"?{urlencode({'party': party_id})}" if party_id else ""
    return reverse("archives:item", args=[loan.id, key]) + query


def row_of(actor: Actor, loan: Loan, line: Line) -> Row:
    """One item as the reader may see it."""
    item, standing, party = line.item, line.standing, line.party
    carry = {"item": item.key} | ({"party": str(party.id)} if party else {})
    return Row(
        line, named(item.name, item.name_en), show(actor, party, "name").text if party else "",
        str(STATE_WORDS[standing.state]), STATE_TONES[standing.state],
        item.required and standing.state not in DONE, standing.valid_until,
        item_url(loan, item.key, party.id if party else None), urlencode(carry),
        [(kind_label(tick.paper.kind), reverse("archives:paper", args=[tick.paper_id])) for tick in line.papers],
    )  # fmt: skip


def checklist_context(actor: Actor, loan: Loan) -> dict[str, Any]:
    """The checklist above the papers of a loan."""
    checklist = checklist_of(loan)
    warm([line.party for line in checklist.lines if line.party])
    done, asked = checklist.completeness
    waits = [line for line in checklist.lines if line.standing in blocking(checklist.standings, checklist.stage)]
    return {
        "checklist": checklist,
        "pack": named(checklist.version.pack.name, checklist.version.pack.name_en) if checklist.version else "",
        "folders": [_folder(actor, loan, checklist, stage) for stage in STAGES] if checklist.version else [],
        "done": done, "asked": asked, "percent": checklist.completeness.percent,
        "blocking": len(waits),
        "stage_label": STAGE_WORDS[checklist.stage],
        "may_keep": may(actor, KEEP, loan), "may_bring": may(actor, UPLOAD, loan),
        "loose": len(checklist.loose),
        "checklist_url": reverse("archives:checklist", args=[loan.id]),
        "busy": any(line.standing.state == State.RECEIVED for line in checklist.lines),
        "pack_url": reverse("archives:dossier-pack", args=[loan.id]),
    }  # fmt: skip


def papers_tab(actor: Actor, loan: Loan, query: Mapping[str, str]) -> dict[str, Any]:
    """The loan's tab: what it is asked for, and the papers there are."""
    return checklist_context(actor, loan) | papers_list(actor, loan)


def _folder(actor: Actor, loan: Loan, checklist: Checklist, stage: str) -> Folder:
    lines = checklist.of_stage(stage)
    required = [line for line in lines if line.item.required]
    closing = checklist.closings.get(stage)
    return Folder(
        stage, str(STAGE_WORDS[stage]), [row_of(actor, loan, line) for line in lines],
        sum(line.standing.state in DONE for line in required), len(required), closing,
        reverse("archives:stage", args=[loan.id, stage]),
        open=stage == checklist.stage and (closing is None or closing.state == StageClosing.State.ASKED),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Said:
    """A waiver as the reader may see it."""

    waiver: Waiver
    state: str
    tone: str
    reason: str
    answer: str
    may_decide: bool


_WAIVER_TONES: Final = {"asked": "st-orange", "approved": "st-green", "refused": "st-red"}


def waivers_of(actor: Actor, loan: Loan, waivers: Iterable[Waiver]) -> list[Said]:
    """Waivers of one item, newest first."""
    decides = may(actor, APPROVE, loan)
    return [
        Said(
            one, str(one.get_state_display()), _WAIVER_TONES[one.state], show(actor, one, "reason").text,
            show(actor, one, "answer").text if one.answer else "",
            one.state == Waiver.State.ASKED and decides and one.asked_by_id != actor.membership_id,
        )
        for one in waivers
    ]  # fmt: skip


def condition_words(condition: Condition) -> str:
    """A condition as a sentence: alternatives by "or", questions by "and"."""
    if not condition.alternatives:
        return _("every loan")
    told = [_(" and ").join(map(_question, asked)) for asked in condition.alternatives]
    return _("; or ").join(told)


def _question(question: Question) -> str:
    fact = FACTS[question.fact]
    if fact.sort == Sort.YES_NO:
        return str(fact.label) if question.value else _("not: %(fact)s") % {"fact": fact.label}
    value = {
        Sort.CHOICE: lambda: str(fact.choices.get(str(question.value), question.value)),
        Sort.MONEY: lambda: money.show(int(question.value), currency()),
        Sort.MONTHS: lambda: str(question.value),
    }[fact.sort]()
    return f"{fact.label} {OPERATOR_WORDS[question.operator]} {value}"


def told(draft: ItemDraft, name: str) -> str:
    """What an item says under a field, in words."""
    value = getattr(draft, name)
    match name:
        case "stage":
            return str(STAGE_WORDS.get(value, value))
        case "kinds":
            return _(", ").join(map(kind_label, value)) or _("placed by hand")
        case "of":
            return str(OF[Of(value)])
        case "condition":
            return condition_words(value)
        case "expires":
            return str(EXPIRIES[value])
        case "confidentiality":
            return str(CONFIDENTIALITY[value])
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return "" if value is None else str(value)


@dataclass(frozen=True, slots=True)
class Change:
    """A difference between two versions, in words: `lines` are (field, before, after)."""

    name: str
    word: str
    tone: str
    stage: str
    lines: list[tuple[str, str, str]]


def changes_of(found: Iterable[Difference]) -> list[Change]:
    """How a version differs from another one, for people."""
    changes = []
    for each in found:
        item = each.after or each.before
        assert item is not None
        if each.before and each.after:
            lines = [(str(FIELD_WORDS[name]), told(each.before, name), told(each.after, name)) for name in each.fields]
            word, tone = _("changed"), "st-blue"
        else:
            lines, word, tone = [], _("new") if each.after else _("no longer asked for"), ""
            tone = "st-green" if each.after else "st-red"
        changes.append(Change(named(item.name, item.name_en), word, tone, told(item, "stage"), lines))
    return changes
