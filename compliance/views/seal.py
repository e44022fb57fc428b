"""The health of the seal: how far the trail is sealed, who else saw it, and what to do when it is late."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from carloan.compliance.seal_words import lines_of
from carloan.compliance.selectors.seal_health import seal_health
from carloan.core.doors import ActorRequest, door


@require_safe
@door("trail.view")
def seal(request: ActorRequest) -> HttpResponse:
    health = seal_health()
    return render(request, "compliance/seal.html", {"health": health, "lines": lines_of(health)})
