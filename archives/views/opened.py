"""The picture of a paper whose kind the lender raised to class C3: asked for by one, decided by another, seen once,
as a marked copy."""

from uuid import UUID

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from carloan.archives.fields import PICTURE_OPENING
from carloan.archives.selectors.papers import get_paper_for, kind_and_loan, picture_closed, require_sight
from carloan.archives.services.copying import copy_begin
from carloan.archives.views.files import copy_answer
from carloan.archives.words import kind_label
from carloan.compliance.forms import RevealForm
from carloan.compliance.openings import Asked, Openable
from carloan.compliance.services.openings import opening_ask
from carloan.compliance.views.asked import add_faults
from carloan.core.actors import Actor
from carloan.core.doors import ActorRequest, door
from carloan.core.errors import Invalid, NotFound


def _count(actor: Actor, asked: Asked) -> int:
    require_sight(actor, get_paper_for(actor, UUID(asked["paper"])))
    return 1


def _words(asked: Asked) -> list[str]:
    kind, number = kind_and_loan(UUID(asked["paper"]))
    return [" · ".join(filter(None, (kind_label(kind), number)))]


def _open(actor: Actor, asked: Asked, opening_id: UUID) -> HttpResponseBase:
    paper = get_paper_for(actor, UUID(asked["paper"]))
    require_sight(actor, paper)
    return copy_answer(copy_begin(actor=actor, paper=paper, opening_id=opening_id))


OPENABLE = Openable(gettext_lazy("Picture of a paper"), "papers.view", _count, _words, _open)


@require_http_methods(["GET", "HEAD", "POST"])
@door("openings.ask")
def picture_ask(request: ActorRequest, paper_id: UUID) -> HttpResponse:
    """Say why the picture is needed; somebody else decides. For papers whose pictures are closed only."""
    paper = get_paper_for(request.actor, paper_id)
    require_sight(request.actor, paper)
    if not picture_closed(request.actor, paper):
        raise NotFound
    form = RevealForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            asked = {"paper": str(paper.id)}
            opening = opening_ask(actor=request.actor, kind=PICTURE_OPENING, asked=asked, **form.cleaned_data)
        except Invalid as error:
            add_faults(form, error)
        else:
            return redirect("compliance:opening", opening.id)
    context = {"form": form, "paper": paper, "title": _("Picture of a paper"), "words": kind_label(paper.kind)}
    return render(request, "archives/picture_ask.html", context, status=422 if request.method == "POST" else 200)
