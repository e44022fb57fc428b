"""Forms of a request for transfer, and what its page shows: the handler, the conditions, the package, the delivery."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy

from carloan.compliance.models import PersonRequest, TransferDelivery
from carloan.compliance.personal_data import sections_of_transfer
from carloan.compliance.policies.transfers import CONDITIONS, FEE, MOST_FEE, may_charge, undecided
from carloan.compliance.selectors import transfers as selectors
from carloan.compliance.services import transfers as services
from carloan.compliance.services.copies import COPY
from carloan.compliance.services.person_rights import MANAGE, MOST_WORDS
from carloan.core.actors import Actor
from carloan.lib.money import MINOR

Forms = dict[str, forms.Form]


class RecipientForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Name of the handler"), max_length=services.MOST_NAME)
    contact = forms.CharField(
        label=gettext_lazy("Contact of the handler"),
        max_length=services.MOST_NAME,
        help_text=gettext_lazy("Telephone, e-mail or address, as the person gives it."),
    )
    credit_code = forms.CharField(
        label=gettext_lazy("Unified social credit code"),
        required=False,
        max_length=40,
        help_text=gettext_lazy("If the person gives it: 18 characters, the last one is checked."),
    )


class ConditionForm(forms.Form):
    """One condition; each has a form of its own on the page."""

    code = forms.ChoiceField(choices=[(code, code) for code in CONDITIONS], widget=forms.HiddenInput)
    met = forms.TypedChoiceField(
        label=gettext_lazy("Is it met?"),
        coerce=lambda value: value == "yes",
        choices=[("", gettext_lazy("Choose what")), ("yes", gettext_lazy("Met")), ("no", gettext_lazy("Not met"))],
    )
    reason = forms.CharField(
        label=gettext_lazy("Reasons"), max_length=MOST_WORDS, widget=forms.Textarea(attrs={"rows": 2})
    )


class DeliveryForm(forms.Form):
    way = forms.ChoiceField(
        label=gettext_lazy("How it was handed over"),
        choices=[("", gettext_lazy("Choose how")), *TransferDelivery.Way.choices],
    )
    receiver = forms.CharField(label=gettext_lazy("Who took it"), max_length=services.MOST_NAME)
    delivered_at = forms.DateTimeField(
        label=gettext_lazy("Handed over at"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    evidence = forms.CharField(
        label=gettext_lazy("Number of the receipt or of the parcel"), required=False, max_length=200
    )
    fee = forms.DecimalField(
        label=gettext_lazy("Fee (yuan)"),
        required=False,
        min_value=0,
        max_value=MOST_FEE // MINOR,
        decimal_places=2,
        help_text=FEE.asks,
    )
    fee_reason = forms.CharField(
        label=gettext_lazy("Why a fee is taken"),
        required=False,
        max_length=MOST_WORDS,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, chargeable: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not chargeable:
            del self.fields["fee"], self.fields["fee_reason"]


def context_of(actor: Actor, found: PersonRequest, typed: Forms) -> dict[str, Any]:
    """What the page of a request for transfer shows beside that of every request."""
    recipient, deliveries = selectors.recipient_of(found), selectors.deliveries_of(found)
    decisions = selectors.decisions_of(recipient)
    changes = actor.can(MANAGE) and found.state == PersonRequest.State.WORKING and not deliveries
    met = all(code in decisions and decisions[code].met for code in CONDITIONS)
    copies = selectors.copies_for(recipient) if recipient else []
    copy = next(iter(copies), None)
    taken = copy is not None and selectors.was_taken(copy)
    chargeable = may_charge(selectors.earlier_transfers(found))
    naming = typed.get("naming") or (RecipientForm(auto_id="naming-%s") if changes else None)
    delivering = typed.get("delivering") or (
        DeliveryForm(
            auto_id="delivering-%s",
            chargeable=chargeable,
            initial={"delivered_at": timezone.localtime().strftime("%Y-%m-%dT%H:%M")},
        )
        if changes and met and taken
        else None
    )
    return {
        "recipient": recipient,
        "conditions": [
            (code, each, decisions.get(code), _deciding(code, typed) if changes and recipient else None)
            for code, each in CONDITIONS.items()
        ],
        "left": len(undecided(decisions)),
        "unmet": any(not row.met for row in decisions.values()),
        "met": met,
        "carried": sections_of_transfer(),
        "copies": copies if met else [],
        "copy": copy,
        "may_copy": changes and met and actor.can(COPY),
        "naming": naming,
        "delivering": delivering,
        "deliveries": deliveries,
        "chargeable": chargeable,
        "fee": FEE,
    }


def _deciding(code: str, typed: Forms) -> forms.Form:
    form = typed.get("deciding")
    if form is not None and form.data.get("code") == code:
        return form
    return ConditionForm(auto_id=f"{code}-%s", initial={"code": code})
