"""The queue from paper to paper: the next one, who has which open, and handing papers out."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from carloan.archives.selectors.listing import PaperFilters
from carloan.archives.selectors.papers import visible_papers
from carloan.archives.selectors.queue import reviewers
from carloan.archives.services.assigning import papers_assign
from carloan.archives.services.claiming import paper_next, papers_claim, papers_release
from carloan.archives.services.viewing import paper_viewed
from carloan.archives.views.named import id_of, ids_of
from carloan.archives.views.showing import by_desk, desk_url, paper_url, queue_of, show_paper
from carloan.core.doors import ActorRequest, door
from carloan.core.errors import Invalid

MOST_CLAIMS = 10


@require_safe
@door("papers.review")
def next_paper(request: ActorRequest) -> HttpResponse:
    """Open the next paper of the queue after `from` (or the one before it, `back`), and take it.

    The desk's script gets the paper itself and holds it ready; 204 says that nothing is left.
    """
    queue = queue_of(request.GET)
    filters = PaperFilters.of_desk(queue, oldest_first=True)
    after = id_of(request.GET.get("from"))
    current = visible_papers(request.actor).filter(id=after).first() if after else None
    found = paper_next(actor=request.actor, filters=filters, current=current, back="back" in request.GET)
    told = {name: request.GET[name] for name in ("filed", "was") if request.GET.get(name)}
    if found is None:
        return HttpResponse(status=204) if by_desk(request) else _nothing_left(request, queue, told)
    if by_desk(request):
        paper_viewed(actor=request.actor, paper=found)
        return show_paper(request, found)
    return redirect(paper_url(found.id, queue, **told))


def _nothing_left(request: ActorRequest, queue: dict[str, str], told: dict[str, str]) -> HttpResponse:
    messages.info(request, _("No other paper waits for you here."))
    url = desk_url(queue)
    query = "&".join(f"{name}={value}" for name, value in told.items() if id_of(value) or value == "desk")
    return HttpResponseRedirect(url + ("&" if "?" in url else "?") * bool(query) + query)


@require_POST
@door("papers.review")
def claims(request: ActorRequest) -> JsonResponse:
    """Prolong the leases of the papers that are open (`keep`) and end others (`drop`); says which are still held."""
    kept = papers_claim(actor=request.actor, paper_ids=ids_of(request.POST.getlist("keep"), most=MOST_CLAIMS))
    papers_release(actor=request.actor, paper_ids=ids_of(request.POST.getlist("drop"), most=MOST_CLAIMS))
    return JsonResponse({"mine": [str(paper_id) for paper_id in kept]})


@require_POST
@door("papers.assign")
def assign(request: ActorRequest) -> HttpResponse:
    """Hand the selected papers to somebody, or to nobody."""
    whom = request.POST.get("member", "")
    member = next((person for person in reviewers() if str(person.id) == whom), None)
    if member is None and whom != "nobody":
        raise Invalid(fields={"member": [_("Choose who is to check the papers.")]})
    back = request.POST.get("here", "")
    try:
        count = papers_assign(
            actor=request.actor, paper_ids=ids_of(request.POST.getlist("id"), most=None), member=member
        )
    except Invalid as error:
        for lines in error.fields.values():
            for line in lines:
                messages.error(request, str(line))
    else:
        told = {"count": count, "name": member.display_name if member else ""}
        words = (
            ngettext("%(count)s paper handed to %(name)s.", "%(count)s papers handed to %(name)s.", count)
            if member
            else ngettext("%(count)s paper is nobody's now.", "%(count)s papers are nobody's now.", count)
        )
        messages.success(request, words % told)
    fine = url_has_allowed_host_and_scheme(back, allowed_hosts=None) and back.startswith("/")
    return redirect(back if fine else desk_url({}))
