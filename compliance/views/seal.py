"""The health of the seal, what to do when it is late, and what an outsider is given."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from carloan.compliance.seal_words import lines_of
from carloan.compliance.selectors.seal_health import seal_health
from carloan.compliance.selectors.tree import last_checkpoint
from carloan.compliance.services.bundle import bundle_begin, bundle_chunks
from carloan.compliance.services.trail_exports import CAPABILITY
from carloan.core.doors import ActorRequest, door
from carloan.core.stepup import reauthenticate, recently_authenticated


@require_safe
@door("trail.view")
def seal(request: ActorRequest) -> HttpResponse:
    health = seal_health()
    context = {
        "health": health,
        "lines": lines_of(health),
        "checkpoint": last_checkpoint(),
        "may_export": request.actor.can(CAPABILITY),
    }
    return render(request, "compliance/seal.html", context)


@require_safe
@door(CAPABILITY)
def bundle(request: ActorRequest) -> HttpResponseBase:
    """The bundle of the lender's ledger as it is written; who signed in long ago confirms who they are first."""
    if not recently_authenticated(request):
        messages.info(request, _("Confirm who you are. Then export the bundle again."))
        return reauthenticate(request, back=reverse("compliance:seal"))
    begun = bundle_begin(actor=request.actor)
    response = StreamingHttpResponse(bundle_chunks(begun), content_type="application/zip")
    name = f"ledger-{request.tenant.slug}-{timezone.localtime():%Y%m%d-%H%M}.zip"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
