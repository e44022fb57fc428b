"""How a person's telephone number comes out of use and back: it is never deleted, so that no file brings it back."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from carloan.core.moves import Move, Moves

MOVES: Final = Moves(
    Move("active", "end", "invalid"),
    Move("invalid", "restore", "active"),
    refusal=_("This number is no longer valid already."),
)
