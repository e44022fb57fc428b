"""Pages of the map of controls: the frameworks, the rows of one, one row with its evidence; and the auditor's packs."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from carloan.compliance.control_words import OUTCOME_TONES, OUTCOME_WORDS, STATUS_TONES, STATUS_WORDS
from carloan.compliance.controls import Framework, Status
from carloan.compliance.controls.facts import Fact
from carloan.compliance.controls.results import Outcome, results
from carloan.compliance.selectors.controls import (
    evidence_of,
    frameworks_for,
    get_control_for,
    get_framework_for,
    get_pack_for,
    get_pack_job_for,
    last_pack_job,
    outcome_of,
    packs_for,
    rows_of,
)
from carloan.compliance.services import auditor_packs as services
from carloan.compliance.tasks import make_pack
from carloan.core.actors import Actor
from carloan.core.doors import ActorRequest, door
from carloan.core.listing import one_of
from carloan.core.models import Job
from carloan.core.stepup import reauthenticate, recently_authenticated


def _counts(framework: Framework) -> list[dict[str, Any]]:
    address = reverse("compliance:framework", args=[framework.code])
    return [
        {"label": STATUS_WORDS[status], "tone": STATUS_TONES[status], "count": count,
         "url": f"{address}?status={status}"}
        for status, count in framework.counts.items()
    ]  # fmt: skip


def _told(outcome: Outcome | None) -> tuple[Any, str] | None:
    return (OUTCOME_WORDS[outcome], OUTCOME_TONES[outcome]) if outcome else None


@require_safe
@door("controls.view")
def frameworks(request: ActorRequest) -> HttpResponse:
    job = last_pack_job(request.actor)
    context = {
        "frameworks": [(each, _counts(each)) for each in frameworks_for(request.actor)],
        "results": results(),
        "packs": packs_for(request.actor),
        "job": job,
        "busy": job is not None and job.state in (Job.State.WAITING, Job.State.RUNNING),
        "failed": job is not None and job.state == Job.State.FAILED,
        "may_export": request.actor.can(services.EXPORT),
    }
    return render(request, "compliance/frameworks.html", context)


@require_safe
@door("controls.view")
def framework(request: ActorRequest, framework: str) -> HttpResponse:
    found = get_framework_for(request.actor, framework)
    status = one_of(request.GET, "status", list(Status))
    chapter = one_of(request.GET, "chapter", found.chapters)
    rows = [
        (row.control, STATUS_WORDS[row.control.status], STATUS_TONES[row.control.status], _told(row.outcome))
        for row in rows_of(found, status=status, chapter=chapter)
    ]
    tabs = [
        {"label": label, "count": count, "current": code == status,
         "url": f"?status={code}&chapter={chapter}" if code or chapter else "?"}
        for code, label, count in [
            ("", _("All"), len(found.controls)),
            *((status, STATUS_WORDS[status], count) for status, count in found.counts.items()),
        ]
    ]  # fmt: skip
    context = {
        "framework": found,
        "rows": rows,
        "tabs": tabs,
        "status": status,
        "chapter": chapter,
        "chapters": found.chapters.items(),
        "results": results(),
        "levels": any(each.level for each in found.controls),
    }
    return render(request, "compliance/framework.html", context)


@require_safe
@door("controls.view")
def control(request: ActorRequest, framework: str, control: str) -> HttpResponse:
    found, row = get_control_for(request.actor, framework, control)
    proofs = [
        {
            "words": each.proof.words,
            "tests": [(node, *(_told(outcome) or ("", ""))) for node, outcome in each.tests],
            "docs": each.proof.docs,
            "facts": [(fact.label, _address(request.actor, fact), lines) for fact, lines in each.facts],
        }
        for each in evidence_of(row, found=results())
    ]
    context = {
        "framework": found,
        "control": row,
        "chapter": found.chapters[row.chapter],
        "status": (STATUS_WORDS[row.status], STATUS_TONES[row.status]),
        "outcome": _told(outcome_of(row.proofs, results())),
        "proofs": proofs,
        "results": results(),
    }
    return render(request, "compliance/control.html", context)


def _address(actor: Actor, fact: Fact) -> str:
    return reverse(fact.url_name) if fact.url_name and actor.can(fact.capability) else ""


@require_POST
@door("controls.export")
def pack_ask(request: ActorRequest) -> HttpResponse:
    if not recently_authenticated(request):
        return reauthenticate(request, back=reverse("compliance:controls"))
    job = services.pack_ask(actor=request.actor)
    make_pack.send(job_id=str(job.id))
    messages.success(request, _("The auditor's pack is being made. It stands below as soon as it is done."))
    return redirect("compliance:controls")


@require_safe
@door("controls.view")
def pack_state(request: ActorRequest, job_id: UUID) -> JsonResponse:
    return JsonResponse({"state": get_pack_job_for(request.actor, job_id).state})


@require_safe
@door("controls.export")
def pack(request: ActorRequest, pack_id: UUID) -> HttpResponse:
    """The zip. A look like others, so a GET; it is told before it leaves."""
    found = get_pack_for(request.actor, pack_id)
    if not recently_authenticated(request):
        return reauthenticate(request, back=reverse("compliance:controls"))
    answer = HttpResponse(services.pack_download(actor=request.actor, pack=found), content_type="application/zip")
    answer["Content-Disposition"] = f'attachment; filename="auditor-pack-{found.number}.zip"'
    return answer
