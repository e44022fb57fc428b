"""How a request about an original goes on. Whoever asked never decides; the database keeps that too."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from carloan.core.moves import Move, Moves

MOVES: Final = Moves(
    Move("asked", "grant", "granted"),
    # Lending, keeping longer and calling lost happen in the moment they are granted.
    Move("asked", "use", "used"),
    Move("granted", "use", "used"),
    Move("asked", "refuse", "refused"),
    Move("asked", "withdraw", "withdrawn"),
    Move("granted", "withdraw", "withdrawn"),
    refusal=_("This request is decided already."),
)
OPEN: Final = ("asked", "granted")
# What people borrow originals for, and why they hand them on.
PURPOSES: Final = {
    "mortgage": _("Mortgage registration"),
    "release": _("Release of the mortgage"),
    "transfer": _("Transfer, re-registration or replacement"),
    "lawsuit": _("Lawsuit or enforcement"),
    "audit": _("Audit or inspection"),
    "check": _("Check against the scan"),
    "keeping": _("Hand-over for keeping"),
    "branch": _("To another branch"),
    "other": _("Other"),
}
LONGEST_LOAN: Final = 90
