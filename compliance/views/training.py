"""Pages of training: courses with who holds a valid exam, results, and the rights that wait for one."""

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

from carloan.compliance.models import Course
from carloan.compliance.selectors.training import (
    courses_for,
    gates_for,
    get_course_for,
    get_gate_for,
    get_result_for,
    people_shut,
    results_of,
    rights_that_may_wait,
)
from carloan.compliance.services import training as services
from carloan.compliance.views.asked import add_faults
from carloan.compliance.views.risks import day_field, member_field
from carloan.core import selectors
from carloan.core.capabilities import label_of
from carloan.core.doors import ActorRequest, door
from carloan.core.errors import Invalid


class CourseForm(forms.Form):
    """A course."""

    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)
    title = forms.CharField(label=gettext_lazy("Course"), max_length=120)
    pass_mark = forms.IntegerField(
        label=gettext_lazy("Pass mark (of 100 points)"), min_value=1, max_value=100, initial=80
    )
    valid_months = forms.IntegerField(
        label=gettext_lazy("Counts for months"), min_value=1, max_value=120, initial=12
    )  # fmt: skip


class NewCourseForm(CourseForm):
    """A new course with its code."""

    code = forms.SlugField(
        label=gettext_lazy("Code"), max_length=40,
        help_text=gettext_lazy("Letters, digits and hyphens; it stays."),
    )  # fmt: skip
    field_order = ("title", "code", "pass_mark", "valid_months")


class ChangedCourseForm(CourseForm):
    """A course as it is, and whether its content is another one now."""

    new_version = forms.BooleanField(label=gettext_lazy("The content has changed: a new version"), required=False)
    earlier_count = forms.BooleanField(
        label=gettext_lazy("Exams of earlier versions go on counting"), required=False, initial=True
    )


class ResultForm(forms.Form):
    """What somebody reached."""

    member = member_field(gettext_lazy("Member"))
    taken_on = day_field(gettext_lazy("Day of the exam"))
    score = forms.IntegerField(label=gettext_lazy("Score"), min_value=0, max_value=100)

    def __init__(self, *args: Any, own: UUID | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = selectors.members().exclude(id=own) if own else selectors.members()
        self.fields["member"].queryset = others  # type: ignore[attr-defined]


class GateForm(forms.Form):
    """A right and the exam that it waits for from now on."""

    capability = forms.ChoiceField(label=gettext_lazy("Right"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["capability"].choices = [  # type: ignore[attr-defined]
            ("", _("Choose a right")),
            *((str(group), [(each.code, str(each.label)) for each in rows]) for group, rows in rights_that_may_wait()),
        ]


@require_safe
@door("training.view")
def training(request: ActorRequest) -> HttpResponse:
    today = timezone.localdate()
    context = {
        "standings": courses_for(request.actor, today),
        "gates": [
            (each, label_of(each.capability), people_shut(each.course, each.capability, today))
            for each in gates_for(request.actor)
        ],
        "results": results_of(request.actor)[:20],
        "today": today,
        "may_manage": request.actor.can(services.MANAGE),
    }
    return render(request, "compliance/training.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@door("training.manage")
def course_new(request: ActorRequest) -> HttpResponse:
    form = NewCourseForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        given = {name: value for name, value in form.cleaned_data.items() if name != "revision"}
        try:
            made = services.course_add(actor=request.actor, **given)
        except Invalid as error:
            add_faults(form, error)
        else:
            messages.success(request, _("The course is added."))
            return redirect("compliance:course", made.id)
    return render(request, "compliance/course_new.html", {"form": form}, status=422 if form.errors else 200)


@require_safe
@door("training.view")
def course(request: ActorRequest, course_id: UUID) -> HttpResponse:
    return _show(request, get_course_for(request.actor, course_id))


@require_POST
@door("training.manage")
def course_change(request: ActorRequest, course_id: UUID) -> HttpResponse:
    found = get_course_for(request.actor, course_id)
    form = ChangedCourseForm(request.POST)
    if form.is_valid():
        given = {**form.cleaned_data, "revision": form.cleaned_data["revision"] or 0}
        try:
            services.course_change(actor=request.actor, course=found, **given)
        except Invalid as error:
            add_faults(form, error)
        else:
            messages.success(request, _("Saved."))
            return redirect("compliance:course", found.id)
    return _show(request, found, course_form=form)


@require_POST
@door("training.manage")
def result_enter(request: ActorRequest, course_id: UUID) -> HttpResponse:
    found = get_course_for(request.actor, course_id)
    form = ResultForm(request.POST, own=request.actor.membership_id)
    if form.is_valid():
        try:
            made = services.result_enter(actor=request.actor, course=found, **form.cleaned_data)
        except Invalid as error:
            add_faults(form, error)
        else:
            words = _("Passed, valid until %(day)s.") if made.passed else _("Not passed.")
            messages.success(request, words % {"day": made.valid_until})
            return redirect("compliance:course", found.id)
    return _show(request, found, result_form=form)


@require_POST
@door("training.manage")
def result_void(request: ActorRequest, result_id: UUID) -> HttpResponse:
    found = get_result_for(request.actor, result_id)
    services.result_void(actor=request.actor, result=found, reason=request.POST.get("reason", "")[:200])
    messages.success(request, _("The entry counts no more; it is kept."))
    return redirect("compliance:course", found.course_id)


@require_POST
@door("training.manage")
def gate_set(request: ActorRequest, course_id: UUID) -> HttpResponse:
    found = get_course_for(request.actor, course_id)
    form = GateForm(request.POST)
    if form.is_valid():
        try:
            made = services.gate_set(actor=request.actor, course=found, **form.cleaned_data)
        except Invalid as error:
            add_faults(form, error)
        else:
            shut = people_shut(found, made.capability, timezone.localdate())
            words = _("The right waits for this exam now. Without it it is shut for %(count)s people.")
            messages.success(request, words % {"count": shut})
            return redirect("compliance:course", found.id)
    return _show(request, found, gate_form=form)


@require_POST
@door("training.manage")
def gate_end(request: ActorRequest, gate_id: UUID) -> HttpResponse:
    found = get_gate_for(request.actor, gate_id)
    services.gate_end(actor=request.actor, gate=found)
    messages.success(request, _("The right waits for this exam no more."))
    return redirect("compliance:course", found.course_id)


def _show(request: ActorRequest, found: Course, **bound: forms.Form) -> HttpResponse:
    may, today, own = request.actor.can(services.MANAGE), timezone.localdate(), request.actor.membership_id
    names = ("revision", "title", "pass_mark", "valid_months")
    fresh: dict[str, Any] = {}
    if may:
        fresh = {
            "course_form": ChangedCourseForm(
                initial={**{name: getattr(found, name) for name in names}, "earlier_count": True}
            ),
            "result_form": ResultForm(own=own, initial={"taken_on": today}),
            "gate_form": GateForm(),
        }
    context = {
        "course": found,
        "results": results_of(request.actor, found),
        "gates": [
            (each, label_of(each.capability), people_shut(found, each.capability, today))
            for each in gates_for(request.actor)
            if each.course_id == found.id
        ],
        "today": today,
        "own": own,
        "may_manage": may,
        **fresh,
        **bound,
    }
    return render(request, "compliance/course.html", context, status=422 if request.method == "POST" else 200)
