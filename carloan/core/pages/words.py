"""The words that scripts show, translated by the server: scripts have no catalogue of their own."""

from typing import Any

from django.utils.translation import gettext_lazy as _

SCRIPT_WORDS: dict[str, Any] = {
    "close": _("Close"),
    "copied": _("Copied"),
    "copy_failed": _("The browser did not allow copying. Select the text and copy it yourself."),
    "failed": _("This did not work, and nothing was changed. Try again; if it keeps failing, tell your administrator."),
    "offline": _("You are offline. Nothing was sent."),
    "unreachable": _("The server does not answer. Nothing was lost; try again in a moment."),
    "not_pictured": _("The picture of this paper is still on its way. Nothing was filed; look at it first."),
    "not_picturable": _("The picture of this paper cannot be shown. Nothing was filed; try to load it again."),
    "too_large": _("This file is too large."),
    "selected": _("%(count)s selected"),
    "changes": _("%(count)s changed"),
    "retry": _("Try again"),
    "upload_waiting": _("Waiting"),
    "uploading": _("Uploading %(percent)s%%"),
    "upload_progress": _("Progress of %(name)s"),
    "upload_processing": _("Processing"),
    "upload_done": _("Stored"),
    "upload_failed": _("This file could not be stored."),
    "upload_refused": _("Failed"),
    "uploads_stored": _("Stored: %(stored)s of %(all)s"),
    "uploads_failed": _("not stored: %(count)s"),
    "uploads_reading": _("being read: %(count)s"),
    "uploads_filed": _("filed: %(count)s"),
    "uploads_review": _("to be checked: %(count)s"),
    "uploads_refused": _("refused: %(count)s"),
    "passkey_failed": _(
        "The passkey was not used: cancelled, too late, or not of this site. Try again or use another way."
    ),
}
