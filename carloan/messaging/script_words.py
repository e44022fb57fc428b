"""The words that the script of the capture page shows, translated by the server."""

from typing import Any

from django.utils.translation import gettext_lazy as _

CAPTURE_WORDS: dict[str, Any] = {
    "blurred": _("The picture is blurred. Hold the phone still and take it again."),
    "dark": _("It is too dark. Go where there is more light."),
    "glare": _("Light is reflected. Tilt the phone or the paper a little."),
    "edges": _("Fill the frame with the paper, all four corners in it."),
    "good": _("Good: hold still and take the picture."),
    "looks_good": _("The picture looks good."),
    "no_camera": _("The page may not use the camera. Take the picture with the phone’s own camera instead."),
    "reading": _("Preparing"),
    "sending": _("Sending %(percent)s%%"),
    "waiting": _("No connection. It goes on by itself from %(percent)s%%."),
    "received": _("Received"),
    "failed": _("Not taken"),
    "retry": _("Send again"),
    "too_large": _("The file is too large. Take the picture again, a little smaller."),
    "picture": _("Picture %(number)s"),
    "count": _("%(count)s received"),
    "away": _("You were away for a while. Load the page again and type a new code; what has arrived is kept."),
    "leave": _("A picture is still on its way."),
}
