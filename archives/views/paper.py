"""One paper: its pictures, what was read, and what people decide about it."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from carloan.archives import faces
from carloan.archives.forms import CorrectForm, MoveForm, ReasonForm, UnfileForm
from carloan.archives.models import Paper
from carloan.archives.selectors.papers import get_paper_for, require_picture, visible_papers
from carloan.archives.services import filing
from carloan.archives.services.claiming import papers_release
from carloan.archives.services.viewing import page_received, page_view, paper_viewed
from carloan.archives.views.named import ids_of
from carloan.archives.views.showing import IN_FORMS, by_desk, filed_notice, next_url, paper_url, queue_of, show_paper
from carloan.core.doors import ActorRequest, door
from carloan.core.errors import Invalid, NotFound
from carloan.core.tenancy import tenant_atomic
from carloan.loans.models import Loan
from carloan.loans.selectors.loans import get_loan_by_number_for

# More ids than an address holds.
MOST_STATES = 100


@require_safe
@door("papers.view")
def paper_state(request: ActorRequest, paper_id: UUID) -> JsonResponse:
    return JsonResponse(faces.answer_of(request.actor, get_paper_for(request.actor, paper_id)))


@require_safe
@door("papers.view")
def paper_states(request: ActorRequest) -> JsonResponse:
    """How far the papers named by `id` are. Of those that this person may not see nothing is told."""
    papers = visible_papers(request.actor).filter(id__in=ids_of(request.GET.getlist("id"), most=MOST_STATES))
    return JsonResponse({"papers": faces.answers_of(request.actor, papers)})


@require_safe
@door("papers.view")
def paper(request: ActorRequest, paper_id: UUID) -> HttpResponse:
    found = get_paper_for(request.actor, paper_id)
    paper_viewed(actor=request.actor, paper=found)
    return show_paper(request, found)


def opened_as_paper(view: Callable[[ActorRequest, UUID], HttpResponse]) -> Callable[[ActorRequest, UUID], HttpResponse]:
    """A form that was refused stands at the address of its act; who opens that (another language) gets the paper."""

    @wraps(view)
    def opened(request: ActorRequest, paper_id: UUID) -> HttpResponse:
        if request.method != "POST":
            return redirect("archives:paper", get_paper_for(request.actor, paper_id).id)
        return view(request, paper_id)

    return opened


@require_http_methods(["GET", "HEAD", "POST"])
@door("papers.review")
@opened_as_paper
def correct(request: ActorRequest, paper_id: UUID) -> HttpResponse:
    """Save what a person read; with the button "file" also file the paper, both or neither, and go to the next.

    A `draft` stores nothing: the answer is the form with the fields of the kind, or with the loan, that was chosen.
    """
    found = get_paper_for(request.actor, paper_id, filing.REVIEW)
    was_on_desk = found.loan_id is None
    sent = request.POST.copy()
    if sent.get("use_loan"):
        sent["loan"] = str(sent["use_loan"])
    form = CorrectForm(sent)
    if not form.is_valid():
        return show_paper(request, found, form=form)
    if "draft" in sent or sent.get("use_loan"):
        return show_paper(request, found, form=form, status=200)
    if "file" in sent and form.cleaned_data["kind"] != sent.get("shown_kind", found.kind):
        form.add_error("kind", _("These are the fields of the kind you chose. Check them, then file the paper."))
        return show_paper(request, found, form=form)
    try:
        with tenant_atomic():
            found = _corrected(request, found, form)
    except Invalid as error:
        return _wrong(request, paper_id, "form", form, error)
    if "file" not in request.POST:
        return _saved(request, found)
    if by_desk(request):
        notice = filed_notice(found, was_on_desk=was_on_desk, actor=request.actor)
        return render(request, "archives/_filed.html", notice)
    return _go_on(request, found, filed=str(found.id), **({"was": "desk"} if was_on_desk else {}))


@require_POST
@door("papers.review")
def unfile(request: ActorRequest, paper_id: UUID) -> HttpResponse:
    """Take back a filing of a moment ago."""
    found = get_paper_for(request.actor, paper_id, filing.REVIEW)
    form = UnfileForm(request.POST)
    if not form.is_valid():
        raise Invalid
    found = filing.paper_unfile(actor=request.actor, paper=found, **form.cleaned_data)
    return _done(request, found, _("The filing was taken back."))


@require_http_methods(["GET", "HEAD", "POST"])
@door("papers.review")
@opened_as_paper
def move(request: ActorRequest, paper_id: UUID) -> HttpResponse:
    found = get_paper_for(request.actor, paper_id, filing.REVIEW)
    form = MoveForm(request.POST)
    if not form.is_valid():
        return show_paper(request, found, move_form=form)
    data = form.cleaned_data
    try:
        with tenant_atomic():
            target = _loan(request, data["loan"])
            found = filing.paper_refile(
                actor=request.actor, paper=found, revision=data["revision"], loan=target, reason=data["reason"]
            )
    except Invalid as error:
        return _wrong(request, paper_id, "move_form", form, error)
    return _done(request, found, _("Moved."))


@require_http_methods(["GET", "HEAD", "POST"])
@door("papers.review")
@opened_as_paper
def give_back(request: ActorRequest, paper_id: UUID) -> HttpResponse:
    """Return a paper for checking, or refuse it (button "refuse"), and go to the next."""
    found = get_paper_for(request.actor, paper_id, filing.REVIEW)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return show_paper(request, found, reason_form=form)
    waited = found.state == Paper.State.REVIEW
    act = filing.paper_refuse if "refuse" in request.POST else filing.paper_return
    found = act(
        actor=request.actor, paper=found, revision=form.cleaned_data["revision"], reason=form.cleaned_data["reason"],
        reason_code=form.cleaned_data["why"],
    )  # fmt: skip
    words = _("Refused.") if "refuse" in request.POST else _("Returned for checking.")
    if not waited:
        return _done(request, found, words)
    messages.success(request, words)
    papers_release(actor=request.actor, paper_ids=[found.id])
    return _go_on(request, found)


@require_safe
@door("papers.view")
def page(request: ActorRequest, paper_id: UUID, number: int) -> HttpResponse:
    """The picture of one page: only for those who may see clear values, because the picture shows all of them."""
    found = get_paper_for(request.actor, paper_id)
    require_picture(request.actor, found)
    picture = page_view(actor=request.actor, paper=found, number=number, small="small" in request.GET)
    return HttpResponse(picture, content_type="image/jpeg")


@require_safe
@door("papers.view")
def received(request: ActorRequest, paper_id: UUID, number: int) -> HttpResponse:
    """The same page as it came, before it was turned, cut or laid straight."""
    found = get_paper_for(request.actor, paper_id)
    require_picture(request.actor, found)
    return HttpResponse(page_received(actor=request.actor, paper=found, number=number), content_type="image/jpeg")


def _corrected(request: ActorRequest, found: Paper, form: CorrectForm) -> Paper:
    data = form.cleaned_data
    target = _loan(request, data["loan"]) if "file" in request.POST else None
    found = filing.paper_correct(
        actor=request.actor, paper=found, revision=data["revision"], kind=data["kind"], values=form.values(),
        reason=data["reason"], reason_code=data["why"],
    )  # fmt: skip
    if "file" in request.POST:
        found = filing.paper_file(
            actor=request.actor, paper=found, revision=found.revision, loan=target, reason=data["reason"],
            reason_code=data["why"],
        )  # fmt: skip
    return found


def _loan(request: ActorRequest, number: str) -> Loan | None:
    if not number:
        return None
    try:
        return get_loan_by_number_for(request.actor, number)
    except NotFound as error:
        raise Invalid(fields={"loan": [_("There is no loan with this number, or you may not see it.")]}) from error


def _wrong(request: ActorRequest, paper_id: UUID, name: str, form: Any, error: Invalid) -> HttpResponse:
    for field, lines in error.fields.items():
        for line in lines:
            form.add_error(field if field in form.fields else None, faces.error_line(field, str(line)))
    return show_paper(request, get_paper_for(request.actor, paper_id), **{name: form})


def _done(request: ActorRequest, found: Paper, words: str) -> HttpResponse:
    messages.success(request, words)
    return redirect(paper_url(found.id, queue_of(request.POST, IN_FORMS)))


def _saved(request: ActorRequest, found: Paper) -> HttpResponse:
    """Say what is wrong with the paper as it was saved, and what becomes of it."""
    wrong = faces.problem_lines(request.actor, found)
    if not wrong:
        return _done(request, found, _("Saved."))
    words = {
        Paper.State.FILED: _("Saved. The paper stays filed with what is wrong with it, as it is told below."),
        Paper.State.REVIEW: _("Saved. The paper waits here until somebody files it, because of this: %(problems)s"),
    }.get(Paper.State(found.state), _("Saved. This is wrong with the paper: %(problems)s"))
    messages.warning(request, words % {"problems": " ".join(wrong)})
    return redirect(paper_url(found.id, queue_of(request.POST, IN_FORMS)))


def _go_on(request: ActorRequest, found: Paper, **more: str) -> HttpResponse:
    return redirect(next_url(found.id, queue_of(request.POST, IN_FORMS), **more))
