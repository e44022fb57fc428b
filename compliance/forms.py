"""Shapes of what people type on the compliance pages."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from django import forms
from django.apps import apps
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from carloan.compliance.anomaly_words import NUMBER_WORDS
from carloan.compliance.models import Anomaly
from carloan.compliance.names import maskable_fields
from carloan.compliance.reveals import REASONS
from carloan.compliance.things import About
from carloan.core.acts import all_acts
from carloan.core.models import AuditEvent
from carloan.core.selectors import everybody_by_number


def acts_by_app() -> list[tuple[str, list[tuple[str, str]]]]:
    """Every act, under the part of the house that does it: some eighty words are more than one looks through."""
    by_app: dict[str, list[tuple[str, str]]] = {}
    for code, label in all_acts().items():
        by_app.setdefault(code.partition(".")[0], []).append((code, str(label)))
    names = {config.label: str(config.verbose_name) for config in apps.get_app_configs()}
    order = {label: place for place, label in enumerate(names)}
    return [
        (names.get(app, app), sorted(by_app[app], key=lambda act: act[1]))
        for app in sorted(by_app, key=lambda app: order.get(app, len(order)))
    ]


class TrailFilterForm(forms.Form):
    """The trail's filters; every field may stay empty."""

    actor_id = forms.ChoiceField(label=_("Person"), required=False, widget=forms.Select(attrs={"data-filter": True}))
    action = forms.ChoiceField(label=_("Act"), required=False)
    outcome = forms.ChoiceField(
        label=_("Outcome"), required=False, choices=[("", _("Any")), *AuditEvent.Outcome.choices]
    )
    since = forms.DateField(label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label=_("To"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    field = forms.ChoiceField(label=_("Field"), required=False)
    contract_no = forms.CharField(label=_("Contract number"), required=False, max_length=64)
    address = forms.GenericIPAddressField(label=_("Network address"), required=False)
    looks = forms.BooleanField(label=_("Only looks at data"), required=False)
    about = forms.CharField(required=False, max_length=100, widget=forms.HiddenInput)
    loan_id = forms.UUIDField(required=False, widget=forms.HiddenInput)
    object_id = forms.UUIDField(required=False, widget=forms.HiddenInput)
    request_id = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def clean_about(self) -> About | None:
        """The thing that was asked about; who types an address that names none hears so."""
        text: str = self.cleaned_data["about"]
        try:
            return About.parse(text) if text else None
        except ValueError as error:
            raise forms.ValidationError(_("Of this nobody can ask who looked at it.")) from error

    def clean_until(self) -> date | None:
        """The day after it is computed: the last day of the calendar has none."""
        until: date | None = self.cleaned_data["until"]
        return min(until, date(9000, 1, 1)) if until else None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["actor_id"].choices = [("", _("Anybody")), *everybody_by_number()]  # type: ignore[attr-defined]
        self.fields["field"].choices = [("", _("Any")), *maskable_fields()]  # type: ignore[attr-defined]
        self.fields["action"].choices = [("", _("Any")), *acts_by_app()]  # type: ignore[attr-defined]

    def told(self) -> list[tuple[str, str]]:
        """What each filter in use is called and asks for, in words."""
        found = []
        for name, value in self.cleaned_data.items():
            if not value:
                continue
            field = self.fields[name]
            label = filter_label(name)
            if isinstance(field, forms.BooleanField):
                text = gettext("yes")
            elif isinstance(field, forms.ChoiceField):
                text = next((str(said) for key, said in _flat(field.choices) if key == value), str(value))
            else:
                text = str(value)
            found.append((label, text))
        return found


# Filters that come with an address and have no field of their own on the page.
_ABOUT_WORDS = {"about": _("About"), "loan_id": _("Loan"), "object_id": _("Object"), "request_id": _("Request")}


def filter_label(name: str) -> str:
    """What a filter of the trail is called; its bare name for what is none."""
    field = TrailFilterForm.base_fields.get(name)
    return str((field and field.label) or _ABOUT_WORDS.get(name, name))


def _flat(choices: Any) -> Iterator[tuple[Any, Any]]:
    for key, said in choices:
        if isinstance(said, list | tuple):
            yield from said
        else:
            yield key, said


class RevealForm(forms.Form):
    """Why somebody needs to see a field."""

    # None is chosen beforehand: a reason that nobody gave is none.
    reason_code = forms.ChoiceField(label=_("Reason"), choices=[("", _("Choose a reason")), *REASONS.items()])
    reason = forms.CharField(label=_("In your words"), required=False, max_length=500)


class DetailForm(RevealForm):
    """Why somebody opens the values of an event."""


class AnomalyAnswerForm(forms.Form):
    """What a person found out about an anomaly."""

    reason_code = forms.ChoiceField(label=_("Reason"), choices=[("", _("Choose a reason")), *Anomaly.Reason.choices])
    reason = forms.CharField(label=_("In your words"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


class RuleForm(forms.Form):
    """The numbers of one rule; the service says which are too loose."""

    def __init__(self, given: Any, *, kind: str, numbers: Mapping[str, int]) -> None:
        super().__init__(given, auto_id=f"{kind}-%s")
        self.kind = kind
        for name, value in numbers.items():
            self.fields[name] = forms.IntegerField(
                label=NUMBER_WORDS[name], min_value=0, max_value=1_000_000, initial=value
            )
