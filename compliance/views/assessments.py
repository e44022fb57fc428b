"""Pages of impact assessments: the list, one with its sections, and the acts of the two people on it."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from carloan.compliance.models import ImpactAssessment
from carloan.compliance.models.assessment import SECTIONS
from carloan.compliance.names import field_label
from carloan.compliance.policies.assessments import CITATION
from carloan.compliance.selectors.assessments import assessments_for, get_assessment_for, versions_of
from carloan.compliance.services import assessments as services
from carloan.compliance.views.asked import add_faults
from carloan.core.doors import ActorRequest, door
from carloan.core.errors import Conflict, Invalid
from carloan.core.listing import one_of
from carloan.core.pages.seen import as_seen, keep_as_seen
from carloan.core.stepup import reauthenticate, recently_authenticated

TONES = {"draft": "st-yellow", "waiting": "st-blue", "signed": "st-green"}
RISKS = {"": "", "low": "st-green", "medium": "st-yellow", "high": "st-red"}


class BeginForm(forms.Form):
    title = forms.CharField(label=gettext_lazy("Processing that is assessed"), max_length=120)
    occasion = forms.ChoiceField(
        label=gettext_lazy("Why the law asks for it"),
        choices=[("", gettext_lazy("Choose why")), *ImpactAssessment.Occasion.choices],
    )


class AssessmentForm(BeginForm):
    """The sections; a draft may have gaps, what is handed on may not."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in SECTIONS:
            self.fields[name] = forms.CharField(
                label=field_label(services.OBJECT, name),
                required=False,
                max_length=services.MOST_WORDS,
                widget=forms.Textarea(attrs={"rows": 5}),
            )
        self.fields["risk"] = forms.ChoiceField(
            label=gettext_lazy("Risk that remains"), required=False, choices=ImpactAssessment.Risk.choices
        )


class ReturnForm(forms.Form):
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))


@require_safe
@door("assessments.view")
def assessments(request: ActorRequest) -> HttpResponse:
    state = one_of(request.GET, "state", ImpactAssessment.State.values)
    rows = assessments_for(request.actor, state=state)
    context = {
        "rows": [(row, TONES[row.state], RISKS[row.risk]) for row in rows],
        "tabs": [
            {"label": label, "url": f"?state={code}" if code else "?", "current": code == state}
            for code, label in [("", _("All")), *ImpactAssessment.State.choices]
        ],
        "may_write": request.actor.can(services.MANAGE),
        "citation": CITATION,
    }
    return render(request, "compliance/assessments.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@door("assessments.manage")
def assessment_new(request: ActorRequest) -> HttpResponse:
    form = BeginForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            row = services.assessment_begin(actor=request.actor, **form.cleaned_data)
        except Invalid as error:
            add_faults(form, error)
        else:
            return redirect("compliance:assessment-edit", row.id)
    context = {"form": form, "citation": CITATION}
    return render(request, "compliance/assessment_new.html", context, status=422 if request.method == "POST" else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@door("assessments.manage")
def assessment_edit(request: ActorRequest, assessment_id: UUID) -> HttpResponse:
    row = get_assessment_for(request.actor, assessment_id)
    if row.state != ImpactAssessment.State.DRAFT:
        raise Conflict(_("Only a draft is written. Continue a signed assessment in a new version."))
    words = ("title", *SECTIONS)
    initial = {"occasion": row.occasion, "risk": row.risk, **as_seen(request.actor, row, words)}
    form = AssessmentForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        keep_as_seen(form, request.actor, row, words)
        values = dict(form.cleaned_data)
        sections = {name: values.pop(name) for name in SECTIONS}
        try:
            services.assessment_write(
                actor=request.actor, assessment=row, revision=_revision(request), sections=sections, **values
            )
        except Invalid as error:
            add_faults(form, error)
        else:
            messages.success(request, _("Saved."))
            return redirect("compliance:assessment", row.id)
    context = {"row": row, "form": form, "revision": request.POST.get("revision", row.revision)}
    return render(request, "compliance/assessment_edit.html", context, status=422 if request.method == "POST" else 200)


def _revision(request: ActorRequest) -> int:
    text = request.POST.get("revision", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


@require_safe
@door("assessments.view")
def assessment(request: ActorRequest, assessment_id: UUID) -> HttpResponse:
    return _show(request, get_assessment_for(request.actor, assessment_id))


@require_POST
@door("assessments.manage")
def assessment_submit(request: ActorRequest, assessment_id: UUID) -> HttpResponse:
    row = get_assessment_for(request.actor, assessment_id)
    try:
        services.assessment_submit(actor=request.actor, assessment=row)
    except Invalid as error:
        return _show(request, row, gaps=error)
    messages.success(request, _("It waits for the second person now."))
    return redirect("compliance:assessment", row.id)


@require_POST
@door("assessments.sign")
def assessment_sign(request: ActorRequest, assessment_id: UUID) -> HttpResponse:
    row = get_assessment_for(request.actor, assessment_id)
    if not recently_authenticated(request):
        return reauthenticate(request, back=reverse("compliance:assessment", args=[row.id]))
    try:
        row = services.assessment_sign(actor=request.actor, assessment=row)
    except Invalid as error:
        return _show(request, row, gaps=error)
    messages.success(request, _("The assessment is signed."))
    return redirect("compliance:assessment", row.id)


@require_POST
@door("assessments.sign")
def assessment_return(request: ActorRequest, assessment_id: UUID) -> HttpResponse:
    row = get_assessment_for(request.actor, assessment_id)
    form = ReturnForm(request.POST)
    if form.is_valid():
        services.assessment_return(actor=request.actor, assessment=row, **form.cleaned_data)
        messages.success(request, _("The assessment is a draft again."))
        return redirect("compliance:assessment", row.id)
    return _show(request, row, return_form=form)


@require_POST
@door("assessments.manage")
def assessment_renew(request: ActorRequest, assessment_id: UUID) -> HttpResponse:
    row = services.assessment_renew(actor=request.actor, assessment=get_assessment_for(request.actor, assessment_id))
    return redirect("compliance:assessment-edit", row.id)


def _show(
    request: ActorRequest,
    row: ImpactAssessment,
    *,
    gaps: Invalid | None = None,
    return_form: ReturnForm | None = None,
) -> HttpResponse:
    actor, versions = request.actor, versions_of(row)
    state = ImpactAssessment.State(row.state)
    waits, mine = state is ImpactAssessment.State.WAITING, row.made_by_id in actor.hands(services.SIGN)
    context = {
        "row": row,
        "tone": TONES[row.state],
        "risk_tone": RISKS[row.risk],
        "citation": CITATION,
        "sections": [(name, field_label(services.OBJECT, name)) for name in SECTIONS],
        "gaps": [(field_label(services.OBJECT, name), line) for name, lines in gaps.fields.items() for line in lines]
        if gaps
        else [],
        "versions": versions,
        "may_write": state is ImpactAssessment.State.DRAFT and actor.can(services.MANAGE),
        "may_sign": waits and actor.can(services.SIGN) and not mine,
        "mine": waits and mine,
        "may_renew": state is ImpactAssessment.State.SIGNED and actor.can(services.MANAGE) and versions[0].id == row.id,
        "return_form": return_form or (ReturnForm() if waits and actor.can(services.SIGN) and not mine else None),
        "may_read_trail": actor.can("trail.view"),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "compliance/assessment.html", context, status=status)
