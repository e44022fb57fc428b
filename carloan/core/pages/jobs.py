"""Progress and result of long work; the page asks again by itself until the work has ended."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from carloan.core.actors import Actor
from carloan.core.doors import ActorRequest, door
from carloan.core.jobs import get_job_for
from carloan.core.models import Job
from carloan.core.selectors import recent_jobs

TONES = {
    Job.State.WAITING: "st-yellow",
    Job.State.RUNNING: "st-blue st-busy",
    Job.State.DONE: "st-green",
    Job.State.FAILED: "st-red",
    Job.State.CANCELLED: "",
}


@dataclass(frozen=True)
class JobFace:
    """How jobs of a kind are told: their name, and a template for the result (context: job)."""

    label: Any
    template: str = ""
    back: Callable[[Job], str] | None = None


_faces: dict[str, JobFace] = {}


def register_face(kind: str, face: JobFace) -> None:
    _faces[kind] = face


def recent(actor: Actor) -> dict[str, Any]:
    """The panel of the home page: the latest jobs with their faces."""
    rows = [(job, face_of(job).label, TONES[Job.State(job.state)]) for job in recent_jobs(actor)]
    return {"rows": rows}


def face_of(job: Job) -> JobFace:
    return _faces.get(job.kind) or JobFace(job.kind)


def label_of_kind(kind: str) -> str:
    """What jobs of a kind are called; the kind itself where no app knows it any more."""
    return str(_faces[kind].label) if kind in _faces else kind


@require_safe
@door("jobs.view")
def job(request: ActorRequest, job_id: UUID) -> HttpResponse:
    found = get_job_for(request.actor, job_id)
    face = face_of(found)
    over = found.state not in (Job.State.WAITING, Job.State.RUNNING)
    context = {
        "job": found,
        "face": face,
        "tone": TONES[Job.State(found.state)],
        "over": over,
        "back": face.back(found) if face.back else "",
    }
    fragment = request.headers.get("HX-Request") == "true"
    return render(request, "core/_job.html" if fragment else "core/job.html", context)
