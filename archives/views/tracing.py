"""The page on which a leaked picture is traced to the look it was taken at."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from carloan.archives.forms import TraceForm
from carloan.archives.services.tracing import RIGHT, code_trace, picture_trace
from carloan.archives.uploads import InMemory, files_of, keep_in_memory
from carloan.archives.watermark import codes
from carloan.compliance.views.asked import add_faults
from carloan.core.doors import ActorRequest, door
from carloan.core.errors import Invalid
from carloan.core.pages.confirming import Confirmation
from carloan.core.stepup import reauthenticate
from carloan.core.tenancy import tenant_atomic


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@door(RIGHT, stepwise=("POST",))
def trace(request: ActorRequest) -> HttpResponse:
    """A picture or the id on it, and what is known of it. The bytes stay in memory, so the handler comes before the
    CSRF check."""
    handler = keep_in_memory(request, most=1)
    checked: Any = csrf_protect(lambda inner: _trace(inner, handler))
    response: HttpResponse = checked(request)
    return response


def _trace(request: ActorRequest, handler: InMemory) -> HttpResponse:
    confirmation = Confirmation(request)
    if confirmation.wants_elsewhere:
        return reauthenticate(request, typed=request.POST)
    form = TraceForm(request.POST or None)
    context: dict[str, Any] = {"form": form, "confirmation": confirmation}
    if request.method == "POST" and confirmation.given() and form.is_valid():
        try:
            code = form.cleaned_data["code"]
            if code:
                found = code_trace(actor=request.actor, text=code)
            else:
                ((_name, data),) = files_of(request, handler)
                found = picture_trace(actor=request.actor, data=data)
            context |= {"found": found, "form": TraceForm(), "shown": codes.shown(found.code) if found.code else ""}
        except Invalid as error:
            add_faults(form, error)
    with tenant_atomic():
        context["may_read_trail"] = request.actor.can("trail.view")
        status = 422 if request.method == "POST" and "found" not in context else 200
        return render(request, "archives/trace.html", context, status=status)
