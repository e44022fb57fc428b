"""Pages of the risk register: the quadrants and the list, a new risk, one with its reviews, the register as a file."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from carloan.compliance.models import Loss, Probability, Risk
from carloan.compliance.policies.risks import GRADES, QUADRANTS, quadrant_of
from carloan.compliance.selectors.registers import risk_rows
from carloan.compliance.selectors.risks import get_risk_for, reviews_of, risks_for
from carloan.compliance.services import risks as services
from carloan.compliance.views.asked import add_faults
from carloan.core import selectors
from carloan.core.doors import ActorRequest, door
from carloan.core.errors import Invalid
from carloan.core.listing import one_of
from carloan.core.pages.rights import csv_answer

WORDS = {"attrs": {"rows": 3}}


def member_field(label: Any) -> forms.ModelChoiceField:  # type: ignore[type-arg]
    """Somebody who works here now."""
    return forms.ModelChoiceField(queryset=None, label=label, empty_label=gettext_lazy("Choose a person"))


def day_field(label: Any, **more: Any) -> forms.DateField:
    """A day, with the browser's calendar."""
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **more)


class GradesForm(forms.Form):
    """How likely and how costly, and when it is looked at again."""

    probability = forms.TypedChoiceField(
        label=gettext_lazy("Probability"), choices=[("", "—"), *Probability.choices], coerce=int
    )
    loss = forms.TypedChoiceField(label=gettext_lazy("Loss"), choices=[("", "—"), *Loss.choices], coerce=int)
    next_review_on = day_field(
        gettext_lazy("Next review"),
        required=False,
        help_text=gettext_lazy("Empty: as late as the quadrant allows (30, 90, 180 or 365 days)."),
    )


class RiskWordsForm(forms.Form):
    """What the risk is, what is done about it, and who owns it."""

    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)
    title = forms.CharField(label=gettext_lazy("Risk"), max_length=120)
    description = forms.CharField(
        label=gettext_lazy("Cause and consequence"), max_length=2000, required=False, widget=forms.Textarea(**WORDS)
    )
    measures = forms.CharField(
        label=gettext_lazy("Measures"), max_length=2000, required=False, widget=forms.Textarea(**WORDS)
    )
    owner = member_field(gettext_lazy("Responsible"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = selectors.members()  # type: ignore[attr-defined]


class RiskForm(GradesForm, RiskWordsForm):
    """A new risk."""

    field_order = ("title", "description", "measures", "owner", "probability", "loss", "next_review_on")


class ReviewForm(GradesForm):
    """A look at a risk."""

    revision = forms.IntegerField(widget=forms.HiddenInput)
    note = forms.CharField(
        label=gettext_lazy("What was found"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )
    close = forms.BooleanField(label=gettext_lazy("Close it: it is looked at no more"), required=False)


def _picture(rows: list[Risk]) -> list[dict[str, Any]]:
    """The quadrants from top to bottom as rows of loss, each cell with the risks that stand in it."""
    return [
        {
            "loss": Loss(loss).label,
            "cells": [
                {
                    "quadrant": quadrant_of(probability, loss),
                    "risks": [row for row in rows if (row.probability, row.loss) == (probability, loss)],
                }
                for probability in GRADES
            ],
        }
        for loss in reversed(GRADES)
    ]


@require_safe
@door("risks.view")
def risks(request: ActorRequest) -> HttpResponse:
    only = one_of(request.GET, "only", ["due", "closed"]) or "open"
    today = timezone.localdate()
    rows = risks_for(request.actor, only=only, today=today)
    context = {
        "rows": [(row, quadrant_of(row.probability, row.loss)) for row in rows],
        "picture": [] if only == "closed" else _picture(rows),
        "probabilities": [Probability(grade).label for grade in GRADES],
        "quadrants": [
            (each, sum(quadrant_of(row.probability, row.loss) is each for row in rows)) for each in QUADRANTS
        ],
        "today": today,
        "only": only,
        "tabs": [
            {"label": label, "url": f"?only={code}" if code != "open" else "?", "current": code == only}
            for code, label in [("open", _("Open risks")), ("due", _("Review due")), ("closed", _("Closed risks"))]
        ],
        "may_manage": request.actor.can(services.MANAGE),
    }
    return render(request, "compliance/risks.html", context)


@require_safe
@door("risks.view")
def risks_csv(request: ActorRequest) -> HttpResponseBase:
    rows = risk_rows(request.actor)
    services.risks_exported(actor=request.actor, count=len(rows) - 1)
    return csv_answer(iter(rows), "risks.csv")


@require_http_methods(["GET", "HEAD", "POST"])
@door("risks.manage")
def risk_new(request: ActorRequest) -> HttpResponse:
    form = RiskForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        given = {name: value for name, value in form.cleaned_data.items() if name != "revision"}
        try:
            made = services.risk_register(actor=request.actor, **given)
        except Invalid as error:
            add_faults(form, error)
        else:
            messages.success(request, _("Risk %(number)s is registered.") % {"number": made.number})
            return redirect("compliance:risk", made.id)
    return render(request, "compliance/risk_new.html", {"form": form}, status=422 if form.errors else 200)


@require_safe
@door("risks.view")
def risk(request: ActorRequest, risk_id: UUID) -> HttpResponse:
    return _show(request, get_risk_for(request.actor, risk_id))


@require_POST
@door("risks.manage")
def risk_change(request: ActorRequest, risk_id: UUID) -> HttpResponse:
    found = get_risk_for(request.actor, risk_id)
    form = RiskWordsForm(request.POST)
    if form.is_valid():
        given = {**form.cleaned_data, "revision": form.cleaned_data["revision"] or 0}
        try:
            services.risk_change(actor=request.actor, risk=found, **given)
        except Invalid as error:
            add_faults(form, error)
        else:
            messages.success(request, _("Saved."))
            return redirect("compliance:risk", found.id)
    return _show(request, found, words=form)


@require_POST
@door("risks.manage")
def risk_review(request: ActorRequest, risk_id: UUID) -> HttpResponse:
    found = get_risk_for(request.actor, risk_id)
    form = ReviewForm(request.POST)
    if form.is_valid():
        try:
            services.risk_review(actor=request.actor, risk=found, **form.cleaned_data)
        except Invalid as error:
            add_faults(form, error)
        else:
            messages.success(request, _("The review is kept."))
            return redirect("compliance:risk", found.id)
    return _show(request, found, review=form)


def _show(
    request: ActorRequest, found: Risk, *, words: forms.Form | None = None, review: forms.Form | None = None
) -> HttpResponse:
    may_change = request.actor.can(services.MANAGE) and found.closed_at is None
    names = ("revision", "title", "description", "measures", "owner")
    grades = {"revision": found.revision, "probability": found.probability, "loss": found.loss}
    context = {
        "risk": found,
        "quadrant": quadrant_of(found.probability, found.loss),
        "reviews": [(each, quadrant_of(each.probability, each.loss)) for each in reviews_of(found)],
        "today": timezone.localdate(),
        "words_form": words
        or (RiskWordsForm(initial={name: getattr(found, name) for name in names}) if may_change else None),
        "review_form": review or (ReviewForm(initial=grades) if may_change else None),
    }
    return render(request, "compliance/risk.html", context, status=422 if request.method == "POST" else 200)
