"""How a paper's state may change: every way is a line of this table, and what has no line is refused."""

from typing import Final, Literal

from carloan.core.moves import Move, Moves

Event = Literal[
    "take", "give_up", "unreadable", "read", "read_clean", "correct", "file", "unfile", "move", "return", "refuse"
]

# `take`: a worker leases it, also after a lease that ended. `read`: the machine is done with it.
MOVES: Final = Moves(
    Move("received", "take", "recognising", lease=True),
    Move("recognising", "take", "recognising", lease=True),
    Move("received", "give_up", "review"),
    Move("recognising", "give_up", "review"),
    Move("recognising", "unreadable", "refused"),
    Move("received", "read", "review"),
    Move("recognising", "read", "review"),
    Move("received", "read_clean", "filed"),
    Move("recognising", "read_clean", "filed"),
    Move("review", "correct", "review"),
    Move("filed", "correct", "filed"),
    Move("refused", "correct", "refused"),
    Move("review", "file", "filed"),
    Move("refused", "file", "filed"),
    Move("filed", "unfile", "review"),
    Move("review", "move", "review"),
    Move("filed", "move", "review"),
    Move("refused", "move", "review"),
    Move("review", "return", "review"),
    Move("filed", "return", "review"),
    Move("refused", "return", "review"),
    Move("review", "refuse", "refused"),
    Move("filed", "refuse", "refused"),
)
