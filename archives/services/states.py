"""The one place where a paper takes a step: all of it is saved with its new state."""

from carloan.archives.models import Paper
from carloan.archives.policies.moves import MOVES, Event
from carloan.archives.policies.risk import risk_of
from carloan.archives.words import FIELDS_OF_KIND
from carloan.core.moves import step

# The step writes state and revision; whose paper it is, who has it open and where its file lies is written beside them,
# also while it is being changed.
_UNTOUCHED = frozenset(
    {
        "id",
        "tenant_id",
        "state",
        "revision",
        "received_at",
        "assigned_to_id",
        "claimed_by_id",
        "claimed_until",
        "stored",
    }
)


def paper_step(paper: Paper, event: Event) -> None:
    """Save a paper as it stands in hand, with the state that `event` leads to and the next revision.

    A paper that leaves the queue is nobody's any more. Raises Conflict when the event cannot happen in the paper's
    state, or when the row is no longer in the state and revision that the caller read.
    """
    waits = MOVES.need(paper.state, event).target == Paper.State.REVIEW
    paper.risk = risk_of(FIELDS_OF_KIND.get(paper.kind, ()), paper.problems) if waits else 0
    values = {
        field.attname: getattr(paper, field.attname)
        for field in Paper._meta.concrete_fields
        if field.attname not in _UNTOUCHED
    }
    if not waits:
        values |= {"claimed_by_id": None, "claimed_until": None}
    step(paper, MOVES, event, **values)
