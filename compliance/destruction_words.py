"""What a destruction waits for, in words: who speaks next, until when it cools off, what the installation does then."""

from typing import Any, Final

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from carloan.compliance.models import DestructionBatch

_NEXT: Final[dict[str, Any]] = {
    "proposed": gettext_lazy("Waits for the review by the business"),
    "business_reviewed": gettext_lazy("Waits for the review by the archive"),
    "executing": gettext_lazy("Is being destroyed"),
    "executed": gettext_lazy("Is looked at again within the hour"),
    "verified": gettext_lazy("Waits for its certificate"),
}


def next_of(batch: DestructionBatch, missing: int) -> str:
    """What comes next, "" where nothing does. `missing` is how many approvals it lacks."""
    if batch.state == DestructionBatch.State.ARCHIVIST_REVIEWED:
        return ngettext("%(count)s approval is missing", "%(count)s approvals are missing", missing) % {
            "count": missing
        }
    if batch.state == DestructionBatch.State.COOLING and batch.cooling_until is not None:
        until = timezone.localtime(batch.cooling_until)
        return _("Cools off until %(until)s, then is destroyed within the hour") % {"until": f"{until:%Y-%m-%d %H:%M}"}
    return str(_NEXT.get(batch.state, ""))
