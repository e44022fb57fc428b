"""Which papers an actor may see, and what was read on one. `get_paper_for` is the only door to a paper."""

import json
from collections.abc import Iterable
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from carloan.archives.fields import PICTURE, PICTURE_OPENING
from carloan.archives.models import Paper, PaperField, PaperPage
from carloan.archives.recognition.kinds import KINDS
from carloan.compliance.selectors.openings import opening_stands
from carloan.core.actors import Actor
from carloan.core.errors import Forbidden, NotFound
from carloan.core.keys import Subject
from carloan.core.models import AuditEvent
from carloan.core.sealed import clear
from carloan.core.selectors import actor_names
from carloan.core.sight import SIGHT, sees_clear
from carloan.core.tightening import rule_for
from carloan.loans.models import Loan
from carloan.loans.selectors.loans import visible_loans

Part = TypeVar("Part", PaperField, PaperPage)

VIEW = "papers.view"
REVIEW = "papers.review"

_CLOSED = _("Pictures of this kind of paper open only by two people: ask for it on the page of the paper.")
_KIND_CLOSED = _(
    "Pictures of this kind of paper open only by two people, so its kind changes only by them too: ask for the picture"
    " on the page of the paper, and change the kind within two hours after somebody else has approved."
)


def visible_papers(actor: Actor, capability: str = VIEW) -> "QuerySet[Paper]":
    """Papers of the loans the actor reaches with this capability, and those on the desks of the actor's branches.

    Whoever uploaded a paper sees it while it lies on the desk.
    """
    papers = Paper.objects.select_related("loan", "branch", "assigned_to", "claimed_by")
    right = actor.right(capability)
    if right.everywhere:
        return papers
    on_desk = Q(branch_id__in=list(right.branches))
    if actor.membership_id and actor.can(capability):
        on_desk |= Q(uploaded_by_id=actor.membership_id)
    in_loans = Q(loan_id__in=visible_loans(actor, capability).values("id"))
    return papers.filter((Q(loan=None) & on_desk) | in_loans)


def reached_papers(actor: Actor, capability: str, ids: list[UUID]) -> set[UUID]:
    """Which of these papers a right over people's data covers."""
    return set(visible_papers(actor, capability).filter(id__in=ids).values_list("id", flat=True))


def reached_fields(actor: Actor, capability: str, ids: list[UUID]) -> set[UUID]:
    """Which of these values a right over people's data covers: those on papers that it reaches."""
    papers = dict(PaperField.objects.filter(id__in=ids).values_list("id", "paper_id"))
    reached = reached_papers(actor, capability, list(papers.values()))
    return {field_id for field_id, paper_id in papers.items() if paper_id in reached}


def require_sight(actor: Actor, paper: Paper) -> None:
    """Raise Forbidden unless the right to clear values covers this paper."""
    if not sees_clear(actor, paper):
        raise Forbidden(capability=SIGHT)


def kind_closed(actor: Actor, kind: str) -> bool:
    """Whether the lender lets pictures of this kind of paper be seen only by an opening of two people.

    A paper that nobody has read yet ("") may be of any kind: it is closed while one is. "other" is a kind like each
    other one, which people must see to say what it is; a lender that will not have that closes it as well.
    """
    kinds = (kind,) if kind else KINDS
    return any(rule_for(actor, f"picture.{each}", PICTURE).guarded for each in kinds)


def picture_closed(actor: Actor, paper: Paper) -> bool:
    """Whether pictures of this paper, and all that was read on it as one text, are closed as `kind_closed` says."""
    return kind_closed(actor, paper.kind)


def require_kind(actor: Actor, paper: Paper, kind: str) -> None:
    """Raise Forbidden where another kind would open a picture that is closed: only whom a second person let see it, in
    the time of that opening, may say that the paper is of a kind whose pictures are open."""
    if (
        kind != paper.kind
        and picture_closed(actor, paper)
        and not kind_closed(actor, kind)
        and not opening_stands(actor, kind=PICTURE_OPENING, asked={"paper": str(paper.id)})
    ):
        raise Forbidden(_KIND_CLOSED, code="kind_closed")


