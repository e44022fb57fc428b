"""Proofs for whoever doubts: of one event, and the page that checks a whole bundle. Both are checked by the browser."""

import json
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from carloan.compliance.selectors.proofs import event_proof
from carloan.compliance.selectors.trail import get_event_for
from carloan.compliance.services.reading import proof_taken, trail_read
from carloan.compliance.verify_words import VERIFY_WORDS
from carloan.core.doors import ActorRequest, door, open_door
from carloan.core.errors import NotFound


@require_safe
@door("trail.view")
def proof(request: ActorRequest, event_id: UUID) -> HttpResponse:
    entry, found = get_event_for(request.actor, event_id), event_proof(event_id)
    trail_read(actor=request.actor, filters={}, event_id=event_id)
    context = {
        "entry": entry,
        "proof": found,
        "text": json.dumps(found),
        "words": _words(),
    }
    return render(request, "compliance/proof.html", context)


@require_safe
@door("trail.view")
def proof_file(request: ActorRequest, event_id: UUID) -> HttpResponse:
    """The proof as a file, which says everything that a stranger with the ledger's key needs."""
    found = event_proof(event_id)
    if found is None:
        raise NotFound
    proof_taken(actor=request.actor, event_id=event_id)
    response = HttpResponse(json.dumps(found), content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="{event_id}.proof.json"'
    return response


@require_safe
@open_door("checks in the reader's browser what the reader brings; it shows nothing of any lender")
def verify(request: HttpRequest) -> HttpResponse:
    return render(request, "compliance/verify.html", {"words": _words()})


def _words() -> dict[str, str]:
    return {code: str(word) for code, word in VERIFY_WORDS.items()}
