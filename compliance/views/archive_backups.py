"""The page of the quarterly backups: each with its restore test, and the button that begins this quarter's."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from carloan.compliance.models import ArchiveBackup
from carloan.compliance.policies.archive_backups import GRACE, first_day, quarter_of
from carloan.compliance.selectors.archive_backups import backups_for, late, standing_in
from carloan.compliance.services import archive_backups as services
from carloan.compliance.services.retention import MANAGE
from carloan.core.doors import ActorRequest, door

BACKUP_TONES = {
    "writing": "st-blue st-busy",
    "checking": "st-yellow st-busy",
    "passed": "st-green",
    "failed": "st-red",
}


@dataclass(frozen=True, slots=True)
class Row:
    """A backup, how long it took, and how far it is while it goes on."""

    backup: ArchiveBackup
    tone: str
    took: timedelta | None
    quarter: str


def quarter_words(quarter: str) -> str:
    """A quarter as people write it."""
    return _("Q%(number)s %(year)s") % {"year": quarter[:4], "number": quarter[5]}


@require_safe
@door("retention.view")
def backups(request: ActorRequest) -> HttpResponse:
    today = timezone.localdate()
    quarter = quarter_of(today)
    rows = [_row(each) for each in backups_for(request.actor)]
    return render(
        request,
        "compliance/archive_backups.html",
        {
            "rows": rows,
            "late": late(today),
            "quarter": quarter_words(quarter),
            "due_by": first_day(quarter) + GRACE,
            "may_begin": request.actor.can(MANAGE) and standing_in(quarter) is None,
            "may_restore": request.actor.can(MANAGE),
        },
    )


@require_POST
@door("retention.manage")
def backup_begin(request: ActorRequest) -> HttpResponse:
    backup = services.backup_begin(actor=request.actor)
    messages.success(request, _("The backup of %(quarter)s has begun.") % {"quarter": quarter_words(backup.quarter)})
    return redirect("compliance:archive-backups")


def _row(backup: ArchiveBackup) -> Row:
    took: Any = backup.ended_at - backup.begun_at if backup.ended_at else None
    if took is not None:
        took = timedelta(seconds=round(took.total_seconds()))
    return Row(backup, BACKUP_TONES[backup.state], took, quarter_words(backup.quarter))
