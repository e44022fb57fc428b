"""Requests of people whose data go to a handler whom they name, as far as a test needs them."""

from typing import Any

from django.utils import timezone

from carloan.compliance.models import PersonCopy, PersonRequest, TransferDelivery, TransferRecipient
from carloan.compliance.policies.transfers import CONDITIONS
from carloan.compliance.services.copies import copy_ask, copy_take, copy_work
from carloan.compliance.services.transfers import condition_decide, recipient_name, transfer_deliver
from carloan.lib import uscc
from carloan.loans.models import Loan
from tests.cast import Lender
from tests.compliance.person_asks import working

BODY = "91310000MA1FL0X12"
CODE = BODY + uscc.check_character(BODY)


def named(lender: Lender, request: PersonRequest, **more: Any) -> TransferRecipient:
    given = {"name": "海城第二汽车金融有限公司", "contact": "021-60001234", "credit_code": CODE, **more}
    return recipient_name(actor=lender.actor("compliance"), request=request, **given)


def decided(lender: Lender, request: PersonRequest, *unmet: str, reason: str = "理由") -> None:
    for code in CONDITIONS:
        condition_decide(
            actor=lender.actor("compliance"),
            request=request,
            code=code,
            met=code not in unmet,
            reason=f"{reason} {code}",
        )


def packaged(lender: Lender, request: PersonRequest) -> PersonCopy:
    copy_work(job_id=copy_ask(actor=lender.actor("compliance"), request=request).id)
    return PersonCopy.objects.filter(request=request).latest("id")


def delivered(lender: Lender, request: PersonRequest, **more: Any) -> TransferDelivery:
    given: dict[str, Any] = {"way": "person", "receiver": "本人", "delivered_at": timezone.now(), **more}
    return transfer_deliver(actor=lender.actor("compliance"), request=request, **given)


def ready(
    lender: Lender, loan: Loan, *, contact: str = "021-60001234", reason: str = "理由"
) -> tuple[PersonRequest, PersonCopy]:
    """A request with everything but the delivery."""
    row = working(lender, loan, "transfer")
    named(lender, row, contact=contact)
    decided(lender, row, reason=reason)
    copy = packaged(lender, row)
    copy_take(actor=lender.actor("compliance"), copy=copy)
    return row, copy
