"""The calendar of working days: a year's days that differ from weekdays, and the acts on them."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from carloan.core import calendars
from carloan.core.doors import ActorRequest, door
from carloan.core.errors import Invalid
from carloan.core.services import calendar as services

from .forms import add_errors


class DayForm(forms.Form):
    day = forms.DateField(label=gettext_lazy("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    is_off = forms.TypedChoiceField(
        label=gettext_lazy("On this day"),
        choices=[("off", gettext_lazy("Nobody works")), ("work", gettext_lazy("People work"))],
        coerce=lambda choice: choice == "off",
    )
    name = forms.CharField(label=gettext_lazy("Name of the day"), max_length=60)
    name_en = forms.CharField(label=gettext_lazy("Name of the day in English"), max_length=60, required=False)
    source = forms.CharField(label=gettext_lazy("Announced in"), max_length=200, required=False)


class YearForm(forms.Form):
    source = forms.CharField(label=gettext_lazy("Announced in"), max_length=200)


@require_http_methods(["GET", "HEAD", "POST"])
@door(*calendars.READERS)
def calendar(request: ActorRequest) -> HttpResponse:
    form = DayForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            entry = services.calendar_day_set(actor=request.actor, **form.cleaned_data)
        except Invalid as error:
            add_errors(form, error.fields, error)
        else:
            messages.success(request, _("%(day)s is in the calendar.") % {"day": entry.day})
            return _back(entry.day.year)
    return _show(request, _year(request), form, YearForm())


@require_POST
@door("calendar.manage")
def calendar_day_removed(request: ActorRequest, day_id: UUID) -> HttpResponse:
    entry = calendars.get_calendar_day_for(request.actor, day_id)
    services.calendar_day_remove(actor=request.actor, entry=entry)
    messages.success(request, _("%(day)s follows its weekday again.") % {"day": entry.day})
    return _back(entry.day.year)


@require_POST
@door("calendar.manage")
def calendar_import(request: ActorRequest) -> HttpResponse:
    year = _year(request)
    count = services.calendar_year_import(actor=request.actor, year=year)
    messages.success(request, _("%(count)d official days of %(year)d are entered.") % {"count": count, "year": year})
    return _back(year)


@require_POST
@door("calendar.manage")
def calendar_complete(request: ActorRequest) -> HttpResponse:
    year, form = _year(request), YearForm(request.POST)
    if not form.is_valid():
        return _show(request, year, DayForm(), form)
    services.calendar_year_complete(actor=request.actor, year=year, source=form.cleaned_data["source"])
    messages.success(request, _("%(year)d is complete: rules count it without a warning.") % {"year": year})
    return _back(year)


def _show(request: ActorRequest, year: int, form: DayForm, year_form: YearForm) -> HttpResponse:
    code = calendars.own_calendar()
    official = calendars.official_years(code)
    context: dict[str, Any] = {
        "form": form,
        "year_form": year_form,
        "year": year,
        "tabs": [{"label": str(each), "url": _address(each), "current": each == year} for each in _years(year)],
        "days": calendars.calendar_days_for(request.actor, year, calendar=code),
        "known": calendars.calendar_year_for(request.actor, year, calendar=code),
        "calendar": code,
        "has_official": year in official,
        "is_shipped": bool(official),
        "may_manage": request.actor.can("calendar.manage"),
    }
    return render(request, "core/calendar.html", context, status=422 if form.errors or year_form.errors else 200)


def _year(request: ActorRequest) -> int:
    """The year asked for; this one when it is none that a calendar has."""
    text = request.POST.get("year") or request.GET.get("year") or ""
    this = timezone.localdate().year
    if not (text.isascii() and text.isdigit() and len(text) == 4):
        return this
    return min(max(int(text), services.FIRST_YEAR), this + services.YEARS_AHEAD)


def _years(shown: int) -> list[int]:
    this = timezone.localdate().year
    return sorted({this - 1, this, this + 1, shown})


def _address(year: int) -> str:
    return f"{reverse('core:calendar')}?year={year}"


def _back(year: int) -> HttpResponse:
    return redirect(_address(year))
