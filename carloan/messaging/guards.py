"""Who must agree before a message of a purpose leaves: the app that knows the rules registers a guard here.

The guard is asked inside the transaction that takes the message for sending, before anything leaves, whoever wrote it;
it stores its decision there. A purpose that may not go without one is denied while nobody registered any.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

# Contact about a debt is never sent on a sender's own word.
NEVER_WITHOUT: Final = frozenset({"collection"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a guard decides about; `at` is the moment of sending (UTC)."""

    message_id: UUID
    party_id: UUID
    loan_id: UUID | None
    contact_id: UUID
    purpose: str
    channel: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """`decision_id` is the stored decision, `why` the code of the rule; `earliest` when it could be asked again."""

    allowed: bool
    why: str = ""
    decision_id: UUID | None = None
    earliest: datetime | None = None


Guard = Callable[[Asked], Decision]
_guards: dict[str, Guard] = {}


def register_guard(purpose: str, guard: Guard) -> None:
    if _guards.setdefault(purpose, guard) is not guard:
        raise ValueError(f"{purpose} has two guards")


def decide(asked: Asked) -> Decision:
    """What the purpose's guard says; denied where one is needed and none is there."""
    if guard := _guards.get(asked.purpose):
        return guard(asked)
    if asked.purpose in NEVER_WITHOUT:
        return Decision(allowed=False, why="no_guard")
    return Decision(allowed=True)
