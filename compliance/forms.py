"""Shapes of what people type on the compliance pages."""

from datetime import date
from typing import Any

from django import forms
from django.apps import apps
from django.utils.translation import gettext_lazy as _

from carloan.compliance.names import maskable_fields
from carloan.compliance.reveals import REASONS
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

    actor_id = forms.ChoiceField(label=_("Person"), required=False)
    action = forms.ChoiceField(label=_("Act"), required=False)
    outcome = forms.ChoiceField(
        label=_("Outcome"), required=False, choices=[("", _("Any")), *AuditEvent.Outcome.choices]
    )
    since = forms.DateField(label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label=_("To"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    field = forms.ChoiceField(label=_("Field"), required=False)
    contract_no = forms.CharField(label=_("Contract number"), required=False, max_length=64)
    address = forms.GenericIPAddressField(label=_("Network address"), required=False)
    loan_id = forms.UUIDField(required=False, widget=forms.HiddenInput)
    object_id = forms.UUIDField(required=False, widget=forms.HiddenInput)
    request_id = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def clean_until(self) -> date | None:
        """The day after it is computed: the last day of the calendar has none."""
        until: date | None = self.cleaned_data["until"]
        return min(until, date(9000, 1, 1)) if until else None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["actor_id"].choices = [("", _("Anybody")), *everybody_by_number()]  # type: ignore[attr-defined]
        self.fields["field"].choices = [("", _("Any")), *maskable_fields()]  # type: ignore[attr-defined]
        self.fields["action"].choices = [("", _("Any")), *acts_by_app()]  # type: ignore[attr-defined]


class RevealForm(forms.Form):
    """Why somebody needs to see a field."""

    # None is chosen beforehand: a reason that nobody gave is none.
    reason_code = forms.ChoiceField(label=_("Reason"), choices=[("", _("Choose a reason")), *REASONS.items()])
    reason = forms.CharField(label=_("In your words"), required=False, max_length=500)


class DetailForm(RevealForm):
    """Why somebody opens the values of an event."""
