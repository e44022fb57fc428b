"""One original: every hand it went through, what can be done with it now, and what somebody asks about it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from carloan.archives import forms_originals as shapes
from carloan.archives.models import Custody, CustodyRequest, Original
from carloan.archives.originals_faces import original_code, purpose_word, row_of
from carloan.archives.policies.originals.codes import ORIGINAL, code_of
from carloan.archives.policies.originals.custody import CERTIFICATE, MOVES
from carloan.archives.selectors.originals.handovers import colleagues_of
from carloan.archives.selectors.originals.originals import (
    AT_HAND,
    BORROW,
    DECIDE,
    KEEP,
    REGISTER,
    chain_of,
    get_original_for,
    get_request_for,
    may_with,
    original_of_paper,
    requests_of,
)
from carloan.archives.selectors.originals.places import path_of, places_for_originals
from carloan.archives.selectors.papers import get_paper_for
from carloan.archives.services.originals import keeping, looking, registering, requests
from carloan.archives.services.originals.custody import Proof
from carloan.archives.uploads import InMemory, keep_in_memory
from carloan.compliance.views.asked import add_faults
from carloan.core.actors import Actor
from carloan.core.doors import ActorRequest, door
from carloan.core.errors import Invalid, NotFound
from carloan.core.stepup import reauthenticate, recently_authenticated
from carloan.loans.selectors.loans import get_loan_by_number_for

Kind = CustodyRequest.Kind


@dataclass(frozen=True, slots=True)
class Act:
    """Something a person may do with an original that is in a state with such a line: its form and its service."""

    event: str
    label: Any
    capability: str
    form: Callable[[Actor, Any, Any], forms.Form]
    run: Callable[[Actor, Original, Mapping[str, Any]], Custody]
    takes_photo: bool = False


def _proof(given: Mapping[str, Any]) -> Proof:
    photo = given.get("photo")
    return Proof(seal_no=given.get("seal_no", ""), photo=photo.read() if photo else b"", words=given.get("words", ""))


def _plain(shape: Any) -> Callable[[Actor, Any, Any], forms.Form]:
    def build(actor: Actor, data: Any, files: Any) -> forms.Form:
        form: forms.Form = shape(data, files, auto_id=f"{shape.__name__.lower()}_%s")
        return form

    return build


ACTS: Final = (
    Act(
        "receive",
        gettext_lazy("Receive"),
        REGISTER,
        _plain(shapes.ProofForm),
        lambda actor, original, given: registering.original_receive(
            actor=actor, original=original, proof=_proof(given)
        ),
        takes_photo=True,
    ),
    Act(
        "shelve",
        gettext_lazy("Put into a place"),
        KEEP,
        lambda actor, data, files: shapes.ShelveForm(data, places=places_for_originals(actor), auto_id="shelve_%s"),
        lambda actor, original, given: keeping.original_shelve(actor=actor, original=original, place=given["place"]),
    ),
    Act(
        "give_back",
        gettext_lazy("Receive it back"),
        KEEP,
        _plain(shapes.ProofForm),
        lambda actor, original, given: keeping.original_give_back(actor=actor, original=original, proof=_proof(given)),
        takes_photo=True,
    ),
    Act(
        "lend",
        gettext_lazy("Lend out"),
        KEEP,
        lambda actor, data, files: shapes.LendForm(data, people=colleagues_of(actor), auto_id="lend_%s"),
        lambda actor, original, given: keeping.original_lend(actor=actor, original=original, **given),
    ),
    Act(
        "seal",
        gettext_lazy("Seal anew"),
        KEEP,
        _plain(shapes.ProofForm),
        lambda actor, original, given: keeping.original_seal(actor=actor, original=original, proof=_proof(given)),
        takes_photo=True,
    ),
    Act(
        "find",
        gettext_lazy("Found again"),
        KEEP,
        _plain(shapes.FindForm),
        lambda actor, original, given: keeping.original_find(
            actor=actor, original=original, words=given["words"], proof=_proof(given)
        ),
        takes_photo=True,
    ),
    Act(
        "void",
        gettext_lazy("Entered by mistake"),
        REGISTER,
        _plain(shapes.WordsForm),
        lambda actor, original, given: registering.original_void(actor=actor, original=original, words=given["words"]),
    ),
)
ASKS: Final[dict[str, tuple[Any, Any]]] = {
    Kind.BORROW: (gettext_lazy("Ask to borrow it"), shapes.BorrowForm),
    Kind.EXTEND: (gettext_lazy("Ask to keep it longer"), shapes.ExtendForm),
    Kind.RELEASE: (gettext_lazy("Give it to its owner"), shapes.ReleaseForm),
    Kind.LOSS: (gettext_lazy("Report it as lost"), shapes.LossForm),
}


def _acts_now(actor: Actor, original: Original) -> list[Act]:
    events = {move.event for move in MOVES.leaving(original.state)}
    if original.kind == CERTIFICATE:
        # It is lent on its borrower's own request only.
        events.discard("lend")
    return [act for act in ACTS if act.event in events and may_with(actor, act.capability, original)]


def _asks_now(actor: Actor, original: Original, open_kinds: set[str]) -> list[str]:
    is_mine = original.holder_id == actor.membership_id
    losable = (*AT_HAND, Original.State.LENT, Original.State.IN_TRANSIT)
    possible = {
        Kind.BORROW: original.state in AT_HAND and may_with(actor, BORROW, original) and not is_mine,
        Kind.EXTEND: original.state == Original.State.LENT and is_mine,
        Kind.RELEASE: original.state in AT_HAND and may_with(actor, KEEP, original),
        Kind.LOSS: original.state in losable,
    }
    return [str(kind) for kind in ASKS if possible[Kind(kind)] and kind not in open_kinds]


@require_safe
@door("originals.view")
def original(request: ActorRequest, original_id: UUID) -> HttpResponse:
    return _show(request, get_original_for(request.actor, original_id))


def _show(request: ActorRequest, found: Original, *, bound: Mapping[str, forms.Form] | None = None) -> HttpResponse:
    """The page; `bound` are forms that were refused, by their act, kind or request."""
    actor, refused = request.actor, bound or {}
    certificate = found.kind == CERTIFICATE
    asked = requests_of(found)
    chain = chain_of(found, certificate=certificate)
    context = {
        "original": found,
        "row": row_of(found, timezone.localdate()),
        "loan": found.loan,
        "certificate": certificate,
        "chain": [
            {
                "hand": hand,
                "purpose": purpose_word(hand.custody.purpose),
                "source": _where(hand.custody.from_place, hand.custody.from_holder),
                "target": _where(hand.custody.to_place, hand.custody.to_holder),
            }
            for hand in chain
        ],
        "acts": [
            (act, refused.get(act.event) or act.form(actor, None, None), act.event in refused)
            for act in _acts_now(actor, found)
        ],
        "asks": [
            (kind, ASKS[kind][0], refused.get(kind) or ASKS[kind][1](auto_id=f"{kind}_%s"), kind in refused)
            for kind in _asks_now(actor, found, {each.kind for each in asked})
        ],
        "requests": [_asked(actor, found, each, refused) for each in asked],
        "gap_count": sum(len(hand.gaps) for hand in chain),
    }
    return render(request, "archives/originals/original.html", context, status=422 if refused else 200)


def _where(place: Any, holder: Any) -> str:
    return path_of(place) if place else str(holder or "")


def _asked(actor: Actor, found: Original, asked: CustodyRequest, refused: Mapping[str, forms.Form]) -> dict[str, Any]:
    """An open request and what this actor can do about it."""
    mine = asked.asked_by_id == actor.membership_id
    waits = asked.state == CustodyRequest.State.ASKED
    decides = not mine and waits and may_with(actor, requests.DECIDES[asked.kind], found)
    releases = (
        asked.kind == Kind.RELEASE
        and not waits
        and asked.decided_by_id != actor.membership_id
        and may_with(actor, KEEP, found)
    )
    needs_proof = (decides and asked.kind == Kind.BORROW) or releases
    return {
        "row": asked,
        "purpose": purpose_word(asked.purpose),
        "decides": decides,
        "releases": releases,
        "withdraws": mine,
        "refused": str(asked.id) in refused,
        "form": refused.get(str(asked.id)) or (shapes.ProofForm(auto_id=f"r{asked.id}_%s") if needs_proof else None),
    }


@require_http_methods(["GET", "HEAD", "POST"])
@door("originals.register")
def original_new(request: ActorRequest) -> HttpResponse:
    """Enter an original: from a loan, from a paper's page, or by the label that is on it."""
    begun = _beginning(request)
    if (known := original_of_paper(request.actor, begun.get("paper"))) is not None:
        return redirect("archives:original-chain", known.id)
    form = shapes.RegisterForm(request.POST if request.method == "POST" else None, initial=begun)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        paper_id = given.pop("paper")
        try:
            loan = get_loan_by_number_for(request.actor, given.pop("loan"))
            paper = get_paper_for(request.actor, paper_id) if paper_id else None
            made = registering.original_register(actor=request.actor, loan=loan, paper=paper, **given)
        except NotFound:
            form.add_error("loan", _("No loan of yours has this contract number."))
        except Invalid as error:
            add_faults(form, error)
        else:
            told = {"code": original_code(made)}
            messages.success(request, _("Original %(code)s is entered. Print its label and stick it on.") % told)
            return redirect("archives:original-chain", made.id)
    return render(
        request, "archives/originals/new.html", {"form": form}, status=422 if request.method == "POST" else 200
    )


