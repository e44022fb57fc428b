"""One box that finds everything: hits for the palette, and the same hits as a page."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from carloan.core.doors import ActorRequest, door
from carloan.core.listing import searched
from carloan.core.search import Hit, search
from carloan.core.services.searching import search_asked

IN_PALETTE = 6
ON_PAGE = 50


@dataclass(frozen=True, slots=True)
class Group:
    """The hits of one kind that are shown; `more` when there are others."""

    label: Any
    hits: list[Hit]
    more: bool


@require_safe
@door("search.use")
def search_page(request: ActorRequest) -> HttpResponse:
    query = searched(request.GET).strip()
    fragment = request.headers.get("HX-Request") == "true"
    search_asked(actor=request.actor, place="core.search", query=query)
    shown = IN_PALETTE if fragment else ON_PAGE
    groups = [
        Group(finder.label, hits[:shown], len(hits) > shown)
        for finder, hits in search(request.actor, query, limit=shown + 1)
    ]
    count = sum(len(group.hits) for group in groups)
    context = {"q": query, "groups": groups, "count": count, "more": any(group.more for group in groups)}
    return render(request, "core/_hits.html" if fragment else "core/search.html", context)
