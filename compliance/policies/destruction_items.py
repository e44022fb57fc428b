"""The states of one thing on the list of a destruction."""

from django.utils.translation import gettext_lazy as _

from carloan.core.moves import Move, Moves

MOVES = Moves(
    Move("listed", "drop", "dropped"),
    Move("listed", "spare", "spared"),
    Move("listed", "destroy", "destroyed"),
    Move("destroyed", "verify", "verified"),
    refusal=_("This is not possible any more for this thing on the list."),
)
