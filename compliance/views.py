"""Pages of the trail, and the sheet that reveals one field."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from carloan.compliance.forms import DetailForm, RevealForm, TrailFilterForm
from carloan.compliance.names import field_label
from carloan.compliance.reveals import revealable
from carloan.compliance.selectors.trail import get_event_for, trail_page
from carloan.compliance.services.details import detail_open
from carloan.compliance.services.reading import trail_read
from carloan.compliance.services.reveals import field_reveal
from carloan.compliance.values import changes_of
from carloan.core.doors import ActorRequest, door
from carloan.core.errors import Invalid
from carloan.core.sight import show
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
        after=_uuid(request, "after"),
        before=_uuid(request, "before"),
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
            _add_faults(form, error)
        else:
            changes = changes_of(request.actor, entry.event, detail or {})
            context |= {"opened": True, "detail": detail, "changes": changes}
    return render(request, "compliance/event.html", context, status=200 if form.is_valid() else 422)


@require_http_methods(["GET", "HEAD", "POST"])
@door("fields.reveal")
def reveal(request: ActorRequest, label: str, object_id: UUID, field: str) -> HttpResponse:
    if request.tenant.require_mfa and not recently_authenticated(request):
        return reauthenticate(request)
    instance = revealable(label).find(request.actor, object_id)
    context: dict[str, Any] = {"form": RevealForm(request.POST or None), "name": field_label(label, field)}
    if request.method == "POST" and context["form"].is_valid():
        try:
            context["value"] = field_reveal(
                actor=request.actor,
                label=label,
                object_id=object_id,
                field=field,
                loan_id=_uuid(request, "loan"),
                **context["form"].cleaned_data,
            )
        except Invalid as error:
            _add_faults(context["form"], error)
        else:
            context["masked"] = show(request.actor, instance, field).text
            return render(request, "compliance/_revealed.html" if request.htmx else "compliance/reveal.html", context)
    status = 422 if request.method == "POST" else 200
    return render(
        request, "compliance/_reveal.html" if request.htmx else "compliance/reveal.html", context, status=status
    )


def _add_faults(form: RevealForm, error: Invalid) -> None:
    for name, lines in error.fields.items():
        form.add_error(name, lines)


def _uuid(request: ActorRequest, name: str) -> UUID | None:
    try:
        return UUID(request.GET[name]) if name in request.GET else None
    except ValueError:
        return None
