"""Pages of a loan's dossier: one item of its checklist, one stage, the version of the checklist it stands on."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from carloan.archives import dossier_faces, faces
from carloan.archives.models import Paper
from carloan.archives.policies.checklist import STAGES, blocking
from carloan.archives.selectors.checklist import (
    Checklist,
    Line,
    checklist_of,
    get_closing_for,
    get_waiver_for,
)
from carloan.archives.selectors.packs import differences, draft_of, items_of, named, published_versions
from carloan.archives.selectors.papers import get_paper_for, papers_of_loan
from carloan.archives.services import stages as stage_services
from carloan.archives.services.ticking import KEEP, UPLOAD, Spot, may_stand, paper_place
from carloan.archives.services.waivers import APPROVE, waiver_ask, waiver_decide
from carloan.archives.views.named import id_of
from carloan.archives.words import kind_label
from carloan.core.doors import ActorRequest, door
from carloan.core.errors import Invalid, NotFound
from carloan.core.pages.forms import add_errors
from carloan.core.sight import show
from carloan.core.stepup import reauthenticate, recently_authenticated
from carloan.loans.models import Loan
from carloan.loans.selectors.loans import get_loan_for, may

LONGEST = 500
_REASON: dict[str, Any] = {"widget": forms.Textarea(attrs={"rows": 2}), "max_length": LONGEST}


class WaiverForm(forms.Form):
    """Ask for a waiver."""

    reason = forms.CharField(label=gettext_lazy("Why the paper can be done without"), **_REASON)
    until = forms.DateField(
        label=gettext_lazy("Only until"), required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )  # fmt: skip


class DecideForm(forms.Form):
    """A second person's word."""

    revision = forms.IntegerField(widget=forms.HiddenInput)
    agrees = forms.ChoiceField(
        label=gettext_lazy("Decision"), widget=forms.RadioSelect,
        choices=[("yes", gettext_lazy("Approve")), ("no", gettext_lazy("Refuse"))],
    )  # fmt: skip
    answer = forms.CharField(label=gettext_lazy("In words; needed for a refusal"), required=False, **_REASON)


