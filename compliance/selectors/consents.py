"""Reads of the consent register; `may_contact` is what everybody asks before they contact somebody."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.utils import timezone

from carloan.compliance.models import Consent, ProcessingStop
from carloan.compliance.policies.consents import (
    CHANNELS,
    PURPOSES,
    WHY_LABELS,
    Answer,
    Purpose,
    Saying,
    channels_of,
    judge,
)
from carloan.core.actors import Actor
from carloan.core.reach import reached

VIEW: Final = "consents.view"
MANAGE: Final = "consents.manage"
PARTY: Final = "loans.party"


def reaches(actor: Actor, capability: str, party_id: UUID) -> bool:
    """Whether a right over consents covers this person: held in one branch, it covers people of its loans only."""
    return party_id in reached(actor, capability, PARTY, [party_id])


def may_contact(*, party_id: UUID, purpose: str, channel: str, at: datetime) -> Answer:
    """Whether this person may be contacted for a purpose by a channel at a moment, as the register knows it now.

    Two queries. The answer says why and by which article, and names the row that decided.
    """
    rows = Consent.objects.filter(party_id=party_id, purpose=purpose)
    return judge(_sayings(rows), purpose, channel, at, stopped=_is_stopped(party_id))


def _is_stopped(party_id: UUID) -> bool:
    return ProcessingStop.objects.filter(party_id=party_id, state=ProcessingStop.State.ACTIVE).exists()


def _sayings(rows: Any) -> list[Saying]:
    columns = ("id", "purpose", "channel", "given", "separate", "said_at", "recorded_at")
    return [Saying(*values) for values in rows.values_list(*columns)]


@dataclass(frozen=True, slots=True)
class Cell:
    """One channel of a purpose: the answer of this moment, in words."""

    channel: str
    label: Any
    answer: Answer
    words: Any


@dataclass(frozen=True, slots=True)
class Line:
    """One purpose with its channels."""

    code: str
    purpose: Purpose
    cells: Sequence[Cell]


def table_of(party_id: UUID) -> list[Line]:
    """What stands for a person at this moment, purpose by purpose. Two queries."""
    sayings, stopped, now = _sayings(Consent.objects.filter(party_id=party_id)), _is_stopped(party_id), timezone.now()
    lines = []
    for code, purpose in PURPOSES.items():
        answers = {channel: judge(sayings, code, channel, now, stopped=stopped) for channel in channels_of(code)}
        cells = [Cell(each, CHANNELS[each], answer, WHY_LABELS[answer.why]) for each, answer in answers.items()]
        lines.append(Line(code, purpose, cells))
    return lines


def consents_of(party_id: UUID) -> list[Consent]:
    """Everything that was said, the last first."""
    rows = Consent.objects.select_related("recorded_by", "request").filter(party_id=party_id)
    return list(rows.order_by("-said_at", "-id"))
