"""How a stop of processing moves: it is in force until somebody lifts it."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from carloan.core.moves import Move, Moves

MOVES: Final = Moves(Move("active", "lift", "lifted"), refusal=_("This stop was lifted already."))
