"""Receipts of the SMS gateway: taken only with its signature, in any order and however often."""

import json
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from carloan.core.answers import respond
from carloan.core.doors import visitor_door
from carloan.core.errors import NotFound
from carloan.core.middleware import client_address
from carloan.core.tenancy import tenant_atomic
from carloan.messaging.adapters.sms.client import report_of
from carloan.messaging.adapters.sms.protocol import is_signed
from carloan.messaging.carriers import gateway_secret
from carloan.messaging.selectors.setup import gateway_of
from carloan.messaging.services.delivering import receipts_refuse, receipts_take

MOST = 200


@csrf_exempt
@require_POST
@visitor_door("receipts of an SMS gateway, which signs them with the lender's secret")
def sms(request: Any) -> HttpResponse:
    """The same answer to an unknown lender, one without a gateway, and a wrong signature."""
    if request.tenant is None:
        return respond(request, NotFound())
    with tenant_atomic():
        gateway = gateway_of("sms")
        secret = gateway_secret(gateway) if gateway else ""
    if not secret or not is_signed(request.headers, secret, "POST", request.get_full_path(), request.body):
        if gateway:
            receipts_refuse(address=client_address(request))
        return respond(request, NotFound())
    try:
        told = json.loads(request.body).get("receipts", [])
    except (ValueError, AttributeError):
        told = []
    reports = [report for each in told[:MOST] if isinstance(each, dict) and (report := report_of(each))]
    return JsonResponse({"code": "OK", "known": receipts_take(reports=reports)})
