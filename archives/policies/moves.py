"""How a paper's state may change: every way is a line of this table, and what has no line is refused."""

from typing import Final, Literal

Event = Literal[
    "take", "give_up", "unreadable", "read", "read_clean", "correct", "file", "unfile", "move", "return", "refuse"
]

# (from, event, to). `take`: a worker leases it, also after a lease that ended. `read`: the machine is done with it.
MOVES: Final[tuple[tuple[str, Event, str], ...]] = (
    ("received", "take", "recognising"),
    ("recognising", "take", "recognising"),
    ("received", "give_up", "review"),
    ("recognising", "give_up", "review"),
    ("recognising", "unreadable", "refused"),
    ("received", "read", "review"),
    ("recognising", "read", "review"),
    ("received", "read_clean", "filed"),
    ("recognising", "read_clean", "filed"),
    ("review", "correct", "review"),
    ("filed", "correct", "filed"),
    ("refused", "correct", "refused"),
    ("review", "file", "filed"),
    ("refused", "file", "filed"),
    ("filed", "unfile", "review"),
    ("review", "move", "review"),
    ("filed", "move", "review"),
    ("refused", "move", "review"),
    ("review", "return", "review"),
    ("filed", "return", "review"),
    ("refused", "return", "review"),
    ("review", "refuse", "refused"),
    ("filed", "refuse", "refused"),
)
_TO: Final = {(start, event): end for start, event, end in MOVES}


def after(state: str, event: Event) -> str | None:
    """The state after an event; None when the event cannot happen to a paper in this state."""
    return _TO.get((state, event))
