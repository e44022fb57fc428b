"""One's own recovery codes as a file."""

from typing import Any
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.reauthentication import is_reauthentication_required
from allauth.mfa.recovery_codes.views import download_recovery_codes
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from carloan.core.doors import open_door


@require_safe
@open_door("one's own account belongs to no lender")
@login_required
def recovery_codes_file(request: Any) -> HttpResponse:
    """Whoever must confirm first is led to the page of the codes: behind a file the browser would stay at the question,
    which then seems to be asked again and again."""
    if is_reauthentication_required(request, app="allauth.mfa"):
        way = get_adapter().get_reauthentication_methods(request.user)[0]["url"]
        return redirect(f"{way}?{urlencode({'next': reverse('mfa_view_recovery_codes')})}")
    answer: HttpResponse = download_recovery_codes(request)
    return answer
