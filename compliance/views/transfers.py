"""Acts on a request for transfer: the handler entered, a condition decided, the delivery recorded."""

from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from carloan.compliance.models import PersonRequest
from carloan.compliance.policies.transfers import CONDITIONS, may_charge
from carloan.compliance.selectors.person_rights import get_request_for
from carloan.compliance.selectors.transfers import earlier_transfers
from carloan.compliance.services import transfers as services
from carloan.compliance.views.person_request import act
from carloan.compliance.views.transfer_forms import ConditionForm, DeliveryForm, RecipientForm
from carloan.core.doors import ActorRequest, door
from carloan.lib.money import MINOR


@require_POST
@door("person_rights.manage")
def transfer_recipient(request: ActorRequest, request_id: UUID) -> HttpResponse:
    form = RecipientForm(request.POST, auto_id="naming-%s")
    return act(
        request, request_id, form, name="naming",
        do=lambda found: services.recipient_name(actor=request.actor, request=found, **form.cleaned_data),
        done=_("The handler is entered. Decide the conditions now."),
    )  # fmt: skip


@require_POST
@door("person_rights.manage")
def transfer_condition(request: ActorRequest, request_id: UUID) -> HttpResponse:
    code = str(request.POST.get("code", ""))
    form = ConditionForm(request.POST, auto_id=f"{code if code in CONDITIONS else 'condition'}-%s")
    return act(
        request, request_id, form, name="deciding",
        do=lambda found: services.condition_decide(actor=request.actor, request=found, **form.cleaned_data),
        done=_("The decision is on record."),
    )  # fmt: skip


@require_POST
@door("person_rights.manage")
def transfer_delivery(request: ActorRequest, request_id: UUID) -> HttpResponse:
    asked = get_request_for(request.actor, request_id)
    form = DeliveryForm(request.POST, chargeable=may_charge(earlier_transfers(asked)), auto_id="delivering-%s")

    def deliver(found: PersonRequest) -> None:
        values = {**form.cleaned_data, "fee": int((form.cleaned_data.get("fee") or 0) * MINOR)}
        services.transfer_deliver(actor=request.actor, request=found, **values)

    return act(
        request, request_id, form, name="delivering", do=deliver,
        done=_("The delivery is on record. Answer the request now."),
    )  # fmt: skip
