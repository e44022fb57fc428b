"""Pages of the trail."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from carloan.compliance.forms import DetailForm, TrailFilterForm
from carloan.compliance.names import names_of
from carloan.compliance.seal_words import lines_of
from carloan.compliance.selectors.seal_health import seal_health
from carloan.compliance.selectors.trail import get_event_for, lookers, trail_page
from carloan.compliance.services.details import detail_open
from carloan.compliance.services.reading import trail_read
from carloan.compliance.services.trail_exports import CAPABILITY, trail_export_begin, trail_export_chunks
from carloan.compliance.values import changes_of
from carloan.compliance.views.asked import add_faults, uuid_asked
from carloan.core.doors import ActorRequest, door
from carloan.core.errors import Invalid
from carloan.core.pages.saved_views import drop_asked, keep_asked, view_tabs
from carloan.core.stepup import reauthenticate, recently_authenticated, typed_before

VIEWS = "trail"


@require_safe
@door("trail.view")
def trail(request: ActorRequest) -> HttpResponse:
    form = TrailFilterForm(request.GET)
    filters = form.cleaned_data if form.is_valid() else {}
    zone = request.tenant.time_zone
    page = trail_page(
        request.actor, filters, zone=zone, after=uuid_asked(request, "after"), before=uuid_asked(request, "before")
    )
    about = filters.get("about")
    context = {
        "form": form,
        "page": page,
        "narrowed": any(filters.get(name) for name in ("about", "loan_id", "object_id", "request_id")),
        "asked": any(filters.values()),
        "about": about,
        "about_name": about and names_of(request.actor, [(about.object_type, about.object_id)]).get(about.object_id),
        "lookers": lookers(request.actor, filters, zone=zone) if about and filters.get("looks") else None,
        "views": view_tabs(request, VIEWS),
        "seal": lines_of(seal_health()),
        "may_export": request.actor.can(CAPABILITY),
    }
    trail_read(actor=request.actor, filters=filters)
    return render(request, "compliance/trail.html", context, status=200 if form.is_valid() else 422)


@require_safe
@door(CAPABILITY)
def export(request: ActorRequest, kind: str) -> HttpResponseBase:
    """The filtered trail as a zip. It shows much at once: who signed in long ago confirms who they are, and comes back
    to the list."""
    form = TrailFilterForm(request.GET)
    if not form.is_valid():
        raise Invalid(fields={name: list(lines) for name, lines in form.errors.items()})
    if not recently_authenticated(request):
        messages.info(request, _("Confirm who you are. Then export the list again."))
        return reauthenticate(request, back=f"{reverse('compliance:trail')}?{request.GET.urlencode()}")
    begun = trail_export_begin(
        actor=request.actor, filters=form.cleaned_data, told=form.told(), kind=kind, zone=request.tenant.time_zone,
        lender=str(request.tenant),
    )  # fmt: skip
    response = StreamingHttpResponse(trail_export_chunks(begun), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="trail-{timezone.localtime():%Y%m%d-%H%M}.zip"'
    return response


@require_POST
@door("trail.view")
def view_keep(request: ActorRequest) -> HttpResponse:
    return redirect(f"{reverse('compliance:trail')}?{keep_asked(request, VIEWS).query}")


@require_POST
@door("trail.view")
def view_drop(request: ActorRequest, view_id: UUID) -> HttpResponse:
    drop_asked(request, view_id)
    return redirect("compliance:trail")


@require_safe
@door("trail.view")
def event(request: ActorRequest, event_id: UUID) -> HttpResponse:
    entry = get_event_for(request.actor, event_id)
    trail_read(actor=request.actor, filters={}, event_id=event_id)
    form = DetailForm(typed_before(request)) if request.actor.can("trail.detail") else None
    return render(request, "compliance/event.html", {"entry": entry, "form": form, "link": _link(request, event_id)})


def _link(request: ActorRequest, event_id: UUID) -> str:
    """The permanent address of an entry, to hand on."""
    return request.build_absolute_uri(reverse("compliance:event", args=[event_id]))


@require_POST
@door("trail.detail")
def event_open(request: ActorRequest, event_id: UUID) -> HttpResponse:
    entry = get_event_for(request.actor, event_id)
    if not recently_authenticated(request):
        return reauthenticate(request, back=reverse("compliance:event", args=[event_id]), typed=request.POST)
    form = DetailForm(request.POST)
    context: dict[str, Any] = {"entry": entry, "form": form, "link": _link(request, event_id)}
    if form.is_valid():
        try:
            detail = detail_open(actor=request.actor, event=entry.event, **form.cleaned_data)
        except Invalid as error:
            add_faults(form, error)
        else:
            changes = changes_of(request.actor, entry.event, detail or {})
            context |= {"opened": True, "detail": detail, "changes": changes}
    return render(request, "compliance/event.html", context, status=200 if form.is_valid() else 422)
