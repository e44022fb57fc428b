"""The page on which longer periods are reviewed: confirmed with a new basis and day, or let lapse."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.forms import BoundField
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from carloan.compliance.retention import trigger_label
from carloan.compliance.selectors.retention import Review, policy_in_force, reviews_due
from carloan.compliance.services.retention import RuleKey
from carloan.compliance.services.retention_reviews import Verdict, reviews_decide
from carloan.compliance.views.asked import add_faults
from carloan.core.doors import ActorRequest, door
from carloan.core.errors import Invalid
from carloan.core.stepup import reauthenticate, recently_authenticated, typed_before

CHOICES = [
    ("", gettext_lazy("Decide later")),
    ("confirm", gettext_lazy("Still needed: confirm")),
    ("lapse", gettext_lazy("Let it lapse")),
]
LABELS = {
    "verdict": gettext_lazy("Decision"),
    "basis": gettext_lazy("Basis of a longer period"),
    "review_on": gettext_lazy("Next review"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A longer period with the fields of its verdict."""

    review: Review
    trigger: str
    lawful_years: int | None
    fields: list[tuple[Any, BoundField]]


class ReviewForm(forms.Form):
    """A verdict, a basis and a day for each period that is to be reviewed."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    note = forms.CharField(label=gettext_lazy("Reason for this version"), max_length=200)

    def __init__(self, *args: Any, reviews: list[Review], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reviews = reviews
        for each in reviews:
            about = f"{each.record_class.label} · {trigger_label(each.rule.trigger)}"
            for name, field in _fields(each, about).items():
                self.fields[_name(each, name)] = field

    def verdicts(self) -> dict[RuleKey, Verdict]:
        """What was decided; what is decided later is left out."""
        found = {}
        for each in self.reviews:
            given = {name: self.cleaned_data[_name(each, name)] for name in LABELS}
            if given["verdict"]:
                found[each.rule.record_class, each.rule.trigger] = Verdict(
                    given["verdict"] == "confirm", given["basis"], given["review_on"]
                )
        return found

    def lines(self) -> list[Line]:
        return [
            Line(
                each,
                trigger_label(each.rule.trigger),
                each.floors[0].whole_years if each.floors else None,
                [(label, self[_name(each, name)]) for name, label in LABELS.items()],
            )
            for each in self.reviews
        ]


def _name(review: Review, column: str) -> str:
    return f"{review.rule.record_class}__{review.rule.trigger}__{column}"


def _fields(review: Review, about: str) -> dict[str, forms.Field]:
    # Where no law is known there is nothing to lapse to.
    choices = [choice for choice in CHOICES if review.floors or choice[0] != "lapse"]
    return {
        "verdict": forms.ChoiceField(label=f"{LABELS['verdict']} ({about})", choices=choices, required=False),
        "basis": forms.CharField(
            label=f"{LABELS['basis']} ({about})",
            max_length=200,
            required=False,
            initial=review.rule.basis,
        ),
        "review_on": forms.DateField(
            label=f"{LABELS['review_on']} ({about})",
            required=False,
            widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            initial=_a_year_later(timezone.localdate()),
        ),
    }


def _a_year_later(day: date) -> date:
    return day.replace(year=day.year + 1, day=min(day.day, 28))


@require_http_methods(["GET", "HEAD", "POST"])
@door("retention.manage")
def reviews(request: ActorRequest) -> HttpResponse:
    today = timezone.localdate()
    policy = policy_in_force(today)
    found = reviews_due(policy, today)
    version = {"version": policy.version if policy else 0}
    typed = request.POST if request.method == "POST" else typed_before(request)
    form = ReviewForm(typed, reviews=found, initial=version)
    if request.method == "POST" and form.is_valid() and policy is not None:
        if not recently_authenticated(request):
            return reauthenticate(request, typed=request.POST)
        try:
            published = reviews_decide(
                actor=request.actor, policy=policy, verdicts=form.verdicts(), note=form.cleaned_data["note"]
            )
        except Invalid as error:
            add_faults(form, error)
        else:
            messages.success(request, _("Version %(version)s is published.") % {"version": published.version})
            return redirect("compliance:retention")
    return render(
        request,
        "compliance/retention_reviews.html",
        {"form": form, "lines": form.lines(), "policy": policy},
        status=422 if request.method == "POST" else 200,
    )
