"""Pages of retention: the policy in force and where records stand; a draft, its dry run and its publication."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.forms import BoundField
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from carloan.compliance.models import RetentionPolicy, RetentionRecord, RetentionRule
from carloan.compliance.policies.floors import Floor
from carloan.compliance.policies.retention import COOLING_DAYS, LONGEST, Rule, Span
from carloan.compliance.retention import RecordClass, class_label, record_classes, trigger_label
from carloan.compliance.selectors.retention import (
    get_policy_for,
    last_sweeps,
    legal,
    phases_for,
    policies_for,
    policy_in_force,
    reviews_due,
    rules_of,
)
from carloan.compliance.services import retention as services
from carloan.compliance.views.asked import add_faults
from carloan.compliance.views.retention_dry_runs import PHASE_TONES, dry_run_context
from carloan.core.doors import ActorRequest, door
from carloan.core.errors import Invalid
from carloan.core.stepup import reauthenticate, recently_authenticated

_YEARS = ("active_years", "archive_years", "total_years")
_LABELS = {
    "active_years": gettext_lazy("Active until year"),
    "archive_years": gettext_lazy("Archived until year"),
    "total_years": gettext_lazy("Kept until year"),
    "basis": gettext_lazy("Basis of a longer period"),
    "review_on": gettext_lazy("Reviewed on"),
}


def _date(**more: Any) -> forms.DateField:
    return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **more)


class PolicyForm(forms.Form):
    """A draft: its day, and for each record class and trigger the years of the phases."""

    revision = forms.IntegerField(widget=forms.HiddenInput)
    effective_on = _date(label=gettext_lazy("Effective on"))
    cooling_days = forms.IntegerField(
        label=gettext_lazy("Days of cooling-off before destruction"),
        min_value=COOLING_DAYS[0],
        max_value=COOLING_DAYS[1],
    )
    note = forms.CharField(label=gettext_lazy("Reason for this version"), max_length=200, required=False)

    def __init__(self, *args: Any, policy: RetentionPolicy, **kwargs: Any) -> None:
        rules = rules_of(policy)
        initial: dict[str, Any] = {
            name: getattr(policy, name) for name in ("revision", "effective_on", "cooling_days", "note")
        }
        for each, trigger in services.rule_keys():
            rule = rules.get((each.code, trigger))
            initial |= {_name(each.code, trigger, name): getattr(rule, name, None) for name in _LABELS}
        super().__init__(*args, **{**kwargs, "initial": initial})
        for each, trigger in services.rule_keys():
            about = f"{each.label} · {each.triggers[trigger]}"
            for name, label in _LABELS.items():
                self.fields[_name(each.code, trigger, name)] = _rule_field(name, f"{label} ({about})")

    def rules(self) -> dict[tuple[str, str], Rule]:
        """What the form says of each record class and trigger."""
        found = {}
        for each, trigger in services.rule_keys():
            given = {name: self.cleaned_data[_name(each.code, trigger, name)] for name in _LABELS}
            span = Span(*(given[name] for name in _YEARS))
            found[each.code, trigger] = Rule(span=span, basis=given["basis"], review_on=given["review_on"])
        return found


def _name(code: str, trigger: str, column: str) -> str:
    return f"{code}__{trigger}__{column}"


def _rule_field(name: str, label: str) -> forms.Field:
    if name in _YEARS:
        return forms.IntegerField(label=label, min_value=0, max_value=LONGEST)
    if name == "basis":
        return forms.CharField(label=label, max_length=200, required=False)
    return _date(label=label, required=False)


@dataclass(frozen=True, slots=True)
class Line:
    """A record class after a trigger, as the table shows it."""

    record_class: RecordClass
    trigger: str
    rule: RetentionRule | None
    floors: list[Floor]
    fields: list[tuple[Any, BoundField]]


def _lines(policy: RetentionPolicy | None, form: PolicyForm | None = None) -> list[Line]:
    rules, view = rules_of(policy) if policy else {}, legal()
    on = policy.effective_on if policy else timezone.localdate()
    return [
        Line(
            each,
            trigger_label(trigger),
            rules.get((each.code, trigger)),
            view.floors(each, max(on, timezone.localdate())),
            [(label, form[_name(each.code, trigger, name)]) for name, label in _LABELS.items()] if form else [],
        )
        for each, trigger in services.rule_keys()
    ]


@require_safe
@door("retention.view")
def retention(request: ActorRequest) -> HttpResponse:
    """The policy in force, what the law says, and how many records stand where."""
    policy = policy_in_force(timezone.localdate())
    phases, sweeps = phases_for(request.actor), last_sweeps(request.actor)
    standing = [
        {
            "label": class_label(code),
            "counts": [
                (RetentionRecord.Phase(phase).label, PHASE_TONES[phase], counts[phase])
                for phase in RetentionRecord.Phase.values
                if counts.get(phase)
            ],
            "sweep": sweeps.get(code),
        }
        for code, counts in phases.items()
    ]
    versions = policies_for(request.actor)
    context = {
        "policy": policy,
        "lines": _lines(policy),
        "standing": standing,
        "versions": versions,
        "draft": next((each for each in versions if each.state == RetentionPolicy.State.DRAFT), None),
        "reviews": reviews_due(policy, timezone.localdate()),
        "may_manage": request.actor.can(services.MANAGE),
        "has_classes": bool(record_classes()),
    }
    return render(request, "compliance/retention.html", context)


@require_POST
@door("retention.manage")
def retention_draft(request: ActorRequest) -> HttpResponse:
    return redirect("compliance:retention-policy", services.policy_draft(actor=request.actor).id)


@require_http_methods(["GET", "HEAD", "POST"])
@door("retention.view")
def retention_policy(request: ActorRequest, policy_id: UUID) -> HttpResponse:
    """One version. A draft is changed here; its dry run stands below."""
    policy = get_policy_for(request.actor, policy_id)
    is_draft = policy.state == RetentionPolicy.State.DRAFT
    form = None
    if request.method == "POST" or (is_draft and request.actor.can(services.MANAGE)):
        form = PolicyForm(request.POST if request.method == "POST" else None, policy=policy)
    if request.method == "POST" and form is not None and form.is_valid():
        given = {name: form.cleaned_data[name] for name in ("revision", "effective_on", "cooling_days", "note")}
        try:
            services.policy_change(actor=request.actor, policy=policy, rules=form.rules(), **given)
        except Invalid as error:
            add_faults(form, error)
        else:
            messages.success(request, _("The draft is saved. Below stands what it would change."))
            return redirect("compliance:retention-policy", policy.id)
    return _show_policy(request, policy, form)


@require_POST
@door("retention.manage")
def retention_publish(request: ActorRequest, policy_id: UUID) -> HttpResponse:
    policy = get_policy_for(request.actor, policy_id)
    if not recently_authenticated(request):
        return reauthenticate(request, back=policy_url(policy))
    revision = request.POST.get("revision", "")
    try:
        services.policy_publish(
            actor=request.actor, policy=policy, revision=int(revision) if revision.isdecimal() else 0
        )
    except Invalid as error:
        form = PolicyForm(policy=policy)
        return _show_policy(request, policy, form, faults=error.sentences)
    messages.success(request, _("Version %(version)s is published.") % {"version": policy.version})
    return redirect("compliance:retention")


def policy_url(policy: RetentionPolicy) -> str:
    return redirect("compliance:retention-policy", policy.id).url


def _show_policy(
    request: ActorRequest, policy: RetentionPolicy, form: PolicyForm | None, faults: Any = ()
) -> HttpResponse:
    is_draft = policy.state == RetentionPolicy.State.DRAFT
    context = {
        "policy": policy,
        "is_draft": is_draft,
        "form": form,
        "lines": _lines(policy, form),
        "faults": faults,
        # What is typed and wrong is no draft yet.
        **(dry_run_context(request, policy) if is_draft and request.method != "POST" else {}),
    }
    return render(request, "compliance/retention_policy.html", context, status=422 if request.method == "POST" else 200)
