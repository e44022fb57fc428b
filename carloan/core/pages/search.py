"""One box that finds everything: hits for the palette, and the same hits as a page."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from carloan.core.doors import ActorRequest, door
from carloan.core.search import search
from carloan.core.services.searching import search_asked

IN_PALETTE = 6
ON_PAGE = 30


@require_GET
@door("search.use")
def search_page(request: ActorRequest) -> HttpResponse:
    query = request.GET.get("q", "").strip()[:200]
    fragment = request.headers.get("HX-Request") == "true"
    search_asked(actor=request.actor, place="core.search", query=query)
    groups = search(request.actor, query, limit=IN_PALETTE if fragment else ON_PAGE)
    context = {"q": query, "groups": groups, "count": sum(len(hits) for _finder, hits in groups)}
    return render(request, "core/_hits.html" if fragment else "core/search.html", context)