def _beginning(request: ActorRequest) -> dict[str, Any]:
    begun: dict[str, Any] = {name: request.GET[name] for name in ("loan", "code") if request.GET.get(name)}
    if paper_id := request.GET.get("paper"):
        try:
            paper = get_paper_for(request.actor, UUID(paper_id))
        except ValueError as error:
            raise NotFound from error
        begun |= {"paper": paper.id, "kind": paper.kind, "sheets": max(1, paper.pages)}
        if paper.loan is not None:
            begun["loan"] = paper.loan.contract_no
    return begun


@csrf_exempt
@require_POST
@door("originals.view")
def original_hand(request: ActorRequest, original_id: UUID) -> HttpResponse:
    """One more hand. The picture stays in memory, so the handler of files comes before the token is looked for."""
    return _with_photo(request, lambda inner, handler: _hand(inner, handler, original_id))


def _with_photo(request: ActorRequest, inner: Callable[[Any, InMemory], HttpResponse]) -> HttpResponse:
    handler = keep_in_memory(request, most=1)
    checked: Any = csrf_protect(lambda asked: inner(asked, handler))
    response: HttpResponse = checked(request)
    return response


def _hand(request: ActorRequest, handler: InMemory, original_id: UUID) -> HttpResponse:
    found = get_original_for(request.actor, original_id)
    act = next((each for each in ACTS if each.event == request.POST.get("act")), None)
    if act is None:
        raise NotFound
    if handler.wrong:
        raise handler.wrong
    form = act.form(request.actor, request.POST, request.FILES)
    if form.is_valid():
        try:
            act.run(request.actor, found, form.cleaned_data)
        except Invalid as error:
            add_faults(form, error)
        else:
            messages.success(request, _("It is in the chain of this original."))
            return redirect("archives:original-chain", found.id)
    return _show(request, found, bound={act.event: form})


