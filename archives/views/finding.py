"""Search in the words of papers, with what narrows it."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from carloan.archives import faces
from carloan.archives.policies.query import parse
from carloan.archives.selectors.text_page import TextFilters, facets_of, found_page
from carloan.core.doors import ActorRequest, door
from carloan.core.search_proof import HEADER, proof_of, proves
from carloan.core.services.searching import search_asked
from carloan.core.sight import SIGHT


@require_safe
@door("papers.view")
def text_search(request: ActorRequest) -> HttpResponse:
    """Hits with their neighbourhood, newest first. How they divide is asked for apart, so that hits come at once."""
    filters = TextFilters.of(request.GET)
    search_asked(actor=request.actor, place="archives.paper", query=filters.q)
    found, following = found_page(request.actor, filters)
    rows = faces.rows_of(request.actor, [hit.paper for hit in found])
    corrected = [faces.corrected_lines(request.actor, hit.corrected, filters.q) for hit in found]
    context = {
        "filters": filters,
        "hits": list(zip(rows, found, corrected, strict=True)),
        "next": following,
        "names_nothing": bool(filters.q) and parse(filters.q) is None,
        "may_search": request.actor.can(SIGHT),
        "proof": proof_of(request.actor, filters.q),
    }
    return render(request, "archives/search.html", context)


@require_safe
@door("papers.view")
def text_facets(request: ActorRequest) -> HttpResponse:
    filters = TextFilters.of(request.GET)
    if not proves(request.headers.get(HEADER, ""), request.actor, filters.q):
        search_asked(actor=request.actor, place="archives.paper", query=filters.q)
    context = {"filters": filters, "facets": facets_of(request.actor, filters)}
    return render(request, "archives/_facets.html", context)
