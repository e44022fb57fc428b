"""Forms of the doors of the archive's rooms: shape of the input only."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from carloan.archives.forms_originals import PlaceChoice
from carloan.archives.models import RoomDevice, RoomEvent

_ALL = ("", _("All"))


class RoomFilterForm(forms.Form):
    device = forms.ChoiceField(label=_("Door"), required=False)
    kind = forms.ChoiceField(label=_("What happened"), required=False, choices=[_ALL, *RoomEvent.Kind.choices])
    badge = forms.CharField(label=_("badge"), required=False, max_length=40)
    since = forms.DateField(label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label=_("To"), required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, data: Any, *, devices: Sequence[RoomDevice]) -> None:
        super().__init__(data)
        field = self.fields["device"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [_ALL, *((str(device.id), device.name) for device in devices)]


class DeviceForm(forms.Form):
    """A door and the warehouse that it leads to."""

    name = forms.CharField(label=_("Name of the door"), max_length=60)
    place = PlaceChoice(label=_("Warehouse"), queryset=None, empty_label="—")

    def __init__(self, data: Any = None, *, places: Any) -> None:
        super().__init__(data)
        self.fields["place"].queryset = places  # type: ignore[attr-defined]
