"""Forms of the desk: shape of the input only; what is right is decided by the services."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from carloan.archives.models import Paper
from carloan.archives.recognition.kinds import LABELS
from carloan.archives.words import FIELD_LABELS


class PaperFilterForm(forms.Form):
    q = forms.CharField(label=_("Text or number on the paper"), required=False, max_length=100)
    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("All")), *Paper.State.choices])
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[("", _("All")), *LABELS.items()])


class CorrectForm(forms.Form):
    """Kind and values of one paper. Fields are named `f_<name>`, so that none collides with the form's own."""

    revision = forms.IntegerField(widget=forms.HiddenInput)
    kind = forms.ChoiceField(label=_("Kind of paper"), choices=list(LABELS.items()))
    loan = forms.CharField(label=_("Loan (contract number)"), required=False, max_length=64)
    reason = forms.CharField(label=_("Reason"), required=False, max_length=200)

    def values(self) -> dict[str, str]:
        """What stands in the form for each field of the paper that it showed."""
        return {name: str(self.data[f"f_{name}"]).strip() for name in FIELD_LABELS if f"f_{name}" in self.data}


class ReasonForm(forms.Form):
    prefix_of_ids = "return_%s"

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        # Three forms with a reason stand on one page; labels need ids of their own.
        super().__init__(data, auto_id=self.prefix_of_ids, **kwargs)

    revision = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(label=_("Reason"), min_length=2, max_length=200)


class MoveForm(ReasonForm):
    prefix_of_ids = "move_%s"

    loan = forms.CharField(
        label=_("Loan (contract number)"), required=False, max_length=64,
        help_text=_("Leave it empty to put the paper back on the intake desk."),
    )  # fmt: skip
