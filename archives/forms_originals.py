"""Forms of paper originals: shape of the input only; what is right is decided by the services."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from carloan.archives.models import Original, StoragePlace
from carloan.archives.policies.originals.custody import BUNDLE
from carloan.archives.policies.originals.requests import PURPOSES
from carloan.archives.recognition.kinds import LABELS
from carloan.archives.selectors.originals.originals import OVERDUE
from carloan.archives.selectors.originals.places import path_of
from carloan.archives.services.originals.custody import MOST_WORDS
from carloan.archives.services.originals.places import MOST_CAPACITY
from carloan.archives.services.originals.registering import MOST_LABELS, MOST_SHEETS
from carloan.core.listing import MOST_SEARCHED
from carloan.core.models import Branch

KIND_CHOICES = [*LABELS.items(), (BUNDLE, _("Bundle of papers"))]
_ALL = ("", _("All"))


def _words(label: Any, *, required: bool = True) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 2})
    return forms.CharField(label=label, required=required, max_length=MOST_WORDS, widget=widget)


def _day(label: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))


def _purpose() -> forms.ChoiceField:
    return forms.ChoiceField(label=pgettext_lazy("custody", "Purpose"), choices=[("", "—"), *PURPOSES.items()])


class PlaceChoice(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic in the stubs only
    """A place, called by all that it lies in."""

    def label_from_instance(self, place: StoragePlace) -> str:
        return path_of(place)


class OriginalFilterForm(forms.Form):
    q = forms.CharField(
        label=_("Code or contract number"),
        required=False,
        max_length=MOST_SEARCHED,
        widget=forms.TextInput(attrs={"data-filter": True, "type": "search"}),
    )
    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[_ALL, (OVERDUE, _("Overdue")), *Original.State.choices]
    )
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[_ALL, *KIND_CHOICES])
    branch = forms.ChoiceField(label=_("Branch"), required=False)
    whose = forms.ChoiceField(label=_("In the hands of"), required=False, choices=[_ALL, ("me", _("Me"))])

    def __init__(self, data: Any, *, branches: Sequence[Branch]) -> None:
        super().__init__(data)
        field = self.fields["branch"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [_ALL, *((str(branch.id), str(branch)) for branch in branches)]


class RegisterForm(forms.Form):
    """A new original of a loan."""

    loan = forms.CharField(label=_("Loan (contract number)"), max_length=64)
    paper = forms.UUIDField(widget=forms.HiddenInput, required=False)
    kind = forms.ChoiceField(label=_("What it is"), choices=KIND_CHOICES)
    sheets = forms.IntegerField(label=_("Sheets"), min_value=1, max_value=MOST_SHEETS, initial=1)
    code = forms.CharField(
        label=_("Code of the label"),
        required=False,
        max_length=20,
        help_text=_("Scan a label that was printed ahead; empty: a new number."),
    )
    received = forms.BooleanField(label=_("It is here, in my hands"), required=False, initial=True)


class ProofForm(forms.Form):
    """What was seen at a hand: the seal and a picture of it."""

    seal_no = forms.CharField(label=_("Seal number"), required=False, max_length=40)
    photo = forms.FileField(
        label=_("Picture"),
        required=False,
        widget=forms.ClearableFileInput(attrs={"accept": "image/*", "capture": "environment"}),
        help_text=_("The closed bag with its seal, up to 10 MB."),
    )


class WordsForm(forms.Form):
    words = _words(_("Reason"))


class FindForm(ProofForm):
    words = _words(_("Where it was found"))
    field_order = ("words", "seal_no", "photo")


class ShelveForm(forms.Form):
    """Into which place."""

    place = PlaceChoice(label=pgettext_lazy("storage", "Place"), queryset=None, empty_label="—")

    def __init__(self, data: Any = None, *, places: Any, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["place"].queryset = places  # type: ignore[attr-defined]


class LendForm(forms.Form):
    """To whom, until when and for what."""

    borrower: Any = forms.ModelChoiceField(label=pgettext_lazy("custody", "Borrower"), queryset=None, empty_label="—")
    due_on = _day(_("due back on"))
    purpose = _purpose()

    def __init__(self, data: Any = None, *, people: Any, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["borrower"].queryset = people  # type: ignore[attr-defined]


class BorrowForm(forms.Form):
    due_on = _day(_("due back on"))
    purpose = _purpose()
    words = _words(_("In words"), required=False)


class ExtendForm(forms.Form):
    due_on = _day(_("due back on"))
    words = _words(_("Reason"))


class LossForm(forms.Form):
    words = _words(_("What is known: where it was last seen, what was searched"))


class ReleaseForm(forms.Form):
    words = _words(_("To whom it goes, and by which proof of identity"))


class BatchShelveForm(forms.Form):
    """One place, and what was scanned into it, a code a line."""

    place = forms.CharField(
        label=_("Code of the place"), max_length=20, widget=forms.TextInput(attrs={"autofocus": True})
    )
    codes = forms.CharField(
        label=_("Codes of the originals, one a line"),
        max_length=6_000,
        widget=forms.Textarea(attrs={"rows": 8, "class": "mono"}),
    )


class PlaceForm(forms.Form):
    """A new place: a warehouse of a branch, or something in a larger place."""

    level = forms.ChoiceField(label=_("Kind of place"), choices=StoragePlace.Level.choices)
    name = forms.CharField(label=pgettext_lazy("storage", "Name"), max_length=60)
    branch: Any = forms.ModelChoiceField(label=_("Branch"), queryset=None, required=False, empty_label="—")
    capacity = forms.IntegerField(
        label=_("Capacity"),
        required=False,
        min_value=1,
        max_value=MOST_CAPACITY,
        help_text=_("How many places and originals lie directly in it; empty: nobody counts."),
    )

    def __init__(self, data: Any = None, *, parent: StoragePlace | None, branches: Any, levels: Iterable[str]) -> None:
        super().__init__(data)
        self.fields["branch"].queryset = branches  # type: ignore[attr-defined]
        self.fields["branch"].required = parent is None
        if parent is not None:
            del self.fields["branch"]
        field = self.fields["level"]
        assert isinstance(field, forms.ChoiceField)
        allowed = set(levels)
        field.choices = [choice for choice in StoragePlace.Level.choices if choice[0] in allowed]


class PlaceChangeForm(forms.Form):
    revision = forms.IntegerField(widget=forms.HiddenInput)
    name = forms.CharField(label=pgettext_lazy("storage", "Name"), max_length=60)
    capacity = forms.IntegerField(label=_("Capacity"), required=False, min_value=1, max_value=MOST_CAPACITY)


class PlaceMoveForm(forms.Form):
    """Into which larger place, with all that lies in it."""

    target = PlaceChoice(label=_("Move it into"), queryset=None, empty_label="—")

    def __init__(self, data: Any = None, *, places: Any) -> None:
        super().__init__(data, auto_id="move_%s")
        self.fields["target"].queryset = places  # type: ignore[attr-defined]


class LabelsForm(forms.Form):
    count = forms.IntegerField(label=_("Number of labels"), min_value=1, max_value=MOST_LABELS, initial=24)


class HandoverForm(forms.Form):
    """To whom and for what; which originals are chosen in the list below."""

    taker: Any = forms.ModelChoiceField(label=pgettext_lazy("hand-over list", "To"), queryset=None, empty_label="—")
    purpose = _purpose()

    def __init__(self, data: Any = None, *, people: Any) -> None:
        super().__init__(data)
        self.fields["taker"].queryset = people  # type: ignore[attr-defined]
