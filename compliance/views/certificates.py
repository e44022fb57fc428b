"""Pages of a destruction's end: its paper originals and the film of their shredding, its certificate and its notary."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from carloan.compliance.holds import holdable
from carloan.compliance.models import DestructionBatch, DestructionItem, DestructionShredding
from carloan.compliance.names import names_of
from carloan.compliance.policies.certificates import NoSegment, Segment, film_gaps, segments_of
from carloan.compliance.policies.destruction import OPEN, SHREDS, WITHOUT_NOTARY, WITNESSES
from carloan.compliance.selectors.certificates import (
    certificate_of,
    certificate_waits_for,
    list_root,
    notary_of,
    qr_text,
    shredding_of,
    shredding_told,
    witnesses_of,
)
from carloan.compliance.selectors.destruction import get_batch_for, items_of
from carloan.compliance.services import notarising, shredding
from carloan.compliance.services.certificate_proofs import certificate_proofs_take, certificate_take
from carloan.compliance.views.asked import add_faults
from carloan.core.actors import Actor
from carloan.core.doors import ActorRequest, door
from carloan.core.errors import Invalid, NotFound
from carloan.core.sealed import clear
from carloan.core.stepup import reauthenticate, recently_authenticated, typed_before
from carloan.lib.qr import symbol

MOMENT = "%Y-%m-%dT%H:%M"


class ShreddingForm(forms.Form):
    """How the papers went. Boxes and papers of each thing are fields of their own, named by its place."""

    method = forms.ChoiceField(label=gettext_lazy("Method"), choices=DestructionShredding.Method.choices)
    company = forms.CharField(label=gettext_lazy("Destroying company"), max_length=shredding.MOST_WORDS)
    site = forms.CharField(label=gettext_lazy("Place of the destruction"), max_length=shredding.MOST_WORDS)
    began_at = forms.DateTimeField(
        label=gettext_lazy("Began at"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT)
    )
    ended_at = forms.DateTimeField(
        label=gettext_lazy("Ended at"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT)
    )
    film = forms.CharField(
        label=gettext_lazy("Segments of the film"),
        required=False,
        max_length=200_000,
        widget=forms.Textarea(attrs={"rows": 4, "class": "mono small", "spellcheck": "false"}),
        help_text=gettext_lazy(
            "One a line: SHA-256, bytes, from, to, file name. Choosing the files writes these lines."
        ),
    )
    no_film = forms.CharField(
        label=gettext_lazy("Why there is no film"), required=False, max_length=shredding.MOST_WORDS
    )

    def __init__(self, *args: Any, things: Mapping[int, str], zone: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.things, self.zone = things, ZoneInfo(zone)
        for place in things:
            for name, label in (("boxes", _("Number of boxes")), ("papers", _("Number of papers"))):
                field = forms.IntegerField(label=f"{label} {place}", min_value=0, required=False)
                self.fields[f"{name}_{place}"] = field

    def clean_film(self) -> list[Segment]:
        try:
            return segments_of(self.cleaned_data["film"], self.zone)
        except NoSegment as error:
            raise forms.ValidationError(
                _("Line %(line)s is no segment: SHA-256, bytes, from, to, file name.") % {"line": error.args[0]}
            ) from error

    def record(self) -> shredding.Shredding:
        given = self.cleaned_data
        return shredding.Shredding(
            method=given["method"],
            company=given["company"],
            site=given["site"],
            began_at=given["began_at"],
            ended_at=given["ended_at"],
            counts={
                place: (given.get(f"boxes_{place}") or 0, given.get(f"papers_{place}") or 0) for place in self.things
            },
            film=given["film"],
            no_film=given["no_film"],
        )

    @property
    def facts(self) -> list[Any]:
        return [self[name] for name in ("method", "company", "site", "began_at", "ended_at")]

    @property
    def count_rows(self) -> list[tuple[int, str, Any, Any]]:
        return [(place, thing, self[f"boxes_{place}"], self[f"papers_{place}"]) for place, thing in self.things.items()]


class NotaryForm(forms.Form):
    """The deed about a certificate."""

    number = forms.CharField(label=gettext_lazy("Number of the notarial deed"), max_length=notarising.MOST_NUMBER)
    office = forms.CharField(label=gettext_lazy("Notary office"), max_length=notarising.MOST_WORDS)
    notarised_on = forms.DateField(
        label=gettext_lazy("Notarised on"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


class WithoutNotaryForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Why there is no notary"),
        max_length=notarising.MOST_WORDS,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


def ending(actor: Actor, batch: DestructionBatch, items: list[DestructionItem]) -> dict[str, Any]:
    """What the page of a batch says of its end, as this actor may see and do it."""
    certificate, notary = certificate_of(batch), notary_of(batch)
    record = shredding_of(batch) if batch.originals else None
    witnesses = witnesses_of(record) if record else []
    carries_out, shreds = actor.can(shredding.CARRY_OUT), batch.originals and batch.state in SHREDS
    spoken = {batch.proposed_by_id, *(witness.member_id for witness in witnesses)}
    if record:
        spoken.add(record.recorded_by_id)
    verified = batch.state == DestructionBatch.State.VERIFIED
    return {
        "certificate": certificate,
        "waits": certificate_waits_for(batch, items) if verified else [],
        "notary": notary and {"row": notary, **{name: clear(notary, name) for name in ("number", "office", "reason")}},
        "shredding": record and {"row": record, **_shredding_shown(record)},
        "witnesses": witnesses,
        "missing_witnesses": max(0, WITNESSES - len(witnesses)),
        "may_declare": carries_out and not batch.originals and batch.state in OPEN,
        "may_record": carries_out and shreds,
        "may_film": shreds,
        "may_witness": shreds
        and record is not None
        and len(witnesses) < WITNESSES
        and actor.can(shredding.WITNESS)
        and actor.membership_id not in spoken,
        "may_notarise": carries_out and batch.state == DestructionBatch.State.CERTIFIED,
        "may_do_without": carries_out and batch.state in WITHOUT_NOTARY and notary is None,
    }


def _shredding_shown(record: DestructionShredding) -> dict[str, Any]:
    told = shredding_told(record)
    return {
        **{name: told[name] for name in ("company", "site", "no_film", "film")},
        "gaps": film_gaps(told),
        "boxes": sum(each["boxes"] for each in record.counts),
        "papers": sum(each["papers"] for each in record.counts),
    }


@require_POST
@door("destruction.carry_out")
def originals(request: ActorRequest, destruction_id: UUID) -> HttpResponse:
    found = get_batch_for(request.actor, destruction_id)
    shredding.originals_declare(actor=request.actor, batch=found)
    messages.success(request, _("The batch has paper originals now: two people must see them go."))
    return redirect("compliance:destruction", found.id)


@require_http_methods(["GET", "HEAD", "POST"])
@door("destruction.carry_out")
def shredding_new(request: ActorRequest, destruction_id: UUID) -> HttpResponse:
    """Record how the papers went; what was recorded before stands in the form."""
    found = get_batch_for(request.actor, destruction_id)
    if not (found.originals and found.state in SHREDS):
        raise NotFound
    zone = request.tenant.time_zone
    given = request.POST if request.method == "POST" else typed_before(request)
    form = ShreddingForm(given, things=_things(request.actor, found), zone=zone, initial=_before(found, zone))
    if request.method == "POST" and form.is_valid():
        if not recently_authenticated(request):
            return reauthenticate(request, typed=request.POST)
        try:
            shredding.shredding_record(actor=request.actor, batch=found, record=form.record())
        except Invalid as error:
            add_faults(form, error)
        else:
            messages.success(request, _("The shredding is on record. Two witnesses confirm it now."))
            return redirect("compliance:destruction", found.id)
    return render(
        request,
        "compliance/shredding.html",
        {"batch": found, "form": form},
        status=422 if request.method == "POST" else 200,
    )


def _things(actor: Actor, batch: DestructionBatch) -> dict[int, str]:
    """What was destroyed, by its place on the list, called as on the batch's page."""
    gone = [item for item in items_of(batch) if item.state in ("destroyed", "verified")]
    names = names_of(actor, [(holdable(item.unit).object_type, item.object_id) for item in gone])
    found = {}
    for item in gone:
        named = names.get(item.object_id)
        found[item.place] = f"{holdable(item.unit).label} {named.label if named else item.object_id}"
    return found


