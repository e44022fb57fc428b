"""Pages of entrusted processors: the register, a new contract, and one with its supervision and its end."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from carloan.compliance.models import EntrustedProcessor, Supervision
from carloan.compliance.names import field_label
from carloan.compliance.policies.processors import CITATION
from carloan.compliance.selectors.processors import get_processor_for, line_of, processors_for, supervisions_of
from carloan.compliance.services import processors as services
from carloan.compliance.views.asked import add_faults
from carloan.core.doors import ActorRequest, door
from carloan.core.errors import Invalid

TONES = {"active": "st-green", "ended": "st-orange", "closed": ""}
FINDINGS = {"good": "st-green", "faults": "st-orange", "grave": "st-red"}
TO_DO = {
    "look": gettext_lazy("supervision is due"),
    "end": gettext_lazy("the term is over"),
    "confirm": gettext_lazy("return or deletion to be confirmed"),
}


def _day(label: Any, **more: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **more)


def _words(label: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=services.MOST_WORDS, widget=forms.Textarea(attrs={"rows": 3}))


class ProcessorForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Processor"), max_length=120)
    contract = forms.CharField(label=gettext_lazy("Contract number"), max_length=60)
    starts_on = _day(gettext_lazy("From"))
    ends_on = _day(gettext_lazy("Until"))
    purpose = _words(gettext_lazy("Purpose"))
    manner = _words(gettext_lazy("Manner of processing"))
    kinds = _words(gettext_lazy("Kinds of data"))
    measures = _words(gettext_lazy("Protective measures"))
    duties = _words(gettext_lazy("Rights and duties of both"))


class SuperviseForm(forms.Form):
    looked_on = _day(gettext_lazy("Looked on"), initial=timezone.localdate)
    finding = forms.ChoiceField(
        label=gettext_lazy("Finding"), choices=[("", gettext_lazy("Choose what")), *Supervision.Finding.choices]
    )
    words = _words(gettext_lazy("What was found and done"))


class EndForm(forms.Form):
    ended_on = _day(gettext_lazy("Ended on"), initial=timezone.localdate)


class CloseForm(forms.Form):
    fate = forms.ChoiceField(
        label=gettext_lazy("What became of the data"),
        choices=[("", gettext_lazy("Choose what")), *[each for each in EntrustedProcessor.Fate.choices if each[0]]],
    )
    evidence = forms.CharField(label=gettext_lazy("What shows it (number of the confirmation)"), max_length=200)


@require_safe
@door("processors.view")
def processors(request: ActorRequest) -> HttpResponse:
    context = {
        "rows": [
            (line, TONES[line.row.state], [TO_DO[code] for code in line.to_do])
            for line in processors_for(request.actor)
        ],
        "may_register": request.actor.can(services.MANAGE),
        "citation": CITATION,
    }
    return render(request, "compliance/processors.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@door("processors.manage")
def processor_new(request: ActorRequest) -> HttpResponse:
    form = ProcessorForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            row = services.processor_register(actor=request.actor, **form.cleaned_data)
        except Invalid as error:
            add_faults(form, error)
        else:
            messages.success(request, _("The contract is on record."))
            return redirect("compliance:processor", row.id)
    context = {"form": form, "citation": CITATION}
    return render(request, "compliance/processor_new.html", context, status=422 if request.method == "POST" else 200)


@require_safe
@door("processors.view")
def processor(request: ActorRequest, processor_id: UUID) -> HttpResponse:
    return _show(request, get_processor_for(request.actor, processor_id))


@require_POST
@door("processors.manage")
def processor_supervise(request: ActorRequest, processor_id: UUID) -> HttpResponse:
    return _act(request, processor_id, "supervise", SuperviseForm(request.POST), services.processor_supervise)


@require_POST
@door("processors.manage")
def processor_end(request: ActorRequest, processor_id: UUID) -> HttpResponse:
    return _act(request, processor_id, "end", EndForm(request.POST), services.processor_end)


@require_POST
@door("processors.manage")
def processor_close(request: ActorRequest, processor_id: UUID) -> HttpResponse:
    return _act(request, processor_id, "close", CloseForm(request.POST), services.processor_close)


def _act(
    request: ActorRequest, processor_id: UUID, name: str, form: forms.Form, service: Callable[..., Any]
) -> HttpResponse:
    """The one shape of the acts on a contract: a form that may be wrong, a service, a word of success."""
    row = get_processor_for(request.actor, processor_id)
    if form.is_valid():
        try:
            service(actor=request.actor, processor=row, **form.cleaned_data)
        except Invalid as error:
            add_faults(form, error)
        else:
            messages.success(request, _("Entered."))
            return redirect("compliance:processor", row.id)
    return _show(request, row, **{name: form})


def _show(request: ActorRequest, row: EntrustedProcessor, **typed: forms.Form) -> HttpResponse:
    looks, may = supervisions_of(row), request.actor.can(services.MANAGE)
    state = EntrustedProcessor.State(row.state)
    line = line_of(row, looks[0].looked_on if looks else None, timezone.localdate())
    closed, active = state is EntrustedProcessor.State.CLOSED, state is EntrustedProcessor.State.ACTIVE
    context = {
        "row": row,
        "tone": TONES[row.state],
        "to_do": [TO_DO[code] for code in line.to_do],
        "citation": CITATION,
        "terms": [
            (name, field_label(services.OBJECT, name)) for name in ("purpose", "manner", "kinds", "measures", "duties")
        ],
        "looks": [(each, FINDINGS[each.finding]) for each in looks],
        "supervise": typed.get("supervise") or (SuperviseForm(auto_id="look-%s") if may and not closed else None),
        "end": typed.get("end") or (EndForm(auto_id="end-%s") if may and active else None),
        "close": typed.get("close") or (CloseForm(auto_id="close-%s") if may and line.to_do == ["confirm"] else None),
        "may_read_trail": request.actor.can("trail.view"),
    }
    return render(request, "compliance/processor.html", context, status=422 if request.method == "POST" else 200)
