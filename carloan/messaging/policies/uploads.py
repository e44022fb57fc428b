"""How a file through a one-time link goes its way (law 8)."""

from typing import Final

from carloan.core.moves import Move, Moves

MOVES: Final = Moves(Move("coming", "keep", "kept"), Move("coming", "drop", "dropped"))
