"""The page on which somebody asks for the opening of what is sealed apart."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from carloan.compliance.forms import RevealForm
from carloan.compliance.holds import holdable
from carloan.compliance.names import Named, names_of
from carloan.compliance.openings import Asked, Openable
from carloan.compliance.selectors.sealed_units import get_sealed_for, sealed_among
from carloan.compliance.services import sealing_apart as services
from carloan.compliance.views.asked import add_faults
from carloan.core.actors import Actor
from carloan.core.doors import ActorRequest, door
from carloan.core.errors import Invalid
from carloan.core.tenancy import current_tenant_id


class OpenForm(RevealForm):
    """Why it is needed, and until when."""

    until = forms.DateField(
        label=gettext_lazy("Open until the end of"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


@require_http_methods(["GET", "HEAD", "POST"])
@door("retention.open_sealed")
def sealed_ask(request: ActorRequest, sealed_id: UUID) -> HttpResponse:
    row = get_sealed_for(request.actor, sealed_id)
    form = OpenForm(request.POST or None, initial={"until": timezone.localdate() + timedelta(days=7)})
    if request.method == "POST" and form.is_valid():
        try:
            opening = services.sealed_ask(actor=request.actor, row=row, **form.cleaned_data)
        except Invalid as error:
            add_faults(form, error)
        else:
            return redirect("compliance:opening", opening.id)
    context: dict[str, Any] = {
        "form": form,
        "row": row,
        "thing": _named(request.actor, row.unit, row.object_id),
        "label": holdable(row.unit).label,
    }
    return render(request, "compliance/sealed_ask.html", context, status=422 if request.method == "POST" else 200)


def _named(actor: Actor, unit: str, object_id: UUID) -> Named:
    return names_of(actor, [(holdable(unit).object_type, object_id)]).get(object_id) or Named(str(object_id))


def _count(actor: Actor, asked: Asked) -> int:
    return len(sealed_among(services.subjects_asked(asked)))


def _words(asked: Asked) -> list[str]:
    # Who may read the question may read a contract number; a loan's name is nothing else.
    named = _named(Actor.system(current_tenant_id(), "words"), asked["unit"], UUID(asked["id"]))
    until = _("open until the end of %(day)s") % {"day": asked["until"]}
    return [f"{holdable(asked['unit']).label} {named.label}", until]


def _open(actor: Actor, asked: Asked, opening_id: UUID) -> HttpResponseBase:
    services.sealed_open(actor=actor, asked=asked, opening_id=opening_id)
    named = _named(actor, asked["unit"], UUID(asked["id"]))
    return redirect(named.url or "compliance:openings")


OPENABLE = Openable(
    gettext_lazy("Records that are sealed apart"),
    services.OPEN,
    _count,
    _words,
    _open,
    hint=gettext_lazy(
        "They stay open for everybody who may see them until the day you named, and close by themselves."
    ),
)
