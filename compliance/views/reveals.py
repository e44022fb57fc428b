"""The sheet that reveals one field."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from carloan.compliance.forms import RevealForm
from carloan.compliance.names import field_label
from carloan.compliance.reveals import revealable
from carloan.compliance.services.reveals import field_reveal, looks_today
from carloan.compliance.views.asked import add_faults, uuid_asked
from carloan.core.doors import ActorRequest, door
from carloan.core.errors import Invalid
from carloan.core.sight import show
from carloan.core.stepup import reauthenticate, recently_authenticated


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
                loan_id=uuid_asked(request, "loan"),
                **context["form"].cleaned_data,
            )
        except Invalid as error:
            add_faults(context["form"], error)
        else:
            context["masked"] = show(request.actor, instance, field).text
            return render(request, "compliance/_revealed.html" if request.htmx else "compliance/reveal.html", context)
    context["looks"], context["most"] = looks_today(request.actor)
    status = 422 if request.method == "POST" else 200
    return render(
        request, "compliance/_reveal.html" if request.htmx else "compliance/reveal.html", context, status=status
    )