def _before(batch: DestructionBatch, zone: str) -> dict[str, Any]:
    record = shredding_of(batch)
    if record is None:
        return {}
    told = shredding_told(record)
    lines = [
        ", ".join([each["sha256"], str(each["size"]), each["from"], each["to"], each["name"]]) for each in told["film"]
    ]
    counts = {f"{name}_{each['place']}": each[name] for each in record.counts for name in ("boxes", "papers")}
    moments = {
        name: getattr(record, name).astimezone(ZoneInfo(zone)).strftime(MOMENT) for name in ("began_at", "ended_at")
    }
    kept = {name: told[name] for name in ("method", "company", "site", "no_film")}
    return {**kept, **counts, **moments, "film": "\n".join(lines)}


@require_POST
@door("destruction.witness")
def shredding_witness(request: ActorRequest, destruction_id: UUID) -> HttpResponse:
    found = get_batch_for(request.actor, destruction_id)
    if not recently_authenticated(request):
        return reauthenticate(request, back=reverse("compliance:destruction", args=[found.id]))
    shredding.shredding_witness(actor=request.actor, batch=found, digest=request.POST.get("digest", ""))
    messages.success(request, _("That you saw it is on record."))
    return redirect("compliance:destruction", found.id)


@require_safe
@door("destruction.view")
def film(request: ActorRequest, destruction_id: UUID) -> HttpResponse:
    """The code of the batch, as large as the screen: it is held into the camera at the beginning and at the end."""
    found = get_batch_for(request.actor, destruction_id)
    root = list_root(items_of(found))
    context = {"batch": found, "root": root.hex(), "code": symbol(qr_text(found, root)), "now": timezone.now()}
    return render(request, "compliance/film.html", context)