@require_POST
@door("originals.view")
def original_ask(request: ActorRequest, original_id: UUID) -> HttpResponse:
    found = get_original_for(request.actor, original_id)
    kind = request.POST.get("kind", "")
    if kind not in ASKS:
        raise NotFound
    form = ASKS[kind][1](request.POST, auto_id=f"{kind}_%s")
    if form.is_valid():
        try:
            requests.request_ask(actor=request.actor, original=found, kind=kind, **form.cleaned_data)
        except Invalid as error:
            add_faults(form, error)
        else:
            messages.success(request, _("Asked. Somebody else decides about it."))
            return redirect("archives:original-chain", found.id)
    return _show(request, found, bound={kind: form})


@csrf_exempt
@require_POST
@door("originals.view")
def request_decide(request: ActorRequest, custody_request_id: UUID) -> HttpResponse:
    """Say yes or no to what somebody asked, hand out what was confirmed, or take back what one asked oneself."""
    return _with_photo(request, lambda inner, handler: _decide(inner, handler, custody_request_id))


def _decide(request: ActorRequest, handler: InMemory, request_id: UUID) -> HttpResponse:
    asked = get_request_for(request.actor, request_id)
    found = asked.original
    if handler.wrong:
        raise handler.wrong
    form = shapes.ProofForm(request.POST, request.FILES, auto_id=f"r{asked.id}_%s")
    act = request.POST.get("act", "")
    for_good = act == "grant" and requests.DECIDES[asked.kind] == DECIDE
    if for_good and not recently_authenticated(request, capability=DECIDE):
        return reauthenticate(request, back=reverse("archives:original-chain", args=[found.id]), capability=DECIDE)
    if act not in ("grant", "refuse", "withdraw", "release") or not form.is_valid():
        return _show(request, found, bound={str(asked.id): form})
    try:
        _decided(request.actor, asked, act, _proof(form.cleaned_data))
    except Invalid as error:
        add_faults(form, error)
        return _show(request, get_original_for(request.actor, found.id), bound={str(asked.id): form})
    messages.success(request, _("It is in the chain of this original."))
    return redirect("archives:original-chain", found.id)


def _decided(actor: Actor, asked: CustodyRequest, act: str, proof: Proof) -> None:
    if act == "grant":
        requests.request_grant(actor=actor, request=asked, proof=proof)
    elif act == "refuse":
        requests.request_refuse(actor=actor, request=asked)
    elif act == "release":
        requests.original_release(actor=actor, request=asked, proof=proof)
    else:
        requests.request_withdraw(actor=actor, request=asked)


@require_safe
@door("originals.view")
def photo(request: ActorRequest, custody_id: UUID) -> HttpResponse:
    """The picture of a hand, as it came."""
    detail, data = looking.photo_look(actor=request.actor, custody_id=custody_id)
    answer = HttpResponse(data, content_type=detail.media)
    name = code_of(ORIGINAL, detail.custody.original.number)
    answer["Content-Disposition"] = f'inline; filename="{name}-{detail.custody.number}"'
    answer["Content-Security-Policy"] = "sandbox"
    answer["Cache-Control"] = "no-store"
    return answer
