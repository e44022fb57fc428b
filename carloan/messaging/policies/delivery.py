"""How a message goes its way: every step is a line of this table (law 8)."""

from datetime import timedelta
from typing import Final

from carloan.core.moves import Move, Moves

# `take`: a worker has it. A lost reply leads to `unknown`, which is asked about before anything is sent again (law 9).
MOVES: Final = Moves(
    Move("queued", "take", "sending", lease=True),
    Move("queued", "block", "blocked"),
    Move("queued", "call_off", "cancelled"),
    Move("sending", "call_off", "cancelled"),
    Move("sending", "accept", "sent"),
    Move("sending", "refuse", "failed"),
    Move("sending", "return", "queued", lease=True),
    Move("sending", "lose", "unknown"),
    Move("sending", "deliver", "delivered"),
    Move("sending", "bounce", "failed"),
    Move("unknown", "call_off", "cancelled"),
    Move("unknown", "accept", "sent"),
    Move("unknown", "never_came", "queued", lease=True),
    Move("unknown", "deliver", "delivered"),
    Move("unknown", "bounce", "failed"),
    Move("unknown", "give_up", "failed"),
    Move("sent", "deliver", "delivered"),
    Move("sent", "bounce", "failed"),
)
UNDERWAY: Final = ("queued", "sending", "unknown")
LEASE: Final = timedelta(seconds=60)
MOST_ATTEMPTS: Final = 8
# Behind so long a gateway has forgotten the key, or nobody can wait for the message any more.
UNKNOWN_FOR: Final = timedelta(hours=24)


def wait(attempts: int) -> timedelta:
    """How long until the next try: 15 s, 30 s, 1 min … up to half an hour."""
    return timedelta(seconds=min(15 * 2 ** max(0, attempts - 1), 1800))