def require_picture(actor: Actor, paper: Paper) -> None:
    """Raise Forbidden unless the right to clear values covers this paper and its picture is open to that right."""
    require_sight(actor, paper)
    if picture_closed(actor, paper):
        raise Forbidden(_CLOSED, code="picture_closed")


def get_paper_for(actor: Actor, paper_id: UUID, capability: str = VIEW) -> Paper:
    """One paper. Strangers get NotFound; readers who lack `capability` for it get Forbidden."""
    paper = visible_papers(actor).filter(id=paper_id).first()
    if paper is None:
        raise NotFound
    if capability != VIEW and not visible_papers(actor, capability).filter(id=paper_id).exists():
        raise Forbidden(capability=capability)
    return paper


def may_review(actor: Actor, paper: Paper) -> bool:
    """Checking shows every value and the machine's too, so it needs the sight of clear values beside the right."""
    return sees_clear(actor, paper) and visible_papers(actor, REVIEW).filter(id=paper.id).exists()


def senders_of(paper_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Who sent these papers, by what the trail knows: other systems are no members whom a paper could name."""
    came = AuditEvent.objects.filter(object_id__in=list(paper_ids), action="archives.paper.received")
    senders = {event.object_id: event.actor_id for event in came.only("object_id", "actor_id") if event.object_id}
    names = actor_names(senders.values())
    return {paper_id: names[sender] for paper_id, sender in senders.items() if sender in names}


def papers_of_loan(actor: Actor, loan: Loan) -> "QuerySet[Paper]":
    """The papers in a loan's dossier that the actor may see, newest first."""
    return visible_papers(actor).filter(loan=loan).order_by("-id")


def desk_keys_of(loan: Loan) -> list[Subject]:
    """The desk keys of the papers of a loan, for whoever destroys the loan's key: see docs/decisions/0006-desk-keys.md.

    A paper that never lay on the desk has none; destroying it then does nothing.
    """
    return [Subject("desk", paper_id) for paper_id in Paper.objects.filter(loan=loan).values_list("id", flat=True)]


def fields_of(paper: Paper) -> list[PaperField]:
    """The values of a paper in a steady order."""
    rows = PaperField.objects.filter(paper=paper).select_related("verified_by")
    return [_of(row, paper) for row in rows.order_by("name")]


def pages_of(paper: Paper) -> list[PaperPage]:
    """The pages of a paper in their order."""
    return [_of(row, paper) for row in PaperPage.objects.filter(paper=paper).order_by("number")]


def _of(row: Part, paper: Paper) -> Part:
    # The paper in hand knows who holds it now, also before it is saved; the row in the database may not.
    row.paper = paper
    return row


def values_of(paper: Paper) -> dict[str, str]:
    """The clear values of a paper by field name."""
    return {row.name: clear(row, "value") for row in fields_of(paper)}


def text_of(paper: Paper) -> str:
    """The recognised text of all pages, in clear; pages are separated by a form feed."""
    return "\f".join(str(content_of(page)["text"]) for page in pages_of(paper))


def content_of(page: PaperPage) -> dict[str, Any]:
    """`{"text", "lines": [[text, confidence in thousandths, box]]}` of one page, in clear."""
    opened: dict[str, Any] = json.loads(clear(page, "lines") or '{"text": "", "lines": []}')
    return opened


def kind_and_loan(paper_id: UUID) -> tuple[str, str]:
    """The kind of a paper and the contract number of its loan, for who decides about it and may not reach it."""
    paper = Paper.objects.select_related("loan").filter(id=paper_id).first()
    if paper is None:
        raise NotFound
    return paper.kind, paper.loan.contract_no if paper.loan else ""