@require_safe
@door("destruction.view")
def certificate_file(request: ActorRequest, destruction_id: UUID) -> HttpResponse:
    found = get_batch_for(request.actor, destruction_id)
    pdf = certificate_take(actor=request.actor, batch=found)
    return _file(pdf, "application/pdf", f"destruction-{found.number}.pdf")


@require_safe
@door("destruction.view")
def certificate_proofs(request: ActorRequest, destruction_id: UUID) -> HttpResponse:
    found = get_batch_for(request.actor, destruction_id)
    packed = certificate_proofs_take(actor=request.actor, batch=found)
    return _file(packed, "application/zip", f"destruction-{found.number}-proofs.zip")


def _file(data: bytes, media: str, name: str) -> HttpResponse:
    response = HttpResponse(data, content_type=media)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@door("destruction.carry_out")
def notary(request: ActorRequest, destruction_id: UUID) -> HttpResponse:
    """Number, office and day of the deed."""
    found = get_batch_for(request.actor, destruction_id)
    if found.state != DestructionBatch.State.CERTIFIED:
        raise NotFound
    form = NotaryForm(request.POST if request.method == "POST" else typed_before(request))
    if request.method == "POST" and form.is_valid():
        if not recently_authenticated(request):
            return reauthenticate(request, typed=request.POST)
        try:
            notarising.batch_notarise(actor=request.actor, batch=found, **form.cleaned_data)
        except Invalid as error:
            add_faults(form, error)
        else:
            messages.success(request, _("The notarial deed is on record."))
            return redirect("compliance:destruction", found.id)
    return _notary_page(request, found, form, deed=True)


@require_http_methods(["GET", "HEAD", "POST"])
@door("destruction.carry_out")
def without_notary(request: ActorRequest, destruction_id: UUID) -> HttpResponse:
    """Why there is no notary."""
    found = get_batch_for(request.actor, destruction_id)
    if found.state not in WITHOUT_NOTARY:
        raise NotFound
    form = WithoutNotaryForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        notarising.batch_without_notary(actor=request.actor, batch=found, **form.cleaned_data)
        messages.success(request, _("Why there is no notary is on record."))
        return redirect("compliance:destruction", found.id)
    return _notary_page(request, found, form, deed=False)


def _notary_page(request: ActorRequest, batch: DestructionBatch, form: forms.Form, *, deed: bool) -> HttpResponse:
    context = {"batch": batch, "form": form, "deed": deed}
    status = 422 if request.method == "POST" else 200
    return render(request, "compliance/notary.html", context, status=status)
