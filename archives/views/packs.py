"""Pages of template packs: the list, one version with what it asks for, one paper of a draft."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from carloan.archives import dossier_faces
from carloan.archives.models import PackVersion
from carloan.archives.pack_forms import CopyForm, ItemForm, PackForm, RetireForm
from carloan.archives.policies.conditions import PARTIES, PRODUCTS
from carloan.archives.policies.packs import ItemDraft
from carloan.archives.ready_packs import READY
from carloan.archives.selectors.packs import (
    MANAGE,
    differences,
    dossiers_on_packs,
    draft_of,
    get_pack_for,
    get_version_for,
    items_of,
    named,
    packs_for,
    versions_of,
)
from carloan.archives.services import packs as services
from carloan.core.doors import ActorRequest, door
from carloan.core.errors import Invalid, NotFound
from carloan.core.pages.forms import add_errors

_TONES = {"draft": "st-yellow", "published": "st-green", "retired": ""}


@require_safe
@door("papers.view")
def packs(request: ActorRequest) -> HttpResponse:
    """All packs with the version that counts, and how many dossiers stand on each."""
    rows = list(packs_for(request.actor))
    counted, all_versions = dossiers_on_packs(), versions_of(rows)
    known = {pack.code for pack in rows}
    lines = []
    for pack in rows:
        versions = all_versions[pack.id]
        live = next((one for one in versions if one.state == PackVersion.State.PUBLISHED), None)
        draft = next((one for one in versions if one.state == PackVersion.State.DRAFT), None)
        lines.append(
            {
                "pack": pack, "name": named(pack.name, pack.name_en), "live": live, "draft": draft,
                "shown": live or draft or versions[0], "loans": _loans(pack), "dossiers": counted.get(pack.id, 0),
            }
        )  # fmt: skip
    context: dict[str, Any] = {
        "lines": lines,
        "may_manage": request.actor.can(MANAGE),
        "has_all": all(ready.code in known for ready in READY),
    }
    return render(request, "archives/packs.html", context)


def _loans(pack: Any) -> str:
    """For which loans a pack is, in words."""
    products = _(", ").join(str(PRODUCTS[product]) for product in pack.products) or _("any product")
    party = str(PARTIES[pack.party]) if pack.party else _("any borrower")
    return f"{products} · {party}"


@require_POST
@door("packs.manage")
def packs_ready(request: ActorRequest) -> HttpResponse:
    """Take in the packs that ship and are not there yet."""
    services.packs_install(actor=request.actor)
    messages.success(request, _("The ready packs are there now."))
    return redirect("archives:packs")


@require_safe
@door("papers.view")
def version(request: ActorRequest, version_id: UUID) -> HttpResponse:
    return _show(request, get_version_for(request.actor, version_id))


def _show(request: ActorRequest, found: PackVersion, faults: Any = (), **forms: Any) -> HttpResponse:
    manages = request.actor.can(MANAGE)
    is_draft = found.state == PackVersion.State.DRAFT
    others = versions_of([found.pack])[found.pack_id]
    live = next((one for one in others if one.state == PackVersion.State.PUBLISHED), None)
    items = items_of([found.id])
    rows = [
        {
            "item": item, "name": named(item.name, item.name_en),
            "stage": dossier_faces.STAGE_WORDS[item.stage],
            **{name: dossier_faces.told(draft_of(item), name) for name in ("of", "kinds", "condition", "expires")},
        }
        for item in items
    ]  # fmt: skip
    initial = {name: getattr(found.pack, name) for name in ("name", "name_en", "products", "party")}
    context: dict[str, Any] = {
        "version": found, "name": named(found.pack.name, found.pack.name_en), "rows": rows, "others": others,
        "tone": _TONES[found.state], "is_draft": is_draft, "may_manage": manages, "loans": _loans(found.pack),
        "has_draft": any(one.state == PackVersion.State.DRAFT for one in others),
        "changes": (
            dossier_faces.changes_of(differences(items_of([live.id]) if live else [], items))
            if is_draft and live else []
        ),
        "compared": live if is_draft else None,
        "pack_form": (
            PackForm(initial=initial | {"revision": found.revision, "note": found.note})
            if is_draft and manages else None
        ),
        "copy_form": CopyForm() if manages else None,
        "retire_form": (
            RetireForm(initial={"revision": found.revision})
            if manages and found.state == PackVersion.State.PUBLISHED else None
        ),
        "faults": faults,
    } | forms  # fmt: skip
    return render(request, "archives/pack_version.html", context, status=422 if faults or forms else 200)


@require_POST
@door("packs.manage")
def version_describe(request: ActorRequest, version_id: UUID) -> HttpResponse:
    found = get_version_for(request.actor, version_id)
    form = PackForm(request.POST)
    if form.is_valid():
        try:
            services.draft_describe(actor=request.actor, version=found, **form.cleaned_data)
        except Invalid as error:
            add_errors(form, error.fields, error.message)
        else:
            messages.success(request, _("The draft is saved."))
            return redirect("archives:pack-version", found.id)
    return _show(request, found, pack_form=form)


@require_POST
@door("packs.manage")
def version_publish(request: ActorRequest, version_id: UUID) -> HttpResponse:
    found = get_version_for(request.actor, version_id)
    try:
        services.version_publish(actor=request.actor, version=found, revision=_revision(request))
    except Invalid as error:
        return _show(request, found, faults=error.sentences)
    messages.success(request, _("Version %(version)s is published.") % {"version": found.number})
    return redirect("archives:pack-version", found.id)


@require_POST
@door("packs.manage")
def version_retire(request: ActorRequest, version_id: UUID) -> HttpResponse:
    found = get_version_for(request.actor, version_id)
    form = RetireForm(request.POST)
    if not form.is_valid():
        return _show(request, found, retire_form=form)
    services.version_retire(actor=request.actor, version=found, **form.cleaned_data)
    messages.success(request, _("No further loan takes this pack. The loans on it stay there."))
    return redirect("archives:pack-version", found.id)


@require_POST
@door("packs.manage")
def pack_draft(request: ActorRequest, template_id: UUID) -> HttpResponse:
    made = services.pack_draft(actor=request.actor, pack=get_pack_for(request.actor, template_id))
    return redirect("archives:pack-version", made.id)


@require_POST
@door("packs.manage")
def pack_copy(request: ActorRequest, version_id: UUID) -> HttpResponse:
    found = get_version_for(request.actor, version_id)
    form = CopyForm(request.POST)
    if not form.is_valid():
        return _show(request, found, copy_form=form)
    made = services.pack_copy(actor=request.actor, pack=found.pack, **form.cleaned_data)
    messages.success(request, _("The copy is a draft of your own now."))
    return redirect("archives:pack-version", made.id)


@require_http_methods(["GET", "HEAD", "POST"])
@door("packs.manage")
def pack_item(request: ActorRequest, version_id: UUID, item_key: str = "") -> HttpResponse:
    """One paper of a draft; without a key a new one."""
    found = get_version_for(request.actor, version_id)
    if found.state != PackVersion.State.DRAFT:
        raise NotFound
    item = ItemDraft(key="", name="", stage="application")
    if item_key:
        item = next((draft_of(one) for one in items_of([found.id]) if one.key == item_key), item)
        if not item.key:
            raise NotFound
    form = ItemForm(request.POST if request.method == "POST" else None, item=item, revision=found.revision)
    if request.method == "POST" and form.is_valid():
        try:
            services.item_save(
                actor=request.actor, version=found, revision=form.cleaned_data["revision"], item=form.item()
            )
        except Invalid as error:
            add_errors(form, error.fields, error.message)
        else:
            messages.success(request, _("The paper is saved in the draft."))
            return redirect("archives:pack-version", found.id)
    context = {"version": found, "form": form, "item": item, "name": named(found.pack.name, found.pack.name_en)}
    return render(request, "archives/pack_item.html", context, status=422 if form.errors else 200)


@require_POST
@door("packs.manage")
def item_act(request: ActorRequest, version_id: UUID, item_key: str) -> HttpResponse:
    """Take a paper out of a draft, or let it change places with its neighbour."""
    found = get_version_for(request.actor, version_id)
    revision, act = _revision(request), request.POST.get("act")
    if act == "remove":
        services.item_remove(actor=request.actor, version=found, revision=revision, key=item_key)
    elif act in ("up", "down"):
        services.item_shift(actor=request.actor, version=found, revision=revision, key=item_key, up=act == "up")
    else:
        raise NotFound
    return redirect("archives:pack-version", found.id)


def _revision(request: ActorRequest) -> int:
    revision = str(request.POST.get("revision", ""))
    return int(revision) if revision.isdecimal() else 0
