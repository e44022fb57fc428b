"""Reads of the register of entrusted processors."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from django.db.models import Max, Q, QuerySet
from django.utils import timezone

from carloan.compliance.models import EntrustedProcessor, Supervision
from carloan.compliance.policies.processors import SUPERVISED_WITHIN, is_overrun, is_unsupervised
from carloan.core.actors import Actor
from carloan.core.errors import NotFound

VIEW: Final = "processors.view"
State = EntrustedProcessor.State


@dataclass(frozen=True, slots=True)
class Line:
    """A contract with the day of the last look, and what has to be done about it: codes `look`, `end`, `confirm`."""

    row: EntrustedProcessor
    last_look: date | None
    to_do: Sequence[str]


def processors_for(actor: Actor) -> list[Line]:
    """Those that run first, then those whose data are not confirmed to be gone, then the others."""
    actor.require(VIEW)
    today = timezone.localdate()
    rows = EntrustedProcessor.objects.annotate(last_look=Max("supervisions__looked_on")).order_by("state", "-number")
    lines = [line_of(row, row.last_look, today) for row in rows]
    order = [State.ACTIVE, State.ENDED, State.CLOSED]
    return sorted(lines, key=lambda line: order.index(State(line.row.state)))


def line_of(row: EntrustedProcessor, last_look: date | None, today: date) -> Line:
    to_do = []
    if row.state == State.ACTIVE:
        if is_unsupervised(starts_on=row.starts_on, last_look=last_look, today=today):
            to_do.append("look")
        if is_overrun(ends_on=row.ends_on, today=today):
            to_do.append("end")
    if row.state == State.ENDED:
        to_do.append("confirm")
    return Line(row, last_look, to_do)


def to_do_count(actor: Actor) -> int:
    """How many contracts ask for something: a look, an end, or the confirmation that the data are gone."""
    actor.require(VIEW)
    return _asking().count()


def _asking() -> "QuerySet[EntrustedProcessor]":
    today = timezone.localdate()
    long_ago = today - SUPERVISED_WITHIN
    rows = EntrustedProcessor.objects.annotate(last_look=Max("supervisions__looked_on"))
    unseen = Q(last_look__lt=long_ago) | Q(last_look=None, starts_on__lt=long_ago)
    return rows.filter(Q(state=State.ENDED) | (Q(state=State.ACTIVE) & (unseen | Q(ends_on__lt=today))))


def get_processor_for(actor: Actor, processor_id: UUID) -> EntrustedProcessor:
    """Raises NotFound."""
    actor.require(VIEW)
    row = EntrustedProcessor.objects.select_related("registered_by").filter(id=processor_id).first()
    if row is None:
        raise NotFound
    return row


def supervisions_of(processor: EntrustedProcessor) -> list[Supervision]:
    """The last look first."""
    rows = Supervision.objects.select_related("recorded_by").filter(processor=processor)
    return list(rows.order_by("-looked_on", "-id"))
