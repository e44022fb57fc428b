"""Forms of the desk: shape of the input only; what is right is decided by the services."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from carloan.archives.models import Paper
from carloan.archives.recognition.kinds import LABELS
from carloan.archives.words import ACCEPT_REASONS, FIELD_LABELS, OTHER_REASON, PROBLEM_LABELS, RETURN_REASONS
from carloan.core.listing import MOST_SEARCHED
from carloan.core.models import Branch, Membership

# Which of the desk's questions go along from paper to paper.
QUEUE = ("kind", "branch", "problem", "assigned", "order")
LONGEST_REASON = 200


class PaperFilterForm(forms.Form):
    q = forms.CharField(label=_("Text or number on the paper"), required=False, max_length=MOST_SEARCHED)
    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("All")), *Paper.State.choices])
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[("", _("All")), *LABELS.items()])
    branch = forms.ChoiceField(label=_("Branch"), required=False)
    problem = forms.ChoiceField(label=_("Problem"), required=False, choices=[("", _("All")), *PROBLEM_LABELS.items()])
    assigned = forms.ChoiceField(label=_("Assigned to"), required=False)
    order = forms.ChoiceField(label=_("Order"), choices=[("", _("By age")), ("risk", _("By risk"))], required=False)

    def __init__(self, data: Any, *, branches: Sequence[Branch], people: Sequence[Membership]) -> None:
        super().__init__(data)
        choices: dict[str, list[tuple[str, Any]]] = {
            "branch": [("", _("All")), *((str(branch.id), str(branch)) for branch in branches)],
            "assigned": [
                ("", _("All")), ("me", _("Me")), ("nobody", _("Nobody")),
                *((str(person.id), str(person)) for person in people),
            ],
        }  # fmt: skip
        for name, found in choices.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = found


class CorrectForm(forms.Form):
    """Kind and values of one paper. Fields are named `f_<name>`, so that none collides with the form's own."""

    revision = forms.IntegerField(widget=forms.HiddenInput)
    kind = forms.ChoiceField(label=_("Kind of paper"), choices=list(LABELS.items()))
    loan = forms.CharField(label=_("Loan (contract number)"), required=False, max_length=64)
    why = forms.ChoiceField(
        label=_("Why it is filed nevertheless"), required=False, choices=[("", "—"), *ACCEPT_REASONS.items()]
    )
    reason = forms.CharField(label=_("In words"), required=False, max_length=LONGEST_REASON)

    def kind_text(self, otherwise: str) -> str:
        """The kind that was chosen, whatever else is wrong with the form."""
        kind = str(self.data.get("kind", ""))
        return kind if kind in LABELS else otherwise

    def loan_text(self) -> str:
        """The contract number as it was typed, whatever else is wrong with the form; '' for what no number can be."""
        number = str(self.data.get("loan", "")).strip()
        return "" if "\0" in number else number

    def values(self) -> dict[str, str]:
        """What stands in the form for each field of the paper that it showed."""
        return {
            name: "".join(str(self.data[f"f_{name}"]).splitlines()).strip()
            for name in FIELD_LABELS
            if f"f_{name}" in self.data
        }


class ReasonForm(forms.Form):
    """One of the usual reasons, words of one's own, or both."""

    prefix_of_ids = "return_%s"

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        # Three forms with a reason stand on one page; labels need ids of their own.
        super().__init__(data, auto_id=self.prefix_of_ids, **kwargs)

    revision = forms.IntegerField(widget=forms.HiddenInput)
    why = forms.ChoiceField(label=_("Reason"), required=False, choices=[("", "—"), *RETURN_REASONS.items()])
    reason = forms.CharField(label=_("In words"), required=False, min_length=2, max_length=LONGEST_REASON)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors and data["why"] in ("", OTHER_REASON) and not data["reason"]:
            self.add_error("reason" if data.get("why") else "why", _("Give a reason."))
        return data


class UnfileForm(forms.Form):
    revision = forms.IntegerField()
    to_desk = forms.BooleanField(required=False)


class MoveForm(forms.Form):
    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, auto_id="move_%s", **kwargs)

    revision = forms.IntegerField(widget=forms.HiddenInput)
    loan = forms.CharField(
        label=_("Loan (contract number)"), required=False, max_length=64,
        help_text=_("Leave it empty to put the paper back on the intake desk."),
    )  # fmt: skip
    reason = forms.CharField(label=_("Reason"), min_length=2, max_length=LONGEST_REASON)


class TraceForm(forms.Form):
    """A leaked picture, or the id that stands on it."""

    file = forms.FileField(
        label=_("Leaked picture"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/*,application/pdf"}),
        help_text=_("A screenshot, a photo that was passed on, a PDF. It is looked at and not kept."),
    )
    code = forms.CharField(
        label=_("Or the id that can be read on it"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "placeholder": "7K3M-9QXD-2F4BA"}),
    )
