"""Pages of the trail."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from carloan.compliance.forms import DetailForm, TrailFilterForm
from carloan.compliance.selectors.trail import get_event_for, trail_page
from carloan.compliance.services.details import detail_open
from carloan.compliance.services.reading import trail_read
from carloan.compliance.values import changes_of
from carloan.compliance.views.asked import add_faults, uuid_asked
from carloan.core.doors import ActorRequest, door
from carloan.core.errors import Invalid
from carloan.core.stepup import reauthenticate, recently_authenticated


@require_safe
@door("trail.view")
def trail(request: ActorRequest) -> HttpResponse:
    form = TrailFilterForm(request.GET)
    filters = form.cleaned_data if form.is_valid() else {}
    page = trail_page(
        request.actor,
        filters,
        zone=request.tenant.time_zone,
        after=uuid_asked(request, "after"),
        before=uuid_asked(request, "before"),
    )
    trail_read(actor=request.actor, filters=filters)
    narrowed = any(filters.get(name) for name in ("loan_id", "object_id", "request_id"))
    context = {"form": form, "page": page, "narrowed": narrowed}
    return render(request, "compliance/trail.html", context, status=200 if form.is_valid() else 422)


@require_safe
@door("trail.view")
def event(request: ActorRequest, event_id: UUID) -> HttpResponse:
    entry = get_event_for(request.actor, event_id)
    trail_read(actor=request.actor, filters={}, event_id=event_id)
    form = DetailForm() if request.actor.can("trail.detail") else None
    return render(request, "compliance/event.html", {"entry": entry, "form": form})


@require_POST
@door("trail.detail")
def event_open(request: ActorRequest, event_id: UUID) -> HttpResponse:
    if request.tenant.require_mfa and not recently_authenticated(request):
        return reauthenticate(request, back=reverse("compliance:event", args=[event_id]))
    entry = get_event_for(request.actor, event_id)
    form = DetailForm(request.POST)
    context: dict[str, Any] = {"entry": entry, "form": form}
    if form.is_valid():
        try:
            detail = detail_open(actor=request.actor, event=entry.event, **form.cleaned_data)
        except Invalid as error:
            add_faults(form, error)
        else:
            changes = changes_of(request.actor, entry.event, detail or {})
            context |= {"opened": True, "detail": detail, "changes": changes}
    return render(request, "compliance/event.html", context, status=200 if form.is_valid() else 422)