class PlaceForm(forms.Form):
    """Which paper of the dossier stands for an item."""

    paper = forms.ChoiceField(label=gettext_lazy("Paper of this dossier"))

    def __init__(self, data: Any = None, *, papers: list[tuple[str, str]]) -> None:
        super().__init__(data)
        field = self.fields["paper"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = papers


class ReasonForm(forms.Form):
    """Why a stage is reopened."""

    revision = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(label=gettext_lazy("Why the stage is reopened"), **_REASON)


class PackForm(forms.Form):
    """On which version a dossier goes on, and why."""

    version = forms.ChoiceField(label=gettext_lazy("Template pack"))
    reason = forms.CharField(label=gettext_lazy("Reason"), **_REASON)

    def __init__(self, data: Any = None, *, versions: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        field = self.fields["version"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = versions


def _line(request: ActorRequest, checklist: Checklist, key: str) -> Line:
    party = id_of(request.GET["party"]) if request.GET.get("party") else None
    for line in checklist.lines:
        if line.item.key == key and (line.party.id if line.party else None) == party:
            return line
    raise NotFound


@require_safe
@door("papers.view")
def loan_checklist(request: ActorRequest, loan_id: UUID) -> HttpResponse:
    """The checklist in the loan's tab, asked again while papers come."""
    loan = get_loan_for(request.actor, loan_id)
    return render(request, "archives/_checklist.html", dossier_faces.checklist_context(request.actor, loan))


@require_safe
@door("papers.view")
def item(request: ActorRequest, loan_id: UUID, item_key: str) -> HttpResponse:
    """One item of the checklist: its papers, its waivers, and the ways to bring what is missing."""
    return _show_item(request, get_loan_for(request.actor, loan_id), item_key)


def _show_item(request: ActorRequest, loan: Loan, key: str, **said: Any) -> HttpResponse:
    actor, checklist = request.actor, checklist_of(loan)
    line = _line(request, checklist, key)
    row = dossier_faces.row_of(actor, loan, line)
    closed = line.item.stage in checklist.closings
    held = {tick.paper_id for tick in line.papers}
    others = [
        (str(each.paper.id), f"{each.kind} · {each.name}")
        for each in faces.rows_of(actor, papers_of_loan(actor, loan).exclude(state=Paper.State.REFUSED)[:200])
        if each.paper.id not in held and not each.is_busy and may_stand(each.paper, line.item)
    ]
    carry = [("loan", loan.contract_no), ("item", line.item.key)]
    carry += [("party", str(line.party.id))] if line.party else []
    papers = faces.rows_of(actor, papers_of_loan(actor, loan).filter(id__in=held))
    may_keep = may(actor, KEEP, loan) and not closed
    asked = dossier_faces.waivers_of(actor, loan, line.waivers)
    context: dict[str, Any] = {
        "loan": loan, "row": row, "line": line, "closed": closed, "extra": carry,
        "stage_label": dossier_faces.STAGE_WORDS[line.item.stage],
        "facts": [
            (dossier_faces.FIELD_WORDS[name], dossier_faces.told(draft_of(line.item), name))
            for name in ("of", "required", "count", "kinds", "expires", "confidentiality", "original")
        ],
        "rows": papers, "busy": any(each.is_busy for each in papers), "fragment_url": row.url,
        "waivers": asked,
        "may_bring": may(actor, UPLOAD, loan) and not closed,
        "place_form": PlaceForm(papers=others) if others and may_keep else None,
        "waiver_form": WaiverForm() if may_keep and row.waits and not _is_asked(asked) else None,
        "decide": next((one for one in asked if one.may_decide), None),
        "decide_form": next(
            (DecideForm(initial={"revision": one.waiver.revision}) for one in asked if one.may_decide), None
        ),
    } | said  # fmt: skip
    if request.htmx and not request.htmx.boosted:
        # The list of papers asks for itself again.
        return render(request, "archives/_papers.html", context)
    return render(request, "archives/dossier_item.html", context, status=422 if said else 200)


def _is_asked(asked: list[dossier_faces.Said]) -> bool:
    return any(one.waiver.state == "asked" for one in asked)


def _spot(request: ActorRequest, loan: Loan, key: str) -> Spot:
    line = _line(request, checklist_of(loan), key)
    return Spot(line.item.key, line.party.id if line.party else None)


def _to_item(loan: Loan, spot: Spot) -> HttpResponse:
    return redirect(dossier_faces.item_url(loan, *spot))


@require_POST
@door("dossiers.keep")
def item_waive(request: ActorRequest, loan_id: UUID, item_key: str) -> HttpResponse:
    loan = get_loan_for(request.actor, loan_id)
    form = WaiverForm(request.POST)
    if form.is_valid():
        spot = _spot(request, loan, item_key)
        try:
            waiver_ask(
                actor=request.actor, loan=loan, spot=spot, reason=form.cleaned_data["reason"],
                until=form.cleaned_data["until"],
            )  # fmt: skip
        except Invalid as error:
            add_errors(form, error.fields, error.message)
        else:
            messages.success(request, _("The waiver waits for a second person now."))
            return _to_item(loan, spot)
    return _show_item(request, loan, item_key, waiver_form=form)


@require_POST
@door("dossiers.keep", "papers.upload")
def item_place(request: ActorRequest, loan_id: UUID, item_key: str) -> HttpResponse:
    """Let a paper that lies in the dossier stand for the item."""
    loan = get_loan_for(request.actor, loan_id)
    spot = _spot(request, loan, item_key)
    chosen = id_of(request.POST.get("paper", ""))
    if chosen is None:
        raise NotFound
    paper = get_paper_for(request.actor, chosen)
    if paper.loan_id != loan.id:
        raise NotFound
    try:
        paper_place(actor=request.actor, paper=paper, spot=spot)
    except Invalid as error:
        form = PlaceForm({"paper": str(chosen)}, papers=[(str(chosen), kind_label(paper.kind))])
        add_errors(form, {"paper": error.sentences}, error.message)
        return _show_item(request, loan, item_key, place_form=form)
    messages.success(request, _("The paper stands for this item now."))
    return _to_item(loan, spot)


@require_POST
@door("dossiers.approve")
def waiver_speak(request: ActorRequest, waiver_id: UUID) -> HttpResponse:
    """A second person's word about a waiver."""
    waiver = get_waiver_for(request.actor, waiver_id)
    loan, spot = waiver.dossier.loan, Spot(waiver.item_key, waiver.party_id)
    back = dossier_faces.item_url(loan, *spot)
    form = DecideForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose whether you approve."))
        return redirect(back)
    if not recently_authenticated(request, capability=APPROVE):
        return reauthenticate(request, back=back, typed=request.POST, capability=APPROVE)
    try:
        waiver_decide(
            actor=request.actor, waiver=waiver, revision=form.cleaned_data["revision"],
            agrees=form.cleaned_data["agrees"] == "yes", answer=form.cleaned_data["answer"],
        )  # fmt: skip
    except Invalid as error:
        messages.error(request, " ".join(map(str, error.sentences)))
    else:
        messages.success(request, _("What you said is on record."))
    return redirect(back)


@require_safe
@door("papers.view")
def stage(request: ActorRequest, loan_id: UUID, stage_name: str) -> HttpResponse:
    """One stage: what keeps it open, and how it is closed and reopened."""
    return _show_stage(request, get_loan_for(request.actor, loan_id), stage_name)


def _show_stage(
    request: ActorRequest, loan: Loan, name: str, faults: Any = (), reason_form: ReasonForm | None = None
) -> HttpResponse:
    actor = request.actor
    if name not in STAGES:
        raise NotFound
    checklist = checklist_of(loan)
    closing = checklist.closings.get(name)
    open_items = blocking(checklist.standings, name)
    lines = checklist.of_stage(name)
    keeps = may(actor, KEEP, loan)
    earlier = [each for each in STAGES[: STAGES.index(name)] if each not in checklist.closings]
    reached = STAGES.index(name) <= STAGES.index(checklist.stage)
    asks = closing is not None and closing.state == "asked"
    decides = asks and may(actor, APPROVE, loan) and closing is not None and closing.asked_by_id != actor.membership_id
    if reason_form is None and keeps and closing and closing.state == "closed":
        reason_form = ReasonForm(initial={"revision": closing.revision})
    context: dict[str, Any] = {
        "loan": loan, "name": name, "label": dossier_faces.STAGE_WORDS[name], "closing": closing, "faults": faults,
        "rows": [dossier_faces.row_of(actor, loan, line) for line in lines if line.standing in open_items],
        "earlier": [dossier_faces.STAGE_WORDS[each] for each in earlier], "reached": reached,
        "count": len(lines), "has_pack": checklist.version is not None,
        "may_close": keeps and closing is None and reached and not open_items and not earlier and checklist.version,
        "reason": show(actor, closing, "reason").text if closing and closing.reason else "",
        "reason_form": reason_form,
        "decide_form": DecideForm(initial={"revision": closing.revision}) if decides and closing else None,
    }  # fmt: skip
    wrong = faults or (reason_form is not None and reason_form.errors)
    return render(request, "archives/dossier_stage.html", context, status=422 if wrong else 200)


@require_POST
@door("dossiers.keep")
def stage_close(request: ActorRequest, loan_id: UUID, stage_name: str) -> HttpResponse:
    loan = get_loan_for(request.actor, loan_id)
    try:
        stage_services.stage_close(actor=request.actor, loan=loan, stage=stage_name)
    except Invalid as error:
        return _show_stage(request, loan, stage_name, faults=error.sentences)
    messages.success(request, _("The stage is closed and its papers are sealed."))
    return redirect("archives:stage", loan.id, stage_name)


@require_POST
@door("dossiers.keep")
def reopen_ask(request: ActorRequest, closing_id: UUID) -> HttpResponse:
    closing = get_closing_for(request.actor, closing_id)
    loan, form = closing.dossier.loan, ReasonForm(request.POST)
    if form.is_valid():
        try:
            stage_services.stage_reopen_ask(actor=request.actor, closing=closing, **form.cleaned_data)
        except Invalid as error:
            add_errors(form, error.fields, error.message)
        else:
            messages.success(request, _("A second person is to reopen the stage now."))
            return redirect("archives:stage", loan.id, closing.stage)
    return _show_stage(request, loan, closing.stage, reason_form=form)


@require_POST
@door("dossiers.approve")
def reopen_speak(request: ActorRequest, closing_id: UUID) -> HttpResponse:
    """A second person's word about reopening a stage."""
    closing = get_closing_for(request.actor, closing_id)
    loan, form = closing.dossier.loan, DecideForm(request.POST)
    back = reverse("archives:stage", args=[loan.id, closing.stage])
    if not form.is_valid():
        messages.error(request, _("Choose whether you approve."))
        return redirect(back)
    if not recently_authenticated(request, capability=APPROVE):
        return reauthenticate(request, back=back, typed=request.POST, capability=APPROVE)
    try:
        stage_services.stage_reopen_decide(
            actor=request.actor, closing=closing, revision=form.cleaned_data["revision"],
            agrees=form.cleaned_data["agrees"] == "yes", answer=form.cleaned_data["answer"],
        )  # fmt: skip
    except Invalid as error:
        return _show_stage(request, loan, closing.stage, faults=error.sentences)
    messages.success(request, _("What you said is on record."))
    return redirect(back)


@require_http_methods(["GET", "HEAD", "POST"])
@door("dossiers.keep")
def dossier_pack(request: ActorRequest, loan_id: UUID) -> HttpResponse:
    """Put a loan on another version of a checklist: what would change is shown before it is done."""
    loan = get_loan_for(request.actor, loan_id)
    versions = published_versions()
    current = checklist_of(loan).version
    choices = [
        (str(each.id), f"{named(each.pack.name, each.pack.name_en)} · v{each.number}")
        for each in versions
        if current is None or each.id != current.id
    ]
    wanted = str(request.POST.get("version") or request.GET.get("version") or (choices[0][0] if choices else ""))
    target = next((each for each in versions if str(each.id) == wanted), None)
    form = PackForm(request.POST or None, versions=choices, initial={"version": wanted})
    if request.method == "POST" and form.is_valid() and target is not None:
        try:
            stage_services.dossier_move(
                actor=request.actor, loan=loan, version=target, reason=form.cleaned_data["reason"]
            )
        except Invalid as error:
            add_errors(form, error.fields, error.message)
        else:
            messages.success(request, _("The dossier stands on the chosen checklist now."))
            return redirect(f"{reverse('loans:detail', args=[loan.id])}?{urlencode({'tab': 'papers'})}")
    changes = []
    if target is not None:
        changes = dossier_faces.changes_of(
            differences(items_of([current.id]) if current else [], items_of([target.id]))
        )
    context: dict[str, Any] = {
        "loan": loan, "form": form, "current": current, "target": target, "changes": changes, "choices": choices,
        "current_name": named(current.pack.name, current.pack.name_en) if current else "",
    }  # fmt: skip
    return render(request, "archives/dossier_pack.html", context, status=422 if form.errors else 200)
