"""What a draft of the retention policy would change: shown at once, or by a job that whoever looks follows."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from carloan.compliance.models import RetentionPolicy, RetentionRecord
from carloan.compliance.retention import class_label
from carloan.compliance.selectors.retention import get_policy_for
from carloan.compliance.selectors.retention_dry_runs import (
    dry_run_of,
    is_current,
)
from carloan.compliance.services import retention_dry_runs as services
from carloan.compliance.services.retention import MANAGE
from carloan.core.doors import ActorRequest, door
from carloan.core.errors import NotFound
from carloan.core.models import Job

PHASE_TONES = {
    "living": "st-blue",
    "active": "st-green",
    "archive": "st-yellow",
    "sealed": "st-purple",
    "due": "st-orange",
    "destroyed": "st-dark",
}


def dry_run_context(request: ActorRequest, policy: RetentionPolicy) -> dict[str, Any]:
    """The card below a draft: what it would change, or how far the job is that counts it."""
    job, simulation = dry_run_of(request.actor, policy)
    may_manage = request.actor.can(MANAGE)
    return {
        "policy": policy,
        "has_dry_run": True,
        "job": job,
        "running": job is not None and job.state in (Job.State.WAITING, Job.State.RUNNING),
        "outdated": job is not None and not is_current(job, policy),
        "may_run": may_manage,
        "may_publish": may_manage and simulation is not None,
        "simulation": simulation,
        "shifts": [
            {
                "label": class_label(each.record_class),
                "before": RetentionRecord.Phase(each.before).label if each.before else _("No policy"),
                "after": RetentionRecord.Phase(each.after).label,
                "tone": PHASE_TONES[each.after],
                "count": each.count,
            }
            for each in (simulation.shifts if simulation else ())
        ],
        "years": [
            (class_label(each.record_class), each.year, each.before, each.after)
            for each in (simulation.years if simulation else ())
        ],
    }


@require_safe
@door("retention.view")
def dry_run(request: ActorRequest, policy_id: UUID) -> HttpResponse:
    """The card alone, which asks again by itself until the job has ended. Raises NotFound for what is no draft."""
    policy = get_policy_for(request.actor, policy_id)
    if policy.state != RetentionPolicy.State.DRAFT:
        raise NotFound
    return render(request, "compliance/_dry_run.html", dry_run_context(request, policy))


@require_POST
@door("retention.manage")
def dry_run_begin(request: ActorRequest, policy_id: UUID) -> HttpResponse:
    services.dry_run_begin(actor=request.actor, policy=get_policy_for(request.actor, policy_id))
    return redirect("compliance:retention-policy", policy_id)
