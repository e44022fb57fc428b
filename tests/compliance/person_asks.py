"""Requests of persons for the tests: registered by the compliance officer about the borrower of a loan."""

from datetime import date
from typing import Any
from uuid import UUID

from django.utils import timezone

from carloan.compliance.models import PersonCopy, PersonRequest
from carloan.compliance.services.copies import copy_ask, copy_work
from carloan.compliance.services.person_rights import request_identify, request_register
from carloan.loans.models import Loan, LoanParty
from tests.cast import Lender

WORDS = "请提供我的全部个人信息"


def party_of(loan: Loan, role: str = "borrower") -> UUID:
    return LoanParty.objects.get(loan=loan, role=role).party_id


def asked(
    lender: Lender, loan: Loan, kind: str = "copy", *, received_on: date | None = None, **more: Any
) -> PersonRequest:
    """Call it inside the open lender."""
    given: dict[str, Any] = {"party_id": party_of(loan), "channel": "counter", "words": WORDS, **more}
    day = received_on or timezone.localdate()
    return request_register(actor=lender.actor("compliance"), kind=kind, received_on=day, **given)


def working(lender: Lender, loan: Loan, kind: str = "copy", **more: Any) -> PersonRequest:
    request = asked(lender, loan, kind, **more)
    return request_identify(actor=lender.actor("compliance"), request=request, identity="document")


def copied(lender: Lender, request: PersonRequest) -> PersonCopy:
    """The copy of a request for one, made."""
    actor = lender.actor("compliance")
    if request.state == PersonRequest.State.RECEIVED:
        request = request_identify(actor=actor, request=request, identity="document")
    copy_work(job_id=copy_ask(actor=actor, request=request).id)
    return PersonCopy.objects.filter(request=request).latest("id")
