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
from carloan.core.pages.confirming import Confirmation
from carloan.core.sight import show
from carloan.core.stepup import reauthenticate, typed_before
from carloan.core.tenancy import tenant_atomic


@require_http_methods(["GET", "HEAD", "POST"])
@door("fields.reveal", stepwise=("POST",))
def reveal(request: ActorRequest, label: str, object_id: UUID, field: str) -> HttpResponse:
    """GET asks for a reason and, where that was some minutes ago, who acts; POST shows the value for both at once."""
    confirmation = Confirmation(request)
    context: dict[str, Any] = {"name": field_label(label, field), "confirmation": confirmation}
    # Before the transaction of the look: what is wrong there is counted whatever becomes of the look.
    confirmed = request.method == "POST" and not confirmation.wants_elsewhere and confirmation.given()
    with tenant_atomic():
        if confirmation.wants_elsewhere:
            return reauthenticate(request, typed=request.POST)
        door_to = revealable(label)
        instance = door_to.find(request.actor, object_id)
        if door_to.called:
            context["name"] = door_to.called(instance)
        form = RevealForm(request.POST if request.method == "POST" else typed_before(request))
        if confirmed and form.is_valid():
            try:
                context["value"] = field_reveal(
                    actor=request.actor,
                    label=label,
                    object_id=object_id,
                    field=field,
                    loan_id=uuid_asked(request, "loan"),
                    **form.cleaned_data,
                )
            except Invalid as error:
                add_faults(form, error)
            else:
                context["masked"] = show(request.actor, instance, field).text
                template = "compliance/_revealed.html" if request.htmx else "compliance/reveal.html"
                return render(request, template, context)
        context |= {"form": form}
        context["looks"], context["most"] = looks_today(request.actor)
        status = 422 if request.method == "POST" else 200
        return render(
            request, "compliance/_reveal.html" if request.htmx else "compliance/reveal.html", context, status=status
        )
