"""Shapes of messaging's forms; rules are in the services."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from carloan.core.pages.forms import choose


class AskForm(forms.Form):
    """Whom to ask for what. `to` is one of the ways to one of the people: person, channel and contact in one."""

    to = forms.ChoiceField(label=_("Send the link to"), widget=forms.RadioSelect)
    wants = forms.MultipleChoiceField(label=_("Papers"), widget=forms.CheckboxSelectMultiple)
    language = forms.ChoiceField(label=_("Language of the message"), choices=settings.LANGUAGES)
    days = forms.IntegerField(label=_("Valid for (days)"), min_value=1, max_value=30, initial=7)

    def __init__(
        self, *args: Any, ways: Sequence[tuple[str, Any]], wants: Sequence[tuple[str, Any]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        choose(self.fields["to"], list(ways))
        choose(self.fields["wants"], list(wants))
        for name in ("to", "wants"):
            self.fields[name].widget.attrs["class"] = "form-check-input"


class GatewayForm(forms.Form):
    """Who carries a channel; the secret is only ever written."""

    address = forms.CharField(
        label=_("Gateway address"), max_length=200, widget=forms.TextInput(attrs={"spellcheck": "false"})
    )
    account = forms.CharField(label=_("Account"), max_length=120, required=False)
    secret = forms.CharField(
        label=_("Secret"),
        required=False,
        max_length=500,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=_("Stays as it is when empty; it is stored sealed and never shown."),
    )
    sender = forms.CharField(label=_("Sender"), max_length=120)
    is_active = forms.BooleanField(label=_("Messages go out by it"), required=False)

    def __init__(self, *args: Any, channel: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if channel == "sms":
            self.fields["address"].help_text = _("https://… as the gateway names it")
            self.fields["sender"].label = pgettext_lazy("of text messages", "Signature")
            self.fields["sender"].help_text = _("What stands in 【】 before each text, as it is registered for you.")
        else:
            self.fields["address"].help_text = _("smtps://host (465), or smtp://host (587, with STARTTLS)")
            self.fields["secret"].label = _("Password")
            self.fields["sender"].help_text = _("The mail address that mails come from.")


class QuietHoursForm(forms.Form):
    quiet_from = forms.TimeField(label=_("Quiet from"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    quiet_until = forms.TimeField(
        label=_("Quiet until"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )


class WordsForm(forms.Form):
    subject = forms.CharField(label=_("Subject"), max_length=120, required=False)
    body = forms.CharField(label=_("Text"), max_length=2_000, widget=forms.Textarea(attrs={"rows": 8}))
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, channel: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if channel == "sms":
            del self.fields["subject"]
