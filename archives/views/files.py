"""What somebody takes away of a paper: a marked copy, or with a right of its own and a reason the plain original."""

from uuid import UUID

from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from carloan.archives.models import Paper
from carloan.archives.selectors.papers import get_paper_for, require_picture
from carloan.archives.services.copying import Copy, copy_begin, copy_chunks
from carloan.archives.services.viewing import original_download
from carloan.archives.words import kind_label
from carloan.compliance.forms import RevealForm
from carloan.compliance.views.asked import add_faults
from carloan.core.doors import ActorRequest, door
from carloan.core.errors import Invalid
from carloan.core.pages.confirming import Confirmation
from carloan.core.sealed import clear
from carloan.core.stepup import reauthenticate, typed_before
from carloan.core.tenancy import tenant_atomic
from carloan.lib.file_names import attachment


@require_safe
@door("papers.view")
def copy(request: ActorRequest, paper_id: UUID) -> HttpResponseBase:
    """All pages with the mark of who takes them away."""
    found = get_paper_for(request.actor, paper_id)
    require_picture(request.actor, found)
    return copy_answer(copy_begin(actor=request.actor, paper=found))


def copy_answer(begun: Copy) -> HttpResponseBase:
    """A copy that is on record, as a download."""
    name = clear(begun.paper, "name").rpartition(".")[0] or clear(begun.paper, "name")
    answer = StreamingHttpResponse(copy_chunks(begun), content_type="application/pdf")
    answer["Content-Disposition"] = attachment(f"{name}.pdf")
    answer["Content-Security-Policy"] = "sandbox"
    answer["Cache-Control"] = "no-store"
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
@door("papers.download", stepwise=("POST",))
def original(request: ActorRequest, paper_id: UUID) -> HttpResponse:
    """GET asks for a reason and, where that was some minutes ago, who acts; POST is the file as it came, always as a
    download: no browser opens it as a page of ours."""
    confirmation = Confirmation(request)
    # Before the transaction of the look: what is wrong there is counted whatever becomes of the look.
    confirmed = request.method == "POST" and not confirmation.wants_elsewhere and confirmation.given()
    with tenant_atomic():
        if confirmation.wants_elsewhere:
            return reauthenticate(request, typed=request.POST)
        found = get_paper_for(request.actor, paper_id, "papers.download")
        require_picture(request.actor, found)
        form = RevealForm(request.POST if request.method == "POST" else typed_before(request))
        if confirmed and form.is_valid():
            try:
                return original_answer(found, original_download(actor=request.actor, paper=found, **form.cleaned_data))
            except Invalid as error:
                add_faults(form, error)
        context = {
            "form": form, "confirmation": confirmation, "paper": found, "title": _("Download the original"),
            "words": kind_label(found.kind),
        }  # fmt: skip
        status = 422 if request.method == "POST" else 200
        return render(request, "archives/original_ask.html", context, status=status)


def original_answer(paper: Paper, data: bytes) -> HttpResponse:
    """The file as it came, always as a download."""
    answer = HttpResponse(data, content_type=paper.media)
    answer["Content-Disposition"] = attachment(clear(paper, "name"))
    answer["Content-Security-Policy"] = "sandbox"
    answer["Cache-Control"] = "no-store"
    return answer
