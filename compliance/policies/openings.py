"""How an opening moves: from the question over a second person's word to one look, or to an end without any."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from carloan.core.moves import Move, Moves
from carloan.lib.problems import Problem

# A question waits for a working day or two; what was approved is for now, not for some day.
WAITS, OPEN_FOR = timedelta(days=3), timedelta(hours=2)


@dataclass(frozen=True)
class Facts:
    """Who does it, who asked, and the times that count."""

    actor: object
    asked_by: object
    now: datetime
    expires_at: datetime


def _by_another(facts: Facts) -> list[Problem]:
    if facts.actor == facts.asked_by:
        return [Problem("decided_by", _("Somebody else has to decide about what you asked for."))]
    return _in_time(facts)


def _by_who_asked(facts: Facts) -> list[Problem]:
    if facts.actor != facts.asked_by:
        return [Problem("asked_by", _("Only who asked for it can do this."))]
    return []


def _opens(facts: Facts) -> list[Problem]:
    return _by_who_asked(facts) or _in_time(facts)


def _in_time(facts: Facts) -> list[Problem]:
    if facts.now >= facts.expires_at:
        return [Problem("expires_at", _("The time for this is over. Ask again."))]
    return []


MOVES = Moves(
    Move("asked", "approve", "approved", guard=_by_another),
    Move("asked", "refuse", "refused", guard=_by_another),
    Move("asked", "withdraw", "withdrawn", guard=_by_who_asked),
    Move("approved", "withdraw", "withdrawn", guard=_by_who_asked),
    Move("approved", "open", "opened", guard=_opens),
    refusal=_("This was decided, opened or withdrawn already."),
)
