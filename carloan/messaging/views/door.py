"""The borrower's door: the link's page, its code, and the end."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from carloan.core import bursts
from carloan.core.answers import respond
from carloan.core.errors import TooMany
from carloan.core.middleware import client_address
from carloan.core.tenancy import tenant_atomic
from carloan.messaging.errands import wants_of
from carloan.messaging.models import LinkUpload
from carloan.messaging.script_words import CAPTURE_WORDS
from carloan.messaging.selectors.links import code_target
from carloan.messaging.services.sending import lender_in
from carloan.messaging.services.uploads import PIECE, uploads_of
from carloan.messaging.services.visits import NoCode, WrongCode, code_ask, code_enter, link_finish

from .visitors import COOKIE, VisitorRequest, at_the_door, keep_cookie

REASON = "the borrower's door: people without an account, who hold a one-time link"


@require_safe
@at_the_door(REASON)
def door(request: VisitorRequest, token: str) -> HttpResponse:
    if request.guest.finished:
        return _page(request, token, "messaging/done.html")
    if request.guest.inside:
        return _page(request, token, "messaging/capture.html", _asked(request))
    return _page(request, token, "messaging/door.html")


@require_POST
@at_the_door(REASON)
def ask_code(request: VisitorRequest, token: str) -> HttpResponse:
    """Begin in this browser: a code is sent, or told by whoever made the link."""
    try:
        secret = code_ask(actor=request.visitor, token=token)
    except (NoCode, TooMany) as error:
        return _page(request, token, "messaging/door.html", {"error": error}, status=error.status)
    return _back(token, secret)


@require_POST
@at_the_door(REASON)
def enter(request: VisitorRequest, token: str) -> HttpResponse:
    code = "".join(sign for sign in request.POST.get("code", "") if sign.isascii() and sign.isdigit())[:12]
    try:
        secret = code_enter(actor=request.visitor, token=token, cookie=request.COOKIES.get(COOKIE, ""), code=code)
    except WrongCode as error:
        if too_many := bursts.wrong_key(client_address(request), of="code"):
            return respond(request, too_many)
        return _page(request, token, "messaging/door.html", {"error": error}, status=error.status)
    return _back(token, secret)


@require_POST
@at_the_door(REASON)
def finish(request: VisitorRequest, token: str) -> HttpResponse:
    if request.guest.inside:
        link_finish(actor=request.visitor, link=request.guest.link)
    return redirect("door:door", token)


def _back(token: str, secret: str) -> HttpResponse:
    """To the door again, in a browser that has its secret now."""
    response = redirect("door:door", token)
    keep_cookie(response, token, secret)
    return response


def _asked(request: VisitorRequest) -> dict[str, Any]:
    """What is asked for, each with what has come of it."""
    link = request.guest.link
    with tenant_atomic():
        rows = uploads_of(link)
    kept: dict[str, int] = {}
    for row in rows:
        kept[row.want] = kept.get(row.want, 0) + (row.state == LinkUpload.State.KEPT)
    wants = [{"want": want, "kept": kept.get(want.code, 0)} for want in wants_of(request.errand, link.wants)]
    words = {key: str(word) for key, word in CAPTURE_WORDS.items()}
    return {
        "wants": wants, "piece": PIECE, "most": request.errand.most_bytes, "capture_words": words,
    }  # fmt: skip


def _page(
    request: VisitorRequest, token: str, template: str, more: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    link = request.guest.link
    with tenant_atomic():
        lender = lender_in("en" if request.LANGUAGE_CODE == "en" else "zh-hans")
        target = code_target(link)
    context = {
        "token": token,
        "link": link,
        "lender": lender,
        "errand": request.errand,
        "asked": request.guest.visit is not None,
        "target": target,
        **(more or {}),
    }
    return render(request, template, context, status=status)
