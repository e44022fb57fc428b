"""How backups of the archive and what is sealed apart are told in other rooms: acts, names, jobs, tiles, openings."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from carloan.compliance.models import ArchiveBackup
from carloan.compliance.names import Named, register_field_words, register_namer
from carloan.compliance.openings import register_openable
from carloan.compliance.retention import units
from carloan.compliance.selectors.archive_backups import RESTORE, late
from carloan.compliance.selectors.retention import policy_in_force, reviews_due
from carloan.compliance.selectors.retention_dry_runs import KIND as DRY_RUN
from carloan.compliance.services.archive_backups import KIND, backup_failed
from carloan.compliance.services.sealing_apart import KIND as SEALED
from carloan.compliance.tasks import work_on_archive_backup, work_on_retention_dry_run, work_on_unit_restore
from carloan.compliance.values import Words, register_value_words
from carloan.compliance.views import sealed_units, unit_restores
from carloan.compliance.views.archive_backups import quarter_words
from carloan.core.actors import Actor
from carloan.core.acts import register_acts
from carloan.core.jobs import register_kind
from carloan.core.models import AuditEvent
from carloan.core.pages.jobs import JobFace, register_face
from carloan.core.pages.tiles import Tile, TileValue, register_tile

register_acts(
    {
        "compliance.sealed.apart": _("Sealed apart"),
        "compliance.sealed.joined": _("Joined to ordinary use again"),
        "compliance.sealed.opened": _("Opened what is sealed apart"),
        "compliance.archive_backup.begun": _("Backup of the archive begun"),
        "compliance.archive_backup.written": _("Backup of the archive written"),
        "compliance.archive_backup.passed": _("Restore test of the archive passed"),
        "compliance.archive_backup.failed": _("Backup of the archive failed"),
        "compliance.archive_backup.removed": _("Expired backup of the archive removed"),
        "compliance.archive_backup.restore_begun": _("Return of a dossier from a backup begun"),
        "compliance.archive_backup.restored": _("Dossier back from a backup"),
    }
)


def _backup_names(actor: Actor, ids: Iterable[UUID]) -> Mapping[UUID, Named]:
    may = actor.can("retention.view")
    return {
        backup_id: Named(
            gettext("Backup %(quarter)s") % {"quarter": quarter_words(quarter)},
            reverse("compliance:archive-backups") if may else "",
        )
        for backup_id, quarter in ArchiveBackup.objects.filter(id__in=list(ids)).values_list("id", "quarter")
    }


def _backup_label(name: str) -> str | None:
    words = {
        "quarter": gettext("Quarter"),
        "units": gettext("Units"),
        "items": gettext("Items"),
        "size": gettext("Size"),
        "gone": gettext("Destroyed meanwhile"),
        "missing": gettext("Missing files"),
        "checked": gettext("Checked"),
        "opened": gettext("Opened"),
        "faults": gettext("Faults"),
    }
    return words.get(name)


def _told(event: AuditEvent) -> Words:
    def value(name: str, value: Any) -> Any:
        if name == "quarter":
            return quarter_words(value)
        return str(units().get(value, value)) if name == "unit" else None

    return Words(value)


def _late(actor: Actor) -> TileValue | None:
    found = late(timezone.localdate())
    if not found:
        return None
    hint = _("overdue") if found.overdue else _("failed") if found.failed else _("missing files")
    return TileValue("1" if not found.missing else f"{found.missing:,}", reverse("compliance:archive-backups"), hint)


def _reviews(actor: Actor) -> TileValue | None:
    """How many longer periods are to be reviewed, or have lost their basis."""
    today = timezone.localdate()
    found = reviews_due(policy_in_force(today), today)
    if not found:
        return None
    overdue = sum(each.overdue for each in found)
    hint = ngettext("%(count)s overdue", "%(count)s overdue", overdue) % {"count": overdue} if overdue else ""
    return TileValue(f"{len(found):,}", reverse("compliance:retention-reviews"), hint)


def _job_url(job: Any) -> str:
    return reverse("compliance:archive-backups")


for _label in ("compliance.sealedunit", "compliance.archivebackup"):
    register_value_words(_label, _told)
register_namer("compliance.sealedunit", _("Units sealed apart"), lambda actor, ids: {})
register_openable(SEALED, sealed_units.OPENABLE)
register_openable(RESTORE, unit_restores.OPENABLE)
register_namer("compliance.archivebackup", _("Backup of the archive"), _backup_names)
register_field_words("compliance.archivebackup", _backup_label)
register_kind(KIND, work_on_archive_backup, on_failed=backup_failed)
register_face(KIND, JobFace(_("Backup of the archive"), back=_job_url))
register_kind(DRY_RUN, work_on_retention_dry_run)
register_face(
    DRY_RUN,
    JobFace(
        _("Dry run of the retention policy"),
        back=lambda job: reverse("compliance:retention-policy", args=[job.params["policy"]]),
    ),
)
register_kind(RESTORE, work_on_unit_restore)
register_face(
    RESTORE, JobFace(_("Dossier back from a backup of the archive"), "compliance/_unit_restored.html", back=_job_url)
)
register_tile(
    Tile(
        key="retention-reviews",
        label=_("Longer periods to be reviewed"),
        icon="archive",
        capability="retention.manage",
        read=_reviews,
        order=75,
    ),
    Tile(
        key="archive-backups",
        label=_("Backup of the archive to be looked at"),
        icon="archive",
        capability="retention.view",
        read=_late,
        order=80,
    ),
)
