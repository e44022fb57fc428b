"""Pages of what stood out in the trail: the list, one with its answer, the rules."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from carloan.compliance.anomaly_words import KIND_WORDS, NUMBER_WORDS
from carloan.compliance.forms import AnomalyAnswerForm, RuleForm
from carloan.compliance.models import Anomaly, AnomalyKind
from carloan.compliance.selectors.anomalies import (
    anomalies_page,
    entries_behind,
    get_anomaly_for,
    rules_in_force,
)
from carloan.compliance.services.anomalies import DECIDE, anomaly_close, anomaly_reopen, anomaly_rule_set
from carloan.compliance.services.reading import trail_read
from carloan.compliance.views.asked import add_faults, uuid_asked
from carloan.core.doors import ActorRequest, door
from carloan.core.errors import Invalid
from carloan.core.keys import KeyDestroyed
from carloan.core.sealed import clear
from carloan.core.selectors import actor_names


@require_safe
@door("trail.view")
def anomalies(request: ActorRequest) -> HttpResponse:
    state = request.GET.get("state", Anomaly.State.OPEN)
    state = state if state in Anomaly.State.values else ""
    kind = request.GET.get("kind", "")
    kind = kind if kind in AnomalyKind.values else ""
    page = anomalies_page(request.actor, state=state, kind=kind, after=uuid_asked(request, "after"))
    states = [*Anomaly.State.choices, ("", _("All"))]
    context = {
        "page": page,
        "rows": [(row, page.names.get(row.actor_id, ""), _told(row.numbers)) for row in page.rows],
        "tabs": [{"label": label, "url": f"?state={code}", "current": code == state} for code, label in states],
        "may_decide": request.actor.can(DECIDE),
    }
    return render(request, "compliance/anomalies.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@door("trail.view")
def anomaly(request: ActorRequest, anomaly_id: UUID) -> HttpResponse:
    row = get_anomaly_for(request.actor, anomaly_id)
    form = AnomalyAnswerForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            anomaly_close(actor=request.actor, row=row, **form.cleaned_data)
        except Invalid as error:
            add_faults(form, error)
        else:
            messages.success(request, _("The anomaly is answered."))
            return redirect("compliance:anomaly", row.id)
    own = request.actor.membership_id == row.actor_id
    may_decide = request.actor.can(DECIDE) and not own
    if request.method != "POST":
        trail_read(actor=request.actor, filters={"actor_id": row.actor_id, "since": row.day, "until": row.day})
    context = {
        "row": row,
        "form": form if may_decide and row.state == Anomaly.State.OPEN else None,
        "may_decide": may_decide,
        "own": own,
        "who": actor_names([row.actor_id]).get(row.actor_id, ""),
        "numbers": _told(row.numbers),
        "limits": _told(row.limits),
        "what": KIND_WORDS[row.kind],
        "entries": entries_behind(request.actor, row),
        "reason": _reason(row),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "compliance/anomaly.html", context, status=status)


@require_POST
@door(DECIDE)
def reopen(request: ActorRequest, anomaly_id: UUID) -> HttpResponse:
    row = get_anomaly_for(request.actor, anomaly_id)
    anomaly_reopen(actor=request.actor, row=row)
    return redirect("compliance:anomaly", row.id)


@require_http_methods(["GET", "HEAD", "POST"])
@door("trail.view")
def rules(request: ActorRequest) -> HttpResponse:
    in_force = rules_in_force()
    asked = str(request.POST.get("kind", ""))
    forms = {
        kind: RuleForm(request.POST if kind == asked else None, kind=kind, numbers=rule.numbers)
        for kind, rule in in_force.items()
    }
    form = forms.get(asked)
    if form is not None and form.is_valid():
        try:
            anomaly_rule_set(actor=request.actor, kind=asked, numbers=form.cleaned_data)
        except Invalid as error:
            for line in error.fields.get(asked, []):
                form.add_error(None, line)
        else:
            messages.success(request, _("The rule counts from now on. What was found stays as it was found."))
            return redirect("compliance:anomaly-rules")
    context = {
        "rules": [(rule, KIND_WORDS[kind], forms[kind], _told(rule.numbers)) for kind, rule in in_force.items()],
        "may_decide": request.actor.can(DECIDE),
    }
    return render(request, "compliance/anomaly_rules.html", context, status=422 if request.method == "POST" else 200)


def _told(numbers: dict[str, Any] | Any) -> list[tuple[str, int]]:
    return [(str(NUMBER_WORDS.get(name, name)), value) for name, value in numbers.items()]


def _reason(row: Anomaly) -> str:
    try:
        return clear(row, "reason")
    except KeyDestroyed:
        return ""
