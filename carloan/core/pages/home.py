"""The workplace: what waits, and where to go."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from carloan.core.doors import ActorRequest, door

from .tiles import panels_for, tiles_for


@require_safe
@door("home.view")
def home(request: ActorRequest) -> HttpResponse:
    return render(request, "core/home.html", {"tiles": tiles_for(request.actor), "panels": panels_for(request.actor)})
