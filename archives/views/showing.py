"""The page of one paper, for every view that ends on it: whole, or as the part that the desk puts in its place."""

from contextlib import suppress
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from carloan.archives.desk_faces import OF_LOAN, Draft, desk_of
from carloan.archives.forms import QUEUE, CorrectForm, MoveForm, ReasonForm
from carloan.archives.models import Paper
from carloan.archives.selectors.papers import may_review, values_of, visible_papers
from carloan.archives.selectors.same import same_papers
from carloan.archives.services.claiming import paper_claim
from carloan.archives.services.filing import UNDO_WITHIN, judge_typed, loan_named, may_compare
from carloan.archives.words import kind_label
from carloan.core.actors import Actor
from carloan.core.doors import ActorRequest
from carloan.core.errors import NotFound
from carloan.core.listing import MOST_SEARCHED
from carloan.loans.selectors.loans import get_loan_by_number_for

IN_FORMS = "queue_"


def by_desk(request: HttpRequest) -> bool:
    """Whether the desk's script asks, which puts the answer in place of the paper before."""
    return request.headers.get("X-Desk") == "1"


def queue_of(asked: Any, prefix: str = "") -> dict[str, str]:
    """The questions of the queue that a request carries from paper to paper; in forms their names are prefixed, because
    a paper has a kind too."""
    return {name: str(asked[prefix + name])[:64] for name in QUEUE if asked.get(prefix + name)}


def paper_url(paper_id: UUID, queue: dict[str, str], **more: str) -> str:
    query = urlencode(queue | more)
    return reverse("archives:paper", args=[paper_id]) + (f"?{query}" if query else "")


def next_url(paper_id: UUID | None, queue: dict[str, str], **more: str) -> str:
    query = urlencode(queue | ({"from": str(paper_id)} if paper_id else {}) | more)
    return reverse("archives:next") + (f"?{query}" if query else "")


def show_paper(request: ActorRequest, found: Paper, *, status: int = 422, **forms: Any) -> HttpResponse:
    """The paper with its forms; `forms` are those that were sent and not stored, with the `status` of the answer then.

    Whoever may check it has it open from now on.
    """
    queue = queue_of(request.POST, IN_FORMS) if forms else queue_of(request.GET)
    waits = found.state == Paper.State.REVIEW
    if waits:
        paper_claim(actor=request.actor, paper=found)
    draft = _draft(request, found, forms["form"]) if "form" in forms else None
    context = desk_of(request.actor, found, draft=draft, words=str(request.GET.get("q", ""))[:MOST_SEARCHED])
    initial = {"revision": found.revision, "kind": found.kind, "loan": found.loan.contract_no if found.loan else ""}
    context |= {
        "form": CorrectForm(initial=initial),
        "move_form": MoveForm(initial={"revision": found.revision}),
        "reason_form": ReasonForm(initial={"revision": found.revision}),
        "queue": queue,
        "start": request.GET.get("page", "") if request.GET.get("page", "").isdecimal() else "",
        "here_url": paper_url(found.id, queue),
        "next_url": next_url(found.id, queue),
        "back_url": next_url(found.id, queue, back="1"),
        "desk_url": desk_url(queue),
        "page_keys": "archives/_keys.html",
        "in_queue": waits and context["is_reviewing"],
        "may_read_trail": request.actor.can("trail.view"),
        **filed_before(request),
    }
    template = "archives/_paper.html" if by_desk(request) else "archives/paper.html"
    return render(request, template, context | forms, status=status if forms else 200)


def _draft(request: ActorRequest, found: Paper, form: CorrectForm) -> Draft:
    """What the form says, judged as if it were filed now in the loan that it names."""
    values, kind, number = form.values(), form.kind_text(found.kind), form.loan_text()
    loan = None
    if number:
        with suppress(NotFound):
            named = get_loan_by_number_for(request.actor, number)
            # Nobody learns by trying values what a loan hides from them; filing there would be refused.
            loan = named if may_compare(request.actor, named) else None
    faults = judge_typed(found, kind=kind, values=values, loan=loan)
    if number and loan is None:
        # The field of the loan says itself that there is none with this number.
        faults = [fault for fault in faults if fault.code not in OF_LOAN]
    problems = [fault.as_dict() for fault in faults]
    other = loan_named(actor=request.actor, kind=kind, values=values) if may_review(request.actor, found) else None
    return Draft(
        kind, values, problems, loan.id if loan else None, other.contract_no if other and other != loan else ""
    )


def desk_url(queue: dict[str, str]) -> str:
    query = urlencode({"state": Paper.State.REVIEW} | queue) if queue else ""
    return reverse("archives:desk") + (f"?{query}" if query else "")


def filed_before(request: ActorRequest) -> dict[str, Any]:
    """The paper that this person has just filed (`?filed=`), with its way back while there is one."""
    try:
        paper_id = UUID(request.GET.get("filed", ""))
    except ValueError:
        return {}
    paper = visible_papers(request.actor).filter(id=paper_id, state=Paper.State.FILED).first()
    return filed_notice(paper, was_on_desk=request.GET.get("was") == "desk", actor=request.actor) if paper else {}


def _same(actor: Actor, paper: Paper) -> list[Paper]:
    return same_papers(actor, paper, kind=paper.kind, values=values_of(paper), loan_id=paper.loan_id)


def filed_notice(paper: Paper, *, was_on_desk: bool, actor: Actor) -> dict[str, Any]:
    mine = paper.verified_by_id is not None and paper.verified_by_id == actor.membership_id
    fresh = paper.filed_at is not None and timezone.now() - paper.filed_at <= UNDO_WITHIN
    return {
        "filed": paper,
        "filed_kind": kind_label(paper.kind),
        # On a loan it was shown already beside the paper; here the loan was only just named.
        "filed_same": _same(actor, paper) if was_on_desk else [],
        "filed_undo": mine and fresh,
        "filed_from_desk": was_on_desk,
        "filed_seconds": round(UNDO_WITHIN.total_seconds()),
    }
