"""Pages of the register of rule changes: the list, a new one, one with what was decided about it."""

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

from carloan.compliance.models import RuleChange
from carloan.compliance.policies.rule_changes import MOVES, is_late
from carloan.compliance.selectors.rule_changes import get_rule_change_for, rule_changes_for
from carloan.compliance.services import rule_changes as services
from carloan.compliance.touchable import all_touchable, touched
from carloan.compliance.views.asked import add_faults
from carloan.compliance.views.risks import day_field, member_field
from carloan.core import selectors
from carloan.core.doors import ActorRequest, door
from carloan.core.errors import Invalid
from carloan.core.listing import one_of

TONES = {"new": "st-orange", "read": "st-yellow", "decided": "st-blue", "done": "st-green"}


class RuleChangeForm(forms.Form):
    """A new entry."""

    title = forms.CharField(label=gettext_lazy("Regulation"), max_length=200)
    citation = forms.CharField(
        label=gettext_lazy("Citation"), max_length=200, required=False,
        help_text=gettext_lazy("Issuer, number and articles, as counsel would cite it."),
    )  # fmt: skip
    effective_on = day_field(gettext_lazy("Counts from"))
    owner = member_field(gettext_lazy("Who takes it up"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = selectors.members()  # type: ignore[attr-defined]


class DecisionForm(forms.Form):
    """What it touches here and what is done about it."""

    revision = forms.IntegerField(widget=forms.HiddenInput)
    touches = forms.MultipleChoiceField(
        label=gettext_lazy("Touches"),
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
    )
    decision = forms.CharField(
        label=gettext_lazy("What is decided"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    due_on = day_field(gettext_lazy("Done by"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["touches"].choices = [(each.code, each.label) for each in all_touchable()]  # type: ignore[attr-defined]


@require_safe
@door("rule_changes.view")
def rule_changes(request: ActorRequest) -> HttpResponse:
    only = one_of(request.GET, "only", ["upcoming", "done"]) or "open"
    today = timezone.localdate()
    rows = rule_changes_for(request.actor, only=only, today=today)
    context = {
        "rows": [(row, TONES[row.state], touched(request.actor, row.touches), _late(row)) for row in rows],
        "tabs": [
            {"label": label, "url": f"?only={code}" if code != "open" else "?", "current": code == only}
            for code, label in [("open", _("Not done")), ("upcoming", _("Within 90 days")), ("done", _("Done"))]
        ],
        "may_manage": request.actor.can(services.MANAGE),
    }
    return render(request, "compliance/rule_changes.html", context)


def _late(row: RuleChange) -> bool:
    return is_late(row.state, effective_on=row.effective_on, due_on=row.due_on, today=timezone.localdate())


@require_http_methods(["GET", "HEAD", "POST"])
@door("rule_changes.manage")
def rule_change_new(request: ActorRequest) -> HttpResponse:
    form = RuleChangeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.rule_change_enter(actor=request.actor, **form.cleaned_data)
        except Invalid as error:
            add_faults(form, error)
        else:
            messages.success(request, _("Rule change %(number)s is entered.") % {"number": made.number})
            return redirect("compliance:rule-change", made.id)
    return render(request, "compliance/rule_change_new.html", {"form": form}, status=422 if form.errors else 200)


@require_safe
@door("rule_changes.view")
def rule_change(request: ActorRequest, change_id: UUID) -> HttpResponse:
    return _show(request, get_rule_change_for(request.actor, change_id))


@require_POST
@door("rule_changes.manage")
def rule_change_read(request: ActorRequest, change_id: UUID) -> HttpResponse:
    found = get_rule_change_for(request.actor, change_id)
    services.rule_change_read(actor=request.actor, change=found, revision=_revision(request))
    return redirect("compliance:rule-change", found.id)


@require_POST
@door("rule_changes.manage")
def rule_change_decide(request: ActorRequest, change_id: UUID) -> HttpResponse:
    found = get_rule_change_for(request.actor, change_id)
    form = DecisionForm(request.POST)
    if form.is_valid():
        try:
            services.rule_change_decide(actor=request.actor, change=found, **form.cleaned_data)
        except Invalid as error:
            add_faults(form, error)
        else:
            messages.success(request, _("The decision is kept."))
            return redirect("compliance:rule-change", found.id)
    return _show(request, found, form)


@require_POST
@door("rule_changes.manage")
def rule_change_finish(request: ActorRequest, change_id: UUID) -> HttpResponse:
    found = get_rule_change_for(request.actor, change_id)
    services.rule_change_finish(actor=request.actor, change=found, revision=_revision(request))
    messages.success(request, _("It is done."))
    return redirect("compliance:rule-change", found.id)


def _revision(request: ActorRequest) -> int:
    given = request.POST.get("revision", "")
    return int(given) if given.isdecimal() and len(given) < 10 else 0


def _show(request: ActorRequest, found: RuleChange, form: forms.Form | None = None) -> HttpResponse:
    may = request.actor.can(services.MANAGE)
    events = {line.event for line in MOVES.leaving(found.state)} if may else set()
    if form is None and "decide" in events:
        names = ("revision", "touches", "decision", "due_on")
        form = DecisionForm(initial={name: getattr(found, name) for name in names})
    context = {
        "change": found,
        "tone": TONES[found.state],
        "late": _late(found),
        "touched": touched(request.actor, found.touches),
        "events": events,
        "form": form,
    }
    return render(request, "compliance/rule_change.html", context, status=422 if request.method == "POST" else 200)
